"""Calls and meetings: nothing requires coming, and who cannot come finds the recording and the notes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.coaching import notices_talk
from qatysu.coaching.commands.guards import lock_room, may, note, touched
from qatysu.coaching.models import Attendance, Event, Module, Workspace
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.models import TeamMember
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round

LONGEST = timedelta(days=2)
FARTHEST = timedelta(days=730)
#: How long before its beginning people are reminded.
AHEAD = timedelta(days=1)
#: A person may say "I was there" from a little before the beginning until a little after the end.
EARLY, LATE = timedelta(minutes=15), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What a form says about an event; times are aware."""

    title_kk: str
    title_ru: str
    title_en: str
    starts_at: datetime
    ends_at: datetime
    module: Module | None = None
    place: str = ""
    call_url: str = ""
    recording_url: str = ""
    note: str = ""


def create_event(*, actor: Any, round_: Round, facts: EventFacts, now: datetime) -> Event:
    """A new event for all teams of the round. The same event twice within ten minutes is one.

    Raises Invalid with the field concerned.
    """
    with transaction.atomic():
        authorize(actor, Action.HOLD_EVENT, round_, now=now)
        clean = _clean(facts, round_, now)
        recent = Event.objects.filter(round=round_, created_by=actor, changed_at__gte=now - timedelta(minutes=10))
        same = recent.filter(title_kk=clean["title_kk"], starts_at=clean["starts_at"], cancelled_at=None).first()
        if same is not None:
            return same
        made = Event.objects.create(round=round_, created_by=actor, changed_at=now, **clean)
        _did(actor, "create_event", made, now)
        return made


def change_event(*, actor: Any, event: Event, facts: EventFacts, now: datetime) -> Event:
    """Correct an event, or add its recording. Another time is told to everybody. Raises Conflict ``event_cancelled``; Invalid."""
    with transaction.atomic():
        row = _lock(event)
        authorize(actor, Action.HOLD_EVENT, row.round, now=now)
        if row.cancelled_at is not None:
            raise Conflict("event_cancelled")
        clean = _clean(facts, row.round, now, known=row)
        changed = [name for name, value in clean.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, clean[name])
        _raise(row, now, *changed)
        _did(actor, "change_event", row, now, fields=changed)
        if {"starts_at", "ends_at"} & set(changed) and row.ends_at > now:
            notices_talk.tell_event(row, "moved", now)
        return row


def cancel_event(*, actor: Any, event: Event, now: datetime) -> Event:
    """Call it off; calendars that have it show so. Again changes nothing."""
    with transaction.atomic():
        row = _lock(event)
        authorize(actor, Action.HOLD_EVENT, row.round, now=now)
        if row.cancelled_at is None:
            row.cancelled_at = now
            _raise(row, now, "cancelled_at")
            _did(actor, "cancel_event", row, now)
            if row.ends_at > now:
                notices_talk.tell_event(row, "cancelled", now)
        return row


def mark_attendance(
    *, actor: Any, event: Event, shown: Collection[int], present: Collection[int], now: datetime
) -> tuple[int, int]:
    """The Centre's list: of the accounts ``shown``, exactly ``present`` were there; returns (added, taken away).

    Accounts that are in no team of the round are ignored. Raises Conflict ``event_cancelled``, ``event_not_begun``.
    """
    with transaction.atomic():
        row = _lock(event)
        authorize(actor, Action.HOLD_EVENT, row.round, now=now)
        _need_begun(row, now)
        rooms = Workspace.objects.filter(proposal__round_id=row.round_id)
        members = TeamMember.objects.filter(proposal__workspace__in=rooms, account_id__in=list(shown))
        room_of = dict(members.order_by("-proposal_id").values_list("account_id", "proposal__workspace__pk"))
        known = set(row.attendance.filter(account_id__in=room_of).values_list("account_id", flat=True))
        wanted = set(present) & set(room_of)
        gone, new = known - wanted, sorted(wanted - known)
        row.attendance.filter(account_id__in=gone).delete()
        Attendance.objects.bulk_create(
            Attendance(event=row, account_id=pk, workspace_id=room_of[pk], marked_by=actor, at=now) for pk in new
        )
        if gone or new:
            _did(actor, "mark_attendance", row, now, added=new, removed=sorted(gone))
        return len(new), len(gone)


def attend(*, actor: Any, workspace: Workspace, event: Event, now: datetime) -> Attendance:
    """A member of the team says "I was there", while it goes on and shortly after. Again changes nothing.

    Raises NotAllowed ``team_only``; Conflict ``event_not_now``, ``event_cancelled``; NotFound.
    """
    with transaction.atomic():
        room = lock_room(workspace)
        may(actor, Action.TALK_IN_TEAM, room, now)
        if not team_roles(actor, room.proposal, now):
            raise NotAllowed("team_only")
        if event.round_id != room.proposal.round_id:
            raise NotFound("event")
        row = _lock(event)
        if row.cancelled_at is not None:
            raise Conflict("event_cancelled")
        if not row.starts_at - EARLY <= now <= row.ends_at + LATE:
            raise Conflict("event_not_now")
        made, is_new = Attendance.objects.get_or_create(
            event=row, account=actor, defaults={"workspace": room, "marked_by": actor, "at": now}
        )
        if is_new:
            touched(room, now)
            note(actor, "attend_event", room, now, event=row.pk)
        return made


def remind(now: datetime) -> int:
    """Job: tell the teams of events that begin within a day; returns how many messages were written.

    Once for each person, event and time of it, however often the job runs and beside however many others.
    """
    soon = Event.objects.filter(cancelled_at=None, starts_at__gt=now, starts_at__lte=now + AHEAD)
    count = 0
    for pk in list(soon.values_list("pk", flat=True)):
        with transaction.atomic():
            event = Event.objects.select_related("round__city").get(pk=pk)
            count += notices_talk.remind_of(event, now)
    return count


def _lock(event: Event) -> Event:
    rows = Event.objects.select_for_update(of=("self",)).select_related("round__city", "module")
    found = rows.filter(pk=event.pk).first()
    if found is None:
        raise NotFound("event")
    return found


def _raise(row: Event, now: datetime, *columns: str) -> None:
    row.revision, row.changed_at = row.revision + 1, now
    row.save(update_fields=(*columns, "revision", "changed_at"))


def _did(actor: Any, action: str, event: Event, now: datetime, **detail: Any) -> None:
    record(actor=actor, action=action, now=now, place=str(event.round), target=f"coaching.event:{event.pk}", **detail)


def _need_begun(row: Event, now: datetime) -> None:
    if row.cancelled_at is not None:
        raise Conflict("event_cancelled")
    if now < row.starts_at - EARLY:
        raise Conflict("event_not_begun")


def _clean(facts: EventFacts, round_: Round, now: datetime, known: Event | None = None) -> dict[str, Any]:
    """Columns of the event. Raises Invalid with the field concerned."""
    limits = {"title_kk": 160, "title_ru": 160, "title_en": 160, "place": 200, "call_url": 300, "recording_url": 300, "note": 4000}
    clean = {part.name: getattr(facts, part.name) for part in fields(facts)}
    for name, limit in limits.items():
        text = str(clean[name]).replace("\0", "").replace("\r\n", "\n").strip()
        clean[name] = text if name == "note" else " ".join(text.split())
        if len(clean[name]) > limit:
            raise Invalid("too_long", field=name, limit=limit)
    for name in ("title_kk", "title_ru"):
        if not clean[name]:
            raise Invalid("title_needed", field=name)
    for name in ("call_url", "recording_url"):
        _need_url(clean[name], name)
    if not clean["place"] and not clean["call_url"]:
        raise Invalid("where_needed", field="place")
    if facts.module is not None and facts.module.round_id != round_.pk:
        raise Invalid("module", field="module")
    _need_times(facts, now, known)
    return clean


def _need_times(facts: EventFacts, now: datetime, known: Event | None) -> None:
    if facts.ends_at <= facts.starts_at:
        raise Invalid("ends_before_start", field="ends")
    if facts.ends_at - facts.starts_at > LONGEST:
        raise Invalid("too_long_event", field="ends")
    is_same = known is not None and known.starts_at == facts.starts_at
    if not is_same and not now - FARTHEST <= facts.starts_at <= now + FARTHEST:
        raise Invalid("far_away", field="day")


def _need_url(text: str, field: str) -> None:
    """Only web addresses: a link that people press must not be a script."""
    if not text:
        return
    try:
        parts = urlsplit(text)
    except ValueError:
        raise Invalid("bad_url", field=field) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Invalid("bad_url", field=field)
