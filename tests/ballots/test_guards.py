"""The database has the last word (PEERS T4, T7, T11, T18, T28): rows are written past all commands."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from qatysu.ballots import sequencing
from qatysu.ballots.logs import log_of
from qatysu.ballots.models import Ballot, Participation, Slate, SlateEntry, VotingCode
from qatysu.bulletin.commands import submit
from qatysu.ledger.leaf import cast_entry
from qatysu.proposals.models import Proposal
from qatysu.rounds.models import Category, Constitution, RoundStage, StagePause
from qatysu.vault.triggers import refused_by
from tests import factories

pytestmark = pytest.mark.django_db


def insert(round_, choices, *, handle="a" * 32, attempt=1):
    Participation.objects.get_or_create(round=round_, handle=handle, defaults={"attempt": attempt})
    leaf = submit(log_of(round_), cast_entry(handle, attempt, uuid.uuid4().hex * 2), is_voters=True)
    return Ballot.objects.create(round=round_, handle=handle, attempt=attempt, choices=choices, leaf=leaf)


def refused(action) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        action()
    return refused_by(caught.value)


@pytest.mark.parametrize("choices", ['["1"]', '["1","3"]'])
def test_choices_within_the_limits_are_stored(voting_round, choices):
    assert insert(voting_round, choices).choices == choices


@pytest.mark.parametrize("choices", ["[]", '["1","2","3"]', '["9"]', '["1","1"]', '["1","9"]', "{}"])
def test_choices_outside_the_slate_or_the_limits_are_refused(voting_round, choices):
    assert refused(lambda: insert(voting_round, choices)) == "qatysu:ballot:choices"


def test_text_that_is_no_list_is_refused(voting_round):
    with pytest.raises(Exception), transaction.atomic():  # noqa: B017  # reason: PostgreSQL refuses the cast itself
        insert(voting_round, "1,2")
    assert Ballot.objects.count() == 0


def test_a_ballot_after_the_end_is_refused_by_the_databases_clock(voting_round):
    RoundStage.objects.filter(round=voting_round, stage="voting").update(
        closes_at=timezone.now() - timedelta(milliseconds=5)
    )
    assert refused(lambda: insert(voting_round, '["1"]')) == "qatysu:ballot:closed"


def test_a_ballot_before_the_opening_is_refused(voting_round):
    RoundStage.objects.filter(round=voting_round, stage="voting").update(opens_at=timezone.now() + timedelta(minutes=1))
    assert refused(lambda: insert(voting_round, '["1"]')) == "qatysu:ballot:closed"


def test_a_ballot_during_a_pause_is_refused_and_taken_after_it(voting_round):
    stage = RoundStage.objects.get(round=voting_round, stage="voting")
    pause = StagePause.objects.create(stage=stage, from_at=timezone.now() - timedelta(hours=1))
    assert refused(lambda: insert(voting_round, '["1"]')) == "qatysu:ballot:closed"
    StagePause.objects.filter(pk=pause.pk).update(until_at=timezone.now() - timedelta(minutes=1))
    assert insert(voting_round, '["1"]').pk


def test_one_handle_has_one_ballot_per_attempt(voting_round):
    insert(voting_round, '["1"]')
    with pytest.raises(IntegrityError, match=r"ballot_once_per_attempt|ballots_ballot"), transaction.atomic():
        insert(voting_round, '["2"]')


def test_a_ballot_without_its_participation_is_refused(voting_round):
    def orphan():
        leaf = submit(log_of(voting_round), cast_entry("b" * 32, 1, "c" * 64), is_voters=True)
        Ballot.objects.create(round=voting_round, handle="b" * 32, attempt=1, choices='["1"]', leaf=leaf)

    assert refused(orphan) == "qatysu:ballot:attempt"


def test_a_ballot_that_does_not_stand_in_the_log_is_refused(voting_round):
    def secret():
        Participation.objects.create(round=voting_round, handle="b" * 32, attempt=1)
        Ballot.objects.create(round=voting_round, handle="b" * 32, attempt=1, choices='["1"]', leaf=b"l" * 32)

    assert refused(secret) == "qatysu:ballot:not_in_log"


def test_a_ballot_that_is_sealed_comes_back_after_the_close(voting_round):
    log = log_of(voting_round)
    raw = cast_entry("b" * 32, 1, "c" * 64)
    leaf = submit(log, raw, is_voters=True)
    sequencing.seal_now(log, timezone.now())
    RoundStage.objects.filter(round=voting_round, stage="voting").update(closes_at=timezone.now() - timedelta(seconds=1))
    Participation.objects.create(round=voting_round, handle="b" * 32, attempt=1)
    Ballot.objects.create(round=voting_round, handle="b" * 32, attempt=1, choices='["1"]', leaf=leaf)
    assert Ballot.objects.count() == 1


def test_a_slate_gets_a_log_once_and_changes_nothing_else(voting_round):
    slate = Slate.objects.filter(round=voting_round)
    assert refused(lambda: slate.update(log=None)) == "qatysu:append_only:ballots_slate"


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Ballot, {"choices": '["2"]'}),
        (Slate, {"max_choices": 9}),
        (SlateEntry, {"cost_tenge": 1}),
        (VotingCode, {"code_hash": "x"}),
    ],
)
def test_what_is_stored_is_neither_changed_nor_removed(voting_round, model, change):
    insert(voting_round, '["1"]')
    factories.make_codes(voting_round)
    table = model._meta.db_table
    assert refused(lambda: model.objects.update(**change)) == f"qatysu:append_only:{table}"
    with connection.cursor() as cursor:
        assert (
            refused(lambda: cursor.execute(f"DELETE FROM {table}")) == f"qatysu:append_only:{table}"
        )  # reason: own names


def test_an_attempt_only_counts_up_and_never_past_the_limit(voting_round):
    insert(voting_round, '["1"]')
    row = Participation.objects.filter(round=voting_round)
    assert refused(lambda: row.update(attempt=3)) == "qatysu:participation:attempt"
    assert refused(lambda: row.update(attempt=2, handle="f" * 32)) == "qatysu:participation:attempt"
    assert refused(lambda: row.delete()) == "qatysu:participation:kept"


def test_no_project_joins_the_slate_after_the_first_ballot(voting_round):
    insert(voting_round, '["1"]')
    slate = Slate.objects.get(round=voting_round)
    late = factories.make_proposal(voting_round, state="admitted")
    assert (
        refused(lambda: SlateEntry.objects.create(slate=slate, code="77", proposal=late, title="x", cost_tenge=5))
        == "qatysu:slate:frozen"
    )


def test_the_constitution_of_a_frozen_round_does_not_change(voting_round):
    row = Constitution.objects.filter(round=voting_round)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(max_choices=3)
    assert row.get().max_choices == 2


def test_a_project_on_the_slate_keeps_its_category(voting_round):
    elsewhere = factories.make_round(voting_round.city, slug="elsewhere")
    other = Category.objects.create(round=elsewhere, slug="kind", position=90, name_kk="Б", name_ru="Д", name_en="O")
    chosen = Proposal.objects.filter(round=voting_round, slate_entry__isnull=False)
    free = factories.make_proposal(voting_round)
    assert refused(lambda: chosen.update(category=other)) == "qatysu:frozen:project_category"
    assert chosen.update(cost_tenge=5) == chosen.count()
    assert Proposal.objects.filter(pk=free.pk).update(category=other) == 1
