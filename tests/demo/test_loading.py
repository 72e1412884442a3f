"""How the demonstration is loaded: once, repeatably, wholly or not at all."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from qatysu.ballots import box
from qatysu.places.models import City
from qatysu.proposals.models import Proposal
from qatysu.results import commands as results
from qatysu.results.models import Outcome
from qatysu.web.demo import load as demo_load
from qatysu.web.demo.load import load


def test_loads_in_time_and_only_once(db: None, now: datetime) -> None:
    lines: list[str] = []
    started = time.monotonic()
    first = load(now=now, progress=lines.append)
    assert time.monotonic() - started < 30  # about three seconds on two cores
    again = load(now=now, progress=lines.append)
    assert (first.is_new, again.is_new) == (True, False)
    assert again.sample_codes == first.sample_codes
    assert len(lines) == 7
    assert City.objects.count() == 3


def snapshot() -> list[tuple[object, ...]]:
    rows = Proposal.objects.order_by("round__city__slug", "round__slug", "token")
    return list(rows.values_list("token", "number", "title", "state", "latitude", "changed_at", "author__name"))


def test_the_same_instant_gives_the_same_data(db: None, now: datetime, settings: Any, tmp_path: Path) -> None:
    found = []
    for attempt in ("first", "second"):
        settings.KEY_FOLDER = settings.LOG_KEY_FOLDER = tmp_path / attempt
        box._load.cache_clear()
        with transaction.atomic():
            demo_load._fill(now, lambda _: None)
            found.append(snapshot())
            transaction.set_rollback(True)
    assert len(found[0]) == 45 + 12 + 16 + 9 + 14
    assert found[0] == found[1]


def test_a_load_that_fails_leaves_nothing(db: None, now: datetime, settings: Any) -> None:
    def interrupt(line: str) -> None:
        if "rudny" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(now=now, progress=interrupt)
    assert not City.objects.exists()
    assert not list(settings.KEY_FOLDER.glob("*"))


def test_a_load_that_stops_among_the_logs_is_finished_by_the_next_one(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(results, "approve", interrupt)
        with pytest.raises(KeyboardInterrupt):
            load(now=now, progress=lambda _: None)
    assert Outcome.objects.get().state == Outcome.State.PROVISIONAL
    lines: list[str] = []
    assert load(now=now, progress=lines.append).is_new
    assert len(lines) == 1
    assert set(Outcome.objects.values_list("state", flat=True)) == {Outcome.State.PUBLISHED}
    assert not load(now=now, progress=lines.append).is_new
