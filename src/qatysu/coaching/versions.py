"""Answers as they stood after a version: the sum of the changes up to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from qatysu.coaching.models import Work


def summed(changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Answers after all ``changes`` in order; ``None`` empties a field."""
    answers: dict[str, Any] = {}
    for change in changes:
        answers.update(change)
    return {field: value for field, value in answers.items() if value is not None}


def answers_at(work: Work, number: int) -> dict[str, Any]:
    """Answers of ``work`` after version ``number``; empty at 0. One query, none for the newest version."""
    if number >= work.version:
        return dict(work.answers)
    rows = work.versions.filter(number__lte=number).order_by("number")
    return summed(rows.values_list("changes", flat=True))


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What a version has to say to lead from ``old`` to ``new``: new values, ``None`` for emptied fields."""
    fields = [*old, *(field for field in new if field not in old)]
    return {field: new.get(field) for field in fields if old.get(field) != new.get(field)}
