"""What the sessions put on a person's own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from qatysu.coaching.models import Certificate, Event, Mention, Task, Workspace
from qatysu.coaching.queries.rooms import rooms_of
from qatysu.coaching.queries.talking import Chore
from qatysu.proposals.models import State
from qatysu.rounds.queries import zone_of

#: States of projects whose teams still work together.
AT_WORK = (State.IN_SESSIONS, State.READY)
MOST_TASKS, MOST_CALLS = 8, 50
AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Coming:
    """The next event, and the own room from which it is seen."""

    event: Event
    room: Workspace


@dataclass(frozen=True, slots=True)
class Together:
    """Own open tasks by day, calls that were not seen, the next event, certificates."""

    rooms: tuple[Workspace, ...]
    tasks: tuple[Chore, ...]
    calls: tuple[Mention, ...]
    coming: Coming | None
    certificates: tuple[Certificate, ...]

    @property
    def is_empty(self) -> bool:
        """True when the page has nothing to show of the sessions."""
        return not (self.rooms or self.tasks or self.calls or self.certificates)


def for_cabinet(account: Any, now: datetime) -> Together:
    """What the sessions have for ``account`` at ``now``. Five queries at most."""
    mine = rooms_of(account)
    own = Q(workspace__in=[room.pk for room in mine]) | Q(workspace__coach=account)
    tasks = Task.objects.filter(own, assignee=account, done_at=None, workspace__proposal__state__in=AT_WORK)
    tasks = tasks.select_related("workspace__proposal__round__city")
    calls = Mention.objects.filter(account=account, seen_at=None).filter(
        Q(note__workspace__in=[room.pk for room in mine]) | Q(note__workspace__coach=account)
    )
    calls = calls.select_related("note__author", "note__workspace__proposal__round__city").order_by("-note__at", "-pk")
    shown = sorted((_chore(task, now) for task in tasks), key=_by_day)
    return Together(
        rooms=mine,
        tasks=tuple(shown[:MOST_TASKS]),
        calls=tuple(calls[:MOST_CALLS]),
        coming=_coming(mine, now),
        certificates=tuple(Certificate.objects.filter(account=account).select_related("round__city").order_by("-issued_at")),
    )


def _chore(task: Task, now: datetime) -> Chore:
    today = now.astimezone(zone_of(task.workspace.proposal.round)).date()
    return Chore(task, None if task.due_on is None else (task.due_on - today).days, True)


def _by_day(one: Chore) -> tuple[bool, int, int]:
    return (one.days_left is None, one.days_left or 0, one.task.pk)


def _coming(mine: tuple[Workspace, ...], now: datetime) -> Coming | None:
    rooms = {room.proposal.round_id: room for room in mine if room.proposal.state in AT_WORK}
    rows = Event.objects.filter(round__in=rooms, cancelled_at=None, ends_at__gt=now, starts_at__lte=now + AHEAD)
    event = rows.select_related("round__city").order_by("starts_at", "pk").first() if rooms else None
    return Coming(event, rooms[event.round_id]) if event is not None else None
