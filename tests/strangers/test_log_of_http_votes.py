"""A log made by votes through HTTP is read over HTTP by programs of strangers: Go's own packages, ``qatysu verify``, and the single
file that the portal itself hands out (issue: "a log made through HTTP votes"; LEDGER 1.13, 1.15).
"""

from __future__ import annotations

import base64
import json
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qatysu.ledger.leaf import canonical_choices
from qatysu.ledger.notes import VerifierKey, open_checkpoint
from tests.places_of_their_own import CITY, NAME, QATYSU, ROUND, Browser, Portal, own_portal, python, until
from tests.verify.go import build, needs_go

pytestmark = pytest.mark.race
BASE = f"/en/{CITY}/{ROUND}/"
#: More than one full tile of 256 entries; after each of the phases a checkpoint is kept.
PHASES = (1, 99, 200)
_FORM = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass
class Made:
    """The running portal, and what voters and observers took home."""

    portal: Portal
    folder: Path
    vkey: str = ""
    promises: list[Path] = field(default_factory=list)
    receipts: list[Path] = field(default_factory=list)
    saved: list[Path] = field(default_factory=list)
    chosen: Counter[str] = field(default_factory=Counter)

    def operator(self, *words: str) -> object:
        """A task of ``tests.strangers.operator``."""
        return json.loads(python(self.portal.env, "-m", "tests.strangers.operator", *words)[-1])

    def size(self) -> int:
        """Entries below the checkpoint that the portal shows; 0 before the first one."""
        status, data = self.portal.get(f"/log/{NAME}/checkpoint")
        return open_checkpoint(data, VerifierKey.parse(self.vkey))[0].size if status == 200 else 0

    def keep(self, path: str, name: str) -> Path:
        """Keep what stands at a public address."""
        status, data = self.portal.get(path)
        assert status == 200, path
        (self.folder / name).write_bytes(data)
        return self.folder / name


def vote(portal: Portal, number: int, code: str, choices: list[str]) -> tuple[Browser, bytes]:
    """A voter walks the way of SPEC 18, the first ones over every page; returns the browser on its receipt, and the promise."""
    browser, fields = Browser(portal, number), [("choice", one) for one in choices]
    assert browser.ask("GET", BASE + "sign-in/")[0] == 200
    assert browser.ask("POST", BASE + "sign-in/code/", [("code", code)])[1]["location"] == BASE + "ballot/"
    assert browser.ask("POST", BASE + "ballot/", fields)[1]["location"] == BASE + "ballot/review/"
    if number < 20:
        assert browser.ask("GET", BASE + "ballot/")[0] == 200
        form = _FORM.search(browser.ask("GET", BASE + "ballot/review/")[2].decode())
        assert form is not None
        fields = [("form_token", form[1])]
    status, headers, _ = browser.ask("POST", BASE + "ballot/confirm/", fields)
    assert (status, headers["location"]) == (303, BASE + "receipt/")
    return browser, base64.b64decode(headers["qatysu-promise"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Made]:
    """A portal on which 300 people have voted in three phases; every fiftieth took promise and proof home."""
    folder = tmp_path_factory.mktemp("strangers")
    with own_portal(folder) as portal:
        made, chance = Made(portal, folder), random.Random(7)
        codes = made.operator("prepare", str(sum(PHASES)), "2")
        assert isinstance(codes, list)
        portal.serve()
        portal.work()
        made.vkey = made.keep(f"/log/{NAME}/vkey", "vkey").read_text().strip()
        done, takers = 0, []
        for phase in PHASES:
            for number in range(done, done + phase):
                choices = chance.sample(["1", "2", "3"], chance.randint(1, 2))
                browser, promise = vote(portal, number, codes[number], choices)
                made.chosen[canonical_choices(choices)] += 1
                if number % 50 == 0:
                    made.promises.append(folder / f"promise-{number}")
                    made.promises[-1].write_bytes(promise)
                    takers.append(browser)
                browser.leave()
            done += phase
            until(lambda done=done: made.size() == done + 1, "all votes are published")
            made.saved.append(made.keep(f"/log/{NAME}/checkpoint", f"saved-{done}"))
        for number, browser in enumerate(takers):
            status, _, data = browser.ask("GET", BASE + "receipt/proof/")
            assert status == 200
            made.receipts.append(folder / f"{number}.tlog-proof")
            made.receipts[-1].write_bytes(data)
            browser.leave()
        yield made


@pytest.fixture(scope="module")
def single_file(made: Made) -> Path:
    """The verifier that the portal hands out."""
    return made.keep(f"/log/{NAME}/verify.py", "verify.py")


def words_for(made: Made) -> list[str]:
    """What a suspicious voter gives to a verifier besides the address."""
    words = ["--vkey", made.vkey, "--json"]
    for option, paths in (("--saved", made.saved), ("--promise", made.promises), ("--receipt", made.receipts)):
        words += [word for path in paths for word in (option, str(path))]
    return words


def ask(command: list[str]) -> tuple[int, dict[str, object]]:
    """Status and answer of a verifier."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout or "{}")


def both(made: Made, single_file: Path) -> list[tuple[int, dict[str, object]]]:
    """What our command and the single file (with the standard library alone) say of the log at its address."""
    commands = [[QATYSU, "verify"], [sys.executable, "-I", "-S", str(single_file)]]
    return [ask([*command, made.portal.log, *words_for(made)]) for command in commands]


@needs_go
def test_go_accepts_checkpoint_tiles_inclusion_consistency_and_receipts(made: Made) -> None:
    program = build(made.folder)
    files = [str(path) for path in (*made.saved, *made.receipts)]
    done = subprocess.run([program, made.portal.log, made.vkey, *files], capture_output=True, text=True, timeout=120)
    expected = f"{sum(PHASES) + 1} entries, {len(made.saved)} earlier checkpoints, {len(made.receipts)} receipts: good\n"
    assert (done.stderr, done.stdout) == ("", expected)
    for path in (made.saved[0], made.receipts[0]):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        wrong = made.folder / f"wrong{path.suffix}"
        wrong.write_bytes(data)
        assert subprocess.run([program, made.portal.log, made.vkey, str(wrong)], capture_output=True).returncode == 1


def test_both_our_verifiers_accept_the_log_at_its_address(made: Made, single_file: Path) -> None:
    command, alone = both(made, single_file)
    assert command == alone
    status, answer = command
    assert (status, answer["faults"], answer["size"]) == (0, [], sum(PHASES) + 1)
    assert (answer["voters"], answer["ballots"], answer["closed"]) == (sum(PHASES), 0, False)
    assert isinstance(answer["receipts"], list)
    assert len(answer["receipts"]) == len(made.receipts) == len(made.promises) == 6


def test_after_the_close_everybody_recounts_the_same_winners(made: Made, single_file: Path) -> None:
    """The worker closes the box by itself, the ballots are opened, the result is declared: all over the running portal."""
    before = made.size()
    made.operator("end_voting")
    until(lambda: made.size() == before + 1, "the worker has closed the box")
    made.saved.append(made.keep(f"/log/{NAME}/checkpoint", "saved-closed"))
    assert made.operator("open_ballots") == sum(PHASES)
    until(lambda: made.size() == before + 1 + sum(PHASES), "the openings are published")
    winners = made.operator("declare")
    until(lambda: made.size() == before + 2 + sum(PHASES), "the result is published")
    command, alone = both(made, single_file)
    assert command == alone
    status, answer = command
    assert (status, answer["faults"], answer["winners"], answer["ballots"]) == (0, [], winners, sum(PHASES))
    votes = Counter(code for choices, times in made.chosen.items() for code in json.loads(choices) * times)
    assert dict(answer["counts"]) == dict(votes)  # type: ignore[call-overload]  # reason: JSON
    facts = made.operator("look")
    assert isinstance(facts, dict)
    assert facts["choices"] == dict(made.chosen)
    assert made.operator("self_check") == []


@needs_go
def test_go_accepts_the_finished_log_with_all_that_was_kept(made: Made) -> None:
    files = [str(path) for path in (*made.saved, *made.receipts)]
    done = subprocess.run([build(made.folder), made.portal.log, made.vkey, *files], capture_output=True, text=True, timeout=120)
    assert (done.stderr, done.stdout.endswith(": good\n")) == ("", True)
