"""A coordinator, a city and a round made from a preset."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count

import pytest

from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds import commands
from qatysu.rounds.models import Membership, Round

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_account(**fields: object) -> Account:
    return Account.objects.create(email_hash=f"{next(_numbers):064x}", created_at=NOW, **fields)


def make_city(slug: str = "khromtau", **fields: object) -> City:
    values = {
        "name_kk": "Хромтау",
        "name_ru": "Хромтау",
        "name_en": "Khromtau",
        "time_zone": "Asia/Aqtobe",
        "south": 50.22,
        "west": 58.38,
        "north": 50.29,
        "east": 58.5,
    }
    return City.objects.create(slug=slug, **(values | fields))


def grant(account: Account, role: Role, city: City, round_: Round | None = None) -> Account:
    Membership.objects.create(account=account, role=role, city=city, round=round_, from_on=date(2020, 1, 1))
    return account


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def coordinator(city: City) -> Account:
    return grant(make_account(), Role.COORDINATOR, city)


@pytest.fixture
def round_(coordinator: Account, city: City) -> Round:
    """Ideas begin on 1 February 2026, voting on 7 May."""
    return commands.create_round(
        actor=coordinator,
        city=city,
        slug="y2026",
        titles=commands.Titles("Айналым", "Раунд", "Round"),
        preset="khromtau-2020",
        starts_on=date(2026, 2, 1),
        now=NOW,
    )


@pytest.fixture
def public_round(round_: Round) -> Round:
    Round.objects.filter(pk=round_.pk).update(is_public=True)
    round_.refresh_from_db()
    return round_
