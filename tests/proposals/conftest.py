"""A round that collects ideas, and people in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Round
from tests import factories

LONG = "Қыста аулада сағат бестен қараңғы, балалар мектептен жарықсыз келеді."


@pytest.fixture
def round(round_at: Callable[..., Round]) -> Round:
    return factories.fresh(round_at(Stage.IDEAS))


@pytest.fixture
def author(city: City) -> Account:
    return factories.make_account("Лаура Сейткали", city=city)


@pytest.fixture
def coach(city: City) -> Account:
    return factories.make_staff(Role.COACH, city)


def complete(round_: Round, author: Account, **fields: Any) -> Proposal:
    """A draft with everything that submission needs."""
    return factories.make_proposal(
        round_, state=State.DRAFT, author=author, **({"problem": LONG, "solution": LONG} | fields)
    )


@pytest.fixture
def mine(round: Round, author: Account) -> Proposal:
    return complete(round, author)


@pytest.fixture
def browser(author: Account) -> Client:
    return factories.client_for(author)
