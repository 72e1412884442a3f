"""Everything the portal holds about one person: as a file for them, and erased at their wish (SPEC 15)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.forms.models import model_to_dict

from qatysu.audit.models import Deed
from qatysu.coaching.commands.learning import forget_certificates
from qatysu.coaching.queries.person import sessions_of
from qatysu.desk.commands import forget_person
from qatysu.desk.queries.public import questions_of
from qatysu.identity.commands import erase_account
from qatysu.identity.models import Account, Consent
from qatysu.identity.second_factor import factor_of
from qatysu.outbox.models import Message
from qatysu.proposals.models import Comment, CommentReport, Follow, Proposal, State, TeamMember
from qatysu.rounds.invitations import end_all_memberships
from qatysu.rounds.models import Membership
from qatysu.vault import unseal

FORMAT = "qatysu-person/1"
_IDEA = (
    "number", "state", "language", "title", "problem", "solution", "present_state", "address", "latitude", "longitude",
    "cost_tenge",
)  # fmt: skip


def export_person(account: Account, now: datetime) -> dict[str, Any]:
    """What is stored about ``account``, ready for JSON. Ballots are not in it: nothing links them to a person."""
    return {
        "format": FORMAT,
        "exported_at": now,
        "profile": _profile(account),
        "consents": list(
            Consent.objects.filter(account=account).values("kind", "version", "language", "is_given", "at")
        ),
        "roles": list(
            Membership.objects.filter(account=account).values(
                "role", "city__slug", "round__slug", "from_on", "until_on"
            )
        ),
        "ideas": [
            {**model_to_dict(row, fields=_IDEA), "round": str(row.round), "created_at": row.created_at}
            for row in Proposal.objects.filter(author=account).select_related("round__city")
        ],
        "teams": list(
            TeamMember.objects.filter(account=account).values(
                "role", "joined_at", "proposal__round__slug", "proposal__number"
            )
        ),
        "comments": list(Comment.objects.filter(author=account).values("text", "language", "at", "hidden_reason")),
        "sessions": sessions_of(account),
        "questions": questions_of(account),
        "reports": list(CommentReport.objects.filter(account=account).values("comment_id", "at")),
        "followed": list(Follow.objects.filter(account=account).values("proposal__round__slug", "proposal__number")),
        "messages": list(Message.objects.filter(account=account).values("channel", "subject", "state", "created_at")),
        "deeds": list(Deed.objects.filter(actor=account).values("at", "action", "place", "target", "reason")),
        "not_included": "Ballots: the portal cannot tell which ballot is whose.",
    }


def _profile(account: Account) -> dict[str, Any]:
    return {
        "id": account.public_id,
        "name": account.name,
        "phone": unseal(account.phone_sealed) if account.phone_sealed else None,
        "email": unseal(account.email_sealed) if account.email_sealed else None,
        "language": account.language,
        "city": account.city.slug if account.city else None,
        "birth_year": account.birth_year,
        "declared_at": account.declared_at,
        "wants_messages": account.wants_messages,
        "has_second_factor": factor_of(account) is not None,
        "created_at": account.created_at,
    }


def erase_person(*, actor: Account, now: datetime) -> None:
    """Erase the account and what hangs on it; ``identity.accounts.erase_account`` says what stays and why.

    Drafts on which nobody else works go; what was submitted is public record and stays without a name.
    """
    with transaction.atomic():
        Follow.objects.filter(account=actor).delete()
        CommentReport.objects.filter(account=actor).delete()
        drafts = Proposal.objects.filter(author=actor, state=State.DRAFT, number=None)
        alone = drafts.annotate(people=Count("team")).filter(people__lte=1).values_list("pk", flat=True)
        Proposal.objects.filter(pk__in=list(alone)).delete()
        forget_certificates(account=actor)
        forget_person(account=actor, now=now)
        end_all_memberships(account=actor, now=now)
        erase_account(actor=actor, now=now)
