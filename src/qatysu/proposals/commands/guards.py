"""What every command does first: lock the row it decides on, and see who the actor is to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.audit.commands import record
from qatysu.core.errors import NotAllowed, NotFound
from qatysu.core.regulation import Role
from qatysu.proposals.models import Proposal, State, TeamMember
from qatysu.rounds.queries import roles_of

_OF_TEAM = {TeamMember.Role.CAPTAIN.value: Role.CAPTAIN, TeamMember.Role.MEMBER.value: Role.TEAM_MEMBER}
#: While the Centre writes for a resident it holds the captain's pen.
CENTRE = frozenset({Role.COACH, Role.CENTRE_LEAD})
ON_BEHALF = frozenset({State.DRAFT, State.RETURNED})


def lock(proposal: Proposal) -> Proposal:
    """The proposal read again FOR UPDATE, with round, city, constitution and category. Raises NotFound."""
    rows = Proposal.objects.select_for_update(of=("self",)).select_related(
        "round__city", "round__constitution", "category"
    )
    found = rows.filter(pk=proposal.pk).first()
    if found is None:
        raise NotFound("proposal")
    return found


def team_roles(actor: Any, proposal: Proposal, now: datetime) -> frozenset[Role]:
    """Roles that follow from this proposal: captain, team member; captain for the coach who files it for a resident."""
    pk = getattr(actor, "pk", None)
    if pk is None:
        return frozenset()
    rows = TeamMember.objects.filter(proposal=proposal, account_id=pk)
    found = {_OF_TEAM[role] for role in rows.values_list("role", flat=True)}
    if proposal.filed_by_id == pk and proposal.state in ON_BEHALF:
        found |= {Role.CAPTAIN} if roles_of(actor, proposal.round, now.date()) & CENTRE else set()
    return frozenset(found)


def need_captain(roles: frozenset[Role]) -> None:
    """Raises NotAllowed for anybody but the captain."""
    if Role.CAPTAIN not in roles:
        raise NotAllowed("captain_only")


def note(actor: Any, action: str, proposal: Proposal, now: datetime, reason: str = "", **detail: Any) -> None:
    """One line of the trail about this proposal."""
    record(
        actor=actor,
        action=action,
        now=now,
        place=str(proposal.round),
        target=f"proposals.proposal:{proposal.pk}",
        reason=reason,
        **detail,
    )
