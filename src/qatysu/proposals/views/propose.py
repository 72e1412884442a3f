"""The door to an idea: rules, typical projects, and the first click."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qatysu.core.errors import NotAllowed
from qatysu.core.regulation import Action, Role
from qatysu.identity.access import public, signed_in
from qatysu.proposals import commands, queries
from qatysu.proposals.forms import BehalfForm
from qatysu.proposals.typical import TYPICAL, typical
from qatysu.proposals.views.common import ANSWERED, draft_url, refuse, round_url
from qatysu.proposals.wording import say
from qatysu.rounds.access import staff
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar, get_round


@public
@require_GET
def propose(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """What may be proposed, until when, and how to begin."""
    round_ = get_round(city_slug, round_slug, request.user)
    now = timezone.now()
    stage = next((view for view in calendar(round_, now) if view.stage == "ideas"), None)
    decision = decide(request.user, Action.DRAFT_PROPOSAL, round_, now=now, also=frozenset({Role.RESIDENT}))
    context = {
        "round": round_,
        "city": round_.city,
        "rules": round_.constitution,
        "stage": stage,
        "is_open": decision.allowed,
        "typical": TYPICAL,
        "categories": round_.categories.all(),
        "may_file_on_behalf": decide(request.user, Action.FILE_ON_BEHALF, round_, now=now).allowed,
    }
    return render(request, "proposals/propose.html", context)


@signed_in
@require_POST
def start(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Begin a draft, empty or from a typical project."""
    round_ = get_round(city_slug, round_slug, request.user)
    try:
        draft = commands.start_draft(
            actor=request.user,
            round_=round_,
            language=(get_language() or "kk")[:2],
            prefill=_prefill(request.POST.get("typical", "")),
            now=timezone.now(),
        )
    except ANSWERED as error:
        refuse(request, error)
        return HttpResponseRedirect(round_url("propose", round_))
    return HttpResponseRedirect(draft_url(draft, "what"))


def _prefill(code: str) -> dict[str, Any]:
    found = typical(code)
    if found is None:
        return {}
    return {
        "title": str(found.title),
        "solution": str(found.includes),
        "cost_tenge": found.cost_tenge,
        "plan": found.plan,
    }


@public
@require_GET
def similar(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Ideas that resemble what is being typed: a fragment."""
    round_ = get_round(city_slug, round_slug, request.user)
    found = queries.similar(round_, request.GET.get("title", ""))
    return render(request, "proposals/_similar.html", {"similar": found, "round": round_, "city": round_.city})


@staff
@require_http_methods(["GET", "POST"])
def on_behalf(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The Centre begins a draft for a resident who came or called."""
    round_ = get_round(city_slug, round_slug, request.user)
    now = timezone.now()
    if not decide(request.user, Action.FILE_ON_BEHALF, round_, now=now).allowed:
        raise NotAllowed("role")
    form = BehalfForm(request.POST or None, initial={"language": (get_language() or "kk")[:2]}, auto_id="%s")
    if request.method == "POST" and form.is_valid():
        try:
            draft = commands.file_on_behalf(actor=request.user, round_=round_, now=now, **form.cleaned_data)
            return HttpResponseRedirect(draft_url(draft, "what"))
        except ANSWERED as error:
            form.add_error("identifier" if getattr(error, "field", "") == "identifier" else None, say(error))
    return _behalf_page(request, round_, form)


def _behalf_page(request: HttpRequest, round_: Round, form: BehalfForm) -> HttpResponse:
    context = {"form": form, "round": round_, "city": round_.city}
    return render(request, "proposals/on_behalf.html", context, status=422 if form.errors else 200)
