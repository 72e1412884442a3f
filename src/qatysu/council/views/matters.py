"""One matter with its decisions and appeal; and the page on which a team appeals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching.models import Opinion, Passport
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Role
from qatysu.council import commands, queries, words
from qatysu.council.commands.reviews import RECOMMENDED
from qatysu.council.models import Appeal, Decision, Inquiry, Matter, PointAnswer, Review, Seat, UnitOpinion
from qatysu.council.queries import pages
from qatysu.council.queries.reviews import Table, table_of
from qatysu.council.views.common import address, attempt, base, council_round, day
from qatysu.council.views.common import number as number_of
from qatysu.identity.access import signed_in
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.models import Proposal
from qatysu.rounds.access import staff
from qatysu.rounds.queries import get_round


@staff
@never_cache
@require_http_methods(["GET", "POST"])
def matter(request: HttpRequest, city_slug: str, round_slug: str, number: int) -> HttpResponse:
    """A question to the Council: the project, what experts said beforehand, decisions, an appeal and its answer."""
    round_, viewer = council_round(request, city_slug, round_slug)
    row = queries.get_matter(round_, number, request.user, timezone.now())
    status = 200
    if request.method == "POST":
        error = attempt(request, lambda: _deed(request, row), _("Done."))
        if error is None:
            return HttpResponseRedirect(address("council_matter", round_, number=row.number))
        status = error.status
        row.refresh_from_db()
    opinions = Opinion.objects.filter(workspace__proposal=row.proposal).select_related("account", "invite") if row.proposal else ()
    passport = Passport.objects.filter(workspace__proposal=row.proposal).order_by("-number").first() if row.proposal else None
    today = queries.day_of(round_, timezone.now())
    context = base(
        round_, viewer, matter=row, proposal=row.proposal, decisions=pages.decisions_of(row), opinions=opinions, passport=passport,
        items=row.items.select_related("meeting").order_by("meeting__number"), posted=request.POST,
        table=_with_typed(table_of(row), request),
        units=row.opinions.select_related("answered_by"), inquiries=row.inquiries.select_related("asked_by", "answered_by"),
        seats=queries.seats_of(round_, today), soon=today + timedelta(days=5), answers=words.ANSWERS.items(),
        unit_verdicts=words.UNITS.items(), verdicts=[(v.value, words.VERDICTS[v]) for v in RECOMMENDED],
        is_open=row.state not in ("decided", "withdrawn", "appealed"),
    )  # fmt: skip
    return render(request, "council/matter.html", context, status=status)


def _with_typed(table: Table, request: HttpRequest) -> Table:
    """The table with the answers of a form that was refused, so that nothing typed is lost."""
    typed = _points(request.POST)
    points = (
        replace(view, answer=PointAnswer(answer=typed[view.point.pk][0], text=typed[view.point.pk][1]))
        if view.point.pk in typed else view
        for view in table.points
    )  # fmt: skip
    return replace(table, points=tuple(points))


def _deed(request: HttpRequest, row: Matter) -> None:
    post, verb = request.POST, request.POST.get("do", "")
    who: dict[str, Any] = {"actor": request.user, "now": timezone.now()}
    language = (get_language() or "kk")[:2]
    due = day(post.get("due_on", ""), "due_day", "due_on")
    deeds: dict[str, Callable[[], Any]] = {
        "withdraw": lambda: commands.withdraw_matter(matter=row, reason=post.get("reason", ""), **who),
        "assign": lambda: commands.assign_review(matter=row, seat=_seat(row, post.get("seat")), due_on=due, **who),
        "save": lambda: commands.answer_points(review=_review(row), answers=_points(post), **who),
        "submit": lambda: commands.submit_review(
            review=_review(row), answers=_points(post), recommendation=post.get("recommendation", ""),
            summary=post.get("summary", ""), language=language, **who,
        ),
        "ask-unit": lambda: commands.ask_unit(
            matter=row, unit=post.get("unit", ""), question=post.get("question", ""), due_on=due, **who
        ),
        "answer-unit": lambda: commands.answer_unit(
            opinion=_opinion(row, post.get("opinion")), verdict=post.get("verdict", ""), text=post.get("text", ""),
            language=language, **who,
        ),
        "ask-team": lambda: commands.ask_team(
            matter=row, text=post.get("question", ""), language=language, due_on=due, **who
        ),
        "take": lambda: commands.take_appeal(appeal=_appeal(row), **who),
        "refuse": lambda: commands.refuse_appeal(
            appeal=_appeal(row), answer_kk=post.get("answer_kk", ""), answer_ru=post.get("answer_ru", ""), **who
        ),
    }  # fmt: skip
    if verb not in deeds:
        raise NotFound("deed")
    deeds[verb]()


def _seat(row: Matter, key: str | None) -> Seat:
    found = Seat.objects.filter(round=row.round, pk=number_of(key)).first()
    if found is None:
        raise NotFound("seat")
    return found


def _review(row: Matter) -> Review:
    found = row.reviews.order_by("-turn").first()
    if found is None:
        raise NotFound("review")
    return found


def _opinion(row: Matter, key: str | None) -> UnitOpinion:
    found = row.opinions.filter(pk=number_of(key)).first()
    if found is None:
        raise NotFound("opinion")
    return found


def _points(post: Any) -> dict[int, tuple[str, str]]:
    """``p<key>`` and ``t<key>`` of the form; points without an answer are left out."""
    keys = [name[1:] for name in post if name[:1] == "p" and name[1:].isdigit() and len(name) <= 10]
    return {int(key): (post.get(f"p{key}", ""), post.get(f"t{key}", "")) for key in keys}


def _appeal(row: Matter) -> Appeal:
    found = Appeal.objects.select_related("decision__matter").filter(decision__matter=row).order_by("-pk").first()
    if found is None:
        raise NotFound("appeal")
    return found


def _team_deed(request: HttpRequest, proposal: Proposal, decision: Decision | None) -> None:
    now, language = timezone.now(), (get_language() or "kk")[:2]
    if request.POST.get("do") == "answer":
        inquiry = Inquiry.objects.filter(matter__proposal=proposal, pk=number_of(request.POST.get("inquiry"))).first()
        if inquiry is None:
            raise NotFound("inquiry")
        commands.answer_team(actor=request.user, inquiry=inquiry, text=request.POST.get("answer", ""), language=language, now=now)
        return
    if decision is None:
        raise NotFound("decision")
    if request.POST.get("do") == "withdraw" and hasattr(decision, "appeal"):
        commands.withdraw_appeal(actor=request.user, appeal=decision.appeal, now=now)
        return
    text = request.POST.get("text", "")
    commands.file_appeal(actor=request.user, decision=decision, text=text, language=language, now=now)


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def appeal(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """The Council's decision as its team reads it, and the appeal against it."""
    now = timezone.now()
    round_ = get_round(city_slug, round_slug, request.user)
    known = code.isascii() and code.isdigit() and len(code) <= 6
    found = Proposal.objects.filter(round=round_, number=int(code)).select_related("round__city").first() if known else None
    own = team_roles(request.user, found, now) if found else frozenset()
    if found is None or not own:
        raise NotFound("proposal")
    decisions = list(pages.decisions_for_team(found))
    status = 200
    if request.method == "POST":
        error = attempt(request, lambda: _team_deed(request, found, decisions[0] if decisions else None), _("Done."))
        if error is None:
            place = {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": found.code}
            return HttpResponseRedirect(reverse("council_appeal", kwargs=place))
        status = error.status
    last = decisions[0] if decisions else None
    may_file = bool(last and last.appeal_until and now < last.appeal_until and not hasattr(last, "appeal") and Role.CAPTAIN in own)
    context = {
        "round": round_, "city": round_.city, "proposal": found, "decisions": decisions, "may_file": may_file,
        "is_captain": Role.CAPTAIN in own, "posted": request.POST,
        "inquiries": Inquiry.objects.filter(matter__proposal=found).select_related("asked_by", "answered_by"),
    }  # fmt: skip
    return render(request, "council/appeal.html", context, status=status)
