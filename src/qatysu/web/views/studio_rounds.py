"""Making a round in steps, each saved as an unpublished round: basics and money; rules and calendar have pages
of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from qatysu.core.regulation import Action, Role
from qatysu.places.models import City
from qatysu.rounds import commands, queries
from qatysu.rounds.access import staff
from qatysu.rounds.models import Funder, Round
from qatysu.ui.templatetags.ui import in_language
from qatysu.web.views.studio_forms import CopyForm, FunderForm, NewRoundForm, ReserveForm, TitlesForm
from qatysu.web.views.studio_gate import fill, may, open_city, open_round, page, person, to
from qatysu.web.views.studio_rules import outcome_problems


def _titles(form: BaseForm) -> commands.Titles:
    data: dict[str, Any] = form.cleaned_data
    return commands.Titles(data["title_kk"], data["title_ru"], data["title_en"])


@staff
def new_round(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Step 1: title, address, preset and first day; from here on the draft is kept on the server."""
    city = open_city(request, city_slug)
    form = NewRoundForm(request.POST or None, initial={"preset": "khromtau-2020"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = fill(form, lambda: commands.create_round(
            actor=request.user, city=city, slug=data["slug"], titles=_titles(form), preset=data["preset"],
            starts_on=data["starts_on"], now=timezone.now()))
        if made is not None:
            return to("studio_money", made)
    status = 422 if request.method == "POST" else 200
    return render(request, "web/studio/round_new.html", {"form": form, "city": city, "step_now": 1}, status=status)


@staff
def basics(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Title and kind of an existing round."""
    round_ = open_round(request, city_slug, round_slug)
    initial = {name: getattr(round_, name) for name in ("title_kk", "title_ru", "title_en", "kind")}
    form = TitlesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and fill(form, lambda: commands.edit_round(
            actor=request.user, round_=round_, titles=_titles(form), kind=form.cleaned_data["kind"], now=timezone.now())):
        messages.success(request, _("Saved."))
        return to("studio_basics" if round_.is_public else "studio_money", round_)
    context: dict[str, Any] = {"form": form, "may": may(request, round_, Action.EDIT_ROUND), "step_now": 1}
    return page(request, "basics.html", round_, status=422 if request.method == "POST" else 200, **context)


@staff
def money(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Step 2: funders with their sums, and the reserve."""
    round_ = open_round(request, city_slug, round_slug)
    kind = request.POST.get("form", "") if request.method == "POST" else ""
    forms = _money_forms(request, round_, kind)
    sent = forms.get(kind)
    if sent is not None and sent.is_valid() and fill(sent, lambda: _save_money(request, round_, kind, sent)) is not None:
        messages.success(request, _("Saved."))
        return to("studio_money", round_)
    if kind and sent is None:
        return to("studio_money", round_)
    context: dict[str, Any] = {
        "reserve": forms["reserve"], "adding": forms["new"], "budget": queries.budget_of(round_),
        "funders": [(funder, forms[str(funder.pk)], _paid(round_, funder)) for funder in round_.funders.all()],
        "warnings": outcome_problems(round_, "money"), "may": may(request, round_, Action.EDIT_ROUND), "step_now": 2,
    }
    return page(request, "money.html", round_, status=422 if kind else 200, **context)


def _money_forms(request: HttpRequest, round_: Round, kind: str) -> dict[str, Any]:
    """Each form by the value of its hidden field ``form``: 'reserve', 'new', or a funder's id."""
    def data(name: str) -> Any:
        return request.POST if kind == name else None

    kinds = [(row.slug, in_language(row, "name")) for row in round_.categories.all()]
    forms: dict[str, Any] = {
        "reserve": ReserveForm(data("reserve"), initial={"reserve_tenge": round_.reserve_tenge}),
        "new": FunderForm(data("new"), prefix="new", categories=kinds),
    }
    for funder in round_.funders.all():
        forms[str(funder.pk)] = FunderForm(data(str(funder.pk)), instance=funder, prefix=f"f{funder.pk}", categories=kinds)
    return forms


def _paid(round_: Round, funder: Funder) -> str:
    """Names of the only categories that the funder pays for; '' for all."""
    return "; ".join(in_language(row, "name") for row in round_.categories.all() if row.slug in funder.categories)


def _save_money(request: HttpRequest, round_: Round, kind: str, form: Any) -> object:
    now = timezone.now()
    if kind == "reserve":
        return commands.set_reserve(actor=request.user, round_=round_, reserve_tenge=form.cleaned_data["reserve_tenge"], now=now)
    if kind != "new" and "remove" in request.POST:
        commands.remove_funder(actor=request.user, round_=round_, funder_id=int(kind), now=now)
        return True
    number = None if kind == "new" else int(kind)
    return commands.save_funder(actor=request.user, round_=round_, funder_id=number, fields=form.cleaned_data, now=now)


@staff
def copy(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Copy the round into another year or city of one's own."""
    round_ = open_round(request, city_slug, round_slug)
    now = timezone.now()
    held = queries.active_memberships(person(request), now.date()).filter(role=Role.COORDINATOR, round=None)
    cities = {m.city.slug: m.city for m in held.select_related("city")}
    first = min((s.opens_at for s in round_.stages.all()), default=now)
    initial = {"city": city_slug, "title_kk": round_.title_kk, "title_ru": round_.title_ru, "title_en": round_.title_en,
               "starts_on": _year_later(first.astimezone(queries.zone_of(round_)).date())}
    form = CopyForm(request.POST or None, initial=initial, cities=[(s, in_language(c, "name")) for s, c in sorted(cities.items())])
    if request.method == "POST" and form.is_valid():
        made = fill(form, lambda: _copy(request, round_, cities[form.cleaned_data["city"]], form))
        if made is not None:
            messages.success(request, _("Rules, money and calendar are copied. Nothing of proposals or people is."))
            return to("studio_money", made)
    return page(request, "copy.html", round_, status=422 if request.method == "POST" else 200, form=form, may_copy=bool(cities))


def _year_later(day: Any) -> Any:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


def _copy(request: HttpRequest, round_: Round, city: City, form: BaseForm) -> Round:
    data: dict[str, Any] = form.cleaned_data
    return commands.copy_round(
        actor=request.user, source=round_, city=city, slug=data["slug"], titles=_titles(form), starts_on=data["starts_on"],
        now=timezone.now(),
    )
