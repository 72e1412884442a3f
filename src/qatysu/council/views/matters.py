"""One matter with its decisions and appeal; and the page on which a team appeals."""

from __future__ import annotations

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
from qatysu.council import commands, queries
from qatysu.council.models import Appeal, Decision
from qatysu.council.queries import pages
from qatysu.council.views.common import address, attempt, base, council_round
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
    context = base(
        round_, viewer, matter=row, proposal=row.proposal, decisions=pages.decisions_of(row), opinions=opinions, passport=passport,
        items=row.items.select_related("meeting").order_by("meeting__number"), posted=request.POST,
    )  # fmt: skip
    return render(request, "council/matter.html", context, status=status)


def _deed(request: HttpRequest, row: Any) -> None:
    post, now = request.POST, timezone.now()
    if post.get("do") == "withdraw":
        commands.withdraw_matter(actor=request.user, matter=row, reason=post.get("reason", ""), now=now)
        return
    appeal = Appeal.objects.select_related("decision__matter").filter(decision__matter=row).order_by("-pk").first()
    if appeal is None:
        raise NotFound("appeal")
    if post.get("do") == "take":
        commands.take_appeal(actor=request.user, appeal=appeal, now=now)
    elif post.get("do") == "refuse":
        commands.refuse_appeal(
            actor=request.user, appeal=appeal, answer_kk=post.get("answer_kk", ""), answer_ru=post.get("answer_ru", ""), now=now
        )
    else:
        raise NotFound("deed")


def _appeal_deed(request: HttpRequest, decision: Decision) -> None:
    now, language = timezone.now(), (get_language() or "kk")[:2]
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
    if request.method == "POST" and decisions:
        error = attempt(request, lambda: _appeal_deed(request, decisions[0]), _("Done."))
        if error is None:
            place = {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": found.code}
            return HttpResponseRedirect(reverse("council_appeal", kwargs=place))
        status = error.status
    last = decisions[0] if decisions else None
    may_file = bool(last and last.appeal_until and now < last.appeal_until and not hasattr(last, "appeal") and Role.CAPTAIN in own)
    context = {
        "round": round_, "city": round_.city, "proposal": found, "decisions": decisions, "may_file": may_file,
        "is_captain": Role.CAPTAIN in own, "posted": request.POST,
    }  # fmt: skip
    return render(request, "council/appeal.html", context, status=status)
