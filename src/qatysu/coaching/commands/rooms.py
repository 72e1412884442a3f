"""Rooms: open one, choose the type of project, give it a coach, leave the sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.coaching import notices
from qatysu.coaching.commands.guards import lock_room, may, need_sessions, note, touched
from qatysu.coaching.models import Module, ProjectType, Work, Workspace
from qatysu.coaching.standing import recount
from qatysu.core.errors import Invalid
from qatysu.core.regulation import Action, Role
from qatysu.proposals import commands as proposals
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.queries import roles_of
from qatysu.workbook.schema import form_from

_COACHES = frozenset({Role.COACH, Role.CENTRE_LEAD, Role.CONSULTANT})


def open_workspace(*, actor: Any, proposal: Proposal, now: datetime) -> Workspace:
    """The Centre lets an accepted proposal into the sessions: its room, with a work for each module.

    Opening it twice changes nothing. Raises NotAllowed, StageClosed, IllegalMove.
    """
    with transaction.atomic():
        if proposal.state != State.IN_SESSIONS:
            proposal = proposals.start_session(actor=actor, proposal=proposal, now=now)
        room = furnish(proposal=proposal, now=now)
        note(actor, "open_workspace", room, now)
        return room


def furnish(*, proposal: Proposal, now: datetime) -> Workspace:
    """The room of a proposal with a work for every module of its round, inside the caller's transaction.

    Modules that were added later are furnished too; nothing that exists is changed.
    """
    room, _ = Workspace.objects.get_or_create(proposal=proposal, defaults={"opened_at": now, "touched_at": now})
    present = set(room.works.values_list("module_id", flat=True))
    works = []
    for module in Module.objects.filter(round_id=proposal.round_id).exclude(pk__in=present):
        works.append(Work(workspace=room, module=module, changed_at=now))
        recount(works[-1], form_from(module.form))
    Work.objects.bulk_create(works)
    return room


def choose_type(*, actor: Any, workspace: Workspace, slug: str, now: datetime) -> Workspace:
    """The team says what it builds; '' takes the choice back. Raises Invalid ``project_type``."""
    with transaction.atomic():
        room = lock_room(workspace)
        may(actor, Action.WORK_ON_PROJECT, room, now)
        need_sessions(room)
        chosen = ProjectType.objects.filter(round=room.proposal.round, slug=slug).first() if slug else None
        if slug and chosen is None:
            raise Invalid("project_type", field="project_type")
        room.project_type = chosen
        room.save(update_fields=("project_type",))
        touched(room, now)
        note(actor, "choose_type", room, now, type=slug)
        return room


def assign_coach(*, actor: Any, workspace: Workspace, coach: Any, now: datetime) -> Workspace:
    """Give the team a coach, or take the coach away (``None``). Raises Invalid ``not_a_coach``."""
    with transaction.atomic():
        room = lock_room(workspace)
        takes_over = coach is not None and coach.pk == actor.pk and room.coach_id is None
        # A coach may take a team that nobody has; who gives teams to others is the lead.
        may(actor, Action.COACH_PROJECT if takes_over else Action.ASSIGN_COACH, room, now)
        if coach is not None and not roles_of(coach, room.proposal.round, now.date()) & _COACHES:
            raise Invalid("not_a_coach", field="coach")
        if coach is not None and room.proposal.team.filter(account=coach).exists():
            raise Invalid("coach_of_own_team", field="coach")
        room.coach = coach
        room.save(update_fields=("coach",))
        note(actor, "assign_coach", room, now, coach=getattr(coach, "pk", None))
        if coach is not None:
            notices.tell_coach(room, now)
        return room


def record_dropout(
    *, actor: Any, workspace: Workspace, reason_code: str, reason_text: str, now: datetime
) -> Proposal:
    """The Centre records that a team has left, with the reason that it gave or that is known.

    Everything written stays. Raises Invalid ``reason_code``, ``reason_text_needed``; IllegalMove.
    """
    with transaction.atomic():
        room = lock_room(workspace)
        may(actor, Action.RECORD_DROPOUT, room, now)
        gone = proposals.record_withdrawal(
            actor=actor, proposal=room.proposal, reason_code=reason_code, reason_text=reason_text, now=now
        )
        note(actor, "record_dropout", room, now, reason=reason_code)
        return gone
