"""Opening, counting, ties, approval and publication: steps with their state and reason, and every gate in sight."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qatysu.core.errors import NotFound
from qatysu.core.regulation import Action
from qatysu.results import asking, commands, explain
from qatysu.results import queries as outcomes
from qatysu.results.gates import gates
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.results.opening import open_ballots
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.rules.explain import Context
from qatysu.web.queries_counting import counting
from qatysu.web.queries_outcome import comparison_of, method_of
from qatysu.web.queries_results import annulled_lines
from qatysu.web.views.studio_forms import ApproveForm, TieForm
from qatysu.web.views.studio_gate import attempt, fill, may, open_round, page, to
from qatysu.web.views.studio_words import GATES, gate_figures
from qatysu.web.words import OUTCOMES, Mark


@staff
def results(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Open the ballots, count, decide a tie, approve, publish: one after the other, each refused with a reason while it cannot be."""
    round_ = open_round(request, city_slug, round_slug)
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    tie = TieForm(request.POST if verb == "tie" else None, prefix="tie")
    approval = ApproveForm(request.POST if verb == "approve" else None, prefix="approve")
    if request.method == "POST" and _act(request, round_, verb, tie, approval):
        return to("studio_results", round_)
    outcome = outcomes.outcome_of(round_)
    lines = outcomes.lines(outcome) if outcome else []
    tied = outcomes.tied_lines(outcome) if outcome else []
    language = get_language() or "kk"
    said = explain.context_of(outcome, lines, language) if outcome else None
    checked = [(GATES.get(g.name, g.name), g.ok, gate_figures(g.detail)) for g in gates(round_)]
    passed = all(ok for _name, ok, _figures in checked)
    context: dict[str, Any] = {
        "outcome": outcome,
        "counting": counting(round_, outcome, timezone.now(), passed=passed),
        "lines": _rows(round_, lines, said, language) if said else [],
        "page": _preview(round_, outcome, lines, said, language) if outcome and said else None,
        "open_ties": len(outcomes.open_ties(outcome)) if outcome else 0,
        "winners": sum(1 for line in lines if outcomes.won(line)), "gates": checked, "passed": passed,
        "tied": tied, "tied_codes": ", ".join(line.entry.code for line in tied), "tie": tie, "approval": approval,
        "asked": asking.asked(round_, outcome, is_tie=bool(tied)),
        "is_over": outcomes.is_voting_over(round_, timezone.now()),
        "annulled": annulled_lines(outcome, lines, said) if outcome and said else (),
        "may": may(request, round_, Action.COUNT, Action.DECIDE_TIE, Action.APPROVE_RESULTS, Action.PUBLISH_RESULTS),
        "is_published": outcome is not None and outcome.state == Outcome.State.PUBLISHED,
    }
    return page(request, "results.html", round_, status=422 if verb else 200, **context)


def _rows(round_: Round, lines: list[OutcomeLine], said: Context, language: str) -> list[tuple[OutcomeLine, str, Mark, str]]:
    """Each line with the title of its project, the verdict and its reason, in ``language``."""
    return [
        (line, said.name(line.entry.code), OUTCOMES[line.reason], explain.why(line, said, language, round_)) for line in lines
    ]


def _preview(
    round_: Round, outcome: Outcome, lines: list[OutcomeLine], said: Context, language: str
) -> dict[str, Any]:
    """What the public page will say of the count and of other rules."""
    return {
        "method": method_of(outcome, lines, said, language),
        "comparison": comparison_of(outcome, list(round_.categories.all()), said, language),
    }


def _act(request: HttpRequest, round_: Round, verb: str, tie: TieForm, approval: ApproveForm) -> bool:
    """Run the act; False when its form must be shown again. The same act sent twice changes nothing more."""
    who: dict[str, Any] = {"actor": request.user, "round": round_, "now": timezone.now()}
    simple: dict[str, tuple[str, Callable[..., object]]] = {
        "open": (_("The ballots are opened. The log takes them in within a minute."), open_ballots),
        "count": (_("The votes are counted. The result is provisional."), commands.declare),
        "publish": (_("The results are public."), commands.publish),
        "ask-tie": (_("The question is on the Council's list."), asking.ask_about_tie),
        "do-tie": (_("The decision is recorded and the result computed anew."), asking.carry_out_tie),
        "ask-approval": (_("The question is on the Council's list."), asking.ask_for_approval),
        "do-approval": (_("The result is approved."), asking.carry_out_approval),
    }
    if verb in simple:
        done, command = simple[verb]
        attempt(request, done, lambda: command(**who))
        return True
    if verb == "tie":
        return tie.is_valid() and _said(request, _("The decision is recorded and the result computed anew."), fill(
            tie, lambda: commands.decide_tie(order=codes(tie.cleaned_data["order"]), reason=tie.cleaned_data["reason"], **who)))
    if verb == "approve":
        return approval.is_valid() and _said(request, _("The result is approved."), fill(
            approval, lambda: commands.approve(protocol_number=approval.cleaned_data["protocol_number"], **who)))
    raise NotFound("verb")


def _said(request: HttpRequest, text: str, result: object) -> bool:
    if result is None:
        return False
    messages.success(request, text)
    return True


def codes(text: str) -> list[str]:
    """Codes of projects as typed, in order."""
    return [part for part in re.split(r"[\s,;№]+", text) if part]
