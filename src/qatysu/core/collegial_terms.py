"""Terms in days: replies, appeals, votes by correspondence.

The day of the event is not counted; a term in calendar days that would end on a day off ends on the next working day. A deadline is
the end of that day in the city's zone (SPEC 2).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from qatysu.core.errors import Invalid
from qatysu.core.periods import end_of_day

LONGEST_TERM_DAYS = 3660
_LAST_YEAR = 9000


def is_day_off(day: date, *, holidays: Collection[date] = (), worked: Collection[date] = ()) -> bool:
    """True on holidays, and on Saturdays and Sundays that are not ``worked`` (moved working days)."""
    return day in holidays or (day.weekday() >= 5 and day not in worked)


def reply_due(
    day: date, days: int, is_working_days: bool, holidays: Collection[date] = (), worked: Collection[date] = ()
) -> date:
    """The last day of a term of ``days`` working or calendar days that an event on ``day`` (in the city's zone) starts.

    0 days: that same day, or the next working day. Raises Invalid("term_days") outside 0 to ``LONGEST_TERM_DAYS``.
    """
    if not 0 <= days <= LONGEST_TERM_DAYS or day.year > _LAST_YEAR:
        raise Invalid("term_days", field="days")
    end = day if is_working_days else day + timedelta(days=days)
    left = days if is_working_days else 0
    while left or is_day_off(end, holidays=holidays, worked=worked):
        end += timedelta(days=1)
        left -= 1 if left and not is_day_off(end, holidays=holidays, worked=worked) else 0
    return end


def term_ends(
    day: date,
    days: int,
    zone: ZoneInfo,
    *,
    is_working_days: bool = False,
    holidays: Collection[date] = (),
    worked: Collection[date] = (),
) -> datetime:
    """First instant (aware) after the term: an appeal, a reply or a vote by correspondence is in time while ``now`` is earlier.

    Raises Invalid("term_days").
    """
    return end_of_day(reply_due(day, days, is_working_days, holidays, worked), zone)
