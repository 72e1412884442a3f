"""Reads about cities: which, and how many people a share is taken of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qatysu.core.errors import NotFound
from qatysu.places.models import City, Population


@dataclass(frozen=True, slots=True)
class Denominator:
    """A head count to divide by, with what must be said beside every share of it (SPEC 2)."""

    count: int
    counted_on: date
    row: Population


def get_city(slug: str) -> City:
    """The city at this address. Raises NotFound."""
    city = City.objects.filter(slug=slug).first()
    if city is None:
        raise NotFound("city")
    return city


def denominators(city: City, on: date | None = None) -> tuple[Denominator, ...]:
    """The newest count of each territory, taken no later than ``on`` when such a count exists; one query."""
    newest: dict[str, Population] = {}
    for row in city.populations.order_by("counted_on", "pk"):
        if on is None or row.counted_on <= on or row.territory_en not in newest:
            newest[row.territory_en] = row
    return tuple(Denominator(row.count, row.counted_on, row) for row in newest.values())


def denominator(city: City, on: date | None = None) -> Denominator | None:
    """The count to show first: the smallest territory, which is the town itself; ``None`` when none is stated."""
    return min(denominators(city, on), key=lambda found: found.count, default=None)
