"""Shares need a stated head count."""

from __future__ import annotations

from datetime import date

import pytest

from qatysu.core.errors import NotFound
from qatysu.places import queries
from qatysu.places.models import City, Population


@pytest.fixture
def city(db: None) -> City:
    made = City.objects.create(
        slug="khromtau", name_kk="Хромтау", name_ru="Хромтау", name_en="Khromtau", south=50, west=58, north=51, east=59
    )
    for count, day, place in (
        (26_641, date(2018, 1, 1), "town"),
        (29_579, date(2021, 9, 1), "town"),
        (45_828, date(2021, 9, 1), "district"),
    ):
        Population.objects.create(
            city=made,
            count=count,
            counted_on=day,
            territory_kk=place,
            territory_ru=place,
            territory_en=place,
            source="census",
        )
    return made


def test_denominators_are_the_newest_of_each_territory(city: City) -> None:
    assert {d.count for d in queries.denominators(city)} == {29_579, 45_828}


def test_denominator_of_a_past_round_is_of_its_time(city: City) -> None:
    found = queries.denominator(city, date(2020, 11, 8))

    assert found is not None
    assert (found.count, found.counted_on) == (26_641, date(2018, 1, 1))


def test_unknown_city_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        queries.get_city("nowhere")
