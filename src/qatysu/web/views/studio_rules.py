"""Step 3 of a round: the constitution, with its sentences as they would read and what contradicts itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from qatysu.core.money import grouped, tenge
from qatysu.core.regulation import Action
from qatysu.rounds import commands, queries
from qatysu.rounds.access import staff
from qatysu.rounds.checks_outcome import check_outcome
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.rule_params import check_rule, expected_runs, expected_voters
from qatysu.web.queries_example import example_of
from qatysu.web.rule_changes import Change, in_words
from qatysu.web.views import studio_reads as reads
from qatysu.web.views.studio_gate import fill, may, open_round, page, to
from qatysu.web.views.studio_rules_form import STEP, RulesForm
from qatysu.web.views.studio_words import problem_text


@staff
def rules(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The constitution: a form, its plain sentences, what differs from the preset and what contradicts itself."""
    round_ = open_round(request, city_slug, round_slug)
    now = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = RulesForm(sent, instance=round_.constitution, step_hint=_step_hint(round_, sent))
    preview = round_.constitution
    if sent is not None and form.is_valid():
        if "preview" in sent:
            preview = _preview(form, round_.constitution)
        elif fill(form, lambda: commands.edit_constitution(
                actor=request.user, round_=round_, values=form.cleaned_data, now=now)):
            messages.success(request, _("The rules are saved."))
            return to("studio_rules" if round_.is_public else "studio_calendar", round_)
    shown = Round(pk=round_.pk, city=round_.city, reserve_tenge=round_.reserve_tenge)
    shown.constitution = preview
    first = min((s.opens_at for s in round_.stages.all()), default=None)
    context: dict[str, Any] = {
        "form": form, "rules": queries.plain_rules(shown), "is_preview": preview is not round_.constitution,
        "changes": _changes(preview, first), "last_year": _last_year(round_, preview), "example": example_of(preview),
        "warnings": outcome_problems(shown),
        "may": may(request, round_, Action.EDIT_ROUND), "step_now": 3,
    }
    status = 422 if sent is not None and form.errors else 200
    return page(request, "rules.html", round_, status=status, **context)


def outcome_problems(round_: Round, where: str = "") -> list[tuple[str, bool]]:
    """What contradicts itself between rule, ballot and money, as (sentence, whether it stops); ``where`` picks one page."""
    also = ("budgets_without_parts",) if where == "categories" else ()
    return [(problem_text(p), p.stops) for p in check_outcome(round_) if where in ("", p.where) or p.code in also]


def _step_hint(round_: Round, sent: Any) -> str:
    """How often equal shares would count with the step that was typed, or the stored one."""
    typed = str((sent or round_.constitution.rule_params).get("equal-shares-step" if sent else "step") or STEP)
    step = int(typed) if typed.isascii() and typed.isdigit() and int(typed[:10]) > 0 else int(STEP)
    voters, money = expected_voters(round_), queries.budget_of(round_) - round_.reserve_tenge
    if money <= 0:
        return _("Whole tenge. A small step spends more of the money, a large one is quicker.")
    return _(
        "Whole tenge. A small step spends more of the money, a large one is quicker. If %(voters)s people vote, "
        "%(step)s mean about %(runs)s counts."
    ) % {"voters": grouped(voters), "step": tenge(step), "runs": grouped(expected_runs(money, voters, step))}


def _preview(form: RulesForm, stored: Constitution) -> Constitution:
    """The constitution as it would be, or the stored one when it contradicts itself; never saved."""
    preview = Constitution(preset=stored.preset)
    for name, value in form.cleaned_data.items():
        setattr(preview, name, value)
    if preview.ballot_type == Constitution.Ballot.ONE:
        preview.min_choices = preview.max_choices = 1
    fill(form, lambda: check_rule(preview))
    return stored if form.errors else preview


def _changes(c: Constitution, first: Any) -> list[Change]:
    """(label, value of the preset, present value) of every rule that differs, in words."""
    return in_words(c, {name: [old, new] for name, old, new in reads.rule_changes(c, first)})


def _last_year(round_: Round, c: Constitution) -> tuple[Round, list[Change]] | None:
    """The round before in this city, with every rule that differs from its; None for a first round."""
    old = reads.year_before(round_)
    return (old, in_words(c, reads.changes_since(c, old.constitution))) if old is not None else None
