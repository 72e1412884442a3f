"""Windows of time: when a stage is open, and when a day ends in a city's zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class WindowState(StrEnum):
    """Where an instant lies in relation to a window."""

    BEFORE = "before"
    OPEN = "open"
    PAUSED = "paused"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span [opens_at, closes_at) with pauses; all instants are aware."""

    opens_at: datetime
    closes_at: datetime
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()

    def state(self, now: datetime) -> WindowState:
        """State of the window at ``now``; a pause without end lasts until it is resumed."""
        if now < self.opens_at:
            return WindowState.BEFORE
        if now >= self.closes_at:
            return WindowState.AFTER
        for start, end in self.pauses:
            if start <= now and (end is None or now < end):
                return WindowState.PAUSED
        return WindowState.OPEN


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """First instant of ``day`` in ``zone`` (aware)."""
    return datetime.combine(day, time.min, tzinfo=zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """First instant after ``day`` in ``zone``: a deadline "until 8 November" includes the 8th (SPEC 2)."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)


def last_day(closes_at: datetime, zone: ZoneInfo) -> date:
    """The day, in ``zone``, that a window closing at ``closes_at`` still includes."""
    return (closes_at - timedelta(microseconds=1)).astimezone(zone).date()


def in_order(windows: Iterable[Window]) -> bool:
    """True when each window ends after it starts and starts no earlier than the one before."""
    previous: datetime | None = None
    for window in windows:
        if window.closes_at <= window.opens_at or (previous is not None and window.opens_at < previous):
            return False
        previous = window.opens_at
    return True
