"""Many rows in one statement, in the form that costs the database and the driver least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection


def many(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[str, list[Any]]:
    """What follows ``INSERT INTO t (…)`` for ``rows`` (at least one), in their order, with its parameters.

    PostgreSQL gets one array for each column, of the types that are given: the statement is the same for any number of rows.
    """
    if connection.vendor == "postgresql":
        arrays = ", ".join(f"%s::{kind}[]" for kind in types)
        return f"SELECT * FROM unnest({arrays})", [list(column) for column in zip(*rows, strict=True)]  # noqa: S608  # reason: types
    row = f"({', '.join(['%s'] * len(types))})"
    return f"VALUES {', '.join([row] * len(rows))}", [value for each in rows for value in each]
