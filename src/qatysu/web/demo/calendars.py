"""Calendars of the five rounds.

Khromtau 2020: sessions, the end of voting, the award and the beginning of works are published; the other days are
illustrative. Rudny 2025 is invented. The other rounds are relative to the day on which the demonstration is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from qatysu.core.periods import end_of_day, start_of_day
from qatysu.core.regulation import Stage

Days = tuple[Stage, date, date]


@dataclass(frozen=True, slots=True)
class Period:
    """One stage with its window [opens_at, closes_at)."""

    stage: Stage
    opens_at: datetime
    closes_at: datetime


YEAR_2020: tuple[Days, ...] = (
    (Stage.PREPARATION, date(2020, 5, 18), date(2020, 6, 14)),
    (Stage.IDEAS, date(2020, 6, 15), date(2020, 8, 14)),
    (Stage.SESSIONS, date(2020, 8, 15), date(2020, 10, 2)),
    (Stage.COUNCIL, date(2020, 10, 3), date(2020, 10, 9)),
    (Stage.CAMPAIGN, date(2020, 10, 10), date(2020, 10, 18)),
    (Stage.VOTING, date(2020, 10, 19), date(2020, 11, 8)),
    (Stage.AUDIT, date(2020, 11, 9), date(2020, 11, 15)),
    (Stage.RESULTS, date(2020, 11, 16), date(2020, 11, 29)),
    (Stage.AWARD, date(2020, 11, 30), date(2020, 11, 30)),
    (Stage.WORKS, date(2021, 1, 1), date(2021, 9, 30)),
    (Stage.CLOSING, date(2021, 10, 1), date(2021, 10, 31)),
)
YEAR_2025: tuple[Days, ...] = (
    (Stage.PREPARATION, date(2025, 2, 3), date(2025, 2, 28)),
    (Stage.IDEAS, date(2025, 3, 1), date(2025, 4, 15)),
    (Stage.SESSIONS, date(2025, 4, 16), date(2025, 6, 8)),
    (Stage.COUNCIL, date(2025, 6, 9), date(2025, 6, 15)),
    (Stage.CAMPAIGN, date(2025, 6, 16), date(2025, 6, 22)),
    (Stage.VOTING, date(2025, 6, 23), date(2025, 7, 13)),
    (Stage.AUDIT, date(2025, 7, 14), date(2025, 7, 20)),
    (Stage.RESULTS, date(2025, 7, 21), date(2025, 8, 3)),
    (Stage.AWARD, date(2025, 8, 4), date(2025, 8, 4)),
    (Stage.WORKS, date(2025, 8, 18), date(2026, 7, 31)),
    (Stage.CLOSING, date(2026, 8, 1), date(2026, 8, 31)),
)
#: First and last day of each stage, counted from today.
Offsets = tuple[tuple[Stage, int, int], ...]
IN_VOTING: Offsets = (
    (Stage.PREPARATION, -140, -121),
    (Stage.IDEAS, -120, -76),
    (Stage.SESSIONS, -75, -27),
    (Stage.COUNCIL, -26, -17),
    (Stage.CAMPAIGN, -16, -10),
    (Stage.VOTING, -9, 12),
    (Stage.AUDIT, 13, 19),
    (Stage.RESULTS, 20, 33),
    (Stage.AWARD, 34, 34),
    (Stage.WORKS, 60, 330),
    (Stage.CLOSING, 331, 360),
)
IN_IDEAS: Offsets = (
    (Stage.PREPARATION, -45, -21),
    (Stage.IDEAS, -20, 25),
    (Stage.SESSIONS, 26, 74),
    (Stage.COUNCIL, 75, 84),
    (Stage.CAMPAIGN, 85, 93),
    (Stage.VOTING, 94, 114),
    (Stage.AUDIT, 115, 121),
    (Stage.RESULTS, 122, 135),
    (Stage.AWARD, 136, 136),
    (Stage.WORKS, 160, 430),
    (Stage.CLOSING, 431, 460),
)
IN_SESSIONS: Offsets = (
    (Stage.PREPARATION, -90, -71),
    (Stage.IDEAS, -70, -26),
    (Stage.SESSIONS, -25, 24),
    (Stage.COUNCIL, 25, 34),
    (Stage.CAMPAIGN, 35, 43),
    (Stage.VOTING, 44, 64),
    (Stage.AUDIT, 65, 71),
    (Stage.RESULTS, 72, 85),
    (Stage.AWARD, 86, 86),
    (Stage.WORKS, 110, 380),
    (Stage.CLOSING, 381, 410),
)


def fixed(days: tuple[Days, ...], zone: ZoneInfo) -> tuple[Period, ...]:
    """Periods of stages given by their first and last day in ``zone``."""
    return tuple(Period(stage, start_of_day(first, zone), end_of_day(last, zone)) for stage, first, last in days)


def relative(offsets: Offsets, now: datetime, zone: ZoneInfo) -> tuple[Period, ...]:
    """Periods of stages given in days from the day that ``now`` is in ``zone``."""
    today = now.astimezone(zone).date()
    moved = tuple((s, today + timedelta(days=first), today + timedelta(days=last)) for s, first, last in offsets)
    return fixed(moved, zone)
