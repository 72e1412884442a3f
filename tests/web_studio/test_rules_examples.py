"""What rules would have made of Khromtau 2020, and how they differ from the round before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.presets import PRESETS
from qatysu.web.queries_example import example_of
from tests import factories

pytestmark = pytest.mark.django_db


def law(**changes: Any) -> Constitution:
    return Constitution(**dict(PRESETS["khromtau-2020"].values) | changes)


def test_with_its_own_rules_it_has_what_the_study_says() -> None:
    found = example_of(law())
    assert found is not None
    assert (found.winners, found.spent, found.is_same, found.shut_out) == (13, 61_040_000, True, ())


def test_other_rules_have_other_winners() -> None:
    strict = example_of(law(threshold_votes=100))
    assert strict is not None
    assert 0 < strict.winners < 13
    assert len(strict.lost) == 13 - strict.winners
    cheap = example_of(law(cap_tenge=5_000_000))
    assert cheap is not None
    assert cheap.shut_out
    assert cheap.winners <= 17 - len(cheap.shut_out)
    shares = example_of(law(rule="equal-shares", rule_params={"step": "1000"}))
    assert shares is not None
    assert shares.spent <= 65_000_000


@pytest.mark.parametrize("params", [{"step": "x"}, {"conflicts": "3/7"}, {"parts": "category"}])
def test_half_typed_and_foreign_parameters_take_no_page_away(params: dict[str, str]) -> None:
    example_of(law(rule="equal-shares", rule_params=params))


def test_the_page_shows_both(round_: Round, client_for: Callable[[Account], Client], coordinator: Account, now: datetime) -> None:
    later = factories.make_round(round_.city, now=now, slug="later", max_choices=4, appeal_days=9)
    Round.objects.filter(pk=later.pk).update(copied_from=round_)
    page = client_for(coordinator).get(f"/en/studio/{round_.city.slug}/later/rules/").content.decode()
    assert "With these rules Khromtau 2020 would have" in page
    assert "Different from the round before" in page
    assert "was 5, is 9" in page
    public = Client().get(f"/en/{round_.city.slug}/later/documents/").content.decode()
    assert "was 5, is 9" in public


def test_a_first_round_has_no_year_before(city: City, now: datetime) -> None:
    first = factories.make_round(city, now=now, slug="first")
    assert "Different from the round before" not in Client().get(f"/en/{city.slug}/{first.slug}/documents/").content.decode()
