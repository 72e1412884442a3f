"""What every command does first: lock the row it decides on, and see who the actor is to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.audit.commands import record
from qatysu.coaching.loading import ROOM
from qatysu.coaching.models import Work, Workspace
from qatysu.core.errors import Conflict, NotFound
from qatysu.core.regulation import Action
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.models import State
from qatysu.rounds.authorize import authorize


def may(actor: Any, action: Action, room: Workspace, now: datetime) -> None:
    """``authorize`` with the roles that follow from the team of this room."""
    authorize(actor, action, room.proposal.round, now=now, also=team_roles(actor, room.proposal, now))


def lock_room(room: Workspace) -> Workspace:
    """The room read again FOR UPDATE, with proposal, round, city and constitution. Raises NotFound."""
    rows = Workspace.objects.select_for_update(of=("self",)).select_related(*ROOM, "coach", "project_type")
    found = rows.filter(pk=room.pk).first()
    if found is None:
        raise NotFound("workspace")
    return found


def lock_work(work: Work) -> Work:
    """The work read again FOR UPDATE, with module and room. Raises NotFound."""
    rows = Work.objects.select_for_update(of=("self",)).select_related(
        "module", "workspace__coach", "workspace__project_type", *(f"workspace__{name}" for name in ROOM)
    )
    found = rows.filter(pk=work.pk).first()
    if found is None:
        raise NotFound("work")
    return found


def need_sessions(room: Workspace) -> None:
    """Raises Conflict ``not_in_sessions`` when the project has left the sessions, or is ready already."""
    if room.proposal.state != State.IN_SESSIONS:
        raise Conflict("not_in_sessions", state=room.proposal.state)


def touched(room: Workspace, now: datetime) -> None:
    """The team did something: silence begins anew."""
    Workspace.objects.filter(pk=room.pk).update(touched_at=now)


def note(actor: Any, action: str, room: Workspace, now: datetime, reason: str = "", **detail: Any) -> None:
    """One line of the trail about this project."""
    record(
        actor=actor,
        action=action,
        now=now,
        place=str(room.proposal.round),
        target=f"coaching.workspace:{room.pk}",
        reason=reason,
        **detail,
    )
