"""What all tests share: folders of their own, no cache left over, people and rounds to work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseOperations
from django.test import Client
from django.utils import timezone, translation

from qatysu.ballots import booth, box
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import factories
from tests.places_of_their_own import own_place


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    """Media and keys of one test; no slate remembered from another one with the same numbers."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.KEY_FOLDER = settings.LOG_KEY_FOLDER = tmp_path / "keys"
    settings.LOG_ROOT = tmp_path / "logs"
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    box._load.cache_clear()
    booth.forget()
    cache.clear()


@pytest.fixture(autouse=True)
def language() -> None:
    """The language of the last page that another test asked for is forgotten: addresses begin with that of the installation."""
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def flush_past_guards() -> Iterator[None]:
    """Emptying a test database deletes rows that the guards keep; on SQLite they are lifted while it lasts."""
    plain = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: Any, sql_list: list[str]) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            plain(self, sql_list)
            for _, sql in triggers:
                cursor.execute(sql)

    DatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign]  # reason: tests only
    yield
    DatabaseOperations.execute_sql_flush = plain  # type: ignore[method-assign]  # reason: as it was


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment of a database and a data folder of its own for other processes, of the same kind as the suite runs on."""
    with own_place(tmp_path) as env:
        yield env


@pytest.fixture
def now() -> datetime:
    """The clock at the start of the test: deadlines of voting are decided by the database's clock, hence the real one."""
    return timezone.now()


@pytest.fixture
def city(db: None) -> City:
    """A city."""
    return factories.make_city()


@pytest.fixture
def round_at(city: City, now: datetime) -> Callable[..., Round]:
    """A round in which the given stage is open now: ``round_at(Stage.IDEAS, max_choices=2)``."""

    def make(stage: Stage = Stage.VOTING, slug: str = "demo", **constitution: Any) -> Round:
        return factories.make_round(city, stage=stage, now=now, slug=slug, **constitution)

    return make


@pytest.fixture
def voting_round(city: City, now: datetime) -> Round:
    """A round with a frozen slate of three projects (codes 1, 2, 3) and voting open."""
    return factories.make_voting_round(city, now=now)


@pytest.fixture
def client_for(db: None) -> Callable[..., Client]:
    """A browser in which this account is signed in, with its second factor unless ``verified=False``."""
    return factories.client_for


@pytest.fixture
def staff(city: City) -> Callable[[Role], Account]:
    """An account that holds this role in the city."""
    return lambda role: factories.make_staff(role, city)
