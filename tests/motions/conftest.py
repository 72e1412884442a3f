"""A round with three ballots in the box, one of them replaced, and one person for each role."""

from __future__ import annotations

from datetime import datetime

import pytest

from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.motions import acts
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import counting, factories


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    acts.forget()


@pytest.fixture
def round_(city: City, now: datetime) -> Round:
    """Anna voted for 1, Bolat twice (2, then 3), Vera for 1."""
    made = factories.make_voting_round(city, now=now)
    factories.cast(made, "anna", ["1"])
    factories.cast(made, "bolat", ["2"])
    factories.cast(made, "bolat", ["3"])
    factories.cast(made, "vera", ["1"])
    counting.seal(made, now)
    return made


@pytest.fixture
def lead(city: City) -> Account:
    return factories.make_staff(Role.COORDINATOR, city, name="Lead L.")


@pytest.fixture
def member(city: City) -> Account:
    """Of the commission."""
    return factories.make_staff(Role.COMMISSION, city, name="Member M.")
