"""A round in preparation, with those who write and who approve documents."""

from __future__ import annotations

from datetime import datetime

import pytest

from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City, Organiser
from qatysu.rounds.models import Round
from tests import factories


@pytest.fixture
def round_(city: City, now: datetime) -> Round:
    Organiser.objects.create(
        city=city, position=1, name_kk="Әкімдік", name_ru="Акимат", name_en="Akimat", role_kk="бастамашы", role_ru="инициатор",
        role_en="initiator", duties_kk="бекітеді", duties_ru="утверждает", duties_en="approves",
    )  # fmt: skip
    return factories.fresh(factories.make_round(city, stage=Stage.PREPARATION, now=now))


@pytest.fixture
def lead(city: City) -> Account:
    return factories.make_staff(Role.COORDINATOR, city, name="Lead L.")


@pytest.fixture
def approver(city: City) -> Account:
    return factories.make_staff(Role.AKIMAT_APPROVER, city, name="Akim A.")


@pytest.fixture
def resident(city: City) -> Account:
    return factories.make_account("Асел Т.", city=city)
