"""From the flat names of an HTML form to raw answers: ``f.<field>``, ``f.<field>.<row>.<column>``, ``f.<place>.lat``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qatysu.workbook.schema import ROWS, Form, Kind

PREFIX = "f"
#: A row whose id begins so is new: its id is drawn when it is saved.
NEW_ROW = "new"
#: Present whenever a list of rows was on the page, so that removing the last row is seen.
MARK = "rows"
MOST_PAIRS = 20_000


def raw_from(form: Form, pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Raw answers of the fields that are in ``pairs`` (names and values in the order of the page); others stay absent."""
    raw: dict[str, Any] = {}
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for number, (name, value) in enumerate(pairs):
        parts = name.split(".")
        if number >= MOST_PAIRS:
            break
        if len(parts) < 2 or parts[0] != PREFIX:
            continue
        asked = form.field(parts[1])
        if asked is None:
            continue
        if asked.kind in ROWS:
            mine = rows.setdefault(asked.id, {})
            if len(parts) == 4:
                row = mine.setdefault(parts[2], {} if parts[2].startswith(NEW_ROW) else {"id": parts[2]})
                row[parts[3]] = value
        elif asked.kind is Kind.CHOICES:
            raw.setdefault(asked.id, [])
            if value:
                raw[asked.id].append(value)
        elif asked.kind is Kind.PLACE and len(parts) == 3:
            raw.setdefault(asked.id, {})[parts[2]] = value
        elif len(parts) == 2:
            raw[asked.id] = value
    return raw | {field: list(found.values()) for field, found in rows.items()}
