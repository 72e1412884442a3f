"""Opening hours, days that differ, and help given in person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid
from qatysu.core.hours import DAY_MINUTES, spans_of
from qatysu.desk.clock import clock_of
from qatysu.desk.commands.posting import one_line
from qatysu.desk.models import Assist, DeskHours, SpecialDay, Thread, ThreadState
from qatysu.desk.standing import authorize_desk
from qatysu.places.models import City

LEAST_PROMISE, MOST_PROMISE = 30, 14_400
MOST_DAYS = 400
Pairs = Sequence[tuple[int, int]]


def _checked(pairs: Pairs, field: str) -> list[list[int]]:
    try:
        return [[span.opens, span.closes] for span in spans_of(tuple(pairs))]
    except ValueError:
        raise Invalid("hours", field=field) from None


def edit_hours(*, actor: Any, city: City, week: Sequence[Pairs], promise_minutes: int, now: datetime) -> DeskHours:
    """Set the week (seven days, Monday first, pairs of minutes) and the promise; due times of open questions follow.

    Raises Invalid ``hours`` with field ``day_0`` … ``day_6``, ``never_open``, ``promise``.
    """
    with transaction.atomic():
        authorize_desk(actor, city, now)
        if len(week) != 7:
            raise Invalid("hours", field="day_0")
        stored = [_checked(pairs, f"day_{index}") for index, pairs in enumerate(week)]
        if not any(stored):
            raise Invalid("never_open", field="day_0")
        if not LEAST_PROMISE <= promise_minutes <= MOST_PROMISE:
            raise Invalid("promise", field="promise", least=LEAST_PROMISE // 60 or 1, most=MOST_PROMISE // 60)
        row, _ = DeskHours.objects.update_or_create(city=city, defaults={"week": stored, "promise_minutes": promise_minutes})
        _recount(city)
        _did(actor, "edit_desk_hours", city, now, promise=promise_minutes)
        return row


def set_special_day(
    *, actor: Any, city: City, day: date, pairs: Pairs, reasons: Mapping[str, str], now: datetime
) -> SpecialDay:
    """Close the desk on ``day`` (no pairs), or open it at other hours. Raises Invalid ``day``, ``hours``, ``both_languages``."""
    with transaction.atomic():
        authorize_desk(actor, city, now)
        if not now.date() - timedelta(days=400) <= day <= now.date() + timedelta(days=800):
            raise Invalid("day", field="day")
        words = {f"reason_{code}": one_line(reasons.get(code, ""), 120) for code in ("kk", "ru", "en")}
        for code in ("kk", "ru"):
            if not words[f"reason_{code}"]:
                raise Invalid("both_languages", field=f"reason_{code}")
        if SpecialDay.objects.filter(city=city).count() >= MOST_DAYS:
            raise Conflict("too_many_answers", limit=MOST_DAYS)
        values = {"spans": _checked(pairs, "spans"), **words}
        row, _ = SpecialDay.objects.update_or_create(city=city, day=day, defaults=values)
        _recount(city)
        _did(actor, "set_special_day", city, now, day=day.isoformat())
        return row


def remove_special_day(*, actor: Any, city: City, day: date, now: datetime) -> None:
    """The day is like the others of its week again."""
    with transaction.atomic():
        authorize_desk(actor, city, now)
        if SpecialDay.objects.filter(city=city, day=day).delete()[0]:
            _recount(city)
            _did(actor, "remove_special_day", city, now, day=day.isoformat())


def _recount(city: City) -> None:
    """Due times of questions that wait, by the hours as they are now."""
    clock = clock_of(city)
    rows = list(Thread.objects.select_for_update().filter(city=city, state=ThreadState.OPEN).order_by("pk"))
    for row in rows:
        if row.asked_at is not None:
            row.due_at = clock.due(row.asked_at)
    Thread.objects.bulk_update(rows, ["due_at"], batch_size=200)


def record_assist(
    *, actor: Any, city: City, kind: str, person: str, consent: str, note: str, now: datetime, thread: Thread | None = None
) -> Assist:
    """Write down whom the desk helped in person, with what, and how they agreed. Raises Invalid with the field."""
    with transaction.atomic():
        authorize_desk(actor, city, now)
        if kind not in Assist.Kind.values:
            raise Invalid("kind", field="kind")
        words = {"person": one_line(person, 80), "consent": one_line(consent, 300), "note": one_line(note, 500)}
        for name in ("person", "consent"):
            if not words[name]:
                raise Invalid(f"{name}_needed", field=name)
        recent = Assist.objects.filter(city=city, staff=actor, kind=kind, at__gte=now - timedelta(minutes=10), **words).first()
        if recent is not None:
            return recent
        made = Assist.objects.create(city=city, kind=kind, staff=actor, thread=thread, at=now, **words)
        _did(actor, "assist_in_person", city, now, assist=made.pk, kind=kind)
        return made


def minutes_of(text: str) -> int | None:
    """``09:30`` in minutes of the day, ``24:00`` its end; None for anything else."""
    hours, mark, minutes = text.strip().partition(":")
    if not (mark and hours.isdigit() and minutes.isdigit() and hours.isascii() and minutes.isascii() and len(text) <= 6):
        return None
    found = int(hours) * 60 + int(minutes)
    return found if int(minutes) < 60 and found <= DAY_MINUTES else None


def _did(actor: Any, action: str, city: City, now: datetime, **detail: Any) -> None:
    record(actor=actor, action=action, now=now, place=city.slug, target=f"places.city:{city.pk}", **detail)
