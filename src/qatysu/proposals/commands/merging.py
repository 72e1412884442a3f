"""Merging duplicates: it happens when both captains have agreed, and not before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.regulation import Action, Role
from qatysu.identity.models import Account
from qatysu.proposals import notices
from qatysu.proposals.commands.guards import lock, note, team_roles
from qatysu.proposals.commands.moving import move
from qatysu.proposals.models import PROPOSAL, Follow, MergeOffer, Proposal, State, TeamMember
from qatysu.rounds.authorize import authorize

_Captain = TeamMember.Role.CAPTAIN


def _lock_both(source: Proposal, target: Proposal) -> tuple[Proposal, Proposal]:
    """Both rows, locked in the order of their keys so that two merges never wait for each other."""
    rows = {p.pk: lock(p) for p in sorted((source, target), key=lambda p: p.pk)}
    return rows[source.pk], rows[target.pk]


def _captain_of(proposal: Proposal) -> Account | None:
    member = proposal.team.select_related("account").filter(role=_Captain).first()
    return member.account if member else None


def offer_merge(*, actor: Any, source: Proposal, target: Proposal, now: datetime) -> MergeOffer:
    """A captain or the Centre asks to merge ``source`` into ``target``; a captain's own side agrees at once.

    Raises Conflict ``not_mergeable`` or ``merge_offered``, Invalid ``merge_into_itself``.
    """
    if source.pk == target.pk:
        raise Invalid("merge_into_itself", field="target")
    with transaction.atomic():
        source, target = _lock_both(source, target)
        roles = team_roles(actor, source, now) | team_roles(actor, target, now)
        authorize(actor, Action.MERGE_PROPOSALS, source.round, now=now, also=roles)
        _check_mergeable(source, target)
        if MergeOffer.objects.filter(source=source, closed_at=None).exists():
            raise Conflict("merge_offered")
        offer = MergeOffer.objects.create(source=source, target=target, offered_by=actor)
        note(actor, "offer_merge", source, now, into=target.pk)
        _agree(offer, actor, now)
        waiting = [c for c in (_captain_of(source), _captain_of(target)) if c is not None and c.pk != actor.pk]
        if offer.closed_at is None:
            notices.tell_offer(offer, waiting, now)
        return offer


def _check_mergeable(source: Proposal, target: Proposal) -> None:
    both = source.round_id == target.round_id and target.number is not None
    target_lives = PROPOSAL.allows(State(target.state), State.MERGED)
    if not both or not target_lives or not PROPOSAL.allows(State(source.state), State.MERGED):
        raise Conflict("not_mergeable")


def _open_offer(offer: MergeOffer) -> MergeOffer:
    found = (
        MergeOffer.objects.select_for_update(of=("self",))
        .select_related("source", "target")
        .filter(pk=offer.pk)
        .first()
    )
    if found is None:
        raise NotFound("merge")
    if found.closed_at is not None:
        raise Conflict("merge_closed")
    return found


def agree_merge(*, actor: Any, offer: MergeOffer, now: datetime) -> MergeOffer:
    """A captain agrees; when both have, the source becomes merged and its people move. Raises Conflict ``merge_closed``."""
    with transaction.atomic():
        source, target = _lock_both(offer.source, offer.target)
        found = _open_offer(offer)
        found.source, found.target = source, target
        roles = team_roles(actor, source, now) | team_roles(actor, target, now)
        authorize(actor, Action.MERGE_PROPOSALS, source.round, now=now, also=roles & {Role.CAPTAIN})
        _check_mergeable(source, target)
        if not _agree(found, actor, now):
            raise NotFound("merge")
        return found


def decline_merge(*, actor: Any, offer: MergeOffer, now: datetime) -> MergeOffer:
    """A captain, or the Centre, ends the offer; nothing moves."""
    with transaction.atomic():
        source, target = _lock_both(offer.source, offer.target)
        found = _open_offer(offer)
        roles = team_roles(actor, source, now) | team_roles(actor, target, now)
        authorize(actor, Action.MERGE_PROPOSALS, source.round, now=now, also=roles & {Role.CAPTAIN})
        found.closed_at = now
        found.save(update_fields=("closed_at",))
        note(actor, "decline_merge", source, now, into=target.pk)
        return found


def _agree(offer: MergeOffer, actor: Any, now: datetime) -> bool:
    """Note the consent of the actor for the sides whose captain they are; merge when both sides have it."""
    sides = [side for side in ("source", "target") if _captain_of(getattr(offer, side)) == actor]
    for side in sides:
        if getattr(offer, f"{side}_agreed_at") is None:
            setattr(offer, f"{side}_agreed_at", now)
    if offer.source_agreed_at and offer.target_agreed_at:
        offer.closed_at = now
        _merge(offer, actor, now)
    offer.save(update_fields=("source_agreed_at", "target_agreed_at", "closed_at"))
    return bool(sides)


def _merge(offer: MergeOffer, actor: Any, now: datetime) -> None:
    source, target = offer.source, offer.target
    text = f"№ {target.code}. {target.title}"
    move(
        actor=actor,
        proposal=source,
        new=State.MERGED,
        now=now,
        reason_code="merged",
        reason_text=text,
        merged_into=target,
    )
    present = set(target.team.values_list("account_id", flat=True))
    TeamMember.objects.bulk_create(
        TeamMember(proposal=target, account_id=member.account_id, role=TeamMember.Role.MEMBER, joined_at=now)
        for member in source.team.exclude(account_id__in=present)
    )
    following = set(target.follows.values_list("account_id", flat=True))
    Follow.objects.bulk_create(
        Follow(proposal=target, account_id=row.account_id, at=row.at)
        for row in source.follows.exclude(account_id__in=following)
    )
    source.follows.all().delete()
    MergeOffer.objects.filter(source__in=(source,), closed_at=None).exclude(pk=offer.pk).update(closed_at=now)
    MergeOffer.objects.filter(target=source, closed_at=None).update(closed_at=now)
