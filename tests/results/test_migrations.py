"""Outcomes that were declared before there were reasons keep their meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from qatysu.identity.models import Account
from qatysu.results import commands, queries
from qatysu.results.gates import gates
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from tests import counting

Make = Callable[..., Round]
People = tuple[Account, Account]
OLD, NEW = [("results", "0001_initial")], [("results", "0005_box")]
pytestmark = pytest.mark.django_db(transaction=True)


def migrate(targets: list[tuple[str, str]]) -> None:
    MigrationExecutor(connection).migrate(targets)


@pytest.fixture
def back_to_now() -> Iterator[None]:
    yield
    migrate(NEW)


def stored(pk: int) -> list[tuple[object, ...]]:
    fields = ("entry__code", "votes", "score", "verdict", "reason", "phase", "key_text", "left_before_tenge", "left_after_tenge")
    return list(Outcome.objects.get(pk=pk).lines.order_by("place").values_list(*fields))


def old_verdicts(pk: int) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.code, l.verdict FROM results_outcomeline l JOIN ballots_slateentry e ON e.id = l.entry_id WHERE outcome_id = %s",
            [pk],
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize("fit", ["skip", "stop"])
def test_old_verdicts_become_verdicts_with_reasons(
    counted: Make, people: People, now: datetime, back_to_now: None, fit: str
) -> None:
    votes = [["1"]] * 5 + [["2"]] * 4 + [["3"]] * 3 + [["4"]]
    round_ = counted([9_000_000, 8_000_000, 4_000_000, 1_000_000], votes, fit=fit, threshold_votes=1, threshold_op="gt")
    outcome = counting.declare(people[0], round_, now)
    commands.approve(actor=people[1], round=round_, protocol_number="7", now=now)
    commands.publish(actor=people[0], round=round_, now=now)
    before = stored(outcome.pk)
    migrate(OLD)
    third = "funded" if fit == "skip" else "after_stop"
    assert old_verdicts(outcome.pk) == {"1": "funded", "2": "does_not_fit", "3": third, "4": "below_threshold"}
    migrate(NEW)
    assert stored(outcome.pk) == before
    now_stored = Outcome.objects.get(pk=outcome.pk)
    assert (now_stored.rule, now_stored.params["fit"], now_stored.params["min_score"], now_stored.params["min_score_op"]) == (
        "votes", fit, "1", "gt",
    )
    assert commands.digest_of(round_, 13, queries.rule_outcome(now_stored)) == outcome.digest
    assert [gate.name for gate in gates(round_) if not gate.ok] == []
    assert "It got 5 votes." in Client().get("/en/khromtau/demo/results/").text.replace("\u00a0", " ")


def test_an_open_tie_of_before_can_still_be_decided(counted: Make, people: People, now: datetime, back_to_now: None) -> None:
    round_ = counted([8_000_000, 8_000_000], [["1"], ["2"]])
    outcome = counting.declare(people[0], round_, now)
    migrate(OLD)
    assert set(old_verdicts(outcome.pk).values()) == {"tied"}
    migrate(NEW)
    tied = queries.outcome_of(round_)
    assert tied is not None
    assert [tie.projects for tie in queries.open_ties(tied)] == [("1", "2")]
    decided = counting.decide_tie(people[1], round_, ["2", "1"], "Lot drawn in public", now)
    assert queries.rule_outcome(decided).winners == ("2",)
    migrate(OLD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tie_reason FROM results_outcome")
        assert cursor.fetchall() == [("Lot drawn in public",)]
    migrate(NEW)
    found = queries.outcome_of(round_)
    assert found is not None
    assert found.decisions == [{"order": ["2", "1"], "reason": "Lot drawn in public"}]
