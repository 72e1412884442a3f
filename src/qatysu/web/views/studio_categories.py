"""The kinds of projects that a round accepts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from qatysu.core.regulation import Action
from qatysu.rounds import commands, queries
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.web.views.studio_forms import CategoryForm
from qatysu.web.views.studio_gate import fill, may, open_round, page, to
from qatysu.web.views.studio_rules import outcome_problems


@staff
def categories(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Name, add and remove categories while the ballot is not frozen."""
    round_ = open_round(request, city_slug, round_slug)
    kind = request.POST.get("form", "") if request.method == "POST" else ""
    rows = list(round_.categories.all())
    forms = {
        str(row.pk): CategoryForm(request.POST if kind == str(row.pk) else None, instance=row, prefix=f"c{row.pk}") for row in rows
    }
    forms["new"] = CategoryForm(request.POST if kind == "new" else None, prefix="new")
    sent = forms.get(kind)
    if sent is not None and sent.is_valid() and fill(sent, lambda: _save(request, round_, kind, sent)):
        messages.success(request, _("Saved."))
    if kind and (sent is None or not sent.errors):
        return to("studio_categories", round_)
    context: dict[str, Any] = {
        "categories": [(row, forms[str(row.pk)]) for row in rows], "adding": forms["new"], "step_now": 3,
        "sum": sum(row.budget_tenge or 0 for row in rows), "money": queries.budget_of(round_) - round_.reserve_tenge,
        "warnings": outcome_problems(round_, "categories"),
        "may": may(request, round_, Action.EDIT_ROUND),
    }
    return page(request, "categories.html", round_, status=422 if kind else 200, **context)


def _save(request: HttpRequest, round_: Round, kind: str, form: CategoryForm) -> object:
    now = timezone.now()
    if kind != "new" and "remove" in request.POST:
        commands.remove_category(actor=request.user, round_=round_, category_id=int(kind), now=now)
        return True
    number = None if kind == "new" else int(kind)
    return commands.save_category(actor=request.user, round_=round_, category_id=number, fields=form.cleaned_data, now=now)
