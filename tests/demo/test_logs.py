"""The ballots of the demonstration stand in public logs that every checking program finds good."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import qatysu.verify.standalone
from qatysu.ballots import commands as ballots
from qatysu.ballots import keys, logs, sequencing
from qatysu.ballots import queries as boxes
from qatysu.bulletin.commands import self_check
from qatysu.core.codes import normalise_code
from qatysu.ledger.notes import VerifierKey
from qatysu.results import exporting
from qatysu.results import queries as outcomes
from qatysu.rounds.models import Round
from qatysu.rules import declared, registry
from qatysu.rules.pb import reading
from qatysu.tally import published
from qatysu.verify.checking import verify
from qatysu.verify.source import Folder
from qatysu.web.demo import sealing
from qatysu.web.demo.load import DemoReport

RoundOf = Callable[[str, str], Round]
ALONE = Path(qatysu.verify.standalone.__file__).with_name("verify.py")


def alone(round_: Round, root: Path) -> dict[str, Any]:
    """What the single file says, in a process that has nothing but the standard library."""
    words = [sys.executable, "-I", str(ALONE), str(root / str(round_)), "--vkey", logs.log_of(round_).vkey, "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("city", "slug"), sealing.SEALED)
def test_every_verifier_finds_the_log_good_and_gets_the_same_winners(
    round_of: RoundOf, settings: Any, city: str, slug: str
) -> None:
    round_ = round_of(city, slug)
    log, outcome = logs.log_of(round_), outcomes.outcome_of(round_)
    report = verify(Folder(settings.LOG_ROOT / str(round_)), VerifierKey.parse(log.vkey))
    said = alone(round_, settings.LOG_ROOT)
    assert report.is_good
    assert said["good"]
    winners = list(outcomes.rule_outcome(outcome).winners) if outcome is not None else None
    assert said["winners"] == winners
    assert (list(report.outcome.winners) if report.outcome is not None else None) == winners
    assert self_check(log, logs.storage_of(log)) == ()


def test_the_finished_rounds_hold_the_whole_way(round_of: RoundOf) -> None:
    for city, slug, voters in (("khromtau", "2020", 1111), ("rudny", "2025", 906)):
        round_ = round_of(city, slug)
        log = logs.log_of(round_)
        box = published.read(log)
        assert (box.voters, box.counted, box.annulled, box.unopened) == (voters, voters, 0, 0)
        # Manifest, ballots, close, openings, result, approval.
        assert log.published_size == box.size == 2 * voters + 4
        manifest, view = box.manifest, round_.stages.get(stage="voting")
        assert manifest["closes"] == view.closes_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        assert (manifest["audit_days"], manifest["min_batch"], manifest["max_delay_s"]) == (7, 20, 86_400)


@pytest.mark.parametrize(("city", "slug"), [("khromtau", "2020"), ("rudny", "2025")])
def test_the_pabulib_file_gives_the_winners_of_the_log(round_of: RoundOf, settings: Any, city: str, slug: str) -> None:
    round_ = round_of(city, slug)
    file = reading.read_bytes(exporting.pb_text(round_).encode())
    law = declared.of(file)
    assert list(registry.run(file.election, law.rule, law.params).winners) == alone(round_, settings.LOG_ROOT)["winners"]


def test_a_newcomer_finds_the_ballot_in_the_log_within_a_minute(demo: DemoReport, round_of: RoundOf, now: datetime) -> None:
    round_ = round_of("khromtau", "demo")
    log = logs.log_of(round_)
    assert (log.min_batch, log.max_delay_s, log.published_size) == (1, 5, 319)
    voter = ballots.find_code(round_, normalise_code(demo.sample_codes[0]))
    stored = ballots.cast_ballot(round=round_, voter_id=voter, choices=["1"])
    sequencing.tick(now)
    found = boxes.find(round_, stored.leaf.hex())
    assert found is not None
    assert (found.state, found.idx) == (boxes.State.IN_BOX, 319)


def test_the_keys_of_the_demonstration_are_readable_by_their_owner_alone(demo: DemoReport) -> None:
    for name in sealing.names():
        for kind in ("round", "promise", "log"):
            assert keys.path_of(name, kind).stat().st_mode & 0o077 == 0


def test_the_page_says_that_the_ballots_of_2020_are_rebuilt(round_of: RoundOf) -> None:
    round_ = round_of("khromtau", "2020")
    assert "rebuilt from the published totals" in round_.note_en
    assert "восстановлены из опубликованных итогов" in round_.note_ru
    assert "қайта құрылған" in round_.note_kk
