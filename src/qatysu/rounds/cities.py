"""Writes about cities: founding one, its facts, head counts and organisers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import F, Max

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action, Role, roles_for
from qatysu.places.models import City, Organiser, Population
from qatysu.rounds import queries
from qatysu.rounds.models import Membership, Round, RoundStage

#: First parts of addresses that a city or a round may not take.
RESERVED = frozenset(
    {
        "admin",
        "api",
        "cabinet",
        "centre",
        "council",
        "documents",
        "healthz",
        "invitation",
        "kk",
        "ru",
        "en",
        "log",
        "media",
        "metrics",
        "new",
        "news",
        "outbox",
        "readyz",
        "sign-in",
        "sign-out",
        "static",
        "studio",
        "trust",
        "ballot",
        "projects",
        "propose",
        "receipt",
        "results",
        "verify",
        "works",
        "edit",
        "team",
        "workspace",
        "desk",
        "help",
        "opinion",
        "passport",
        "brand",
        "theme",
        "files",
    }
)
#: A name, or the year of a round.
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]|[12][0-9]{3}")
_MAY_FOUND_CITY = frozenset({Role.COORDINATOR, Role.OPERATOR})


def check_slug(slug: str) -> None:
    """Raises Invalid unless ``slug`` can be the first or second part of an address."""
    if not _SLUG.fullmatch(slug) or slug in RESERVED:
        raise Invalid("slug", field="slug")


def authorize_city(actor: Any, city: City, action: Action, now: datetime) -> None:
    """Raises NotAllowed unless a role in the whole city grants ``action``."""
    if not queries.city_roles(actor, city.pk, now.date()) & roles_for(action, None):
        raise NotAllowed("role", action=str(action))


@transaction.atomic
def create_city(
    *, actor: Any, fields: Mapping[str, Any], population: Mapping[str, Any] | None = None, now: datetime
) -> City:
    """Found a city; its founder becomes coordinator. The same submission again returns the same city.

    Raises NotAllowed for people who coordinate or operate nowhere, Conflict when the address is taken, Invalid for input.
    """
    held = queries.active_memberships(actor, now.date()).filter(role__in=_MAY_FOUND_CITY)
    if not held.exists():
        raise NotAllowed("role", action="create_city")
    check_slug(str(fields["slug"]))
    _check_city(fields)
    if population:
        _check_population(population, now)
    existing = City.objects.filter(slug=fields["slug"]).first()
    if existing is not None:
        mine = Role.COORDINATOR in queries.city_roles(actor, existing.pk, now.date())
        if mine and all(getattr(existing, name) == fields[name] for name in ("name_kk", "name_ru", "name_en")):
            return existing
        raise Conflict("slug_taken", field="slug")
    city = City.objects.create(**fields)
    if population:
        Population.objects.create(city=city, **population)
    Membership.objects.create(account=actor, role=Role.COORDINATOR, city=city, from_on=now.date(), granted_by=actor)
    record(actor=actor, action="create_city", now=now, place=city.slug, target=f"places.city:{city.pk}")
    return city


def _check_population(fields: Mapping[str, Any], now: datetime) -> None:
    if not 1 <= fields["count"] <= 50_000_000:
        raise Invalid("count", field="count")
    if not fields["counted_on"].year >= 1900 or fields["counted_on"] > now.date():
        raise Invalid("counted_on", field="counted_on")


def _check_city(fields: Mapping[str, Any]) -> None:
    if fields["time_zone"] not in available_timezones():
        raise Invalid("zone", field="time_zone")
    if not (-90 <= fields["south"] < fields["north"] <= 90):
        raise Invalid("corners", field="north")
    if not (-180 <= fields["west"] < fields["east"] <= 180):
        raise Invalid("corners", field="east")


@transaction.atomic
def edit_city(*, actor: Any, city: City, fields: Mapping[str, Any], now: datetime) -> City:
    """Change names, hotline and map of a city; the address stays. A zone with dated stages stays too (Conflict)."""
    authorize_city(actor, city, Action.EDIT_ROUND, now)
    merged = {f.name: getattr(city, f.name) for f in City._meta.concrete_fields} | {
        k: v for k, v in fields.items() if k != "slug"
    }
    _check_city(merged)
    if merged["time_zone"] != city.time_zone and RoundStage.objects.filter(round__city=city).exists():
        raise Conflict("zone_in_use", field="time_zone")
    changed = [name for name, value in fields.items() if name != "slug" and getattr(city, name) != value]
    for name in changed:
        setattr(city, name, fields[name])
    city.save()
    Round.objects.filter(city=city).update(version=F("version") + 1)
    record(actor=actor, action="edit_city", now=now, place=city.slug, target=f"places.city:{city.pk}", fields=changed)
    return city


@transaction.atomic
def add_population(*, actor: Any, city: City, fields: Mapping[str, Any], now: datetime) -> Population:
    """Add a head count with date and territory; the same count again returns the stored one."""
    authorize_city(actor, city, Action.EDIT_ROUND, now)
    _check_population(fields, now)
    key = {"counted_on": fields["counted_on"], "territory_en": fields["territory_en"]}
    row, made = Population.objects.get_or_create(city=city, **key, defaults=dict(fields))
    if not made and row.count != fields["count"]:
        raise Conflict("population_exists", field="count")
    Round.objects.filter(city=city).update(version=F("version") + 1)
    record(actor=actor, action="add_population", now=now, place=city.slug, target=f"places.population:{row.pk}")
    return row


@transaction.atomic
def add_organiser(*, actor: Any, city: City, fields: Mapping[str, Any], now: datetime) -> Organiser:
    """Add an organisation with its part in the programme."""
    authorize_city(actor, city, Action.EDIT_ROUND, now)
    same = Organiser.objects.filter(city=city, name_en=fields["name_en"], role_en=fields["role_en"]).first()
    if same is not None:
        return same
    last = Organiser.objects.filter(city=city).aggregate(last=Max("position"))["last"] or 0
    row = Organiser.objects.create(city=city, position=last + 1, **fields)
    Round.objects.filter(city=city).update(version=F("version") + 1)
    record(actor=actor, action="add_organiser", now=now, place=city.slug, target=f"places.organiser:{row.pk}")
    return row


@transaction.atomic
def edit_organiser(*, actor: Any, city: City, organiser_id: int, fields: Mapping[str, Any], now: datetime) -> Organiser:
    """Change an organiser of this city. Raises NotFound."""
    authorize_city(actor, city, Action.EDIT_ROUND, now)
    row = Organiser.objects.select_for_update().filter(city=city, pk=organiser_id).first()
    if row is None:
        raise NotFound("organiser")
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    Round.objects.filter(city=city).update(version=F("version") + 1)
    record(actor=actor, action="edit_organiser", now=now, place=city.slug, target=f"places.organiser:{row.pk}")
    return row
