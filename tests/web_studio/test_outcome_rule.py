"""Choosing the outcome rule, budgets of categories and what funders pay for, through the pages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from qatysu.ballots import commands as ballots
from qatysu.core.errors import Invalid
from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.rounds.models import Category, Constitution, Funder, Round
from qatysu.rules.describe import rule_text
from qatysu.rules.params import OWN
from tests import factories

from .test_journeys import rules_of
from .test_pages import at

SHARES = {
    "rule": "equal-shares", "equal-shares-utility": "cardinality", "equal-shares-completion": "add1u", "equal-shares-step": "250",
    "equal-shares-comparison": "votes",
}


def stored(round_: Round) -> Constitution:
    return Constitution.objects.get(round=round_)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_rule_is_offered_in_plain_words_with_an_example(studio: Client, round_: Round, language: str) -> None:
    with override(language):
        page = studio.get(at("studio_rules", round_))
    text = page.content.decode().replace("&#x27;", "'")

    for rule in OWN:
        words = rule_text(rule, language)
        assert f'value="{rule}"' in text
        assert words.name in text
        assert words.line in text
        assert words.how[0] in text


def test_parameters_of_the_chosen_rule_are_saved_and_shown_again(studio: Client, round_: Round) -> None:
    saved = studio.post(at("studio_rules", round_), rules_of(round_, **SHARES, parts="category-pool", tie="cheaper"))

    assert saved.status_code == 302
    c = stored(round_)
    assert (c.rule, c.tie) == ("equal-shares", "cheaper")
    assert c.rule_params == {
        "utility": "cardinality", "completion": "add1u", "step": "250", "comparison": "votes", "parts": "category", "leftover": "pool",
    }
    form = studio.get(at("studio_rules", round_)).context["form"]
    assert (form["rule"].value(), form["parts"].value(), form["tie"].value()) == ("equal-shares", "category-pool", "cheaper")
    assert {name: form[name].value() for name in SHARES} == SHARES


def test_faults_in_fields_of_other_rules_do_not_count(studio: Client, round_: Round) -> None:
    answer = studio.post(
        at("studio_rules", round_), rules_of(round_, **(SHARES | {"rule": "phragmen", "equal-shares-step": "much"}))
        | {"phragmen-unaffordable": "skip", "votes-partial": "nine"},
    )

    assert answer.status_code == 302
    assert stored(round_).rule_params == {"unaffordable": "skip"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (SHARES | {"equal-shares-step": "0"}, "equal-shares-step"),
        (SHARES | {"equal-shares-step": "1.5"}, "equal-shares-step"),
        (SHARES | {"equal-shares-step": "9" * 30}, "equal-shares-step"),
        (SHARES | {"equal-shares-step": "\u0661" * 3, "equal-shares-utility": "score"}, "equal-shares-utility"),
        (SHARES | {"equal-shares-completion": "luck"}, "equal-shares-completion"),
        ({"rule": "lottery"}, "rule"),
        ({"rule": ""}, "rule"),
        ({"fit": "stop", "votes-partial": "1.2"}, "votes-partial"),
        ({"fit": "stop", "votes-partial": "9" * 19}, "votes-partial"),
        ({"fit": "skip", "votes-partial": "0.8"}, "votes-partial"),
        ({"tie": "decision"}, "tie"),
        ({"parts": "district"}, "parts"),
        ({"conflicts": "3"}, "conflicts"),
        ({"conflicts": "3/3"}, "conflicts"),
        ({"conflicts": "3/7:9"}, "conflicts"),
    ],
)
@pytest.mark.parametrize("button", ["save", "preview"])
def test_a_bad_parameter_is_named_beside_its_field_and_nothing_typed_is_lost(
    studio: Client, round_: Round, changes: dict[str, str], field: str, button: str
) -> None:
    answer = studio.post(at("studio_rules", round_), rules_of(round_, exclusions_ru="Свои слова", **changes) | {button: "1"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "Свои слова" in answer.content.decode()
    assert (stored(round_).rule, stored(round_).rule_params) == ("votes", {})


def test_a_share_may_be_written_with_a_comma(studio: Client, round_: Round) -> None:
    studio.post(at("studio_rules", round_), rules_of(round_, fit="stop") | {"votes-partial": "0,8"})

    assert stored(round_).rule_params == {"partial": "0.8"}


def test_a_preview_says_how_the_rule_would_read_and_how_often_it_would_count(studio: Client, round_: Round) -> None:
    with override("en"):
        answer = studio.post(at("studio_rules", round_), rules_of(round_, **(SHARES | {"equal-shares-step": "1"})) | {"preview": "1"})
    text = answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ")

    assert "The money is divided equally among all voters." in text
    runs = Funder.objects.filter(round=round_).values_list("amount_tenge", flat=True)
    assert f"{-(-sum(runs) // 1_550):,}".replace(",", " ") + " counts" in text
    assert stored(round_).rule == "votes"


def test_equal_shares_with_one_choice_is_warned_about(studio: Client, round_: Round) -> None:
    with override("en"):
        answer = studio.post(
            at("studio_rules", round_), rules_of(round_, ballot_type="one", **SHARES) | {"preview": "1"}
        )

    assert "This rule is made for ballots with several choices." in answer.content.decode()


def test_projects_that_exclude_each_other_are_told_and_must_stand_on_the_ballot(
    studio: Client, coordinator: Account, city: City
) -> None:
    round_ = factories.make_round(city, stage=Stage.COUNCIL)
    codes = [factories.make_proposal(round_, state=State.ADMITTED).code for _ in range(3)]
    a, b, c = codes
    studio.post(at("studio_rules", round_), rules_of(round_, conflicts=f"{a} / {b} ; {c}/99:{c}"))
    assert stored(round_).rule_params == {"conflicts": f"{a}/{b};{c}/99:{c}"}
    with pytest.raises(Invalid, match="conflict_off_ballot"):
        ballots.freeze_slate(actor=coordinator, round=factories.fresh(round_), now=timezone.now())

    studio.post(at("studio_rules", round_), rules_of(round_, conflicts=f"{a}/{b}"))
    ballots.freeze_slate(actor=coordinator, round=factories.fresh(round_), now=timezone.now())

    page = Client().get(f"/en/{city.slug}/{round_.slug}/documents/").content.decode()
    assert f"Of the projects № {a}, {b} only one can win." in page


def test_a_funder_may_pay_only_for_some_categories(studio: Client, round_: Round) -> None:
    funder = Funder.objects.filter(round=round_).order_by("position")[0]
    slug = Category.objects.filter(round=round_).order_by("position")[0].slug
    sent = {
        "form": str(funder.pk), f"f{funder.pk}-name_kk": "А", f"f{funder.pk}-name_ru": "Б", f"f{funder.pk}-name_en": "C",
        f"f{funder.pk}-amount_tenge": "7000000",
    }

    strange = studio.post(at("studio_money", round_), sent | {f"f{funder.pk}-categories": ["moon"]})
    assert strange.status_code == 422
    assert list(strange.context["funders"][0][1].errors) == ["categories"]
    assert studio.post(at("studio_money", round_), sent | {f"f{funder.pk}-categories": [slug]}).status_code == 302

    funder.refresh_from_db()
    assert (funder.categories, funder.amount_tenge) == ([slug], 7_000_000)
    kept = studio.post(at("studio_categories", round_), {"form": str(Category.objects.get(round=round_, slug=slug).pk), "remove": "1"})
    assert kept.status_code == 422
    assert Category.objects.filter(round=round_, slug=slug).exists()


def test_a_category_may_have_a_budget_and_lose_it_again(studio: Client, round_: Round) -> None:
    category = Category.objects.filter(round=round_).order_by("position")[0]
    sent = {f"c{category.pk}-name_{language}": "A" for language in ("kk", "ru", "en")}
    sent |= {"form": str(category.pk), f"c{category.pk}-plan": "park"}

    for typed, status, kept in (("5000000", 302, 5_000_000), ("0", 422, 5_000_000), ("-3", 422, 5_000_000), ("", 302, None)):
        answer = studio.post(at("studio_categories", round_), sent | {f"c{category.pk}-budget_tenge": typed})
        category.refresh_from_db()
        assert (answer.status_code, category.budget_tenge) == (status, kept)


def test_budgets_that_would_not_count_are_told_on_their_page(studio: Client, round_: Round) -> None:
    Category.objects.filter(round=round_).update(budget_tenge=1_000_000)

    with override("en"):
        page = studio.get(at("studio_categories", round_)).content.decode()

    assert "Categories have budgets, but the rules say that there is one budget for all." in page


def test_public_rules_tell_the_chosen_rule_with_its_limits(studio: Client, round_: Round) -> None:
    studio.post(at("studio_rules", round_), rules_of(round_, **SHARES, parts="category"))
    Category.objects.filter(round=round_).update(budget_tenge=3_000_000)
    Funder.objects.filter(round=round_, position=1).update(categories=[Category.objects.filter(round=round_)[0].slug])

    page = Client().get(f"/en/{round_.city.slug}/{round_.slug}/documents/").content.decode()
    text = page.replace("\u202f", " ").replace("\u00a0", " ")

    for sentence in (
        "Method of Equal Shares", "Every project counts the same for its voters.", "with 250 ₸ more for each voter",
        "The winners of a category may cost together at most:", "What categories have not spent is not spent.", "pays only for:",
    ):
        assert sentence in text
