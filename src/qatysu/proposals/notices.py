"""Who is told what, in the language of each reader; sent later by the worker."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from qatysu.identity.models import Account, Channel
from qatysu.outbox.commands import enqueue
from qatysu.proposals import reasons
from qatysu.proposals.models import Comment, MergeOffer, Move, Proposal, State
from qatysu.vault import unseal


def contact_of(account: Account) -> tuple[str, str] | None:
    """(channel, address) to write to: e-mail first, then the phone; None for an account without either."""
    if account.email_sealed:
        return Channel.EMAIL.value, unseal(bytes(account.email_sealed))
    if account.phone_sealed:
        return Channel.SMS.value, unseal(bytes(account.phone_sealed))
    return None


def circle(proposal: Proposal) -> list[Account]:
    """Author, team and followers, each once; active accounts that want messages, and the author in any case."""
    ids = {proposal.author_id, *proposal.team.values_list("account_id", flat=True)}
    ids |= set(proposal.follows.values_list("account_id", flat=True))
    wanted = Q(wants_messages=True) | Q(pk=proposal.author_id)
    return list(Account.objects.filter(wanted, pk__in=ids, is_active=True).order_by("pk"))


def tell_move(proposal: Proposal, move: Move, now: datetime) -> None:
    """Tell the circle that the state changed; the actor hears it only as the receipt of a submission."""
    for person in circle(proposal):
        if person.pk != move.actor_id or move.new == State.SUBMITTED:
            with translation.override(person.language):
                _send(person, _subject(proposal), _about_move(proposal, move), f"move:{move.pk}:{person.pk}", now)


def tell_comment(comment: Comment, now: datetime) -> None:
    """Tell the team, and the person answered, that somebody wrote."""
    proposal = comment.proposal
    ids = set(proposal.team.values_list("account_id", flat=True)) | {proposal.author_id}
    if comment.parent:
        ids.add(comment.parent.author_id)
    people = Account.objects.filter(pk__in=ids - {comment.author_id}, is_active=True, wants_messages=True)
    for person in people.order_by("pk"):
        with translation.override(person.language):
            body = _("There is a new message in the discussion of “%(title)s”.") % {"title": proposal.title}
            _send(person, _subject(proposal), _with_link(proposal, body), f"comment:{comment.pk}:{person.pk}", now)


def tell_offer(offer: MergeOffer, people: Iterable[Account], now: datetime) -> None:
    """Ask captains whether they agree to merge."""
    for person in people:
        with translation.override(person.language):
            body = _("Proposal “%(source)s” may be merged into “%(target)s”. Both captains have to agree.") % {
                "source": offer.source.title,
                "target": offer.target.title,
            }
            link = f"{settings.ORIGIN}/{translation.get_language()}/cabinet/merges/{offer.pk}/"
            _send(person, _subject(offer.source), f"{body}\n{link}", f"merge:{offer.pk}:{person.pk}", now)


def _send(person: Account, subject: str, body: str, key: str, now: datetime) -> None:
    contact = contact_of(person)
    if contact is not None:
        enqueue(
            channel=contact[0],
            address=contact[1],
            subject=subject[:200],
            body=body,
            dedupe_key=key,
            now=now,
            account=person,
        )


def _subject(proposal: Proposal) -> str:
    return _("Proposal No. %(number)s: %(title)s") % {"number": proposal.code, "title": proposal.title}


def _about_move(proposal: Proposal, move: Move) -> str:
    lines = [_("“%(title)s”: %(state)s.") % {"title": proposal.title, "state": reasons.state_label(move.new)}]
    if move.reason_code:
        lines.append(_("Reason: %(reason)s.") % {"reason": reasons.label(move.new, move.reason_code)})
    if move.reason_text:
        lines.append(move.reason_text)
    return _with_link(proposal, "\n".join(lines))


def _with_link(proposal: Proposal, body: str) -> str:
    city, language = proposal.round.city.slug, translation.get_language()
    return f"{body}\n{settings.ORIGIN}/{language}/{city}/{proposal.round.slug}/projects/{proposal.code}/"
