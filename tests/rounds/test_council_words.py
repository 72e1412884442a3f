"""What the constitution says of the Council, in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from qatysu.core.collegial import Majority
from qatysu.core.regulation import Stage
from qatysu.rounds.plain import plain_rules
from tests import factories

pytestmark = pytest.mark.django_db


def sentence(city: Any, **rules: Any) -> str:
    round_ = factories.fresh(factories.make_round(city, stage=Stage.PREPARATION, **rules))
    return next(text for heading, text in plain_rules(round_) if heading == "Expert Council")


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({}, "more than 50 % of those who vote"),
        ({"council_majority": Majority.ABSOLUTE_OF_SEATS}, "more than half of all members"),
        ({"council_majority": Majority.TWO_THIRDS_OF_PRESENT}, "two thirds of those present"),
        ({"council_quorum_least": 4}, "At least 4 members"),
        ({"council_chair_breaks_ties": True}, "the chair's voice decides"),
        ({"council_recusal": "stays_in_seats"}, "counts as absent"),
        ({"council_remote_counts": False}, "Only those who are in the room"),
        ({"council_correspondence": True}, "by correspondence"),
    ],
)
def test_every_rule_of_the_council_is_said(city: Any, rules: dict[str, Any], words: str) -> None:
    with override("en"):
        assert words in sentence(city, **rules)
