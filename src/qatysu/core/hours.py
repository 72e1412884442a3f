"""Opening hours: when a desk is open, and how much open time lies between two instants.

Days and clock times are those of the zone; lengths are measured on the absolute time line, so that a change of the zone's offset
(Kazakhstan, 1 March 2024) neither adds nor loses an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

DAY_MINUTES = 24 * 60
#: Nobody waits longer than this for an opening; hours without one are refused before.
HORIZON_DAYS = 400


class NeverOpens(ValueError):
    """No opening lies ahead."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Open from minute ``opens`` of the day to minute ``closes`` (at most 1440), without the last."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= DAY_MINUTES:
            raise ValueError(f"{self.opens}–{self.closes} is no part of a day")


Spans = tuple[Span, ...]


def spans_of(pairs: list[list[int]] | tuple[tuple[int, int], ...]) -> Spans:
    """Sorted spans of one day. Raises ValueError when two of them overlap or one is no part of a day."""
    found = tuple(sorted(Span(int(opens), int(closes)) for opens, closes in pairs))
    if any(after.opens < before.closes for before, after in pairwise(found)):
        raise ValueError("opening hours overlap")
    return found


@dataclass(frozen=True, slots=True)
class Hours:
    """The week (Monday first; a lunch break makes two spans of a day) and days that differ; empty spans: closed."""

    week: tuple[Spans, ...]
    special: Mapping[date, Spans] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("a week has seven days")

    def on(self, day: date) -> Spans:
        """What is open on ``day``."""
        return self.special.get(day, self.week[day.weekday()])


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The clock time ``minute`` of ``day`` in UTC; 1440 is the first instant of the next day."""
    days, rest = divmod(minute, DAY_MINUTES)
    naive = datetime(day.year, day.month, day.day) + timedelta(days=days, minutes=rest)  # noqa: DTZ001  # reason: gets its zone below
    return naive.replace(tzinfo=zone).astimezone(UTC)


def openings(start: datetime, hours: Hours, zone: ZoneInfo, days: int = HORIZON_DAYS) -> Iterator[tuple[datetime, datetime]]:
    """Open stretches (UTC, from, until) that end after ``start``, in order, over the next ``days`` days."""
    first = start.astimezone(zone).date()
    for ahead in range(-1, days):
        day = first + timedelta(days=ahead)
        for span in hours.on(day):
            opens, closes = _instant(day, span.opens, zone), _instant(day, span.closes, zone)
            if opens < closes and closes > start:
                yield opens, closes


def is_open(at: datetime, hours: Hours, zone: ZoneInfo) -> bool:
    """Whether the desk is open at ``at``."""
    return any(opens <= at for opens, _ in openings(at, hours, zone, days=2))


def closing(at: datetime, hours: Hours, zone: ZoneInfo) -> datetime | None:
    """Until when the desk is open (UTC); None when it is closed at ``at``."""
    return next((closes for opens, closes in openings(at, hours, zone, days=2) if opens <= at), None)


def next_opening(at: datetime, hours: Hours, zone: ZoneInfo) -> datetime | None:
    """When the desk opens next (UTC), ``at`` itself while it is open; None when no opening lies ahead."""
    return next((max(opens, at.astimezone(UTC)) for opens, _ in openings(at, hours, zone)), None)


def add_open_time(start: datetime, minutes: int, hours: Hours, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) by which ``minutes`` of open time have passed since ``start``. Raises NeverOpens."""
    left = timedelta(minutes=minutes)
    if left <= timedelta(0):
        return start.astimezone(UTC)
    for opens, closes in openings(start, hours, zone):
        begin = max(opens, start.astimezone(UTC))
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
    raise NeverOpens("no opening lies ahead")


def open_minutes_between(a: datetime, b: datetime, hours: Hours, zone: ZoneInfo) -> int:
    """Whole minutes of open time from ``a`` to ``b``; 0 when ``b`` is not after ``a``."""
    if b <= a:
        return 0
    total = timedelta(0)
    days = (b.astimezone(zone).date() - a.astimezone(zone).date()).days + 2
    for opens, closes in openings(a, hours, zone, days=days):
        if opens >= b:
            break
        total += min(closes, b.astimezone(UTC)) - max(opens, a.astimezone(UTC))
    return int(total.total_seconds() // 60)
