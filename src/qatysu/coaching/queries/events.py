"""Reads of events: for a team, for the Centre, for calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from secrets import compare_digest
from typing import Any

from django.db.models import Count, QuerySet

from qatysu.coaching.commands.events import EARLY, LATE
from qatysu.coaching.loading import ROOM
from qatysu.coaching.models import Attendance, Event, Workspace
from qatysu.coaching.queries.rooms import READERS
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Action
from qatysu.identity.models import Account
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.models import TeamMember
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.rounds.queries import roles_of
from qatysu.vault import keyed_hash

#: Teams on one page of the Centre's list.
TEAMS = 40


@dataclass(frozen=True, slots=True)
class Slot:
    """An event as a team's page shows it; ``mine`` says that the reader was there, and who marked it."""

    event: Event
    mine: Attendance | None
    is_now: bool
    may_mark: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """What comes, the next first; what was, the newest first, with recordings."""

    next: Slot | None
    later: tuple[Slot, ...]
    past: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """An event in the Centre's list, and how many were there."""

    event: Event
    count: int
    is_past: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A person in the list of an event; ``mark`` None: was not there. ``is_own`` when the person marked it alone."""

    account: Account
    mark: Attendance | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Roll:
    """One page of the list: teams with their people. ``count``: everybody who was there, on all pages."""

    teams: tuple[tuple[Workspace, tuple[Row, ...]], ...]
    page: int
    pages: int
    count: int

    @property
    def shown(self) -> tuple[int, ...]:
        """Ids of the accounts on this page."""
        return tuple(row.account.pk for _room, rows in self.teams for row in rows)


def need_holder(round_: Round, viewer: Any, now: datetime) -> Round:
    """The round, for those who may hold events in it. Raises NotFound otherwise."""
    if not decide(viewer, Action.HOLD_EVENT, round_, now=now).allowed:
        raise NotFound("round")
    return round_


def _of(round_: Round) -> QuerySet[Event]:
    return Event.objects.filter(round=round_).select_related("round__city", "module")


def get_event(round_: Round, pk: int) -> Event:
    """An event of this round. Raises NotFound."""
    found = _of(round_).filter(pk=pk).first()
    if found is None:
        raise NotFound("event")
    return found


def agenda_of(room: Workspace, viewer: Any, now: datetime) -> Agenda:
    """Events of the room's round as ``viewer`` sees them at ``now``. Three queries."""
    mine = {row.event_id: row for row in Attendance.objects.filter(account=viewer, event__round=room.proposal.round)}
    is_team = bool(team_roles(viewer, room.proposal, now))
    slots = [_slot(event, mine.get(event.pk), is_team, now) for event in _of(room.proposal.round).order_by("starts_at", "pk")]
    # A cancelled event is shown until its day is over, so that nobody waits at a door.
    coming = [slot for slot in slots if slot.event.ends_at > now]
    past = [slot for slot in slots if slot.event.ends_at <= now and slot.event.cancelled_at is None]
    first = next((slot for slot in coming if slot.event.cancelled_at is None), None)
    return Agenda(first, tuple(slot for slot in coming if slot is not first), tuple(reversed(past)))


def _slot(event: Event, mine: Attendance | None, is_team: bool, now: datetime) -> Slot:
    in_time = event.starts_at - EARLY <= now <= event.ends_at + LATE
    is_on = event.cancelled_at is None
    return Slot(event, mine, is_on and event.starts_at <= now < event.ends_at, is_team and is_on and in_time and mine is None)


def held_in(round_: Round, now: datetime) -> tuple[Held, ...]:
    """Every event of the round with the number of those who were there, newest first. One query."""
    rows = _of(round_).annotate(people=Count("attendance")).order_by("-starts_at", "-pk")
    return tuple(Held(row, row.people, row.ends_at <= now) for row in rows)


def roll_of(event: Event, page: int) -> Roll:
    """One page of the list of an event, teams by number. Five queries."""
    rooms = Workspace.objects.filter(proposal__round_id=event.round_id).select_related("proposal", "coach")
    total = rooms.count()
    pages = max(1, -(-total // TEAMS))
    page = min(max(page, 1), pages)
    shown = list(rooms.order_by("proposal__number", "pk")[(page - 1) * TEAMS : page * TEAMS])
    members = TeamMember.objects.filter(proposal__in=[room.proposal_id for room in shown], account__is_active=True)
    marks = {row.account_id: row for row in event.attendance.select_related("marked_by")}
    by_team: dict[int, list[Row]] = {}
    seen: set[int] = set()
    for member in members.select_related("account").order_by("proposal__number", "role", "pk"):
        if member.account_id in seen:
            continue  # of two teams: one box is enough
        seen.add(member.account_id)
        mark = marks.get(member.account_id)
        is_own = mark is not None and mark.marked_by_id == member.account_id
        by_team.setdefault(member.proposal_id, []).append(Row(member.account, mark, is_own))
    teams = tuple((room, tuple(by_team.get(room.proposal_id, ()))) for room in shown)
    return Roll(tuple(pair for pair in teams if pair[1]), page, pages, len(marks))


def feed_token(room: Workspace, account: Account) -> str:
    """The secret part of the address that a calendar asks; ends when the person signs out everywhere."""
    return f"{room.pk}-{account.pk}-{_feed_mac(room.pk, account)}"


def _feed_mac(room_pk: int, account: Account) -> str:
    return keyed_hash("calendar", f"{room_pk}:{account.pk}:{account.public_id}:{account.session_epoch}")[:40]


def room_of_feed(token: str, now: datetime) -> tuple[Workspace, Account]:
    """Room and person of the address that a calendar asks. Raises NotFound for a wrong token, or one who has left."""
    parts = token.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts[:2]):
        raise NotFound("feed")
    account = Account.objects.filter(pk=int(parts[1]), is_active=True).first()
    room = Workspace.objects.select_related(*ROOM, "coach").filter(pk=int(parts[0])).first()
    if account is None or room is None or not compare_digest(parts[2].encode(), _feed_mac(room.pk, account).encode()):
        raise NotFound("feed")
    if not (team_roles(account, room.proposal, now) or roles_of(account, room.proposal.round, now.date()) & READERS):
        raise NotFound("feed")
    return room, account


def events_for_calendar(round_: Round) -> tuple[Event, ...]:
    """Every event of the round, cancelled ones too: a calendar that has one must learn of it."""
    return tuple(_of(round_).order_by("starts_at", "pk"))
