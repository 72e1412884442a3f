"""A desk with a coach and a person who asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from qatysu.core.regulation import Role
from qatysu.desk import commands
from qatysu.desk.models import Thread
from qatysu.identity.models import Account
from qatysu.places.models import City
from tests import factories

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture
def coach(city: City) -> Account:
    """Keeps the desk."""
    return factories.make_staff(Role.COACH, city, name="Мадина Т.")


@pytest.fixture
def person(city: City) -> Account:
    """Asks."""
    return factories.make_account("Айгүл С.", city=city, email="aigul@example.kz")


def ask(city: City, now: datetime, **fields: Any) -> Thread:
    """A question from the web by somebody without an account."""
    values: dict[str, Any] = {
        "actor": None, "channel": "web", "subject": "Смета", "text": "Нужна ли смета для лавочки?", "language": "ru",
        "contact": "person@example.kz", "contact_name": "Ольга", "network": "10.0.0.1",
    }
    return commands.open_thread(city=city, now=now, **values | fields)
