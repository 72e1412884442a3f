"""The opening hours of a city as the desk uses them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from qatysu.core import hours
from qatysu.desk.models import DeskHours, SpecialDay
from qatysu.desk.models.hours import PROMISE_MINUTES, usual_week
from qatysu.places.models import City

#: Where nobody will ever open, a question is due after as many days as usually lie in a promise of one working day.
_FALLBACK = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class DeskClock:
    """Hours, zone and promise of one desk."""

    hours: hours.Hours
    zone: ZoneInfo
    promise_minutes: int

    def due(self, asked_at: datetime) -> datetime:
        """Until when a question of ``asked_at`` is to be answered."""
        try:
            return hours.add_open_time(asked_at, self.promise_minutes, self.hours, self.zone)
        except hours.NeverOpens:
            return asked_at + _FALLBACK

    def minutes(self, a: datetime, b: datetime) -> int:
        """Open minutes from ``a`` to ``b``."""
        return hours.open_minutes_between(a, b, self.hours, self.zone)

    def closing(self, now: datetime) -> datetime | None:
        """Until when the desk is open; None when it is closed now."""
        return hours.closing(now, self.hours, self.zone)

    def opening(self, now: datetime) -> datetime | None:
        """When it opens next."""
        return hours.next_opening(now, self.hours, self.zone)


def clock_of(city: City) -> DeskClock:
    """The clock of a city's desk; the usual hours where none were set. Two queries."""
    row = DeskHours.objects.filter(city=city).first()
    week = row.week if row is not None else usual_week()
    special = {day: hours.spans_of(spans) for day, spans in SpecialDay.objects.filter(city=city).values_list("day", "spans")}
    promise = row.promise_minutes if row is not None else PROMISE_MINUTES
    return DeskClock(hours.Hours(tuple(hours.spans_of(day) for day in week), special), ZoneInfo(city.time_zone), promise)
