"""Gates: absent and "not yours" are the same NotFound."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from qatysu.core.errors import NotFound
from qatysu.core.regulation import STAFF_ROLES, Role
from qatysu.files.models import StoredFile
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.commands.team import invite_hash
from qatysu.proposals.models import Comment, MergeOffer, Proposal, State, TeamInvite
from qatysu.rounds.models import Round
from qatysu.rounds.queries import roles_of

#: What is public: submitted once, hence numbered.
PUBLIC = Q(number__isnull=False) & ~Q(state=State.DRAFT)


def loaded() -> QuerySet[Proposal]:
    """Proposals with everything that lists and pages show."""
    rows = Proposal.objects.select_related("round__city", "round__constitution", "category", "author", "merged_into")
    return rows.prefetch_related("translations", "files__file", "team__account")


def is_round_staff(viewer: Any, round_: Round, now: datetime) -> bool:
    """True for any staff role in this round."""
    return bool(roles_of(viewer, round_, now.date()) & STAFF_ROLES)


def get_public(round_: Round, code: str) -> Proposal:
    """The proposal with this number. Raises NotFound when there is none, or it was never submitted."""
    if not (code.isascii() and code.isdigit() and len(code) <= 6):
        raise NotFound("proposal")
    found = loaded().filter(PUBLIC, round=round_, number=int(code)).first()
    if found is None:
        raise NotFound("proposal")
    return found


def get_for_team(token: uuid.UUID, viewer: Any, now: datetime) -> Proposal:
    """The proposal for its team, or the coach who files it. Raises NotFound for everybody else."""
    found = loaded().filter(token=token).first()
    if found is None or not team_roles(viewer, found, now):
        raise NotFound("proposal")
    return found


def get_for_captain(token: uuid.UUID, viewer: Any, now: datetime) -> Proposal:
    """The proposal for its captain. Raises NotFound for everybody else."""
    found = get_for_team(token, viewer, now)
    if Role.CAPTAIN not in team_roles(viewer, found, now):
        raise NotFound("proposal")
    return found


def get_offer(pk: int, viewer: Any) -> MergeOffer:
    """An offer to merge, for the captains of both sides. Raises NotFound for everybody else."""
    rows = MergeOffer.objects.select_related("source__round__city", "target__round__city")
    found = (
        rows.filter(pk=pk)
        .filter(
            Q(source__team__account=viewer, source__team__role="captain")
            | Q(target__team__account=viewer, target__team__role="captain")
        )
        .first()
    )
    if found is None:
        raise NotFound("merge")
    return found


def get_invite(token: str, now: datetime) -> TeamInvite:
    """A usable invitation. Raises NotFound for one that is unknown, over or revoked."""
    rows = TeamInvite.objects.filter(token_hash=invite_hash(token), revoked_at=None, expires_at__gt=now)
    found = rows.select_related("proposal__round__city").first()
    if found is None:
        raise NotFound("team_invite")
    return found


def get_comment(pk: int) -> Comment:
    """A message of a public discussion in a public round. Raises NotFound otherwise."""
    rows = Comment.objects.select_related("proposal__round__city", "parent")
    found = rows.filter(pk=pk, proposal__number__isnull=False).filter(proposal__round__is_public=True).first()
    if found is None:
        raise NotFound("comment")
    return found


def get_file(public_id: uuid.UUID, kind: str, viewer: Any, now: datetime) -> tuple[StoredFile, bool]:
    """A stored file that ``viewer`` may see, and whether everybody may. Raises NotFound.

    Files of a proposal are public once it was submitted; before that its team and the round's staff see them. A file
    that no proposal holds belongs to something else, which has a gate of its own: here it does not exist.
    """
    stored = StoredFile.objects.filter(public_id=public_id, kind=kind).first()
    if stored is None:
        raise NotFound("file")
    proposal = Proposal.objects.select_related("round__city").filter(files__file=stored).first()
    if proposal is None:
        raise NotFound("file")
    if proposal.number is not None and proposal.round.is_public:
        return stored, True
    if team_roles(viewer, proposal, now) or is_round_staff(viewer, proposal.round, now):
        return stored, False
    raise NotFound("file")
