"""A voting round with a coordinator signed in."""

from __future__ import annotations

import pytest
from django.test import Client

from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import factories


@pytest.fixture
def city(db: None) -> City:
    return factories.make_city()


@pytest.fixture
def coordinator(city: City) -> Account:
    return factories.make_staff(Role.COORDINATOR, city)


@pytest.fixture
def studio(coordinator: Account) -> Client:
    return factories.client_for(coordinator)


@pytest.fixture
def round_(city: City) -> Round:
    """Collecting ideas is open."""
    return factories.make_round(city, stage=Stage.IDEAS)
