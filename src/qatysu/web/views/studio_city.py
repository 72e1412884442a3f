"""Making and changing a city."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qatysu.core.errors import NotAllowed
from qatysu.core.regulation import Role
from qatysu.rounds import commands, queries
from qatysu.rounds.access import staff
from qatysu.web.views.studio_forms import CityForm, OrganiserForm, PopulationForm
from qatysu.web.views.studio_gate import fill, open_city, person


@staff
def new_city(request: HttpRequest) -> HttpResponse:
    """Found a city, with its head count when one is given."""
    held = queries.active_memberships(person(request), timezone.now().date())
    if not held.filter(role__in=(Role.COORDINATOR, Role.OPERATOR)).exists():
        raise NotAllowed("role", action="create_city")
    data = request.POST if request.method == "POST" else None
    form = CityForm(data)
    counted = PopulationForm(data, prefix="population", use_required_attribute=False, empty_permitted=True)
    if data is not None and form.is_valid() & counted.is_valid():
        population = counted.cleaned_data if counted.has_changed() else None
        city = fill(form, lambda: commands.create_city(
            actor=request.user, fields=form.cleaned_data, population=population, now=timezone.now()))
        if city is not None:
            messages.success(request, _("The city is there. Now make its first round."))
            return HttpResponseRedirect(reverse("studio_round_new", kwargs={"city_slug": city.slug}))
    status = 422 if data is not None else 200
    return render(request, "web/studio/city_new.html", {"form": form, "population": counted}, status=status)


@staff
def city(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Facts of a city, its head counts and organisers; each form is saved alone."""
    found = open_city(request, city_slug)
    kind = request.POST.get("form", "") if request.method == "POST" else ""
    form = CityForm(request.POST if kind == "city" else None, instance=found)
    counted = PopulationForm(request.POST if kind == "population" else None, prefix="population")
    organiser = OrganiserForm(request.POST if kind == "organiser" else None, prefix="organiser")
    known = {row.pk: OrganiserForm(request.POST if kind == f"o{row.pk}" else None, prefix=f"o{row.pk}", instance=row)
             for row in found.organisers.all()}  # fmt: skip
    writes: dict[str, tuple[Any, Callable[..., Any]]] = {
        "city": (form, commands.edit_city), "population": (counted, commands.add_population),
        "organiser": (organiser, commands.add_organiser),
        **{f"o{pk}": (each, partial(commands.edit_organiser, organiser_id=pk)) for pk, each in known.items()},
    }
    if kind in writes:
        sent, command = writes[kind]
        if sent.is_valid():
            fresh = open_city(request, city_slug)
            if fill(sent, lambda: command(actor=request.user, city=fresh, fields=sent.cleaned_data, now=timezone.now())):
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(reverse("studio_city", kwargs={"city_slug": city_slug}))
    fresh = open_city(request, city_slug)
    context: dict[str, Any] = {
        "form": form, "population": counted, "organiser": organiser, "city": fresh,
        "populations": fresh.populations.order_by("-counted_on"),
        "organisers": [(row, known.get(row.pk)) for row in fresh.organisers.all()],
    }
    return render(request, "web/studio/city.html", context, status=422 if kind else 200)
