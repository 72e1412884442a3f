"""Works one after the other: when each ends, how long all last, bars for a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """One work: first and last day, and its place as shares of the whole span."""

    row: str
    first: date
    last: date
    left: Fraction
    width: Fraction


def last_day(row: Mapping[str, Any]) -> date | None:
    """The day on which a work ends, its first day included; None without start or length."""
    if not row.get("start") or not row.get("days"):
        return None
    return date.fromisoformat(row["start"]) + timedelta(days=row["days"] - 1)


def span(rows: Sequence[Mapping[str, Any]]) -> tuple[date, date] | None:
    """First and last day of all works that have both; None when there are none."""
    dated = [(date.fromisoformat(row["start"]), end) for row in rows if (end := last_day(row))]
    return (min(start for start, _ in dated), max(end for _, end in dated)) if dated else None


def bars(rows: Sequence[Mapping[str, Any]]) -> tuple[Bar, ...]:
    """A bar for each dated work, in the order of the rows."""
    whole = span(rows)
    if whole is None:
        return ()
    days = (whole[1] - whole[0]).days + 1
    found = []
    for row in rows:
        end = last_day(row)
        if end is not None:
            start = date.fromisoformat(row["start"])
            left, width = Fraction((start - whole[0]).days, days), Fraction(row["days"], days)
            found.append(Bar(str(row.get("id", "")), start, end, left, width))
    return tuple(found)
