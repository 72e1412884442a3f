"""A round whose Council sits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from qatysu.core.regulation import Stage
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.rounds.models import Round
from tests import factories
from tests.council import holding


@pytest.fixture
def round(city: City, now: datetime) -> Round:
    """A round in the stage of the Council; a third of the votes is not enough, recusal leaves the quorum."""
    return factories.fresh(factories.make_round(city, stage=Stage.COUNCIL, now=now))


@pytest.fixture
def council(round: Round, now: datetime) -> holding.Council:
    """Chair, secretary and three members."""
    return holding.seated(round, now)


@pytest.fixture
def ready(round: Round) -> Any:
    """Makes a project that waits for the Council."""
    return lambda **fields: factories.make_proposal(round, state=State.READY, **fields)
