"""Writes about the kinds of projects that a round accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.text import slugify

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Frozen, Invalid
from qatysu.core.regulation import Action
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Category, Constitution, Round
from qatysu.rounds.touching import locked, touch

MOST = 30


def _open(actor: Any, round_: Round, now: datetime) -> Round:
    authorize(actor, Action.EDIT_ROUND, round_, now=now)
    row = locked(round_)
    if Constitution.objects.get(round=row).frozen_at is not None:
        raise Frozen("constitution_frozen")
    return row


@transaction.atomic
def save_category(
    *, actor: Any, round_: Round, category_id: int | None, fields: Mapping[str, Any], now: datetime
) -> Category:
    """Add a category (``category_id`` None) or rename one; its slug stays. The same addition again changes nothing.

    Raises Frozen after the slate, Invalid when it is gone, there are too many, or its budget is not above zero.
    """
    row = _open(actor, round_, now)
    budget = fields.get("budget_tenge")
    if budget is not None and budget <= 0:
        raise Invalid("amount", field="budget_tenge")
    same = row.categories.filter(name_en=fields["name_en"]).first()
    found = row.categories.filter(pk=category_id).first() if category_id else same
    if category_id and found is None:
        raise Invalid("category_gone")
    if found is None and row.categories.count() >= MOST:
        raise Invalid("category_count")
    category = found or _new(row, str(fields["name_en"]))
    for name, value in fields.items():
        setattr(category, name, value)
    category.save()
    touch(row)
    record(actor=actor, action="save_category", now=now, place=str(row), target=f"rounds.category:{category.pk}")
    return category


def _new(round_: Round, name: str) -> Category:
    taken = set(round_.categories.values_list("slug", flat=True))
    base = slugify(name)[:30] or "category"
    slug = next(s for s in (base, *(f"{base}-{n}" for n in range(2, MOST + 3))) if s not in taken)
    last = round_.categories.aggregate(last=Max("position"))["last"] or 0
    return Category(round=round_, slug=slug, position=last + 1)


@transaction.atomic
def remove_category(*, actor: Any, round_: Round, category_id: int, now: datetime) -> None:
    """Take a category away; nothing happens when it is gone. Raises Conflict while a proposal is in it or a funder
    pays only for some categories and for this one, Frozen.
    """
    row = _open(actor, round_, now)
    slug = row.categories.filter(pk=category_id).values_list("slug", flat=True).first()
    if any(slug in funder.categories for funder in row.funders.all()):
        raise Conflict("category_paid")
    try:
        with transaction.atomic():
            gone = row.categories.filter(pk=category_id).delete()[0]
    except ProtectedError as error:
        raise Conflict("category_used") from error
    if gone:
        touch(row)
        record(actor=actor, action="remove_category", now=now, place=str(row), target=f"rounds.category:{category_id}")
