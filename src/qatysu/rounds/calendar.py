"""Writes that move the calendar: edited before a stage opens, moved afterwards only by a public act with a reason.

From the freezing of the ballot on the dates of voting stand in the log of ballots. Then they move only by an act of two
people, ``actor`` and ``second``, which ``motions`` writes into the log in the same transaction; nothing else drags them along.

Each command locks the row of the round FOR UPDATE. A running cast holds it in share, so a close or a pause waits for
casts that began before it and none begins after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid, NotAllowed
from qatysu.core.periods import WindowState, end_of_day, start_of_day
from qatysu.core.regulation import STAGE_ORDER, Action, Stage
from qatysu.rounds import queries
from qatysu.rounds.authorize import authorize
from qatysu.rounds.checks import forbids_overlap
from qatysu.rounds.models import CalendarAct, Round, RoundStage, StagePause
from qatysu.rounds.touching import locked, touch

Days = tuple[date, date]
#: No stage of a participatory budget lasts longer; a longer one is a slip of the year.
LONGEST = timedelta(days=3 * 366)


@transaction.atomic
def edit_calendar(*, actor: Any, round_: Round, days: Mapping[Stage, Days | None], now: datetime) -> Round:
    """Set first and last day of stages that have not opened; ``None`` takes a stage out of the year.

    A day ends in the city's zone. Raises Invalid (``field`` is the stage) for order, overlap or length, Conflict when a
    public stage has opened, or for voting once the ballot is frozen: then only a public act moves it.
    """
    authorize(actor, Action.CHANGE_CALENDAR, round_, now=now)
    row = locked(round_)
    changed = [stage for stage, span in days.items() if _apply(row, stage, span, now)]
    _check_order(row)
    if changed:
        touch(row)
        plain = {stage: [str(d) for d in span] if (span := days[stage]) else None for stage in changed}
        record(
            actor=actor, action="edit_calendar", now=now, place=str(row), target=f"rounds.round:{row.pk}", days=plain
        )
    return row


def _apply(round_: Round, stage: Stage, span: Days | None, now: datetime) -> bool:
    """Write one stage; True when something changed."""
    row = round_.stages.filter(stage=stage).first()
    wanted = _instants(round_, stage, span)
    if (None if row is None else (row.opens_at, row.closes_at)) == wanted:
        return False
    if is_voting_fixed(round_, stage):
        raise Conflict("voting_fixed", field=stage, stage=stage)
    is_draft = not round_.is_public and round_.constitution.frozen_at is None
    if not is_draft:
        if row is not None and row.opens_at <= now:
            raise Conflict("stage_opened", field=stage, stage=stage)
        if wanted is not None and wanted[0] < now:
            raise Invalid("opens_in_past", field=stage, stage=stage)
    if wanted is None:
        if row is not None and row.acts.exists():
            raise Conflict("stage_opened", field=stage, stage=stage)
        round_.stages.filter(stage=stage).delete()
    else:
        RoundStage.objects.update_or_create(
            round=round_, stage=stage, defaults={"opens_at": wanted[0], "closes_at": wanted[1]}
        )
    return True


def is_voting_fixed(round_: Round, stage: str) -> bool:
    """Whether the stage is voting and its dates stand in the log: the ballot is frozen."""
    return stage == Stage.VOTING and round_.constitution.frozen_at is not None


def check_day(day: date, field: str) -> None:
    """Raises Invalid for a year that can only be a slip of the hand."""
    if not 2000 <= day.year <= 2100:
        raise Invalid("year", field=field)


def _instants(round_: Round, stage: Stage, span: Days | None) -> tuple[datetime, datetime] | None:
    if span is None:
        return None
    zone = queries.zone_of(round_)
    first, last = span
    check_day(first, stage)
    check_day(last, stage)
    if last < first:
        raise Invalid("ends_before_start", field=stage, stage=stage)
    if last - first > LONGEST:
        raise Invalid("stage_too_long", field=stage, stage=stage)
    return start_of_day(first, zone), end_of_day(last, zone)


def _check_order(round_: Round) -> None:
    rows = sorted(RoundStage.objects.filter(round=round_), key=lambda r: STAGE_ORDER.index(Stage(r.stage)))
    for earlier, later in combinations(rows, 2):
        if later.opens_at < earlier.opens_at:
            raise Invalid("out_of_order", field=later.stage, stage=later.stage, earlier=earlier.stage)
        if later.opens_at < earlier.closes_at and forbids_overlap(Stage(earlier.stage), Stage(later.stage)):
            raise Invalid("overlap", field=later.stage, stage=later.stage, earlier=earlier.stage)


def _begin(
    actor: Any, round_: Round, stage: Stage, reason: str, now: datetime, second: Any
) -> tuple[RoundStage, WindowState]:
    """Authorise, lock the round, look again. Raises Invalid without a reason, NotFound without the stage.

    Raises NotAllowed("second_person") for voting after the freeze unless ``second`` is another person who may agree to it.
    """
    authorize(actor, Action.CHANGE_CALENDAR, round_, now=now)
    if not 5 <= len(reason.strip()) <= 500:
        raise Invalid("reason", field="reason")
    row = queries.stage_row(locked(round_), stage)
    if is_voting_fixed(row.round, stage):
        if second is None or second == actor:
            raise NotAllowed("second_person", action=str(Action.CONFIRM_VOTING_ACT))
        authorize(second, Action.CONFIRM_VOTING_ACT, round_, now=now)
    return row, queries.window(row).state(now)


def _act(
    row: RoundStage, kind: CalendarAct.Kind, reason: str, actor: Any, now: datetime, old: datetime | None = None,
    second: Any = None,
) -> CalendarAct:
    act = CalendarAct.objects.create(
        stage=row,
        kind=kind,
        reason=reason.strip(),
        actor=actor,
        at=now,
        old_closes_at=old,
        new_closes_at=row.closes_at if old is not None else None,
    )
    touch(row.round)
    record(
        actor=actor,
        action=f"{kind}_stage",
        now=now,
        place=str(row.round),
        target=f"rounds.stage:{row.stage}",
        reason=reason.strip(),
        **({"second": second.pk} if second is not None else {}),
    )
    return act


@transaction.atomic
def extend_stage(
    *, actor: Any, round_: Round, stage: Stage, last_day: date, reason: str, now: datetime, second: Any = None
) -> CalendarAct:
    """Move the end of a stage that is not over to the end of ``last_day``; the next stage starts later when it must.

    Raises Conflict when the stage is over, Invalid when the day is not later or would swallow the next stage.
    """
    row, state = _begin(actor, round_, stage, reason, now, second)
    if state is WindowState.AFTER:
        raise Conflict("stage_over", stage=stage)
    check_day(last_day, "last_day")
    closes_at = end_of_day(last_day, queries.zone_of(round_))
    if closes_at <= row.closes_at:
        raise Invalid("not_later", field="last_day")
    if closes_at - row.opens_at > LONGEST:
        raise Invalid("stage_too_long", field="last_day", stage=stage)
    old, row.closes_at = row.closes_at, closes_at
    row.save(update_fields=["closes_at"])
    _push_followers(row, old, now)
    return _act(row, CalendarAct.Kind.EXTEND, reason, actor, now, old, second)


def _push_followers(row: RoundStage, old_close: datetime, now: datetime) -> None:
    """Later stages that would now begin inside ``row`` and did not before begin at its end; their own ends stay."""
    later = STAGE_ORDER[STAGE_ORDER.index(Stage(row.stage)) + 1 :]
    for follower in RoundStage.objects.filter(round=row.round, stage__in=later):
        if not old_close <= follower.opens_at < row.closes_at:
            continue
        if follower.closes_at <= row.closes_at:
            raise Invalid("swallows_next", field="last_day", stage=follower.stage)
        if follower.opens_at <= now:
            continue
        if is_voting_fixed(row.round, follower.stage):
            raise Conflict("voting_fixed", stage=follower.stage)
        follower.opens_at = row.closes_at
        follower.save(update_fields=["opens_at"])


@transaction.atomic
def pause_stage(
    *, actor: Any, round_: Round, stage: Stage, reason: str, now: datetime, second: Any = None
) -> CalendarAct:
    """Pause an open stage until it is resumed. Raises Conflict when it is not open."""
    row, state = _begin(actor, round_, stage, reason, now, second)
    if state is not WindowState.OPEN:
        raise Conflict("already_paused" if state is WindowState.PAUSED else "stage_not_open", stage=stage)
    StagePause.objects.create(stage=row, from_at=now)
    return _act(row, CalendarAct.Kind.PAUSE, reason, actor, now, second=second)


@transaction.atomic
def resume_stage(
    *, actor: Any, round_: Round, stage: Stage, reason: str, now: datetime, second: Any = None
) -> CalendarAct:
    """End the pause of a stage. Raises Conflict when it is not paused. Lost time is given back by ``extend_stage``."""
    row, _ = _begin(actor, round_, stage, reason, now, second)
    if not row.pauses.filter(until_at=None).update(until_at=now):
        raise Conflict("not_paused", stage=stage)
    return _act(row, CalendarAct.Kind.RESUME, reason, actor, now, second=second)


@transaction.atomic
def open_stage_now(
    *, actor: Any, round_: Round, stage: Stage, reason: str, now: datetime, second: Any = None
) -> CalendarAct:
    """Open a stage early. Raises Conflict when it has opened, another must end first, or voting has no slate."""
    row, state = _begin(actor, round_, stage, reason, now, second)
    if state is not WindowState.BEFORE:
        raise Conflict("stage_opened", stage=stage)
    if stage is Stage.VOTING and row.round.constitution.frozen_at is None:
        raise Conflict("no_slate", stage=stage)
    for other in RoundStage.objects.filter(round=row.round).exclude(pk=row.pk):
        _check_beside(other, row, now)
    row.opens_at = now
    row.save(update_fields=["opens_at"])
    return _act(row, CalendarAct.Kind.OPEN, reason, actor, now, second=second)


def _check_beside(other: RoundStage, row: RoundStage, now: datetime) -> None:
    earlier = STAGE_ORDER.index(Stage(other.stage)) < STAGE_ORDER.index(Stage(row.stage))
    if earlier and other.opens_at > now:
        raise Conflict("earlier_first", stage=other.stage)
    if earlier and other.closes_at > now and forbids_overlap(Stage(other.stage), Stage(row.stage)):
        raise Conflict("must_end_first", stage=other.stage)


@transaction.atomic
def close_stage_now(
    *, actor: Any, round_: Round, stage: Stage, reason: str, now: datetime, second: Any = None
) -> CalendarAct:
    """End a running stage at ``now``; a stage that was to begin at its end begins at once, except voting.

    Raises Conflict when the stage is not running, or when the campaign would end without a frozen ballot.
    """
    row, state = _begin(actor, round_, stage, reason, now, second)
    if state not in (WindowState.OPEN, WindowState.PAUSED):
        raise Conflict("stage_not_open", stage=stage)
    if now <= row.opens_at:
        raise Conflict("stage_not_open", stage=stage)
    if stage is Stage.CAMPAIGN and row.round.constitution.frozen_at is None:
        raise Conflict("no_slate", stage=stage)
    row.pauses.filter(until_at=None).update(until_at=now)
    old, row.closes_at = row.closes_at, now
    row.save(update_fields=["closes_at"])
    for follower in RoundStage.objects.filter(round=row.round, opens_at=old):
        # Without a ballot voting cannot begin, and with one it begins early only by two people.
        if follower.stage == Stage.VOTING:
            continue
        follower.opens_at = now
        follower.save(update_fields=["opens_at"])
        _act(follower, CalendarAct.Kind.OPEN, reason, actor, now)
    return _act(row, CalendarAct.Kind.CLOSE, reason, actor, now, old, second)
