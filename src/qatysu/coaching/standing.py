"""What a work amounts to: how much of it is answered, what it will cost. Counted at every save."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qatysu.coaching.models import Module, Work
from qatysu.workbook import estimate
from qatysu.workbook.answers import missing
from qatysu.workbook.schema import Field, Form, Kind, form_from


def estimate_field(form: Form) -> Field | None:
    """The field that holds the estimate: the first of its kind, or None."""
    return next((field for field in form.fields if field.kind is Kind.ESTIMATE), None)


def estimate_of(form: Form, answers: Mapping[str, Any], cap: int) -> estimate.Standing | None:
    """Total, reserve and what is left below ``cap`` (whole tenge); None for a form without an estimate."""
    field = estimate_field(form)
    if field is None:
        return None
    return estimate.standing(answers.get(field.id) or [], cap, field.reserve_percent)


def recount(work: Work, form: Form) -> tuple[str, ...]:
    """Bring the counts of ``work`` up to its answers, without saving; returns the names of the columns it set."""
    required = [field for field in form.fields if field.is_required]
    work.required = len(required)
    work.answered = len(required) - len(missing(form, work.answers))
    money = estimate_of(form, work.answers, 0)
    work.total_tenge = money.with_reserve if money is not None and work.answers else None
    return ("required", "answered", "total_tenge")


def recount_module(module: Module) -> int:
    """Count every work of a module again, after its form was changed; returns how many there are."""
    form, works = form_from(module.form), list(module.works.all())
    for work in works:
        recount(work, form)
    Work.objects.bulk_update(works, ("required", "answered", "total_tenge"), batch_size=200)
    return len(works)
