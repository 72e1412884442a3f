"""What people see of the desk: opening hours, frequent questions, their own threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from qatysu.core.errors import NotFound
from qatysu.core.wordforms import stems
from qatysu.desk.clock import clock_of
from qatysu.desk.commands.threads import token_hash
from qatysu.desk.models import Channel, Faq, SpecialDay, Thread
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import TeamMember


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the desk is open now: until when, or when it opens; its week and the days to come that differ."""

    is_open: bool
    until: datetime | None
    opens: datetime | None
    week: tuple[tuple[int, tuple[tuple[int, int], ...]], ...]
    special: tuple[SpecialDay, ...]
    promise_minutes: int


def opening(city: City, now: datetime) -> Opening:
    """Opening hours of the desk at ``now``; three queries."""
    clock = clock_of(city)
    until = clock.closing(now)
    today = now.astimezone(clock.zone).date()
    days = SpecialDay.objects.filter(city=city, day__gte=today)[:6]
    week = tuple((index, tuple((span.opens, span.closes) for span in spans)) for index, spans in enumerate(clock.hours.week))
    opens = None if until is not None else clock.opening(now)
    return Opening(until is not None, until, opens, week, tuple(days), clock.promise_minutes)


def faq(city: City, words: str = "") -> tuple[Faq, ...]:
    """Published questions in order; with ``words`` those that hold every word or its stem in any language."""
    rows = tuple(Faq.objects.filter(city=city, is_published=True))
    wanted = [(word.lower(), stems(word)) for word in words.split()[:8]]
    return tuple(row for row in rows if all(_holds(row, word, roots) for word, roots in wanted))


def _holds(row: Faq, word: str, roots: tuple[str, ...]) -> bool:
    text = " ".join(
        (row.question_kk, row.question_ru, row.question_en, row.answer_kk, row.answer_ru, row.answer_en)
    ).lower()
    return word in text or any(root in text for root in roots if len(root) > 3)


def thread_by_token(token: str) -> Thread:
    """The thread of a private link. Raises NotFound."""
    rows = Thread.objects.select_related("city", "account", "proposal__round")
    found = rows.filter(token_hash=token_hash(token[:64])).first()
    if found is None:
        raise NotFound("thread")
    return found


def my_threads(account: Account) -> QuerySet[Thread]:
    """Questions of the account, asked signed in, from one of its addresses, or by one of its teams; newest first."""
    hashes = [value for value in (account.email_hash, account.phone_hash) if value]
    teams = TeamMember.objects.filter(account=account).values("proposal_id")
    own = Q(account=account) | Q(contact_hash__in=hashes) | Q(channel=Channel.WORKSPACE, proposal__in=teams)
    return Thread.objects.filter(own).select_related("city").order_by("-changed_at", "-pk")


def my_thread(account: Account, pk: int) -> Thread:
    """One of them. Raises NotFound."""
    found = my_threads(account).filter(pk=pk).first()
    if found is None:
        raise NotFound("thread")
    return found


def questions_of(account: Account) -> list[dict[str, object]]:
    """Own questions with what was said in them, for the file of everything about a person."""
    rows = my_threads(account).select_related("city").prefetch_related("posts")
    return [
        {
            "ref": row.ref,
            "city": row.city.slug,
            "subject": row.subject,
            "opened_at": row.opened_at,
            "messages": [
                {"at": post.at, "text": post.text, "from_the_desk": post.is_staff}
                for post in row.posts.all()
                # Words of the others of a team are theirs.
                if not post.is_note and (post.is_staff or post.author_id in (None, account.pk))
            ],
        }
        for row in rows
    ]
