"""The bundle: a stranger unpacks it and gets what was declared."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from qatysu.ballots import logs
from qatysu.core.errors import Conflict, NotFound
from qatysu.identity.models import Account
from qatysu.ledger.entries import decode
from qatysu.ledger.tiles import first_entries
from qatysu.results import commands
from qatysu.results.bundle import bundle, expected, result_hash
from qatysu.results.queries import outcome_of
from qatysu.rounds.models import Round
from qatysu.rules import declared, registry
from qatysu.rules.pb import checking, reading
from tests import counting

pytestmark = pytest.mark.django_db
COSTS, VOTES = [5_000_000, 4_000_000, 7_000_000], [["1", "2"], ["1"], ["3"], ["2", "3"], ["1", "3"]]
Make = Callable[..., Round]
People = tuple[Account, Account]


@pytest.fixture
def approved(counted: Make, people: People, now: datetime) -> Round:
    """A round whose results the Council has approved."""
    round_ = counted(COSTS, VOTES)
    counting.declare(people[0], round_, now)
    commands.approve(actor=people[1], round=round_, protocol_number="7", now=now)
    counting.seal(round_, now)
    return round_


@pytest.fixture
def folder(approved: Round, tmp_path: Path) -> Path:
    """The bundle, unpacked somewhere else."""
    with zipfile.ZipFile(io.BytesIO(b"".join(bundle(approved)))) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    return tmp_path / str(approved)


def run(folder: Path, *words: str) -> str:
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_folder_counts_to_what_was_declared(folder: Path, approved: Round) -> None:
    key = logs.log_of(approved).vkey
    found = json.loads(run(folder, sys.executable, "-I", "verify.py", "log", "--vkey", key, "--json"))
    told = json.loads((folder / "expected.json").read_text())
    assert found["good"]
    assert {name: found[name] for name in told["expected"]} == told["expected"]
    assert found["root"] is not None
    assert told["log"]["origin"] == found["origin"]


def test_the_line_of_the_readme_gives_the_expected_hash(folder: Path) -> None:
    told = json.loads((folder / "expected.json").read_text())["expected_sha256"]
    text = (folder / "README.txt").read_text()
    assert text.count(told) == 3
    line = next(line for line in text.splitlines() if line.startswith("python3 verify.py log --json |"))
    assert run(folder, "bash", "-c", line.replace("python3", sys.executable)).strip() == told


def test_the_sums_and_the_rules_fit(folder: Path, approved: Round) -> None:
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        value, path = line.split("  ")
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == value
    names = {path.name for path in folder.iterdir()} - {"log", "SHA256SUMS"}
    assert names == {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    (first,) = first_entries(next((folder / "log" / "tile" / "entries").rglob("000*/*")).read_bytes(), 1)
    assert decode(first)["rules_hash"] == hashlib.sha256((folder / "constitution.json").read_bytes()).hexdigest()


def test_the_election_passes_the_checker_and_has_the_same_winners(folder: Path, approved: Round) -> None:
    file = reading.read_bytes((folder / f"{approved}.pb").read_bytes())
    assert list(checking.check(file)) == []
    law = declared.of(file)
    outcome = registry.run(file.election, law.rule, law.params)
    assert list(outcome.winners) == json.loads((folder / "expected.json").read_text())["expected"]["winners"]


def test_nothing_leaves_before_the_approval(counted: Make, people: People, now: datetime) -> None:
    round_ = counted(COSTS, VOTES)
    with pytest.raises(NotFound):
        bundle(round_)
    counting.declare(people[0], round_, now)
    with pytest.raises(NotFound):
        bundle(round_)


def test_a_round_that_was_held_elsewhere_has_no_bundle(approved: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "has_log", lambda _round: False)
    with pytest.raises(Conflict):
        bundle(approved)


def test_the_hash_depends_on_every_number(approved: Round) -> None:
    outcome = outcome_of(approved)
    assert outcome is not None
    told = expected(outcome)
    others = [told | {"spent": told["spent"] + 1}, told | {"winners": told["winners"][::-1]}, told | {"ballots": 0}]
    assert len({result_hash(each) for each in (told, *others)}) == 4


def test_everybody_gets_it_once_the_results_are_published(approved: Round, people: People, now: datetime) -> None:
    address = f"/api/v1/rounds/{approved}/bundle.zip"
    assert Client().get(address).status_code == 404
    commands.publish(actor=people[0], round=approved, now=now)
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert b"".join(answer.streaming_content) == b"".join(bundle(approved))
    assert address in Client().get(f"/en/{approved.city.slug}/{approved.slug}/results/").text
