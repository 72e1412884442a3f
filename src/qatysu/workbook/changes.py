"""What differs between two versions of a work, and how two people's changes go together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from qatysu.workbook.schema import ROWS, Field, Form, Kind

_WORD = re.compile(r"\s+|[^\s]+")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text: ``kept``, ``removed`` or ``added``."""

    op: str
    text: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that was ``added``, ``removed`` or ``changed``; ``cells`` has (old, new) by column."""

    op: str
    id: str
    cells: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: ``segments`` for texts, ``rows`` for lists of rows, ``old`` and ``new`` for all."""

    field: Field
    old: Any
    new: Any
    segments: tuple[Segment, ...] = ()
    rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflicting:
    """Two people wrote different things in one place; ``row`` and ``column`` are '' for a whole field. ``theirs`` stands."""

    field: str
    row: str
    column: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, slots=True)
class Merged:
    """Answers with the changes of both, and what could not go together."""

    answers: dict[str, Any]
    conflicts: tuple[Conflicting, ...]


def differences(form: Form, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Fields whose answers differ, in the order of the form; fields that the form no longer has are left out."""
    found = []
    for asked in form.fields:
        before, after = old.get(asked.id), new.get(asked.id)
        if before == after:
            continue
        if asked.kind in (Kind.TEXT, Kind.LONG_TEXT):
            found.append(Difference(asked, before, after, segments=words(before or "", after or "")))
        elif asked.kind in ROWS:
            found.append(Difference(asked, before, after, rows=_row_changes(before or [], after or [])))
        else:
            found.append(Difference(asked, before, after))
    return tuple(found)


def words(old: str, new: str) -> tuple[Segment, ...]:
    """How ``old`` becomes ``new``, word by word: kept and removed pieces are ``old``, kept and added ones are ``new``."""
    a, b = _WORD.findall(old), _WORD.findall(new)
    found: list[Segment] = []
    for op, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(Segment("kept", "".join(a[i:j])))
            continue
        if j > i:
            found.append(Segment("removed", "".join(a[i:j])))
        if m > k:
            found.append(Segment("added", "".join(b[k:m])))
    return tuple(found)


def _row_changes(old: Sequence[Row], new: Sequence[Row]) -> tuple[RowChange, ...]:
    before, after = {row["id"]: row for row in old}, {row["id"]: row for row in new}
    found = []
    for id_ in [*after, *(id_ for id_ in before if id_ not in after)]:
        was, is_ = before.get(id_), after.get(id_)
        if was == is_:
            continue
        columns = [key for key in {**(was or {}), **(is_ or {})} if key != "id"]
        cells = {c: ((was or {}).get(c), (is_ or {}).get(c)) for c in columns if (was or {}).get(c) != (is_ or {}).get(c)}
        found.append(RowChange("added" if was is None else "removed" if is_ is None else "changed", id_, cells))
    return tuple(found)


def merge(form: Form, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """``theirs`` with the changes that lead from ``base`` to ``mine``: by field, in tables by row and cell, in long texts by line.

    A row that one person removed and the other changed stays. Where both wrote different things in one place, ``theirs`` stands
    and the place is among the conflicts with both texts.
    """
    answers: dict[str, Any] = {}
    conflicts: list[Conflicting] = []
    for id_ in dict.fromkeys((*theirs, *mine, *base)):
        old, my, their = base.get(id_), mine.get(id_), theirs.get(id_)
        if my in (old, their):
            value = their
        elif their == old:
            value = my
        else:
            value = _both(form.field(id_), id_, (old, my, their), conflicts)
        if value is not None and value != []:
            answers[id_] = value
    return Merged(answers, tuple(conflicts))


def _both(asked: Field | None, id_: str, values: tuple[Any, Any, Any], conflicts: list[Conflicting]) -> Any:
    """The value of a field that both have changed."""
    old, my, their = values
    if asked is not None and asked.kind in ROWS:
        return _rows(id_, old or [], my or [], their or [], conflicts)
    if asked is not None and asked.kind is Kind.CHOICES:
        kept = (set(their or ()) | (set(my or ()) - set(old or ()))) - (set(old or ()) - set(my or ()))
        return [option.id for option in asked.options if option.id in kept]
    if asked is not None and asked.kind is Kind.LONG_TEXT:
        together = _lines(str(old or ""), str(my or ""), str(their or ""))
        if together is not None:
            return together
    conflicts.append(Conflicting(id_, "", "", my, their))
    return their


def _rows(field: str, old: list[Row], my: list[Row], their: list[Row], conflicts: list[Conflicting]) -> list[Row]:
    """Rows of both, in their order; mine that are new follow the row that they follow in mine."""
    was = {row["id"]: row for row in old}
    mine, theirs = {row["id"]: row for row in my}, {row["id"]: row for row in their}
    found: dict[str, Row] = {}
    for id_ in _order(list(theirs), list(mine)):
        base, a, b = was.get(id_), mine.get(id_), theirs.get(id_)
        if a is not None and b is not None:
            found[id_] = _cells(field, base or {}, a, b, conflicts)
        elif a is not None and a != base:
            found[id_] = a
        elif b is not None and b != base:
            found[id_] = b
    return list(found.values())


def _order(theirs: list[str], mine: list[str]) -> list[str]:
    order = list(theirs)
    previous: str | None = None
    for id_ in mine:
        if id_ not in order:
            order.insert(order.index(previous) + 1 if previous in order else len(order) if previous else 0, id_)
        previous = id_
    return order


def _cells(field: str, base: Row, mine: Row, theirs: Row, conflicts: list[Conflicting]) -> Row:
    row: Row = {}
    for column in dict.fromkeys((*theirs, *mine)):
        old, a, b = base.get(column), mine.get(column), theirs.get(column)
        if a in (old, b):
            row[column] = b
        elif b == old:
            row[column] = a
        else:
            row[column] = b
            conflicts.append(Conflicting(field, str(theirs.get("id", "")), column, a, b))
    return row


def _lines(base: str, mine: str, theirs: str) -> str | None:
    """Three texts by lines; None when both changed the same lines, or lines that touch."""
    old = base.split("\n")
    edits = sorted([*_edits(old, mine.split("\n"), 0), *_edits(old, theirs.split("\n"), 1)], key=lambda edit: edit[:3])
    result: list[str] = []
    at = 0
    last: tuple[int, int, int, tuple[str, ...]] | None = None
    for edit in edits:
        start, end, who, lines = edit
        if last is not None and (start, end, lines) == (last[0], last[1], last[3]):
            continue
        if last is not None and who != last[2] and start <= last[1]:
            return None
        result += [*old[at:start], *lines]
        at, last = max(at, end), edit
    return "\n".join([*result, *old[at:]])


def _edits(old: list[str], new: list[str], who: int) -> list[tuple[int, int, int, tuple[str, ...]]]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [(i, j, who, tuple(new[k:m])) for op, i, j, k, m in codes if op != "equal"]
