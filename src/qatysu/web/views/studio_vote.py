"""The ballot, the one-time codes and the voting desk."""

from __future__ import annotations

import csv
import uuid
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qatysu.ballots import commands
from qatysu.ballots import queries as ballots
from qatysu.core.codes import written
from qatysu.core.errors import Invalid
from qatysu.core.regulation import Action
from qatysu.places.queries import denominators
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.web.views import studio_reads as reads
from qatysu.web.views.studio_forms import CodesForm
from qatysu.web.views.studio_gate import attempt, fill, may, open_round, page, to
from qatysu.web.views.studio_words import CHANNELS, FAILURES


@staff
def slate(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Admitted projects as they will stand on the ballot; frozen once, for good."""
    round_ = open_round(request, city_slug, round_slug)
    frozen = ballots.slate_of(round_)
    admitted = list(Proposal.objects.filter(round=round_, state=State.ADMITTED).select_related("category").order_by("number"))
    costless = sum(1 for proposal in admitted if not proposal.cost_tenge)
    context: dict[str, Any] = {
        "slate": frozen, "entries": list(ballots.entries(round_)) if frozen else [], "admitted": admitted, "costless": costless,
        "total": sum(p.cost_tenge or 0 for p in admitted), "ready": reads.counts_by_state([round_])[round_.pk].get(State.READY, 0),
        "may": may(request, round_, Action.FREEZE_SLATE),
    }
    return page(request, "slate.html", round_, **context)


@staff
@require_POST
def freeze(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Freeze ballot and rules together."""
    round_ = open_round(request, city_slug, round_slug)
    done = _("The ballot and the rules are frozen. Nobody can change them now.")
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick the box first: a frozen ballot cannot be changed."))
    elif ballots.slate_of(round_) is None:
        attempt(request, done, lambda: commands.freeze_slate(actor=request.user, round=round_, now=timezone.now()))
    return to("studio_slate", round_)


@staff
@never_cache
def codes(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Issue one-time codes: they are in this one answer and nowhere else. The same form sent twice makes no second batch."""
    round_ = open_round(request, city_slug, round_slug)
    form = CodesForm(request.POST or None, initial={"count": 30})
    if request.method == "POST" and form.is_valid():
        made = fill(form, lambda: commands.issue_codes(
            actor=request.user, round=round_, count=form.cleaned_data["count"], now=timezone.now(), batch=_batch(request)))
        if made is not None:
            return _sheet(request, round_, made) if "sheet" in request.POST else _csv(round_, made)
    context: dict[str, Any] = {
        "form": form, "issued": ballots.codes_issued(round_), "token": uuid.uuid4().hex,
        "is_allowed": "code" in round_.constitution.methods, "may": may(request, round_, Action.ISSUE_CODES),
    }
    return page(request, "codes.html", round_, status=422 if request.method == "POST" else 200, **context)


def _batch(request: HttpRequest) -> uuid.UUID:
    """The name that the form gave to its batch. Raises Invalid when it was spoilt on the way."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        raise Invalid("codes_form") from None


def _csv(round_: Round, made: list[str]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="codes-{round_}.csv"'
    writer = csv.writer(response)
    writer.writerow(["code"])
    writer.writerows([written(code)] for code in made)
    return response


def _sheet(request: HttpRequest, round_: Round, made: list[str]) -> HttpResponse:
    context: dict[str, Any] = {"round": round_, "city": round_.city, "codes": [written(code) for code in made]}
    return render(request, "web/studio/codes_sheet.html", context)


@staff
def voting(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Turnout by channel and failed attempts; never what was chosen."""
    round_ = open_round(request, city_slug, round_slug)
    now = timezone.now()
    voters = ballots.turnout(round_)
    failures = ballots.failures(round_)
    channels = ballots.turnout_by_channel(round_)
    context: dict[str, Any] = {
        "stage": reads.voting_stage(round_, now), "voters": voters, "stored": ballots.ballots_stored(round_),
        "channels": [(CHANNELS.get(name, name), n) for name, n in channels.items()],
        "failures": [(FAILURES.get(name, name), n) for name, n in failures.items()], "failed": sum(failures.values()),
        "issued": ballots.codes_issued(round_), "now": now,
        "shares": [(found.row, Fraction(voters, found.count)) for found in denominators(round_.city)],
        "may": may(request, round_, Action.CHANGE_CALENDAR),
    }
    return page(request, "voting.html", round_, **context)
