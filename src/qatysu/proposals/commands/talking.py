"""The public discussion, its moderation, and following."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.regulation import STAFF_ROLES, Action
from qatysu.identity.limits import Limit, take
from qatysu.proposals import notices
from qatysu.proposals.commands.guards import note
from qatysu.proposals.models import Comment, CommentReport, Follow, Proposal
from qatysu.rounds.authorize import authorize
from qatysu.rounds.queries import roles_of
from qatysu.rounds.touching import touch

COMMENTS = Limit("comments", 10, 600)
REPORTS = Limit("comment-reports", 20, 3600)
LONGEST = 2000
#: The same words of the same person within this time are a second click, not a second message.
AGAIN_S = 600


def _public(proposal: Proposal) -> None:
    if proposal.number is None:
        raise NotFound("proposal")


def comment(
    *, actor: Any, proposal: Proposal, text: str, language: str, now: datetime, parent: Comment | None = None
) -> Comment:
    """Say something in public. The same words again within ten minutes are the same message.

    Raises Invalid with field ``text``, TooMany, Conflict ``comment_hidden`` when the message answered was hidden.
    """
    with transaction.atomic():
        _public(proposal)
        authorize(actor, Action.COMMENT, proposal.round, now=now)
        clean = text.replace("\r\n", "\n").strip()
        if not clean or len(clean) > LONGEST:
            raise Invalid("too_long" if clean else "text_needed", field="text", limit=LONGEST)
        parent = _answered(proposal, parent)
        recent = Comment.objects.filter(proposal=proposal, author=actor, at__gte=now - timedelta(seconds=AGAIN_S))
        same = recent.filter(parent=parent, text=clean).first()
        if same is not None:
            return same
        take([(COMMENTS, str(actor.pk))], now=now)
        is_staff = bool(roles_of(actor, proposal.round, now.date()) & STAFF_ROLES)
        made = Comment.objects.create(
            proposal=proposal, parent=parent, author=actor, is_staff=is_staff, language=language, text=clean, at=now
        )
        note(actor, "comment", proposal, now, comment=made.pk)
        touch(proposal.round)
        notices.tell_comment(made, now)
        return made


def _answered(proposal: Proposal, parent: Comment | None) -> Comment | None:
    """The top of the thread that is answered: threads are two levels deep."""
    if parent is None:
        return None
    if parent.proposal_id != proposal.pk:
        raise NotFound("comment")
    if parent.hidden_at is not None:
        raise Conflict("comment_hidden")
    return parent.parent or parent


def reply(*, actor: Any, parent: Comment, text: str, language: str, now: datetime) -> Comment:
    """Answer a message; see ``comment``."""
    return comment(actor=actor, proposal=parent.proposal, text=text, language=language, now=now, parent=parent)


def report_comment(*, actor: Any, reported: Comment, now: datetime) -> CommentReport:
    """Ask the moderator to look. Reporting twice changes nothing; a message judged already is not asked about again."""
    with transaction.atomic():
        authorize(actor, Action.COMMENT, reported.proposal.round, now=now)
        take([(REPORTS, str(actor.pk))], now=now)
        made, created = CommentReport.objects.get_or_create(comment=reported, account=actor, defaults={"at": now})
        if created:
            note(actor, "report_comment", reported.proposal, now, comment=reported.pk)
        return made


def _judge(actor: Any, comment_pk: int, now: datetime) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).select_related("proposal__round__city").get(pk=comment_pk)
    authorize(actor, Action.MODERATE, found.proposal.round, now=now)
    found.reports.filter(answered_at=None).update(answered_at=now)
    return found


def hide_comment(*, actor: Any, hidden: Comment, reason: str, now: datetime) -> Comment:
    """Hide a message, never delete it; the reason is shown in its place. Answers its reports."""
    with transaction.atomic():
        found = _judge(actor, hidden.pk, now)
        if not reason.strip():
            raise Invalid("reason_text_needed", field="reason")
        found.hidden_at, found.hidden_by, found.hidden_reason = now, actor, reason.strip()[:300]
        found.save(update_fields=("hidden_at", "hidden_by", "hidden_reason"))
        note(actor, "hide_comment", found.proposal, now, reason=found.hidden_reason, comment=found.pk)
        touch(found.proposal.round)
        return found


def unhide_comment(*, actor: Any, hidden: Comment, now: datetime) -> Comment:
    """Show a message again; showing a visible one answers its reports and changes nothing else."""
    with transaction.atomic():
        found = _judge(actor, hidden.pk, now)
        found.hidden_at, found.hidden_by, found.hidden_reason = None, None, ""
        found.save(update_fields=("hidden_at", "hidden_by", "hidden_reason"))
        note(actor, "unhide_comment", found.proposal, now, comment=found.pk)
        touch(found.proposal.round)
        return found


def follow(*, actor: Any, proposal: Proposal, now: datetime) -> None:
    """Hear of every change. Following twice changes nothing."""
    with transaction.atomic():
        _public(proposal)
        authorize(actor, Action.FOLLOW, proposal.round, now=now)
        Follow.objects.get_or_create(proposal=proposal, account=actor, defaults={"at": now})


def unfollow(*, actor: Any, proposal: Proposal, now: datetime) -> None:
    """Hear nothing more. Unfollowing twice changes nothing."""
    with transaction.atomic():
        authorize(actor, Action.FOLLOW, proposal.round, now=now)
        Follow.objects.filter(proposal=proposal, account=actor).delete()
