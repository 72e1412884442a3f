"""The inbox of a desk and one of its threads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet

from qatysu.core.errors import NotFound
from qatysu.desk.clock import DeskClock, clock_of
from qatysu.desk.models import (
    Assist,
    CannedAnswer,
    Faq,
    Letter,
    Mailbox,
    Post,
    PostFile,
    SpecialDay,
    Thread,
    ThreadState,
)
from qatysu.desk.standing import keepers
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import Proposal
from qatysu.vault import unseal

FILTERS = ("due", "mine", "unowned", "waiting", "closed", "all")
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the inbox: how long the person waits, and how far the promise is."""

    thread: Thread
    waited: timedelta | None
    left_minutes: int
    is_late: bool


@dataclass(frozen=True, slots=True)
class Inbox:
    """Rows of one page with the numbers beside the filters."""

    rows: tuple[Row, ...]
    page: Page[Thread]
    counts: dict[str, int]
    late: int
    clock: DeskClock


def _which(rows: QuerySet[Thread], which: str, viewer: Account) -> QuerySet[Thread]:
    conditions = {
        "due": Q(state=ThreadState.OPEN),
        "mine": Q(owner=viewer) & ~Q(state=ThreadState.CLOSED),
        "unowned": Q(owner=None) & ~Q(state=ThreadState.CLOSED),
        "waiting": Q(state=ThreadState.WAITING),
        "closed": Q(state=ThreadState.CLOSED),
    }
    return rows.filter(conditions[which]) if which in conditions else rows


def _found(rows: QuerySet[Thread], words: str) -> QuerySet[Thread]:
    for word in words.split()[:6]:
        bare = word.strip("[]#")
        text = Q(subject__icontains=word) | Q(contact_name__icontains=word) | Q(account__name__icontains=word)
        rows = rows.filter(text | Q(ref__iexact=bare) | Q(proposal__title__icontains=word))
    return rows


def inbox(*, city: City, viewer: Account, which: str, words: str, page: int, now: datetime) -> Inbox:
    """Questions, the latest due first, then those that nobody waits for, newest first; a constant number of queries."""
    base = Thread.objects.filter(city=city)
    rows = _found(_which(base, which, viewer), words).select_related("account", "owner", "proposal__round")
    ordered = rows.order_by(F("due_at").asc(nulls_last=True), "-changed_at", "-pk")
    found = Paginator(ordered, PER_PAGE).get_page(page)
    clock = clock_of(city)
    open_, unclosed = Q(state=ThreadState.OPEN), ~Q(state=ThreadState.CLOSED)
    counts = base.aggregate(
        due=Count("pk", filter=open_),
        mine=Count("pk", filter=unclosed & Q(owner=viewer)),
        unowned=Count("pk", filter=unclosed & Q(owner=None)),
        waiting=Count("pk", filter=Q(state=ThreadState.WAITING)),
        closed=Count("pk", filter=~unclosed),
        all=Count("pk"),
        late=Count("pk", filter=open_ & Q(due_at__lt=now)),
    )
    late = counts.pop("late")
    return Inbox(tuple(_row(thread, clock, now) for thread in found), found, counts, late, clock)


def _row(thread: Thread, clock: DeskClock, now: datetime) -> Row:
    due = thread.due_at
    if due is None or thread.asked_at is None:
        return Row(thread, None, 0, False)
    is_late = due < now
    return Row(thread, now - thread.asked_at, clock.minutes(due, now) if is_late else clock.minutes(now, due), is_late)


def get_thread(city: City, pk: int) -> Thread:
    """The thread with its people and project. Raises NotFound when it is none of ``city``."""
    rows = Thread.objects.select_related("city", "account", "owner", "proposal__round__city", "round", "first_answered_by")
    found = rows.filter(city=city, pk=pk).first()
    if found is None:
        raise NotFound("thread")
    return found


def posts_of(thread: Thread, *, with_notes: bool) -> tuple[Post, ...]:
    """Messages in order with authors and files; notes only for the desk."""
    rows = thread.posts.select_related("author", "entered_by").prefetch_related("files__file")
    return tuple(rows if with_notes else rows.filter(is_note=False))


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """All that the desk sees of a question."""

    row: Row
    posts: tuple[Post, ...]
    contact: str
    canned: tuple[CannedAnswer, ...]
    keepers: tuple[Account, ...]
    others: tuple[Thread, ...]
    faq: Faq | None
    clock: DeskClock


def thread_page(thread: Thread, now: datetime) -> ThreadPage:
    """A constant number of queries."""
    clock = clock_of(thread.city)
    same = Q(account_id=thread.account_id) if thread.account_id else Q(contact_hash=thread.contact_hash)
    is_known = bool(thread.account_id or thread.contact_hash)
    others = Thread.objects.filter(same, city_id=thread.city_id).exclude(pk=thread.pk).order_by("-opened_at")[:5]
    return ThreadPage(
        row=_row(thread, clock, now),
        posts=posts_of(thread, with_notes=True),
        contact=unseal(bytes(thread.contact_sealed)) if thread.contact_sealed else "",
        canned=tuple(CannedAnswer.objects.filter(city_id=thread.city_id)),
        keepers=keepers(thread.city, now.date()),
        others=tuple(others) if is_known else (),
        faq=thread.faq.first(),
        clock=clock,
    )


def projects_of(city: City) -> tuple[Proposal, ...]:
    """Projects of the newest rounds of ``city`` that a question may be about."""
    rows = Proposal.objects.filter(round__city=city, number__isnull=False).select_related("round")
    return tuple(rows.order_by("-round__created_at", "number")[:300])


def file_of(thread: Thread, public_id: Any, *, with_notes: bool) -> PostFile:
    """A file of a message of the thread. Raises NotFound."""
    rows = PostFile.objects.select_related("file").filter(post__thread=thread, file__public_id=public_id)
    found = (rows if with_notes else rows.filter(post__is_note=False)).first()
    if found is None:
        raise NotFound("file")
    return found


def team_project(account: Account, city_slug: str, round_slug: str, code: str) -> Proposal:
    """The project of a team that the account is in. Raises NotFound for absent and foreign alike."""
    rows = Proposal.objects.select_related("round__city", "round__constitution").filter(team__account=account)
    at = rows.filter(round__city__slug=city_slug, round__slug=round_slug)
    found = at.filter(number=int(code)).first() if code.isascii() and code.isdigit() and len(code) < 9 else None
    if found is None:
        raise NotFound("proposal")
    return found


def special_days(city: City, since: date) -> QuerySet[SpecialDay]:
    """Days that differ from the week, from ``since`` on."""
    return SpecialDay.objects.filter(city=city, day__gte=since)


def assists(city: City) -> QuerySet[Assist]:
    """Help given in person, newest first."""
    return Assist.objects.filter(city=city).select_related("staff")[:100]


def get_canned(city: City, pk: int) -> CannedAnswer:
    """Raises NotFound."""
    found = CannedAnswer.objects.filter(city=city, pk=pk).first()
    if found is None:
        raise NotFound("canned")
    return found


def get_faq(city: City, pk: int) -> Faq:
    """Raises NotFound."""
    found = Faq.objects.filter(city=city, pk=pk).select_related("from_thread").first()
    if found is None:
        raise NotFound("faq")
    return found


def left_out(since: datetime) -> dict[str, int]:
    """Letters that became no question of a thread, by reason; of all mailboxes of the installation."""
    taken = (Letter.Outcome.OPENED, Letter.Outcome.ADDED, Letter.Outcome.OWN)
    rows = Letter.objects.filter(at__gte=since).exclude(outcome__in=taken)
    return dict(rows.order_by().values_list("outcome").annotate(Count("pk")))


def mail_troubles() -> tuple[Mailbox, ...]:
    """Mailboxes whose last look failed."""
    return tuple(Mailbox.objects.exclude(error=""))
