"""What every command does first: lock the row it decides on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max, Model

from qatysu.audit.commands import record
from qatysu.core.collegial_states import MATTER, MEETING, MatterState, MeetingState
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.council.models import AgendaItem, Matter, Meeting, Poll
from qatysu.rounds.models import Round


def next_number(model: type[Model], round_: Round) -> int:
    """The number after the highest of this round; the caller holds the lock of the round."""
    return int(model._default_manager.filter(round=round_).aggregate(n=Max("number"))["n"] or 0) + 1


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting read again FOR UPDATE, with round and constitution. Raises NotFound."""
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("round__city", "round__constitution")
    found = rows.filter(pk=meeting.pk).first()
    if found is None:
        raise NotFound("meeting")
    return found


def lock_matter(matter: Matter) -> Matter:
    """The matter read again FOR UPDATE, with round, constitution and project. Raises NotFound."""
    rows = Matter.objects.select_for_update(of=("self",)).select_related("round__city", "round__constitution", "proposal")
    found = rows.filter(pk=matter.pk).first()
    if found is None:
        raise NotFound("matter")
    return found


def open_item(item: AgendaItem) -> AgendaItem:
    """The item read again, its meeting locked before it. Raises Conflict ``meeting_not_open`` or ``item_over``."""
    meeting = lock_meeting(item.meeting)
    row = AgendaItem.objects.select_related("matter__proposal", "matter__round__constitution").get(pk=item.pk)
    row.meeting = meeting
    if meeting.state != MeetingState.OPEN:
        raise Conflict("meeting_not_open", state=meeting.state)
    if row.is_over:
        raise Conflict("item_over")
    return row


def open_poll(poll: Poll) -> Poll:
    """The poll read again, its meeting locked before it. Raises Conflict ``poll_closed``, ``meeting_not_open``."""
    meeting = lock_meeting(poll.item.meeting)
    row = Poll.objects.select_for_update(of=("self",)).select_related("item__matter__proposal").get(pk=poll.pk)
    row.item.meeting = meeting
    if row.closed_at is not None:
        raise Conflict("poll_closed")
    if meeting.state != MeetingState.OPEN:
        raise Conflict("meeting_not_open", state=meeting.state)
    return row


def move_matter(row: Matter, new: MatterState) -> None:
    """Change the state of a locked matter. Raises IllegalMove."""
    MATTER.check(MatterState(row.state), new)
    row.state = new
    row.save(update_fields=("state",))


def move_meeting(row: Meeting, new: MeetingState, **times: Any) -> None:
    """Change the state of a locked meeting, with the times and words that belong to it. Raises IllegalMove."""
    MEETING.check(MeetingState(row.state), new)
    row.state = new
    for name, value in times.items():
        setattr(row, name, value)
    row.save(update_fields=("state", *times))


def words(text: str, field: str, *, least: int = 1, most: int = 4000) -> str:
    """``text`` without space around it. Raises Invalid ``text_needed`` or ``too_long`` with ``field``."""
    text = text.replace("\0", "").strip()
    if len(text) < least:
        raise Invalid("text_needed", field=field)
    if len(text) > most:
        raise Invalid("too_long", field=field, limit=most)
    return text


def note(actor: Any, action: str, round_: Round, target: Model, now: datetime, reason: str = "", **detail: Any) -> None:
    """One line of the trail about a row of the Council."""
    label = f"{target._meta.label_lower}:{target.pk}"
    record(actor=actor, action=action, now=now, place=str(round_), target=label, reason=reason, **detail)
