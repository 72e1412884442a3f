"""Events as calendar files (RFC 5545): one event, or everything for a team to subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, vDatetime, vDuration
from icalendar import Event as Entry

from qatysu.coaching.models import Event
from qatysu.ui.templatetags.ui import in_language

#: How often a calendar asks again.
REFRESH = timedelta(hours=6)


def uid_of(event: Event) -> str:
    """Never changes: calendars know an event by it."""
    return f"event-{event.pk}@{urlsplit(settings.ORIGIN).hostname or 'qatysu'}"


def calendar_of(events: Iterable[Event], page: str, *, language: str, name: str = "", now: datetime) -> bytes:
    """The file; ``page`` is the absolute address of the team's events. Times are in UTC, so no zone can be outdated.

    Kazakhstan changed its zone in 2024: a calendar with old tables would show the wrong hour for a local time.
    """
    with translation.override(language):
        calendar = Calendar()
        calendar.add("prodid", "-//Qatysu//Project sessions//KK")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        if name:
            calendar.add("name", name)
            calendar.add("x-wr-calname", name)
            calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
            calendar.add("x-published-ttl", "PT6H")
        for event in events:
            calendar.add_component(_entry(event, page, now))
        return bytes(calendar.to_ical())


def _entry(event: Event, page: str, now: datetime) -> Entry:
    entry = Entry()
    entry.add("uid", uid_of(event))
    entry.add("sequence", event.revision)
    entry.add("dtstamp", vDatetime(now.astimezone(UTC)))
    entry.add("last-modified", vDatetime(event.changed_at.astimezone(UTC)))
    entry.add("dtstart", vDatetime(event.starts_at.astimezone(UTC)))
    entry.add("dtend", vDatetime(event.ends_at.astimezone(UTC)))
    entry.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    entry.add("summary", in_language(event, "title"))
    if event.place or event.call_url:
        entry.add("location", event.place or event.call_url)
    entry.add("description", _description(event, page))
    entry.add("url", page)
    return entry


def _description(event: Event, page: str) -> str:
    parts = []
    if event.call_url:
        parts.append(_("Call: %(url)s") % {"url": event.call_url})
    if event.recording_url:
        parts.append(_("Recording: %(url)s") % {"url": event.recording_url})
    if event.note:
        parts.append(event.note)
    parts.append(page)
    return "\n".join(parts)
