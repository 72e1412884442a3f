"""Rounds whose voting is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from qatysu.ballots import commands as ballots
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.rounds.models import Category, Round
from tests import counting, factories

MONEY = 15_000_000


@pytest.fixture
def counted(city: City, now: datetime) -> Callable[..., Round]:
    """Makes a round whose ballots are open in the log, with the given costs and ballots:
    ``counted([5, 4], [["1"], …], threshold_votes=2)``; ``opened=False`` leaves it in its time of audit. All projects lie in the
    category parks, which may get a budget of its own.
    """

    def make(
        costs: Sequence[int],
        votes: Sequence[Sequence[str]],
        *,
        budget: int | None = None,
        parks: int | None = None,
        slug: str = "demo",
        opened: bool = True,
        **rules: Any,
    ) -> Round:
        round_ = factories.make_round(city, stage=Stage.VOTING, now=now, slug=slug, **({"max_choices": 3} | rules))
        for cost in costs:
            factories.make_proposal(round_, state=State.ADMITTED, cost_tenge=cost)
        if budget is not None:
            Round.objects.filter(pk=round_.pk).update(reserve_tenge=MONEY - budget)
        Category.objects.filter(round=round_, slug="parks").update(budget_tenge=parks)
        ballots.freeze_slate(actor=factories.make_staff(Role.COORDINATOR, city), round=factories.fresh(round_), now=now)
        for number, choices in enumerate(votes):
            factories.cast(factories.fresh(round_), f"voter {number}", choices)
        return counting.open_all(round_, now) if opened else counting.close(round_, now)

    return make


@pytest.fixture
def people(staff: Callable[[Role], Account]) -> tuple[Account, Account]:
    """Coordinator and chair."""
    return staff(Role.COORDINATOR), staff(Role.CHAIR)
