"""The first page of the Council, its seats, the matters that are filed by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.core.collegial import SeatRole
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.collegial_states import SeatState
from qatysu.core.errors import Invalid, NotFound
from qatysu.core.regulation import Action
from qatysu.council import commands, queries, words
from qatysu.council.checklist import POINTS
from qatysu.council.models import MatterKind, Point, Seat, SeatInterest
from qatysu.council.queries import pages
from qatysu.council.views.common import address, attempt, base, council_round, day, number
from qatysu.identity.access import account_of
from qatysu.identity.contact import Contact, parse_contact
from qatysu.identity.models import Account
from qatysu.identity.queries import account_by_contact
from qatysu.proposals.models import Proposal
from qatysu.proposals.reasons import NOT_ADMIT
from qatysu.rounds.access import staff
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.rounds.queries import studio_rounds

Deeds = Mapping[str, tuple[Callable[[], Any], str]]


@staff
@never_cache
@require_safe
def councils(request: HttpRequest) -> HttpResponse:
    """Rounds whose Council the reader sees; with one, its page."""
    now, account = timezone.now(), account_of(request)
    rounds = [r for r in studio_rounds(account, now.date()) if decide(account, Action.SEE_COUNCIL, r, now=now).allowed]
    if len(rounds) == 1:
        return HttpResponseRedirect(address("council", rounds[0]))
    return render(request, "council/councils.html", {"rounds": rounds})


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def council(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """What waits, what is called, and what I have to do; collecting ready projects and filing questions."""
    round_, viewer = council_round(request, city_slug, round_slug)
    verb, status = request.POST.get("do", ""), 200
    if request.method == "POST":
        error = attempt(request, lambda: _file(request, round_, verb), _("Done."))
        if error is None:
            return HttpResponseRedirect(address("council", round_))
        status = error.status
    named = Seat.objects.filter(round=round_, account=account_of(request), state=SeatState.NAMED).first()
    context = base(
        round_, viewer, page=pages.home_of(round_), named=named, kinds=[(k.value, words.KINDS[k]) for k in words.FILED],
        posted=request.POST,
    )  # fmt: skip
    return render(request, "council/home.html", context, status=status)


def _file(request: HttpRequest, round_: Round, verb: str) -> None:
    now, post = timezone.now(), request.POST
    if verb == "collect":
        commands.collect_matters(actor=request.user, round_=round_, now=now)
        return
    if verb != "file" or post.get("kind") not in MatterKind.values:
        raise NotFound("deed")
    commands.file_matter(
        actor=request.user, round_=round_, kind=MatterKind(post["kind"]), title_kk=post.get("title_kk", ""),
        title_ru=post.get("title_ru", ""), text=post.get("text", ""), proposal=project_of(round_, post.get("project", "")), now=now,
    )  # fmt: skip


def project_of(round_: Round, code: str) -> Proposal | None:
    """The project with this number; None when nothing is typed. Raises Invalid ``matter_project``."""
    if not code.strip():
        return None
    found = Proposal.objects.filter(round=round_, number=number(code.strip())).first()
    if found is None:
        raise Invalid("matter_project", field="project")
    return found


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def seats(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Who sits; naming, accepting, ending; my own interests."""
    round_, viewer = council_round(request, city_slug, round_slug)
    status = 200
    if request.method == "POST":
        error = attempt(request, lambda: _seat_deed(request, round_), _("Done."))
        if error is None:
            return HttpResponseRedirect(address("council_seats", round_))
        status = error.status
    rows = list(round_.council_seats.select_related("account", "stands_in_for__account").prefetch_related("interests__proposal"))
    mine = next((seat for seat in rows if seat.account_id == request.user.pk and seat.state in ("named", "active")), None)
    today = queries.day_of(round_, timezone.now())
    context = base(
        round_, viewer, seats=[s for s in rows if s.state not in ("ended", "declined")], past=[s for s in rows if s.state == "ended"],
        mine=mine, roles=[(r.value, words.ROLES[r]) for r in SeatRole], told=words.TOLD.items(), posted=request.POST,
        first=today, last=today + timedelta(days=365), sees_interests=viewer.may_keep,
    )  # fmt: skip
    return render(request, "council/seats.html", context, status=status)


def _seat_deed(request: HttpRequest, round_: Round) -> None:
    now, post, actor = timezone.now(), request.POST, request.user
    verb = post.get("do", "")
    if verb == "name":
        _name(request, round_)
        return
    seat = Seat.objects.filter(round=round_, pk=number(post.get("seat"))).first()
    if seat is None:
        raise NotFound("seat")
    reason = post.get("reason", "")
    deeds: dict[str, Callable[[], Any]] = {
        "accept": lambda: commands.accept_seat(actor=actor, seat=seat, now=now),
        "decline": lambda: commands.decline_seat(actor=actor, seat=seat, now=now),
        "suspend": lambda: commands.suspend_seat(actor=actor, seat=seat, reason=reason, now=now),
        "restore": lambda: commands.restore_seat(actor=actor, seat=seat, now=now),
        "end": lambda: commands.end_seat(actor=actor, seat=seat, reason=reason, now=now),
        "tell": lambda: _tell(request, round_, seat),
        "untell": lambda: commands.end_interest(actor=actor, interest=_interest(seat, post.get("interest")), now=now),
    }
    if verb not in deeds:
        raise NotFound("deed")
    deeds[verb]()


def _interest(seat: Seat, key: str | None) -> SeatInterest:
    found = seat.interests.filter(pk=number(key)).first()
    if found is None:
        raise NotFound("interest")
    return found


def _tell(request: HttpRequest, round_: Round, seat: Seat) -> None:
    post = request.POST
    kind = post.get("kind", "")
    if kind not in {each.value for each in InterestKind}:
        raise Invalid("interest_kind", field="kind")
    commands.tell_interest(
        actor=request.user, seat=seat, kind=InterestKind(kind), detail=post.get("detail", ""),
        proposal=project_of(round_, post.get("project", "")), now=timezone.now(),
    )  # fmt: skip


def _name(request: HttpRequest, round_: Round) -> None:
    post = request.POST
    role, since = post.get("role", ""), day(post.get("since", ""), "seat_term", "since")
    if role not in {each.value for each in SeatRole} or since is None:
        raise Invalid("seat_term", field="since")
    stands = Seat.objects.filter(round=round_, pk=number(post.get("stands_in_for"))).first()
    commands.name_seat(
        actor=request.user, round_=round_, account=_person(post.get("contact", "")), role=SeatRole(role), since_on=since,
        until_on=day(post.get("until", ""), "seat_term", "until"), stands_in_for=stands,
        votes=post.get("votes") == "yes", deputy=number(post.get("deputy")) or None, organisation=post.get("organisation", ""),
        post_kk=post.get("post_kk", ""), post_ru=post.get("post_ru", ""), basis=post.get("basis", ""), now=timezone.now(),
    )  # fmt: skip


def _person(text: str) -> Account:
    """The account that signs in with what was typed. Raises Invalid ``account``."""
    try:
        contact: Contact = parse_contact(text)
    except Invalid:
        raise Invalid("account", field="contact") from None
    found = account_by_contact(contact)
    if found is None:
        raise Invalid("account", field="contact")
    return found


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def checklist(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The points that every report answers; the secretary changes their words, adds and retires them."""
    round_, viewer = council_round(request, city_slug, round_slug)
    if not viewer.may_keep:
        raise NotFound("checklist")
    status = 200
    if request.method == "POST":
        error = attempt(request, lambda: _edit_point(request, round_), _("Saved."))
        if error is None:
            return HttpResponseRedirect(address("council_checklist", round_))
        status = error.status
    points = list(Point.objects.filter(round=round_)) or [
        Point(position=n, label_kk=p.kk, label_ru=p.ru, label_en=p.en, reason=p.reason) for n, p in enumerate(POINTS, 1)
    ]
    context = base(round_, viewer, points=points, reasons=NOT_ADMIT.items(), posted=request.POST)
    return render(request, "council/checklist.html", context, status=status)


def _edit_point(request: HttpRequest, round_: Round) -> None:
    post = request.POST
    key = number(post.get("point"))
    point = Point.objects.filter(round=round_, pk=key).first()
    if key and point is None:
        raise NotFound("point")
    labels = {each: post.get(f"label_{each}", "") for each in ("kk", "ru", "en")}
    commands.edit_point(
        actor=request.user, round_=round_, point=point, labels=labels, reason=post.get("reason", ""),
        is_active=post.get("is_active") == "yes", now=timezone.now(),
    )  # fmt: skip
