"""The team: a link invites, people join and leave, the captain's place can be handed over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qatysu.core.errors import Conflict, NotFound
from qatysu.core.regulation import Action
from qatysu.proposals.commands.guards import lock, need_captain, note, team_roles
from qatysu.proposals.models import PROPOSAL, Proposal, State, TeamInvite, TeamMember
from qatysu.rounds.authorize import authorize
from qatysu.vault import keyed_hash

INVITE_DAYS = 14
MAX_TEAM = 20
_Role = TeamMember.Role


def invite_hash(token: str) -> str:
    """What is stored instead of the token of an invitation."""
    return keyed_hash("team-invite", token)


def _captain(actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    row = lock(proposal)
    roles = team_roles(actor, row, now)
    need_captain(roles)
    authorize(actor, Action.EDIT_PROPOSAL, row.round, now=now, also=roles)
    return row


def invite_to_team(*, actor: Any, proposal: Proposal, token: str, now: datetime) -> TeamInvite:
    """A link valid for fourteen days; ``token`` is drawn at the edge and shown once. Earlier links stay valid."""
    with transaction.atomic():
        row = _captain(actor, proposal, now)
        made = TeamInvite.objects.create(
            proposal=row, token_hash=invite_hash(token), expires_at=now + timedelta(days=INVITE_DAYS)
        )
        note(actor, "invite_to_team", row, now)
        return made


def revoke_invites(*, actor: Any, proposal: Proposal, now: datetime) -> int:
    """Make every open link of the team useless; returns how many there were."""
    with transaction.atomic():
        row = _captain(actor, proposal, now)
        count = row.invites.filter(revoked_at=None).update(revoked_at=now)
        note(actor, "revoke_invites", row, now, count=count)
        return int(count)


def join_team(*, actor: Any, token: str, now: datetime) -> Proposal:
    """Join by a link; joining twice changes nothing. Raises NotFound for a link that is unknown, over or revoked."""
    with transaction.atomic():
        invite = TeamInvite.objects.filter(token_hash=invite_hash(token), revoked_at=None, expires_at__gt=now).first()
        if invite is None:
            raise NotFound("team_invite")
        row = lock(invite.proposal)
        authorize(actor, Action.FOLLOW, row.round, now=now)
        if not PROPOSAL.moves.get(State(row.state)):
            raise Conflict("not_editable", state=row.state)
        if row.team.filter(account=actor).exists():
            return row
        if row.team.count() >= MAX_TEAM:
            raise Conflict("team_full", limit=MAX_TEAM)
        TeamMember.objects.create(proposal=row, account=actor, role=_Role.MEMBER, joined_at=now)
        note(actor, "join_team", row, now)
        return row


def leave_team(*, actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    """Leave; the captain hands over first. Leaving twice changes nothing."""
    with transaction.atomic():
        row = lock(proposal)
        authorize(actor, Action.FOLLOW, row.round, now=now)
        member = row.team.filter(account=actor).first()
        if member is None:
            return row
        if member.role == _Role.CAPTAIN:
            raise Conflict("captain_hands_over_first")
        member.delete()
        note(actor, "leave_team", row, now)
        return row


def remove_member(*, actor: Any, proposal: Proposal, member: int, now: datetime) -> Proposal:
    """The captain parts with a member (key of the TeamMember row). Raises NotFound, Conflict for the captain's own row."""
    with transaction.atomic():
        row = _captain(actor, proposal, now)
        found = _member(row, member)
        if found.role == _Role.CAPTAIN:
            raise Conflict("captain_hands_over_first")
        found.delete()
        note(actor, "remove_member", row, now, account=found.account_id)
        return row


def hand_over_captaincy(*, actor: Any, proposal: Proposal, member: int, now: datetime) -> Proposal:
    """Another member (key of the TeamMember row) becomes the captain; the author of the idea stays its author."""
    with transaction.atomic():
        row = _captain(actor, proposal, now)
        found = _member(row, member)
        row.team.filter(role=_Role.CAPTAIN).update(role=_Role.MEMBER)
        row.team.filter(pk=found.pk).update(role=_Role.CAPTAIN)
        note(actor, "hand_over_captaincy", row, now, account=found.account_id)
        return row


def _member(row: Proposal, pk: int) -> TeamMember:
    found = row.team.filter(pk=pk).first()
    if found is None:
        raise NotFound("member")
    return found
