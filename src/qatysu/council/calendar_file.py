"""A meeting as a calendar file (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vDatetime

from qatysu.core.collegial_states import MeetingState
from qatysu.council.models import Meeting


def invitation(meeting: Meeting, title: str, page: str, now: datetime) -> bytes:
    """The file; ``page`` is the absolute address of the meeting. Times are in UTC, so that no zone can be outdated."""
    calendar = Calendar()
    calendar.add("prodid", "-//Qatysu//Expert Council//KK")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    entry = Event()
    entry.add("uid", f"council-{meeting.pk}@{urlsplit(settings.ORIGIN).hostname or 'qatysu'}")
    entry.add("sequence", meeting.sequence)
    entry.add("dtstamp", vDatetime(now.astimezone(UTC)))
    entry.add("dtstart", vDatetime(meeting.starts_at.astimezone(UTC)))
    entry.add("dtend", vDatetime(meeting.ends_at.astimezone(UTC)))
    entry.add("status", "CANCELLED" if meeting.state == MeetingState.CANCELLED else "CONFIRMED")
    entry.add("summary", title)
    if meeting.place or meeting.call_url:
        entry.add("location", meeting.place or meeting.call_url)
    entry.add("description", "\n".join(filter(None, (meeting.call_url, meeting.note, page))))
    entry.add("url", page)
    calendar.add_component(entry)
    return bytes(calendar.to_ical())
