"""What the worker does with the logs of rounds: seal by their pace, close in time, keep the log of heads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from qatysu.ballots import keys, queries, sequencing
from qatysu.ballots.logs import HEADS, find_log, log_of, storage_of
from qatysu.ballots.models import Ballot
from qatysu.ballots.queries import State
from qatysu.bulletin.models import Entry
from qatysu.core.errors import Conflict, StageClosed
from qatysu.core.regulation import Stage
from qatysu.ledger.entries import decode
from qatysu.ledger.notes import VerifierKey
from qatysu.rounds.models import RoundStage
from qatysu.verify.checking import verify
from tests import factories

pytestmark = pytest.mark.django_db


def entries(log):
    rows = Entry.objects.filter(log=log).exclude(idx=None).order_by("idx")
    return [decode(bytes(raw)) for raw in rows.values_list("raw", flat=True)]


def end_voting(round_):
    RoundStage.objects.filter(round=round_, stage=Stage.VOTING).update(closes_at=timezone.now() - timedelta(seconds=1))


def report(log):
    """What the public verifier says of the published files."""
    return verify(storage_of(log), VerifierKey.parse(log.vkey))


@pytest.fixture
def quick(city):
    return factories.make_voting_round(city, cadence="event")


def test_the_manifest_is_the_first_entry_and_fixes_what_decides(quick):
    log = log_of(quick)
    sequencing.seal_now(log, timezone.now())
    manifest = entries(log)[0]
    assert [row[:2] for row in manifest["projects"]] == [["1", 4_000_000], ["2", 4_000_000], ["3", 4_000_000]]
    assert (manifest["origin"], manifest["budget"], manifest["max_choices"]) == (log.origin, 15_000_000, 2)
    assert (manifest["min_batch"], manifest["max_delay_s"], manifest["audit_days"]) == (1, 5, 10)
    assert manifest["kc"] == quick.slate.key_digest
    assert manifest["rules_hash"] == quick.constitution.digest
    assert report(log).is_good


def test_ballots_are_published_by_the_pace_of_the_constitution(city):
    round_ = factories.make_voting_round(city, cadence="city")
    log, now = log_of(round_), timezone.now()
    sequencing.seal_now(log, now)
    factories.cast(round_, "a", ["1"])
    assert queries.standing(round_, "a").state is State.ACCEPTED
    assert sequencing.tick(now) == 0
    assert sequencing.tick(now + timedelta(seconds=599)) == 0
    assert sequencing.tick(now + timedelta(seconds=600)) == 1
    standing = queries.standing(round_, "a")
    assert (standing.state, standing.idx) == (State.IN_BOX, 1)


def test_the_box_is_closed_by_the_worker_once_and_takes_nothing_more(quick):
    for voter in "abc":
        factories.cast(quick, voter, ["1"])
    factories.cast(quick, "a", ["2"])
    end_voting(quick)
    log = log_of(quick)
    assert sequencing.tick(timezone.now()) == 6
    assert sequencing.tick(timezone.now()) <= 1  # the heads
    log.refresh_from_db()
    assert [entry["t"] for entry in entries(log)] == ["manifest", *["cast"] * 4, "close"]
    assert entries(log)[-1] == {"t": "close", "v": 1, "entries": 5, "handles": 3}
    assert report(log).is_good
    RoundStage.objects.filter(round=quick, stage=Stage.VOTING).update(closes_at=timezone.now() + timedelta(days=1))
    with pytest.raises(StageClosed):
        factories.cast(quick, "late", ["1"])
    assert Ballot.objects.count() == 4


def test_an_open_box_is_not_closed(quick):
    with pytest.raises(Conflict, match="voting_open"):
        sequencing.close_box(quick, timezone.now())


def test_a_replaced_ballot_says_so(quick):
    first = factories.cast(quick, "a", ["1"])
    factories.cast(quick, "a", ["2"])
    assert queries.find(quick, first.leaf.hex()[:12]).state is State.REPLACED


def test_the_log_of_heads_holds_the_checkpoints_of_rounds(quick):
    now = timezone.now()
    factories.cast(quick, "a", ["1"])
    sequencing.tick(now)
    assert find_log(HEADS).size == 0
    assert sequencing.tick(now + timedelta(seconds=600)) == 1
    heads = find_log(HEADS)
    assert heads.size == 1
    first = bytes(Entry.objects.get(log=heads, idx=0).raw).decode()
    assert first.startswith(f"{log_of(quick).origin}\n")
    assert storage_of(heads).get("checkpoint") is not None


def test_a_log_whose_key_is_away_does_not_stop_the_others(quick, city, caplog):
    other = factories.make_voting_round(factories.make_city("aksu"), cadence="event")
    keys.path_of(str(quick), "log").unlink()
    assert sequencing.tick(timezone.now()) == 1
    assert log_of(other).published_size == 1
    assert "log_key_absent" in caplog.text


def test_a_round_on_which_nobody_voted_is_closed_too(quick):
    end_voting(quick)
    sequencing.tick(timezone.now())
    assert [entry["t"] for entry in entries(log_of(quick))] == ["manifest", "close"]
