"""Opening the ballots: when, which, in what order, and what stops it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction

from qatysu.audit.models import Deed
from qatysu.ballots import logs, sequencing
from qatysu.ballots.keys import open_key
from qatysu.ballots.models import Ballot, Opening
from qatysu.bulletin.commands import submit
from qatysu.bulletin.models import Entry
from qatysu.core.errors import Conflict, NotAllowed
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.ledger.entries import decode, encode
from qatysu.ledger.leaf import nonce
from qatysu.motions import commands as motions
from qatysu.motions.targets import get_ballot
from qatysu.results import commands, queries
from qatysu.results.gates import gates
from qatysu.results.opening import audit_ends, open_ballots, progress
from qatysu.rounds.models import Round
from qatysu.tally import published
from qatysu.tally.queries import count
from tests import counting, factories
from tests.motions.people import ask, handle_of

Make = Callable[..., Round]
People = tuple[Account, Account]
pytestmark = pytest.mark.django_db
COSTS = [4_000_000, 5_000_000]


def opened(round_: Round) -> list[dict[str, Any]]:
    """Openings in the order in which they were submitted."""
    rows = Entry.objects.filter(log=logs.log_of(round_), is_voters=False).order_by("turn").values_list("raw", flat=True)
    return [entry for entry in map(decode, map(bytes, rows)) if entry["t"] == "open"]


def audited(round_: Round, now: datetime) -> Round:
    factories.move_to(round_, Stage.RESULTS, now)
    return factories.fresh(round_)


@contextmanager
def without_guards(table: str) -> Iterator[None]:
    """As somebody who owns the database changes it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def test_every_last_ballot_is_opened_once_and_no_replaced_one(counted: Make, people: People, now: datetime) -> None:
    round_ = factories.make_voting_round(people[0].city, now=now, slug="own")
    for voter, choices in (("a", ["1"]), ("a", ["2"]), ("b", ["3"]), ("a", ["3", "1"])):
        factories.cast(round_, voter, choices)
    counting.close(round_, now)
    round_ = audited(round_, now)
    assert open_ballots(actor=people[0], round=round_, now=now) == 2
    found = opened(round_)
    assert sorted((entry["n"], entry["c"]) for entry in found) == [(1, ["3"]), (3, ["1", "3"])]
    key, handle = open_key(str(round_)), handle_of(round_, "a")
    replaced = {nonce(key, handle, attempt).hex() for attempt in (1, 2)}
    raws = b"".join(bytes(raw) for raw in Entry.objects.values_list("raw", flat=True)).decode()
    assert not any(secret in raws for secret in replaced)


def test_opening_twice_changes_nothing_and_is_a_deed(counted: Make, people: People, now: datetime) -> None:
    round_ = audited(counted(COSTS, [["1"]] * 3, opened=False), now)
    assert open_ballots(actor=people[0], round=round_, now=now) == 3
    before = Entry.objects.count()
    assert open_ballots(actor=people[0], round=round_, now=now) == 0
    counting.seal(round_, now)
    assert open_ballots(actor=people[0], round=round_, now=now) == 0
    assert Entry.objects.count() == before
    assert Opening.objects.get().ballots == 3
    deed = Deed.objects.get(action="open_ballots")
    assert deed.detail["count"] == 3


def test_openings_that_a_restore_has_lost_are_submitted_again(counted: Make, people: People, now: datetime) -> None:
    """Waiting entries are not in the files: after a recovery the command finds out which ones are missing."""
    round_ = audited(counted(COSTS, [["1"]] * 5, opened=False), now)
    open_ballots(actor=people[0], round=round_, now=now)
    with without_guards("bulletin_entry"):
        lost = Entry.objects.filter(log=logs.log_of(round_), idx=None).order_by("turn")[:2]
        Entry.objects.filter(pk__in=[entry.pk for entry in lost]).delete()
    assert open_ballots(actor=people[0], round=round_, now=now) == 2
    counting.seal(round_, now)
    box = published.read(logs.log_of(round_))
    assert (box.unopened, box.faults) == (0, ())


def test_a_crash_inside_the_opening_leaves_nothing_of_it(
    counted: Make, people: People, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = audited(counted(COSTS, [["1"]] * 3, opened=False), now)
    with monkeypatch.context() as patch:
        patch.setattr("qatysu.results.opening.touch", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            open_ballots(actor=people[0], round=round_, now=now)
    assert opened(round_) == []
    assert not Opening.objects.exists()
    assert open_ballots(actor=people[0], round=round_, now=now) == 3


def test_the_order_is_that_of_the_given_chance(counted: Make, people: People, now: datetime) -> None:
    round_ = audited(counted(COSTS, [["1"]] * 30, opened=False), now)
    stored = list(Ballot.objects.filter(round=round_).order_by("pk").values_list("handle", flat=True))
    open_ballots(actor=people[0], round=round_, now=now, rng=Random(1))
    order = [entry["b"] for entry in opened(round_)]
    assert sorted(order) == sorted(stored)
    assert order not in (stored, stored[::-1], sorted(stored))
    cast = [decode(bytes(raw))["b"] for raw in Entry.objects.filter(is_voters=True).order_by("idx").values_list("raw", flat=True)]
    assert order != cast


def test_nothing_is_opened_before_the_box_is_closed_and_the_audit_is_over(
    counted: Make, people: People, now: datetime
) -> None:
    round_ = factories.make_voting_round(people[0].city, now=now, slug="own")
    factories.cast(round_, "a", ["1"])
    factories.move_to(round_, Stage.RESULTS, now)
    with pytest.raises(Conflict, match="not_closed"):
        open_ballots(actor=people[0], round=factories.fresh(round_), now=now)
    sequencing.close_box(factories.fresh(round_), now)
    factories.move_to(round_, Stage.AUDIT, now)
    round_ = factories.fresh(round_)
    with pytest.raises(Conflict, match="audit_open") as refused:
        open_ballots(actor=people[0], round=round_, now=now)
    until = round_.stages.get(stage=Stage.AUDIT).closes_at
    assert refused.value.params == {"until": until}
    assert (audit_ends(round_, now), audit_ends(round_, until)) == (until, None)
    assert opened(round_) == []


def test_a_round_without_a_stage_of_audit_is_opened_at_once(counted: Make, people: People, now: datetime) -> None:
    round_ = counted(COSTS, [["1"]], opened=False)
    round_.stages.filter(stage=Stage.AUDIT).delete()
    factories.fresh(round_).stages.filter(stage=Stage.RESULTS).update(opens_at=now - timedelta(hours=1))
    assert open_ballots(actor=people[0], round=factories.fresh(round_), now=now) == 1


def test_only_those_who_count_may_open(counted: Make, people: People, now: datetime) -> None:
    round_ = audited(counted(COSTS, [["1"]], opened=False), now)
    with pytest.raises(NotAllowed):
        open_ballots(actor=people[1], round=round_, now=now)
    secretary = factories.make_staff(Role.SECRETARY, round_.city)
    assert open_ballots(actor=secretary, round=round_, now=now) == 1


@pytest.mark.parametrize(
    ("sql", "missing", "different"),
    [
        ("DELETE FROM ballots_ballot WHERE id = %s", 1, 0),
        ("UPDATE ballots_ballot SET choices = '[\"2\"]' WHERE id = %s", 0, 1),
        ("UPDATE ballots_ballot SET attempt = 2 WHERE id = %s", 1, 0),
    ],
)
def test_a_choice_that_is_missing_or_changed_stops_the_opening(
    counted: Make, people: People, now: datetime, sql: str, missing: int, different: int
) -> None:
    round_ = audited(counted(COSTS, [["1"]] * 4, opened=False), now)
    with without_guards("ballots_ballot"), connection.cursor() as cursor:
        cursor.execute(sql, [Ballot.objects.filter(round=round_).values_list("pk", flat=True)[0]])
    with pytest.raises(Conflict, match="choices_differ") as refused:
        open_ballots(actor=people[0], round=round_, now=now)
    assert (refused.value.params["missing"], refused.value.params["different"]) == (missing, different)
    assert opened(round_) == []
    assert not Opening.objects.exists()


def test_progress_tells_what_is_submitted_and_what_is_sealed(counted: Make, people: People, now: datetime) -> None:
    round_ = audited(counted(COSTS, [["1"]] * 3, opened=False), now)
    log = logs.log_of(round_)

    def figures() -> tuple[int, int, int]:
        found = progress(logs.log_of(round_), published.read(log))
        return found.voters, found.submitted, found.sealed

    assert figures() == (3, 0, 0)
    open_ballots(actor=people[0], round=round_, now=now)
    assert figures() == (3, 3, 0)
    counting.seal(round_, now)
    assert figures() == (3, 3, 3)


def test_annulled_ballots_are_opened_and_shown_beside_the_result(people: People, now: datetime) -> None:
    """LEDGER 1.9: blind annulment, and afterwards everybody sees whom it hurt."""
    lead, chair = people
    round_ = factories.make_voting_round(lead.city, now=now, slug="own", counts_mode="live")
    for voter, choices in (("a", ["1"]), ("b", ["2"]), ("c", ["2"]), ("d", ["2", "3"])):
        factories.cast(round_, voter, choices)
    member = factories.make_staff(Role.COMMISSION, round_.city)
    for voter in ("b", "d"):
        motions.confirm(actor=member, motion=ask(round_, lead, now, handle=handle_of(round_, voter), protocol=voter), now=now)
    assert get_ballot(round_, handle_of(round_, "b")) is not None
    assert count(round_).votes == {"1": 1, "2": 1, "3": 0}
    counting.seal(round_, now)
    round_ = counting.open_all(round_, now, actor=lead)
    outcome = counting.declare(lead, round_, now)
    assert (outcome.ballots, outcome.voters) == (2, 4)
    assert outcome.box["annulled"] == 2
    assert outcome.box["annulled_votes"] == {"2": 2, "3": 1}
    assert [gate.name for gate in gates(round_) if not gate.ok] == []
    stated = next(gate.detail for gate in gates(round_) if gate.name == "ballots_are_voters")
    assert stated == {"ballots": 2, "annulled": 2, "voters": 4}
    counting.publish(lead, chair, round_, now)


def test_the_result_in_the_log_cannot_be_replaced(counted: Make, people: People, now: datetime) -> None:
    round_ = counted(COSTS, [["1"], ["1"], ["2"]])
    first = counting.declare(people[0], round_, now)
    again = commands.declare(actor=people[0], round=round_, now=now)
    assert again.digest == first.digest
    assert sum(decode(bytes(raw))["t"] == "result" for raw in Entry.objects.values_list("raw", flat=True)) == 1
    with without_guards("rounds_round"):
        Round.objects.filter(pk=round_.pk).update(reserve_tenge=11_000_000)
    with pytest.raises(Conflict, match="outcome_differs"):
        commands.declare(actor=people[0], round=factories.fresh(round_), now=now)
    found = queries.outcome_of(round_)
    assert found is not None
    assert found.digest == first.digest


def test_money_changed_after_the_freeze_is_found_before_anything_is_stored(counted: Make, people: People, now: datetime) -> None:
    """The manifest holds the budget; the database does not decide it."""
    round_ = counted([9_000_000, 8_000_000], [["1"], ["1"], ["2"]])
    with without_guards("rounds_round"):
        Round.objects.filter(pk=round_.pk).update(reserve_tenge=7_000_000)
    with pytest.raises(Conflict, match="outcome_differs"):
        commands.declare(actor=people[0], round=factories.fresh(round_), now=now)
    assert queries.outcome_of(round_) is None


def test_the_council_decides_before_the_result_goes_into_the_log(counted: Make, people: People, now: datetime) -> None:
    round_ = counted([8_000_000, 8_000_000], [["1"], ["2"]])
    counting.declare(people[0], round_, now)
    log = logs.log_of(round_)
    assert published.read(log).result is None
    counting.decide_tie(people[1], round_, ["2", "1"], "Lot drawn in public", now)
    result = published.read(log).result
    assert result is not None
    assert (result["winners"], result["tie_decision"], result["ballots"]) == (["2"], ["2", "1"], 2)
    assert result["counts"] == [["1", 1], ["2", 1]]


def test_the_approval_goes_into_the_log_with_its_protocol(counted: Make, people: People, now: datetime) -> None:
    round_ = counted(COSTS, [["1"]])
    outcome = counting.declare(people[0], round_, now)
    commands.approve(actor=people[1], round=round_, protocol_number="№ 7-қ", now=now)
    counting.seal(round_, now)
    last = Entry.objects.filter(log=logs.log_of(round_)).order_by("-idx").values_list("raw", flat=True)[0]
    assert decode(bytes(last)) == {"t": "approve", "v": 1, "act": "%E2%84%96 7-%D2%9B", "document": outcome.digest}
    assert json.loads(bytes(last))["document"] == outcome.digest
    assert [gate.name for gate in gates(round_) if not gate.ok] == []


def test_a_round_from_before_logs_is_not_counted(counted: Make, people: People, now: datetime) -> None:
    round_ = counted(COSTS, [["1"]])
    with without_guards("ballots_slate"), connection.cursor() as cursor:
        cursor.execute("UPDATE ballots_slate SET log_id = NULL WHERE round_id = %s", [round_.pk])
    for act in (commands.declare, open_ballots):
        with pytest.raises(Conflict, match="no_log"):
            act(actor=people[0], round=round_, now=now)


def test_a_log_with_changed_files_is_neither_opened_nor_counted(counted: Make, people: People, now: datetime, settings: Any) -> None:
    round_ = audited(counted(COSTS, [["1"]] * 3, opened=False), now)
    for file in (settings.LOG_ROOT / str(round_) / "tile" / "entries").rglob("*.p/*"):
        file.write_bytes(file.read_bytes().replace(b'"n":1', b'"n":2'))
    with pytest.raises(Conflict, match="log_faults") as refused:
        open_ballots(actor=people[0], round=round_, now=now)
    assert "root" in refused.value.params["codes"]
    with pytest.raises(Conflict, match="log_faults"):
        commands.declare(actor=people[0], round=round_, now=now)


def test_a_result_waits_for_acts_that_are_not_published_yet(counted: Make, people: People, now: datetime) -> None:
    """An annulment that was agreed on at the last minute must not come behind the result."""
    round_ = counted(COSTS, [["1"]])
    log = logs.log_of(round_)
    submit(log, encode({"t": "key", "v": 1, "vkey": "x"}), is_voters=False)
    with pytest.raises(Conflict, match="log_waiting"):
        commands.declare(actor=people[0], round=round_, now=now)
    assert queries.outcome_of(round_) is None
    counting.seal(round_, now)
    commands.declare(actor=people[0], round=round_, now=now)
