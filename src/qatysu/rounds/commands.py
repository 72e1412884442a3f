"""Writes about rounds: a city, a round from a preset, its constitution, funders and publication."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Frozen, Invalid
from qatysu.core.periods import end_of_day, start_of_day
from qatysu.core.regulation import Action
from qatysu.places.models import City
from qatysu.rounds import queries
from qatysu.rounds.authorize import authorize
from qatysu.rounds.calendar import (
    check_day,
    close_stage_now,
    edit_calendar,
    extend_stage,
    open_stage_now,
    pause_stage,
    resume_stage,
)
from qatysu.rounds.categories import remove_category, save_category
from qatysu.rounds.checks import stopping
from qatysu.rounds.cities import (
    add_organiser,
    add_population,
    authorize_city,
    check_slug,
    create_city,
    edit_city,
    edit_organiser,
)
from qatysu.rounds.constitution_check import check_constitution
from qatysu.rounds.copying import copied_stages
from qatysu.rounds.freezing import constitution_digest, freeze_constitution
from qatysu.rounds.models import Category, Constitution, Funder, Round, RoundStage
from qatysu.rounds.presets import PRESETS, VALUE_FIELDS, Preset, mrp_of_year
from qatysu.rounds.touching import locked, touch

__all__ = [
    "add_organiser",
    "add_population",
    "close_stage_now",
    "constitution_digest",
    "copy_round",
    "create_city",
    "create_round",
    "edit_calendar",
    "edit_city",
    "edit_constitution",
    "edit_organiser",
    "edit_round",
    "extend_stage",
    "freeze_constitution",
    "open_stage_now",
    "pause_stage",
    "publish_round",
    "remove_category",
    "remove_funder",
    "resume_stage",
    "save_category",
    "save_funder",
    "set_reserve",
    "touch",
]


@dataclass(frozen=True, slots=True)
class Titles:
    """A name in the three languages."""

    kk: str
    ru: str
    en: str


@transaction.atomic
def create_round(
    *, actor: Any, city: City, slug: str, titles: Titles, preset: str, starts_on: date, now: datetime
) -> Round:
    """A new unpublished round with rules, categories, funders and calendar of a preset, starting on ``starts_on``.

    The same submission again returns the same unpublished round. Raises Conflict when the address is taken.
    """
    authorize_city(actor, city, Action.EDIT_ROUND, now)
    check_slug(slug)
    check_day(starts_on, "starts_on")
    if preset not in PRESETS:
        raise Invalid("preset", field="preset")
    existing = Round.objects.select_related("constitution").filter(city=city, slug=slug).first()
    if existing is not None:
        return _same_draft(existing, titles)
    model = PRESETS[preset]
    round_ = _new_round(city, slug, titles, model.reserve_tenge, now)
    _fill(round_, model, starts_on)
    record(
        actor=actor,
        action="create_round",
        now=now,
        place=str(round_),
        target=f"rounds.round:{round_.pk}",
        preset=preset,
    )
    return round_


def _same_draft(existing: Round, titles: Titles) -> Round:
    if existing.is_public or (existing.title_kk, existing.title_ru, existing.title_en) != (
        titles.kk,
        titles.ru,
        titles.en,
    ):
        raise Conflict("slug_taken", field="slug")
    return existing


def _new_round(
    city: City, slug: str, titles: Titles, reserve_tenge: int, now: datetime, source: Round | None = None
) -> Round:
    return Round.objects.create(
        city=city,
        slug=slug,
        title_kk=titles.kk,
        title_ru=titles.ru,
        title_en=titles.en,
        reserve_tenge=reserve_tenge,
        kind=source.kind if source else Round.Kind.TOWN,
        copied_from=source,
        created_at=now,
    )


def _fill(round_: Round, model: Preset, starts_on: date) -> None:
    zone = ZoneInfo(round_.city.time_zone)
    values = dict(model.values)
    if values.get("cap_mrp"):
        values["mrp_tenge"] = mrp_of_year(starts_on.year)
    Constitution.objects.create(round=round_, preset=model.slug, **values)
    Category.objects.bulk_create(
        Category(round=round_, slug=c.slug, position=i, name_kk=c.kk, name_ru=c.ru, name_en=c.en, plan=c.plan)
        for i, c in enumerate(model.categories, 1)
    )
    Funder.objects.bulk_create(
        Funder(
            round=round_,
            position=i,
            name_kk=f.kk,
            name_ru=f.ru,
            name_en=f.en,
            amount_tenge=f.amount_tenge,
            is_approximate=f.is_approximate,
        )
        for i, f in enumerate(model.funders, 1)
    )
    RoundStage.objects.bulk_create(
        RoundStage(
            round=round_,
            stage=span.stage,
            opens_at=start_of_day(starts_on + timedelta(days=span.starts), zone),
            closes_at=end_of_day(starts_on + timedelta(days=span.starts + span.days - 1), zone),
        )
        for span in model.spans
    )


@transaction.atomic
def copy_round(
    *, actor: Any, source: Round, city: City, slug: str, titles: Titles, starts_on: date, now: datetime
) -> Round:
    """Copy rules, funders, categories and calendar into another year or city; nothing of proposals, people or votes.

    Days are counted from ``starts_on`` in the new city's zone. The same submission again returns the same draft.
    """
    authorize_city(actor, city, Action.EDIT_ROUND, now)
    authorize(actor, Action.SEE_STUDIO, source, now=now)
    check_slug(slug)
    check_day(starts_on, "starts_on")
    existing = Round.objects.filter(city=city, slug=slug).first()
    if existing is not None:
        return _same_draft(existing, titles)
    round_ = _new_round(city, slug, titles, source.reserve_tenge, now, source)
    _copy_rules(source, round_, starts_on)
    RoundStage.objects.bulk_create(copied_stages(source, round_, starts_on))
    record(
        actor=actor,
        action="copy_round",
        now=now,
        place=str(round_),
        target=f"rounds.round:{round_.pk}",
        source=str(source),
    )
    return round_


def _copy_rules(source: Round, round_: Round, starts_on: date) -> None:
    old = source.constitution
    values = {name: getattr(old, name) for name in VALUE_FIELDS}
    if old.cap_mrp and old.cap_tenge is None:
        values["mrp_tenge"] = mrp_of_year(starts_on.year)
    Constitution.objects.create(round=round_, preset=old.preset, **values)
    funders, categories = list(source.funders.all()), list(source.categories.all())
    for funder in funders:
        funder.pk, funder.round = None, round_
    for category in categories:
        category.pk, category.round = None, round_
    Funder.objects.bulk_create(funders)
    Category.objects.bulk_create(categories)


@transaction.atomic
def edit_round(*, actor: Any, round_: Round, titles: Titles, kind: str, now: datetime) -> Round:
    """Change titles and kind of a round. Raises Invalid for an unknown kind."""
    authorize(actor, Action.EDIT_ROUND, round_, now=now)
    if kind not in Round.Kind.values:
        raise Invalid("kind", field="kind")
    row = locked(round_)
    row.title_kk, row.title_ru, row.title_en, row.kind = titles.kk, titles.ru, titles.en, kind
    row.save(update_fields=["title_kk", "title_ru", "title_en", "kind"])
    touch(row)
    record(actor=actor, action="edit_round", now=now, place=str(row), target=f"rounds.round:{row.pk}")
    return row


@transaction.atomic
def edit_constitution(*, actor: Any, round_: Round, values: Mapping[str, Any], now: datetime) -> Constitution:
    """Set rules; ``values`` may hold any of ``VALUE_FIELDS``. Raises Frozen after the slate, Invalid for input."""
    authorize(actor, Action.EDIT_ROUND, round_, now=now)
    row = locked(round_)
    c = _thawed(row)
    changed = {name: [getattr(c, name), value] for name, value in values.items() if getattr(c, name) != value}
    unknown = set(values) - set(VALUE_FIELDS)
    if unknown:
        raise Invalid("unknown_rule", fields=sorted(unknown))
    for name, value in values.items():
        setattr(c, name, value)
    check_constitution(c)
    c.save()
    touch(row)
    if changed:
        record(
            actor=actor,
            action="edit_constitution",
            now=now,
            place=str(row),
            target=f"rounds.round:{row.pk}",
            changed=changed,
        )
    return c


def _thawed(round_: Round) -> Constitution:
    """The constitution, locked. Raises Frozen when it may not change any more."""
    c = Constitution.objects.select_for_update().get(round=round_)
    if c.frozen_at is not None:
        raise Frozen("constitution_frozen")
    return c


@transaction.atomic
def set_reserve(*, actor: Any, round_: Round, reserve_tenge: int, now: datetime) -> Round:
    """Keep ``reserve_tenge`` of the budget aside. Raises Invalid when it exceeds the budget, Frozen after the slate."""
    authorize(actor, Action.EDIT_ROUND, round_, now=now)
    row = locked(round_)
    _thawed(row)
    if not 0 <= reserve_tenge <= queries.budget_of(row):
        raise Invalid("reserve_over_budget", field="reserve_tenge")
    row.reserve_tenge = reserve_tenge
    row.save(update_fields=["reserve_tenge"])
    touch(row)
    record(
        actor=actor,
        action="set_reserve",
        now=now,
        place=str(row),
        target=f"rounds.round:{row.pk}",
        reserve=reserve_tenge,
    )
    return row


@transaction.atomic
def save_funder(
    *, actor: Any, round_: Round, funder_id: int | None, fields: Mapping[str, Any], now: datetime
) -> Funder:
    """Add a funder (``funder_id`` None) or change one; the same addition again changes nothing. Raises Frozen."""
    authorize(actor, Action.EDIT_ROUND, round_, now=now)
    row = locked(round_)
    _thawed(row)
    if int(fields["amount_tenge"]) <= 0:
        raise Invalid("amount", field="amount_tenge")
    if "categories" in fields:
        fields = {**fields, "categories": _known_categories(row, fields["categories"])}
    found = row.funders.filter(pk=funder_id).first() if funder_id else row.funders.filter(**fields).first()
    if funder_id and found is None:
        raise Invalid("funder_gone", field="amount_tenge")
    last = row.funders.aggregate(last=Max("position"))["last"] or 0
    funder = found or Funder(round=row, position=last + 1)
    for name, value in fields.items():
        setattr(funder, name, value)
    funder.save()
    touch(row)
    record(
        actor=actor,
        action="save_funder",
        now=now,
        place=str(row),
        target=f"rounds.funder:{funder.pk}",
        amount=funder.amount_tenge,
    )
    return funder


def _known_categories(round_: Round, slugs: Iterable[str]) -> list[str]:
    """Sorted, each once. Raises Invalid for one that the round has not."""
    chosen = sorted(set(slugs))
    if set(chosen) - set(round_.categories.values_list("slug", flat=True)):
        raise Invalid("category_gone", field="categories")
    return chosen


@transaction.atomic
def remove_funder(*, actor: Any, round_: Round, funder_id: int, now: datetime) -> None:
    """Take a funder off an unfrozen round; silently nothing when it is gone already. Reserve must still fit (Invalid)."""
    authorize(actor, Action.EDIT_ROUND, round_, now=now)
    row = locked(round_)
    _thawed(row)
    if not row.funders.filter(pk=funder_id).delete()[0]:
        return
    if row.reserve_tenge > queries.budget_of(row):
        raise Invalid("reserve_over_budget", field="reserve_tenge")
    touch(row)
    record(actor=actor, action="remove_funder", now=now, place=str(row), target=f"rounds.funder:{funder_id}")


@transaction.atomic
def publish_round(*, actor: Any, round_: Round, now: datetime) -> Round:
    """Show the round to everybody; nothing happens when it is public already. Raises Invalid while a check stops it."""
    authorize(actor, Action.EDIT_ROUND, round_, now=now)
    row = locked(round_)
    if row.is_public:
        return row
    problems = stopping(row, now)
    if problems:
        raise Invalid("not_ready", codes=[p.code for p in problems])
    row.is_public = True
    row.save(update_fields=["is_public"])
    touch(row)
    record(actor=actor, action="publish_round", now=now, place=str(row), target=f"rounds.round:{row.pk}")
    return row
