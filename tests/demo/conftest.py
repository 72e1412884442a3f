"""The demonstration, loaded anew for each test that looks at it (two seconds)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from qatysu.rounds.models import Round
from qatysu.web.demo.load import DemoReport, load


@pytest.fixture
def demo(db: None, now: datetime) -> DemoReport:
    """The report of a demonstration loaded now."""
    return load(now=now, progress=lambda _: None)


@pytest.fixture
def round_of(demo: DemoReport) -> Callable[[str, str], Round]:
    """A round of the demonstration: ``round_of("khromtau", "2020")``."""
    return lambda city, slug: Round.objects.select_related("city", "constitution").get(city__slug=city, slug=slug)
