"""The same broken logs that ``qatysu verify`` and ``verify.py`` refuse, as a voter's browser meets them (``tests.verify.broken``)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.journeys.receipts.site import Site, state
from tests.verify.broken import BROKEN, FILES, VOTERS
from tests.verify.logs import LOG

pytestmark = pytest.mark.journey
#: What the page for checking does: compare with the pinned checkpoint, then follow the ballots. The first answer that is not good.
LOOK = """async ([cases, vkey]) => {
  const box = await import("/verify/box.mjs"), found = [];
  const look = async ({ log, pinned, voters }) => {
    const read = box.webReader(`/log/${log}`);
    localStorage.clear();
    if (pinned) box.pin(pinned);
    const { code, newest } = await box.follow(vkey, read);
    if (code !== "good") return code;
    const told = [];
    for (const entry of voters) told.push((await box.whereIs(entry, read, newest)).code);
    return told.find((one) => one !== "good") ?? "good";
  };
  for (const one of cases) found.push(await look(one));
  return found; }"""


def look(page: Page, cases: list[dict[str, Any]]) -> list[str]:
    """What the browser says of each log."""
    found: list[str] = page.evaluate(LOOK, [cases, str(LOG.verifier)])
    return found


def case(log: str, pinned: bytes | None, voters: tuple[bytes, ...]) -> dict[str, Any]:
    """A log by its name on the site, a kept checkpoint, the ballots that are followed."""
    return {"log": log, "pinned": state(pinned) if pinned else None, "voters": [entry.decode() for entry in voters or VOTERS]}


def test_an_honest_log_is_good(page: Page, site: Site) -> None:
    site.logs["whole"] = FILES
    pins = (None, FILES["saved/1"], FILES["saved/257"], FILES["checkpoint"])
    assert look(page, [case("whole", pinned, ()) for pinned in pins]) == ["good"] * len(pins)


def test_every_kind_of_broken_log_is_refused_or_known_to_be_unseen(page: Page, site: Site) -> None:
    cases = []
    for number, broken in enumerate(BROKEN):
        site.logs[f"kind{number}"] = broken.files
        cases.append(case(f"kind{number}", broken.pinned, broken.voters))
    expected = [(broken.name, broken.sees or "good") for broken in BROKEN]
    found = [(broken.name, code) for broken, code in zip(BROKEN, look(page, cases), strict=True)]
    differ = [pair for pair in zip(expected, found, strict=True) if pair[0] != pair[1]]
    assert not differ, "\n".join(map(str, differ))
