"""The outcome rule of a constitution: what may be chosen, how it is frozen, copied, told and handed to the engine."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from qatysu.core.errors import Conflict, Invalid
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds import commands, queries
from qatysu.rounds.checks import check_round
from qatysu.rounds.models import Category, Constitution, Funder, Round
from qatysu.rounds.outcome_rule import election_limits, limit_name, rule_and_params
from qatysu.rounds.plain_rule import win_sentence
from qatysu.rounds.presets import PRESETS
from qatysu.rounds.rule_params import COMMON, OWN, choices_of, expected_runs, expected_voters
from qatysu.rules.model import Funder as Payer
from qatysu.rules.params import parse

from .conftest import NOW

TITLES = commands.Titles("Айналым", "Раунд", "Round")
SHARES = {"rule": "equal-shares", "rule_params": {"utility": "cost", "completion": "add1", "step": "100"}}


def fresh(round_: Round) -> Round:
    return Round.objects.select_related("city", "constitution").get(pk=round_.pk)


def edit(coordinator: Account, round_: Round, **values: Any) -> Constitution:
    return commands.edit_constitution(actor=coordinator, round_=round_, values=values, now=NOW)


def findings(round_: Round) -> dict[str, bool]:
    return {problem.code: problem.stops for problem in check_round(fresh(round_), NOW)}


def digest_of_before(round_: Round) -> str:
    """The fingerprint as it was computed before there were other rules, with the columns of that time."""
    names = (
        "min_cost_tenge", "cap_tenge", "cap_mrp", "mrp_tenge", "proposer_min_age", "proposals_per_author", "voter_min_age", "methods",
        "ballot_type", "min_choices", "max_choices", "ballot_order", "max_attempts", "counts_mode", "rule", "threshold_votes",
        "threshold_op", "fit", "council_quorum_percent", "council_majority_percent", "appeal_days", "exclusions_kk", "exclusions_ru",
        "exclusions_en",
    )
    titles = ("name_kk", "name_ru", "name_en")
    content = {
        "round": str(round_),
        "rules": {name: getattr(round_.constitution, name) for name in names},
        "reserve_tenge": round_.reserve_tenge,
        "funders": list(round_.funders.order_by("position").values(*titles, "amount_tenge", "is_approximate")),
        "categories": list(round_.categories.order_by("position").values("slug", *titles)),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def test_fingerprints_of_rounds_frozen_before_can_be_made_again(round_: Round) -> None:
    assert commands.freeze_constitution(round_, NOW).digest == digest_of_before(fresh(round_))


def test_every_new_column_is_part_of_the_fingerprint(coordinator: Account, round_: Round) -> None:
    seen = {commands.constitution_digest(fresh(round_))}
    for values in ({"fit": "stop", "rule_params": {"partial": "0.8"}}, {"tie": "cheaper"}):
        edit(coordinator, round_, **values)
        seen.add(commands.constitution_digest(fresh(round_)))
    category, funder = round_.categories.all()[0], round_.funders.all()[0]
    Category.objects.filter(pk=category.pk).update(budget_tenge=5)
    seen.add(commands.constitution_digest(fresh(round_)))
    Funder.objects.filter(pk=funder.pk).update(categories=[category.slug])
    seen.add(commands.constitution_digest(fresh(round_)))

    assert len(seen) == 5


@pytest.mark.parametrize(
    ("values", "reason", "field"),
    [
        ({"rule": "lottery"}, "rule_unknown", "rule"),
        ({"tie": "decision"}, "tie_method", "tie"),
        ({"tie": "dice"}, "tie_method", "tie"),
        ({"rule_params": {"step": "100"}}, "param_unknown", "step"),
        ({"rule_params": {"tie": "id"}}, "param_unknown", "tie"),
        ({"rule_params": {"withdrawn": "1"}}, "param_unknown", "withdrawn"),
        ({"rule_params": {"partial": 0.8}}, "param_value", "rule"),
        ({"rule_params": ["partial"]}, "param_value", "rule"),
        ({"rule_params": {"partial": "0.8"}}, "partial_without_stop", "partial"),
        ({"rule_params": {"partial": "2"}, "fit": "stop"}, "param_value", "partial"),
        ({"rule_params": {"leftover": "pool"}}, "leftover_without_parts", "parts"),
        ({"rule_params": {"parts": "district"}}, "param_value", "parts"),
        ({"rule": "equal-shares", "rule_params": {"step": "0"}}, "param_value", "step"),
        ({"rule": "equal-shares", "rule_params": {"step": "0.5"}}, "step_whole", "step"),
        ({"rule": "equal-shares", "rule_params": {"utility": "score"}}, "param_value", "utility"),
        ({"rule": "phragmen", "rule_params": {"utility": "cost"}}, "param_unknown", "utility"),
    ],
)
def test_edit_constitution_refuses_what_the_rule_has_not(
    coordinator: Account, round_: Round, values: dict[str, Any], reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        edit(coordinator, round_, **values)

    assert (refusal.value.reason, refusal.value.field) == (reason, field)
    assert fresh(round_).constitution.rule_params == {}


@pytest.mark.parametrize("change", [{"rule": "lottery"}, {"tie": "decision"}, {"tie": ""}])
def test_database_refuses_an_unknown_rule_or_method(round_: Round, change: dict[str, str]) -> None:
    with pytest.raises(IntegrityError, match="constitution_known_"), transaction.atomic():
        Constitution.objects.filter(round=round_).update(**change)


def test_database_refuses_a_budget_of_nothing(round_: Round) -> None:
    with pytest.raises(IntegrityError, match="category_budget_positive"), transaction.atomic():
        Category.objects.filter(round=round_).update(budget_tenge=0)


def test_rule_of_the_pilot_in_the_names_of_the_engine(round_: Round) -> None:
    rule, params = rule_and_params(round_)

    assert (rule, params) == ("votes", {"fit": "skip", "min_score": "10", "min_score_op": "gt", "tie": "refuse"})
    assert parse(rule, params).min_score == 10


def test_only_parameters_of_the_rule_reach_the_engine(coordinator: Account, round_: Round) -> None:
    edit(coordinator, round_, rule="phragmen", rule_params={"unaffordable": "skip", "parts": "category"}, tie="dearer")

    rule, params = rule_and_params(fresh(round_))
    assert (rule, params) == (
        "phragmen",
        {"min_score": "10", "min_score_op": "gt", "tie": "dearer", "unaffordable": "skip", "parts": "category"},
    )
    assert parse(rule, params).parts == "category"


def test_limits_hold_budgets_of_categories_and_payers_only_where_somebody_is_restricted(round_: Round) -> None:
    assert election_limits(round_) == type(election_limits(round_))({}, ())
    Category.objects.filter(round=round_, slug="sport").update(budget_tenge=7_000_000)
    Funder.objects.filter(round=round_, position=2).update(categories=["roads", "sport"])

    limits = election_limits(fresh(round_))

    assert limits.category_budgets == {"sport": 7_000_000}
    assert limits.funders == (Payer("1", 50_000_000), Payer("2", 15_000_000, frozenset({"sport", "roads"})))
    with override("ru"):
        assert limit_name(round_, "category", "waste") == "Сбор мусора"
        assert limit_name(round_, "funders", "1 + 2") == "Евразийская группа (ERG) + Акимат Хромтауского района"
        assert limit_name(round_, "total", "") == ""


def test_contradictions_are_found_before_publishing_and_stop_the_freeze(coordinator: Account, round_: Round) -> None:
    Category.objects.filter(round=round_, slug="sport").update(budget_tenge=70_000_000)
    assert findings(round_)["budgets_without_parts"]
    with pytest.raises(Invalid, match="rules_contradict"):
        commands.freeze_constitution(round_, NOW)
    with pytest.raises(Invalid, match="not_ready"):
        commands.publish_round(actor=coordinator, round_=round_, now=NOW)
    assert fresh(round_).constitution.frozen_at is None

    edit(coordinator, round_, rule_params={"parts": "category"})
    found = findings(round_)
    assert "budgets_without_parts" not in found
    assert found["budgets_over_money"] is False
    Category.objects.filter(round=round_).update(budget_tenge=None)
    assert findings(round_)["parts_without_budgets"]


def test_a_category_that_nobody_pays_for_stops(round_: Round) -> None:
    Funder.objects.filter(round=round_, position=1).update(categories=["sport", "moon"])
    Funder.objects.filter(round=round_, position=2).update(categories=["roads"])

    found = [p for p in check_round(fresh(round_), NOW) if p.code in ("category_unpaid", "payer_unknown_category")]

    with override("en"):
        assert {(p.code, p.stops) for p in found} == {("category_unpaid", True), ("payer_unknown_category", True)}
    assert len(found) == 5


def test_budgets_that_leave_money_or_exceed_their_payers_are_warned_about(coordinator: Account, round_: Round) -> None:
    edit(coordinator, round_, rule_params={"parts": "category"})
    Category.objects.filter(round=round_).update(budget_tenge=1_000_000)
    assert findings(round_)["budgets_below_money"] is False
    Funder.objects.filter(round=round_, position=1).update(categories=["sport"])
    Category.objects.filter(round=round_, slug="roads").update(budget_tenge=20_000_000)

    assert findings(round_)["category_over_payers"] is False


def test_steps_of_equal_shares_are_judged_by_the_expected_voters(coordinator: Account, city: City, round_: Round) -> None:
    city.populations.create(
        count=30_000, counted_on=date(2025, 1, 1), territory_kk="қ", territory_ru="г", territory_en="t", source="test"
    )
    assert expected_voters(round_) == 1_500
    assert expected_runs(65_000_000, 1_500, 100) == 434

    edit(coordinator, round_, **SHARES)
    assert {"step_small", "step_large"} & set(findings(round_)) == set()
    edit(coordinator, round_, rule_params={"step": "1"})
    assert findings(round_)["step_small"] is False
    edit(coordinator, round_, rule_params={"step": "10000"})
    assert findings(round_)["step_large"] is False
    edit(coordinator, round_, rule_params={"step": "1", "completion": "none"})
    assert "step_small" not in findings(round_)
    assert findings(round_)["shares_need_choices"] is False


def test_copy_takes_rule_budgets_and_payers(coordinator: Account, city: City, round_: Round) -> None:
    edit(coordinator, round_, **(SHARES | {"tie": "cheaper", "ballot_type": "up_to_k", "max_choices": 4}))
    Category.objects.filter(round=round_, slug="sport").update(budget_tenge=7_000_000)
    Funder.objects.filter(round=round_, position=2).update(categories=["roads"])

    made = commands.copy_round(
        actor=coordinator, source=fresh(round_), city=city, slug="y2027", titles=TITLES, starts_on=date(2027, 2, 1), now=NOW
    )

    assert rule_and_params(fresh(made)) == rule_and_params(fresh(round_))
    assert election_limits(made) == election_limits(round_)


def test_a_category_named_by_a_funder_stays(coordinator: Account, round_: Round) -> None:
    funder, category = round_.funders.get(position=1), round_.categories.get(slug="sport")
    fields = {"amount_tenge": 1, "categories": ["sport", "roads", "sport"]}
    saved = commands.save_funder(actor=coordinator, round_=round_, funder_id=funder.pk, fields=fields, now=NOW)

    assert saved.categories == ["roads", "sport"]
    with pytest.raises(Conflict, match="category_paid"):
        commands.remove_category(actor=coordinator, round_=round_, category_id=category.pk, now=NOW)
    with pytest.raises(Invalid, match="category_gone"):
        commands.save_funder(actor=coordinator, round_=round_, funder_id=funder.pk, fields=fields | {"categories": ["x"]}, now=NOW)


def every_choice() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """(rule, parameters, columns): each rule with each value of each of its parameters, and both ways to end a list."""
    found: list[tuple[str, dict[str, str], dict[str, str]]] = []
    for rule, own in OWN.items():
        found.append((rule, {}, {}))
        found += [(rule, {name: value}, {}) for name in own for value in choices_of(name)]
    return [*found, ("votes", {}, {"fit": "stop"}), ("votes", {"partial": "0.85"}, {"fit": "stop"})]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_choice_has_a_sentence_of_its_own(language: str) -> None:
    said = set()
    with override(language):
        for rule, params, columns in every_choice():
            said.add(win_sentence(Constitution(rule=rule, rule_params=params, **columns)))

    # Stating a default says the same as leaving it out: once for utility, completion, comparison, unaffordable.
    assert len(said) == len(every_choice()) - 4
    assert all(said)
    if language != "en":
        with override("en"):
            assert said.isdisjoint({win_sentence(Constitution(rule=r, rule_params=p, **c)) for r, p, c in every_choice()})


def test_plain_rules_name_numbers_of_the_parameters(coordinator: Account, round_: Round) -> None:
    edit(coordinator, round_, fit="stop", rule_params={"partial": "0.85", "parts": "category", "leftover": "pool"}, tie="id")
    Category.objects.filter(round=round_, slug="sport").update(budget_tenge=7_000_000)
    Funder.objects.filter(round=round_, position=2).update(categories=["roads"])

    with override("en"):
        told = dict(queries.plain_rules(fresh(round_)))

    assert "at least 85 % of its cost" in told["Who wins"].replace("\u00a0", " ")
    assert "Sports grounds and stadiums: 7\u202f000\u202f000\u00a0₸" in told["Budgets of categories"]
    assert told["Budgets of categories"].endswith(" goes to the next projects by votes, in any category.")
    assert told["Who pays for what"] == "Akimat of Khromtau district pays only for: Roads, pavements, parking."
    assert "10 comes before 9" in told["A tie"]


def test_plain_rules_name_projects_that_exclude_each_other(coordinator: Account, round_: Round) -> None:
    edit(coordinator, round_, rule_params={"conflicts": "3/7;4/5/9:9"})

    with override("en"):
        told = dict(queries.plain_rules(fresh(round_)))["Projects that exclude each other"]

    assert told == "Of the projects № 3, 7 only one can win. Of the projects № 4, 5, 9 only № 9 takes part."
    assert rule_and_params(fresh(round_))[1]["conflicts"] == "3/7;4/5/9:9"


def test_offered_values_are_values_of_the_engine() -> None:
    for rule, own in OWN.items():
        for name in (*own, *COMMON):
            for value in choices_of(name):
                assert getattr(parse(rule, {name: value}), name) == value
    for preset in PRESETS.values():
        values: dict[str, Any] = dict(preset.values)
        parse(str(values["rule"]), values.get("rule_params", {}))
