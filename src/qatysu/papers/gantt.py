"""Bars of a works schedule: where each work begins and ends on a common line of months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

MONTHS = {
    "kk": ("қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"),
    "ru": ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
MOST_TICKS = 12
LAST_YEAR = 9000
_FARTHEST = timedelta(days=366 * 40)


def bars(works: Sequence[tuple[date | None, int]], language: str) -> dict[str, Any] | None:
    """Shares of the line, 0 to 1, for each of ``works`` (start, days), and the months written above it.

    ``{"rows": [[from, to] or None, …], "ticks": [[at, label], …]}``; None when fewer than two works have a start or the line
    would be longer than forty years. The line runs from the first day of the first month to the last day of the last.
    """
    spans = [_span(start, days) for start, days in works]
    known = [span for span in spans if span]
    if len(known) < 2:
        return None
    first = min(span[0] for span in known).replace(day=1)
    last = max(span[1] for span in known)
    if last - first > _FARTHEST:
        return None
    end = _next_month(last - timedelta(days=1))
    length = (end - first).days

    def share(day: date) -> float:
        return round((day - first).days / length, 5)

    rows = [[share(span[0]), share(span[1])] if span else None for span in spans]
    return {"rows": rows, "ticks": [[share(day), label] for day, label in _ticks(first, end, language)]}


def _span(start: date | None, days: int) -> tuple[date, date] | None:
    """First day, and the day after the last; None without a start or for works that no line could show."""
    if start is None or start.year > LAST_YEAR or days > _FARTHEST.days:
        return None
    return start, start + timedelta(days=max(days, 1))


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _ticks(first: date, end: date, language: str) -> Iterator[tuple[date, str]]:
    """First days of months, thinned out to what fits; a year is written with the first tick and with each January shown."""
    months: list[date] = []
    day = first
    while day < end:
        months.append(day)
        day = _next_month(day)
    step = -(-len(months) // MOST_TICKS)
    shown = months[::step]
    for at, day in enumerate(shown):
        is_new_year = at == 0 or day.year != shown[at - 1].year
        yield day, MONTHS[language][day.month - 1] + (f" {day.year}" if is_new_year else "")
