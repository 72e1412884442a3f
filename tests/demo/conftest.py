"""The demonstration, loaded once for each module that looks at it; what a test changes in it is undone after the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from qatysu.rounds.models import Round
from qatysu.web.demo.load import DemoReport, load


@dataclass(frozen=True)
class Loaded:
    """What was loaded, and the folder with the keys, logs and media that belong to it."""

    report: DemoReport
    home: Path


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """A demonstration in a transaction around all tests of the module; the tests' own transactions lie within it."""
    home = tmp_path_factory.mktemp("demo")
    around = transaction.atomic()
    # As Django's own test cases do: durable transactions may be opened within it.
    around._from_testcase = True  # type: ignore[attr-defined]  # reason: see above
    places = {"MEDIA_ROOT": home / "media", "KEY_FOLDER": home / "keys", "LOG_KEY_FOLDER": home / "keys", "LOG_ROOT": home / "logs"}
    with django_db_blocker.unblock():
        around.__enter__()
        try:
            with override_settings(**places):
                report = load(now=timezone.now(), progress=lambda _: None)
            yield Loaded(report, home)
        finally:
            transaction.set_rollback(True)
            around.__exit__(None, None, None)


@pytest.fixture
def demo(loaded: Loaded, db: None) -> DemoReport:
    """The report of the loaded demonstration, with files of the test's own."""
    for name, folder in (("media", "MEDIA_ROOT"), ("keys", "KEY_FOLDER"), ("logs", "LOG_ROOT")):
        if (loaded.home / name).exists():
            shutil.copytree(loaded.home / name, getattr(django_settings, folder), dirs_exist_ok=True)
    return loaded.report


@pytest.fixture
def round_of(demo: DemoReport) -> Callable[[str, str], Round]:
    """A round of the demonstration: ``round_of("khromtau", "2020")``."""
    return lambda city, slug: Round.objects.select_related("city", "constitution").get(city__slug=city, slug=slug)


@pytest.fixture
def now() -> datetime:
    """The clock at the start of the test."""
    return timezone.now()
