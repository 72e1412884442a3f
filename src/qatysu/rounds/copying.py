"""The calendar of one year laid out for another, in whole days and as it was planned."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from qatysu.core.periods import end_of_day, last_day, start_of_day
from qatysu.core.regulation import STAGE_ORDER, Stage
from qatysu.rounds.models import CalendarAct, Round, RoundStage


def copied_stages(source: Round, target: Round, starts_on: date) -> list[RoundStage]:
    """Unsaved stages of ``target``: those of ``source`` by day, the first of them on ``starts_on``.

    What acts cut short has its planned days again, and what they opened early begins after the stage before it.
    """
    zone = ZoneInfo(target.city.time_zone)
    plan = _planned_days(source)
    if not plan:
        return []
    shift = starts_on - min(first for _stage, first, _last in plan)
    return [
        RoundStage(
            round=target,
            stage=stage,
            opens_at=start_of_day(first + shift, zone),
            closes_at=end_of_day(last + shift, zone),
        )
        for stage, first, last in plan
    ]


def _planned_days(source: Round) -> list[tuple[Stage, date, date]]:
    """(stage, first day, last day) in the order of the year."""
    zone = ZoneInfo(source.city.time_zone)
    plan: list[tuple[Stage, date, date]] = []
    rows = {Stage(row.stage): row for row in source.stages.prefetch_related("acts")}
    for stage in STAGE_ORDER:
        if stage not in rows:
            continue
        row, acts = rows[stage], list(rows[stage].acts.all())
        first = row.opens_at.astimezone(zone).date()
        if plan and any(act.kind == CalendarAct.Kind.OPEN for act in acts):
            first = max(first, date.fromordinal(plan[-1][2].toordinal() + 1))
        plan.append((stage, first, max(first, last_day(_planned_end(row, acts), zone))))
    return plan


def _planned_end(row: RoundStage, acts: list[CalendarAct]) -> datetime:
    cut = [act.old_closes_at for act in acts if act.kind == CalendarAct.Kind.CLOSE and act.old_closes_at]
    return max([row.closes_at, *cut])
