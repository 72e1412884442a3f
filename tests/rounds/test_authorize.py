"""The regulation, asked through the one door."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qatysu.core.errors import NotAllowed, StageClosed
from qatysu.core.regulation import Action, Role
from qatysu.places.models import City
from qatysu.rounds.authorize import authorize, decide
from qatysu.rounds.models import Round

from .conftest import NOW, grant, make_account, make_city

IN_VOTING = datetime(2026, 5, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("role", "action", "now", "because"),
    [
        (Role.COACH, Action.CHECK_PROPOSAL, NOW, "granted"),
        (Role.COACH, Action.CHECK_PROPOSAL, IN_VOTING, "stage"),
        (Role.EXPERT, Action.ADMIT, NOW, "stage"),
        (Role.EXPERT, Action.EDIT_ROUND, NOW, "role"),
        (Role.COORDINATOR, Action.EDIT_ROUND, IN_VOTING, "granted"),
        (Role.OPERATOR, Action.COUNT, IN_VOTING, "role"),
        (Role.CENTRE_LEAD, Action.ISSUE_CODES, IN_VOTING, "granted"),
        (Role.OPERATOR, Action.CAST_BALLOT, IN_VOTING, "granted"),
    ],
)
def test_decision(city: City, public_round: Round, role: Role, action: Action, now: datetime, because: str) -> None:
    assert decide(grant(make_account(), role, city), action, public_round, now=now).because == because


def test_a_role_of_another_city_counts_for_nothing(public_round: Round) -> None:
    stranger = grant(make_account(), Role.COORDINATOR, make_city("aksu"))

    with pytest.raises(NotAllowed):
        authorize(stranger, Action.EDIT_ROUND, public_round, now=NOW)


def test_closed_stage_is_told_apart_from_a_missing_role(city: City, public_round: Round) -> None:
    with pytest.raises(StageClosed):
        authorize(grant(make_account(), Role.COACH, city), Action.CHECK_PROPOSAL, public_round, now=IN_VOTING)
