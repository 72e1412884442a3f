"""Days end in the city's zone; after opening only public acts move a stage."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from qatysu.core.errors import Conflict, Invalid, NotAllowed
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds import commands, queries
from qatysu.rounds.copying import copied_stages
from qatysu.rounds.models import CalendarAct, Round

from .conftest import NOW, grant, make_account

WHY = "The portal was down for a day"


def at(round_: Round, stage: Stage) -> object:
    return queries.stage_row(round_, stage)


def test_last_day_of_a_stage_ends_at_midnight_of_the_city(round_: Round) -> None:
    ideas = at(round_, Stage.IDEAS)

    assert ideas.opens_at == datetime(2026, 1, 31, 19, 0, tzinfo=UTC)  # midnight of 1 February, UTC+5
    assert ideas.closes_at == datetime(2026, 3, 2, 19, 0, tzinfo=UTC)  # 2 March is included


def test_edit_calendar_moves_a_stage_that_has_not_opened(coordinator: Account, public_round: Round) -> None:
    commands.edit_calendar(
        actor=coordinator, round_=public_round, days={Stage.AWARD: (date(2026, 6, 20), date(2026, 6, 20))}, now=NOW
    )

    assert at(public_round, Stage.AWARD).closes_at == datetime(2026, 6, 20, 19, 0, tzinfo=UTC)
    public_round.refresh_from_db()
    assert public_round.version == 1


@pytest.mark.parametrize(
    ("stage", "first", "last", "reason", "error"),
    [
        (Stage.IDEAS, date(2026, 2, 1), date(2026, 4, 1), "stage_opened", Conflict),
        (Stage.VOTING, date(2026, 5, 9), date(2026, 5, 8), "ends_before_start", Invalid),
        (Stage.VOTING, date(2026, 5, 9), date(2036, 5, 8), "stage_too_long", Invalid),
        (Stage.VOTING, date(2026, 4, 25), date(2026, 5, 20), "overlap", Invalid),
        (Stage.VOTING, date(2026, 5, 9), date(2026, 6, 1), "overlap", Invalid),
        (Stage.WORKS, date(2026, 5, 1), date(2026, 6, 1), "out_of_order", Invalid),
        (Stage.AUDIT, date(2026, 1, 1), date(2026, 6, 1), "opens_in_past", Invalid),
    ],
)
def test_edit_calendar_refuses(
    coordinator: Account,
    public_round: Round,
    stage: Stage,
    first: date,
    last: date,
    reason: str,
    error: type[Exception],
) -> None:
    with pytest.raises(error) as refusal:
        commands.edit_calendar(actor=coordinator, round_=public_round, days={stage: (first, last)}, now=NOW)

    assert refusal.value.reason == reason
    assert at(public_round, Stage.VOTING).opens_at == datetime(2026, 5, 6, 19, 0, tzinfo=UTC)


def test_a_draft_may_be_dated_anywhere(coordinator: Account, round_: Round) -> None:
    commands.edit_calendar(
        actor=coordinator, round_=round_, days={Stage.IDEAS: (date(2025, 2, 1), date(2025, 2, 20))}, now=NOW
    )

    assert at(round_, Stage.IDEAS).opens_at.year == 2025


def test_extension_moves_the_end_and_the_start_of_the_next_stage(coordinator: Account, public_round: Round) -> None:
    act = commands.extend_stage(
        actor=coordinator, round_=public_round, stage=Stage.IDEAS, last_day=date(2026, 3, 9), reason=WHY, now=NOW
    )

    assert act.old_closes_at == datetime(2026, 3, 2, 19, 0, tzinfo=UTC)
    assert at(public_round, Stage.IDEAS).closes_at == act.new_closes_at == datetime(2026, 3, 9, 19, 0, tzinfo=UTC)
    sessions = at(public_round, Stage.SESSIONS)
    assert sessions.opens_at == act.new_closes_at
    assert sessions.closes_at == datetime(2026, 4, 20, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last_day", "reason", "code"),
    [
        (date(2026, 3, 2), WHY, "not_later"),
        (date(2026, 3, 9), "  ", "reason"),
        (date(2026, 4, 21), WHY, "swallows_next"),
    ],
)
def test_extension_refuses(coordinator: Account, public_round: Round, last_day: date, reason: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        commands.extend_stage(
            actor=coordinator, round_=public_round, stage=Stage.IDEAS, last_day=last_day, reason=reason, now=NOW
        )

    assert refusal.value.reason == code
    assert not CalendarAct.objects.exists()


def test_a_stage_that_is_over_cannot_be_extended(coordinator: Account, public_round: Round) -> None:
    with pytest.raises(Conflict, match="stage_over"):
        commands.extend_stage(
            actor=coordinator,
            round_=public_round,
            stage=Stage.IDEAS,
            last_day=date(2026, 5, 1),
            reason=WHY,
            now=datetime(2026, 3, 2, 19, 0, tzinfo=UTC),
        )


def test_pause_closes_the_stage_until_it_is_resumed(coordinator: Account, public_round: Round) -> None:
    later = NOW + timedelta(hours=3)
    commands.pause_stage(actor=coordinator, round_=public_round, stage=Stage.IDEAS, reason=WHY, now=NOW)
    paused = queries.window(at(public_round, Stage.IDEAS)).state(NOW)
    with pytest.raises(Conflict, match="already_paused"):
        commands.pause_stage(actor=coordinator, round_=public_round, stage=Stage.IDEAS, reason=WHY, now=NOW)
    commands.resume_stage(actor=coordinator, round_=public_round, stage=Stage.IDEAS, reason=WHY, now=later)

    assert paused is WindowState.PAUSED
    assert queries.window(at(public_round, Stage.IDEAS)).state(later) is WindowState.OPEN
    with pytest.raises(Conflict, match="not_paused"):
        commands.resume_stage(actor=coordinator, round_=public_round, stage=Stage.IDEAS, reason=WHY, now=later)


def test_closing_early_begins_the_next_stage_at_once(coordinator: Account, public_round: Round) -> None:
    commands.close_stage_now(actor=coordinator, round_=public_round, stage=Stage.IDEAS, reason=WHY, now=NOW)

    assert at(public_round, Stage.IDEAS).closes_at == NOW
    assert at(public_round, Stage.SESSIONS).opens_at == NOW
    assert sorted(CalendarAct.objects.values_list("stage__stage", "kind")) == [("ideas", "close"), ("sessions", "open")]


def test_voting_cannot_be_opened_early_without_a_slate(coordinator: Account, public_round: Round) -> None:
    with pytest.raises(Conflict, match="no_slate"):
        commands.open_stage_now(actor=coordinator, round_=public_round, stage=Stage.VOTING, reason=WHY, now=NOW)


def test_a_stage_opens_early_only_after_the_earlier_ones(coordinator: Account, public_round: Round) -> None:
    with pytest.raises(Conflict, match="earlier_first"):
        commands.open_stage_now(actor=coordinator, round_=public_round, stage=Stage.COUNCIL, reason=WHY, now=NOW)
    commands.open_stage_now(actor=coordinator, round_=public_round, stage=Stage.SESSIONS, reason=WHY, now=NOW)

    assert queries.open_stages(public_round, NOW) == {Stage.IDEAS, Stage.SESSIONS}


@pytest.mark.parametrize("role", [Role.COACH, Role.SECRETARY, Role.OPERATOR, Role.FUNDER])
def test_only_the_coordinator_moves_the_calendar(city: City, public_round: Round, role: Role) -> None:
    other = grant(make_account(), role, city)

    with pytest.raises(NotAllowed):
        commands.pause_stage(actor=other, round_=public_round, stage=Stage.IDEAS, reason=WHY, now=NOW)


def test_acts_of_the_calendar_cannot_be_rewritten(coordinator: Account, public_round: Round) -> None:
    commands.pause_stage(actor=coordinator, round_=public_round, stage=Stage.IDEAS, reason=WHY, now=NOW)

    with pytest.raises(IntegrityError, match="qatysu:append_only:rounds_calendaract"), transaction.atomic():
        CalendarAct.objects.update(reason="another")
    with pytest.raises(IntegrityError, match="qatysu:append_only:rounds_calendaract"), transaction.atomic():
        CalendarAct.objects.all().delete()


def test_a_copy_of_a_hurried_year_has_its_planned_days(coordinator: Account, public_round: Round) -> None:
    planned = [(s.stage, s.opens_at, s.closes_at) for s in copied_stages(public_round, public_round, date(2027, 2, 1))]
    first = at(public_round, Stage.IDEAS)
    day = first.opens_at + timedelta(days=3)
    for stage, late in ((Stage.IDEAS, 0), (Stage.SESSIONS, 2)):
        commands.close_stage_now(
            actor=coordinator, round_=public_round, stage=stage, reason=WHY, now=day + timedelta(minutes=late)
        )

    again = [(s.stage, s.opens_at, s.closes_at) for s in copied_stages(public_round, public_round, date(2027, 2, 1))]
    assert again == planned
