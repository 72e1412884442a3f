"""Promises in the browser: kept, still open, broken, and none at all."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from qatysu.ledger.merkle import leaf_hash
from qatysu.ledger.notes import Signer
from qatysu.ledger.receipts import Promise
from tests.journeys.receipts.site import FILES, Site, flip
from tests.verify import logs
from tests.verify.logs import LOG

pytestmark = pytest.mark.journey
KEY = Signer(f"{LOG.name}/promise", b"p" * 32)
ENTRIES = [logs.raw(logs.manifest(promise=str(KEY.verifier))), *(logs.raw(logs.cast(f"v{i}", 1, "1")) for i in range(600))]
PUBLISHED = logs.publish(ENTRIES, stops=(1, 300))
BY = 1_800_000_000
ASK = """async ([log, vkey, promise, now]) => {
  const box = await import("/verify/box.mjs"), { checkPromise } = await import("/verify/promise.mjs");
  const read = box.webReader(`/log/${log}`), { checkpoint } = await box.openCheckpoint(await read("checkpoint"), vkey);
  return checkPromise({ promise, checkpoint, read, now }); }"""


def promise(entry: bytes, *, signer: Signer = KEY, origin: str = LOG.name, by: int = BY) -> str:
    return Promise(origin, leaf_hash(entry), by).signed(signer)


@pytest.fixture(autouse=True)
def shown(site: Site) -> None:
    site.logs["promised"] = dict(PUBLISHED)


def ask(page: Page, note: str, *, log: str = "promised", now: int = BY - 1) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(ASK, [log, str(LOG.verifier), note, now])
    return found


@pytest.mark.parametrize("index", [1, 255, 256, 600])
def test_a_kept_promise_leads_to_the_place_and_the_entry(page: Page, index: int) -> None:
    found = ask(page, promise(ENTRIES[index]), now=BY + 1)
    assert (found["code"], found["state"], found["index"]) == ("good", "in_box", index)
    assert found["entry"].encode() == ENTRIES[index]
    assert found["leaf"] == leaf_hash(ENTRIES[index]).hex()


def test_a_promise_may_be_open_until_its_time_and_is_broken_after_it(page: Page) -> None:
    note = promise(logs.raw(logs.cast("nobody", 1, "1")))
    assert (ask(page, note, now=BY)["code"], ask(page, note, now=BY)["state"]) == ("good", "accepted")
    broken = ask(page, note, now=BY + 1)
    assert (broken["code"], broken["by"], broken["text"]) == ("broken_promise", BY, "verify.broken_promise")


STRANGE = {
    "of another key": promise(ENTRIES[1], signer=Signer(KEY.name, b"q" * 32)),
    "signed by the log's key": promise(ENTRIES[1], signer=LOG),
    "of another log": promise(ENTRIES[1], origin="vote.example.kz/log/other"),
    "with a changed time": promise(ENTRIES[1]).replace(f"by {BY}", f"by {BY + 1}"),
    "without a signature": promise(ENTRIES[1]).partition("\n\n")[0],
    "a checkpoint": PUBLISHED["checkpoint"].decode(),
    "nothing": "",
    "much": "x" * 40_000,
}


@pytest.mark.parametrize("note", STRANGE.values(), ids=STRANGE)
def test_what_is_no_promise_of_this_box_is_refused(page: Page, note: str) -> None:
    assert ask(page, note)["code"] == "promise"


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("tile/0/000", None, "tile_missing"),
        ("tile/0/000", PUBLISHED["tile/0/000"][:-32], "tile_length"),
        ("tile/0/000", flip(PUBLISHED["tile/0/000"]), "tile_differs"),
        ("tile/0/001", flip(PUBLISHED["tile/0/001"], 8191), "tile_differs"),
        ("tile/entries/000", None, "entries_missing"),
    ],
)
def test_a_log_that_hides_something_says_nothing_of_promises(page: Page, site: Site, path: str, data: bytes | None, code: str) -> None:
    files = {name: value for name, value in PUBLISHED.items() if name != path} | ({path: data} if data is not None else {})
    site.logs["broken"] = files
    assert ask(page, promise(ENTRIES[300]), log="broken")["code"] == code


def test_a_log_without_a_promise_key_keeps_no_promises(page: Page) -> None:
    assert ask(page, promise(ENTRIES[1]), log="honest")["code"] == "key"
    assert "tile/0/000" in FILES
