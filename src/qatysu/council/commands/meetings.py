"""Meetings: drafted, called, held, closed; agenda and attendance."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from qatysu.core.collegial import Presence
from qatysu.core.collegial_states import MatterState, MeetingState
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action
from qatysu.council import notices
from qatysu.council.commands.guards import (
    lock_matter,
    lock_meeting,
    move_matter,
    move_meeting,
    next_number,
    note,
    words,
)
from qatysu.council.models import AgendaItem, Attendance, Matter, Meeting, Poll, Seat
from qatysu.council.queries.seats import body_rules, meeting_day, seats_of
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.touching import locked, touch

_LONGEST = timedelta(days=31)
_CHANGEABLE = (MeetingState.DRAFT, MeetingState.CALLED)
_RUNNING = (MeetingState.DRAFT, MeetingState.CALLED, MeetingState.OPEN, MeetingState.ADJOURNED)


@transaction.atomic
def draft_meeting(
    *,
    actor: Any,
    round_: Round,
    kind: Meeting.Kind,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    place: str = "",
    call_url: str = "",
    note_text: str = "",
) -> Meeting:
    """Prepare a meeting. Raises Invalid ``meeting_times``, ``meeting_place``; Conflict ``correspondence_not_allowed``."""
    authorize(actor, Action.KEEP_COUNCIL, round_, now=now)
    row = locked(round_)
    _check_times(kind, starts_at, ends_at, place, call_url)
    if kind == Meeting.Kind.CORRESPONDENCE and not body_rules(row.constitution).correspondence_allowed:
        raise Conflict("correspondence_not_allowed", field="kind")
    made = Meeting.objects.create(
        round=row, number=next_number(Meeting, row), kind=kind, starts_at=starts_at, ends_at=ends_at,
        place=place.strip()[:200], call_url=call_url.strip()[:300], note=words(note_text, "note", least=0),
        created_by=actor, created_at=now,
    )  # fmt: skip
    note(actor, "draft_meeting", row, made, now, number=made.number, kind=str(kind))
    return made


def _check_times(kind: str, starts_at: datetime, ends_at: datetime, place: str, call_url: str) -> None:
    if not starts_at < ends_at <= starts_at + _LONGEST:
        raise Invalid("meeting_times", field="ends_at")
    if kind == Meeting.Kind.SITTING and not (place.strip() or call_url.strip()):
        raise Invalid("meeting_place", field="place")


@transaction.atomic
def change_meeting(
    *, actor: Any, meeting: Meeting, starts_at: datetime, ends_at: datetime, place: str, call_url: str, note_text: str, now: datetime
) -> Meeting:
    """Change times, place or words before it opens; a called meeting tells everybody again. Raises Conflict ``meeting_begun``."""
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.state not in _CHANGEABLE:
        raise Conflict("meeting_begun")
    _check_times(row.kind, starts_at, ends_at, place, call_url)
    told = (row.starts_at, row.ends_at, row.place, row.call_url)
    row.starts_at, row.ends_at, row.place, row.call_url = starts_at, ends_at, place.strip()[:200], call_url.strip()[:300]
    row.note = words(note_text, "note", least=0)
    is_news = row.state == MeetingState.CALLED and told != (row.starts_at, row.ends_at, row.place, row.call_url)
    row.sequence += is_news
    row.save(update_fields=("starts_at", "ends_at", "place", "call_url", "note", "sequence"))
    note(actor, "change_meeting", row.round, row, now)
    if is_news:
        notices.tell_meeting(row, "changed", now)
    return row


@transaction.atomic
def call_meeting(*, actor: Any, meeting: Meeting, now: datetime) -> Meeting:
    """Send the invitations. Raises Conflict ``agenda_empty``, ``meeting_in_past``."""
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if not row.items.exists():
        raise Conflict("agenda_empty")
    if row.ends_at <= now:
        raise Conflict("meeting_in_past")
    move_meeting(row, MeetingState.CALLED, called_at=now)
    note(actor, "call_meeting", row.round, row, now)
    notices.tell_meeting(row, "called", now)
    touch(row.round)
    return row


@transaction.atomic
def cancel_meeting(*, actor: Any, meeting: Meeting, reason: str, now: datetime) -> Meeting:
    """Cancel a meeting that has not opened; its matters wait again. Raises Invalid without a reason."""
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    reason = words(reason, "reason", least=5, most=300)
    was_called = row.state == MeetingState.CALLED
    for item in row.items.all():
        move_matter(lock_matter(item.matter), MatterState.PENDING)
    row.sequence += 1
    move_meeting(row, MeetingState.CANCELLED, cancel_reason=reason, sequence=row.sequence)
    note(actor, "cancel_meeting", row.round, row, now, reason)
    if was_called:
        notices.tell_meeting(row, "cancelled", now)
    touch(row.round)
    return row


@transaction.atomic
def open_meeting(*, actor: Any, meeting: Meeting, now: datetime) -> Meeting:
    """Begin. A vote by correspondence opens with its term. Raises Conflict ``meeting_early``, ``sitting_open``."""
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.kind == Meeting.Kind.CORRESPONDENCE and not row.starts_at <= now < row.ends_at:
        raise Conflict("meeting_early" if now < row.starts_at else "meeting_in_past")
    others = Meeting.objects.filter(round=row.round, kind=Meeting.Kind.SITTING, state=MeetingState.OPEN).exclude(pk=row.pk)
    if row.kind == Meeting.Kind.SITTING and others.exists():
        raise Conflict("sitting_open")
    move_meeting(row, MeetingState.OPEN, opened_at=now)
    note(actor, "open_meeting", row.round, row, now)
    touch(row.round)
    return row


def adjourn_meeting(*, actor: Any, meeting: Meeting, now: datetime) -> Meeting:
    """A break. Raises Conflict ``poll_open`` while a question is put."""
    return _turn(actor, meeting, MeetingState.ADJOURNED, "adjourn_meeting", now)


def resume_meeting(*, actor: Any, meeting: Meeting, now: datetime) -> Meeting:
    """The break is over."""
    return _turn(actor, meeting, MeetingState.OPEN, "resume_meeting", now)


@transaction.atomic
def _turn(actor: Any, meeting: Meeting, new: MeetingState, action: str, now: datetime) -> Meeting:
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    _need_no_poll(row)
    move_meeting(row, new)
    note(actor, action, row.round, row, now)
    return row


def _need_no_poll(row: Meeting) -> None:
    if Poll.objects.filter(item__meeting=row, closed_at=None).exists():
        raise Conflict("poll_open")


@transaction.atomic
def close_meeting(*, actor: Any, meeting: Meeting, now: datetime) -> Meeting:
    """End the meeting; what was not decided waits for another one. Raises Conflict ``poll_open``."""
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    _need_no_poll(row)
    for item in row.items.filter(is_over=False).select_related("matter"):
        move_matter(lock_matter(item.matter), MatterState.POSTPONED)
    move_meeting(row, MeetingState.CLOSED, closed_at=now)
    note(actor, "close_meeting", row.round, row, now)
    touch(row.round)
    return row


@transaction.atomic
def add_item(*, actor: Any, meeting: Meeting, matter: Matter, now: datetime) -> AgendaItem:
    """Put a waiting matter on the agenda. Raises Conflict ``meeting_over``, IllegalMove when it stands elsewhere or is decided."""
    row = lock_meeting(meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.state not in _RUNNING:
        raise Conflict("meeting_over")
    if matter.round_id != row.round_id:
        raise NotFound("matter")
    move_matter(lock_matter(matter), MatterState.ON_AGENDA)
    last = row.items.aggregate(n=Max("position"))["n"] or 0
    item = AgendaItem.objects.create(meeting=row, matter=matter, position=last + 1)
    note(actor, "add_item", row.round, row, now, matter=matter.number)
    return item


@transaction.atomic
def drop_item(*, actor: Any, item: AgendaItem, now: datetime) -> None:
    """Take a matter off the agenda before the meeting opens. Raises Conflict ``meeting_begun``."""
    row = lock_meeting(item.meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.state not in _CHANGEABLE:
        raise Conflict("meeting_begun")
    matter = lock_matter(item.matter)
    AgendaItem.objects.filter(pk=item.pk).delete()
    move_matter(matter, MatterState.PENDING)
    note(actor, "drop_item", row.round, row, now, matter=matter.number)


@transaction.atomic
def move_item(*, actor: Any, item: AgendaItem, up: bool, now: datetime) -> None:
    """One place up or down; at the end nothing happens."""
    row = lock_meeting(item.meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    items = list(row.items.order_by("position", "pk"))
    at = next((n for n, one in enumerate(items) if one.pk == item.pk), None)
    to = None if at is None else at + (-1 if up else 1)
    if row.state not in _RUNNING or at is None or to is None or not 0 <= to < len(items):
        return
    items[at], items[to] = items[to], items[at]
    for position, one in enumerate(items, start=1):
        if one.position != position:
            AgendaItem.objects.filter(pk=one.pk).update(position=position)


@transaction.atomic
def write_minutes(*, actor: Any, item: AgendaItem, text: str, now: datetime) -> AgendaItem:
    """What was said on an item, in the secretary's words. Raises Conflict ``meeting_recorded``."""
    row = lock_meeting(item.meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.state in (MeetingState.RECORDED, MeetingState.CANCELLED):
        raise Conflict("meeting_recorded")
    kept = AgendaItem.objects.get(pk=item.pk)
    kept.minutes = words(text, "minutes", least=0)
    kept.save(update_fields=["minutes"])
    return kept


@transaction.atomic
def postpone_item(*, actor: Any, item: AgendaItem, reason: str, now: datetime) -> AgendaItem:
    """Leave a matter to another meeting.

    Raises Conflict ``poll_open``, ``item_over``, ``meeting_not_open``; Invalid without a reason.
    """
    row = lock_meeting(item.meeting)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    kept = AgendaItem.objects.select_related("matter").get(pk=item.pk)
    if row.state != MeetingState.OPEN or kept.is_over:
        raise Conflict("item_over" if kept.is_over else "meeting_not_open")
    if kept.polls.filter(closed_at=None).exists():
        raise Conflict("poll_open")
    kept.postponed_why, kept.is_over = words(reason, "reason", least=5, most=300), True
    kept.save(update_fields=["postponed_why", "is_over"])
    move_matter(lock_matter(kept.matter), MatterState.POSTPONED)
    note(actor, "postpone_item", row.round, row, now, kept.postponed_why, matter=kept.matter.number)
    return kept


@transaction.atomic
def mark_attendance(*, actor: Any, meeting: Meeting, seat: Seat, how: Presence | None, now: datetime) -> Attendance | None:
    """Say that a member is there, in the room or from afar, or (None) has left. The secretary marks all, a member marks being remote.

    Raises Conflict ``meeting_not_open`` outside called, open and adjourned sittings; Invalid ``seat_not_in_office``.
    """
    row = lock_meeting(meeting)
    own = seat.account_id == getattr(actor, "pk", None) and how is not Presence.ROOM
    if own:
        authorize(actor, Action.SIT_IN_COUNCIL, row.round, now=now)
    else:
        authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    if row.kind != Meeting.Kind.SITTING or row.state not in (MeetingState.CALLED, MeetingState.OPEN, MeetingState.ADJOURNED):
        raise Conflict("meeting_not_open", state=row.state)
    if seat.pk not in {one.pk for one in seats_of(row.round, meeting_day(row))}:
        raise Invalid("seat_not_in_office", field="seat")
    found = Attendance.objects.filter(meeting=row, seat=seat).first()
    if how is None:
        return _leave(found, actor, now)
    if how is Presence.REMOTE and not body_rules(row.round.constitution).remote_counts and own:
        raise NotAllowed("remote_not_allowed")
    if found is None:
        return Attendance.objects.create(meeting=row, seat=seat, how=how, came_at=now, marked_by=actor)
    found.how, found.left_at, found.marked_by = how, None, actor
    found.save(update_fields=["how", "left_at", "marked_by"])
    return found


def _leave(found: Attendance | None, actor: Any, now: datetime) -> Attendance | None:
    if found is not None and found.left_at is None:
        found.left_at, found.marked_by = max(now, found.came_at), actor
        found.save(update_fields=["left_at", "marked_by"])
    return found
