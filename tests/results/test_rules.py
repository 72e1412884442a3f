"""Every rule through the portal: from real ballots to a published outcome that can be recomputed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction

import pytest

from qatysu.ballots import queries as ballots
from qatysu.core.errors import Conflict, Invalid
from qatysu.identity.models import Account
from qatysu.results import commands, comparing, explain, queries
from qatysu.results.gates import gates
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.rules import registry
from qatysu.rules.model import Election, Profile, Project
from tests import counting
from tests.results.conftest import MONEY

Make = Callable[..., Round]
People = tuple[Account, Account]
pytestmark = pytest.mark.django_db

COSTS = [9_000_000, 6_000_000, 4_000_000, 2_000_000]
VOTES = [["1", "2"]] * 5 + [["1"]] + [["3", "4"]] * 3 + [["3"]]
RULES = {
    "votes": ({}, {"fit": "stop"}),
    "density": ({}, {}),
    "equal-shares": ({"utility": "cost", "completion": "add1", "step": "50000"}, {}),
    "phragmen": ({"unaffordable": "skip"}, {}),
    "welfare": ({}, {}),
}
TIED = {"rule": "equal-shares", "rule_params": {"utility": "cardinality", "completion": "none"}}


def declare(round_: Round, people: People, now: datetime) -> Outcome:
    return counting.declare(people[0], round_, now)


def winners(outcome: Outcome) -> tuple[str, ...]:
    return queries.rule_outcome(outcome).winners


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_goes_from_ballots_to_publication(counted: Make, people: People, now: datetime, rule: str) -> None:
    own, columns = RULES[rule]
    round_ = counted(COSTS, VOTES, rule=rule, rule_params=own, **columns)
    outcome = declare(round_, people, now)
    places = {str(i + 1): i for i in range(len(COSTS))}
    profile = Profile.build(([places[code] for code in choices], None, 1) for choices in VOTES)
    projects = tuple(Project(str(i + 1), cost) for i, cost in enumerate(COSTS))
    plain = registry.run(Election(projects, profile, MONEY), rule, own | columns)
    assert winners(outcome) == plain.winners
    assert plain.winners
    stored = queries.rule_outcome(outcome)
    assert [(s.project, s.reason, s.key, s.left_after) for s in stored.steps] == [
        (s.project, s.reason, s.key, s.left_after) for s in plain.steps
    ]
    assert [gate.name for gate in gates(round_) if not gate.ok] == []
    commands.approve(actor=people[1], round=round_, protocol_number="7", now=now)
    commands.publish(actor=people[0], round=round_, now=now)
    assert queries.published(round_) is not None


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_project_has_its_reason_in_every_language(
    counted: Make, people: People, now: datetime, rule: str, language: str
) -> None:
    round_ = counted(COSTS, VOTES, rule=rule, rule_params=RULES[rule][0])
    outcome = declare(round_, people, now)
    rows = queries.lines(outcome)
    context = explain.context_of(outcome, rows, language)
    said = [explain.why(row, context, language, round_) for row in rows]
    assert len(said) == len(COSTS)
    assert all(text.endswith((".", "…")) and "{" not in text for text in said)
    assert len(explain.protocol(outcome, rows, context, language)) >= len(COSTS)


def test_another_rule_is_computed_when_votes_are_counted_and_stored(counted: Make, people: People, now: datetime) -> None:
    round_ = counted(COSTS, VOTES)
    rows = comparing.rows_of(declare(round_, people, now))
    assert [row.rule for row in rows] == ["votes", "density", "equal-shares", "phragmen", "welfare"]
    assert [row.binding for row in rows] == [True, False, False, False, False]
    first = rows[0]
    assert (first.winners, first.measures.spent) == (("1", "2"), 15_000_000)
    assert (first.measures.with_winner, first.measures.voters) == (6, 10)
    assert first.measures.cost_per_vote == Fraction(15_000_000, 11)
    density = next(row for row in rows if row.rule == "density")
    assert set(density.gained) == set(density.winners) - {"1", "2"}
    assert set(density.lost) == {"1", "2"} - set(density.winners)


def test_nothing_is_compared_while_a_tie_is_open(counted: Make, people: People, now: datetime) -> None:
    outcome = declare(counted([8_000_000, 8_000_000], [["1"], ["2"]]), people, now)
    assert comparing.rows_of(outcome) == ()


def test_the_council_decides_ties_of_equal_shares_one_after_the_other(
    counted: Make, people: People, now: datetime
) -> None:
    round_ = counted([6_000_000, 6_000_000, 7_000_000, 7_000_000], [["1", "2"]] * 2 + [["3", "4"]] * 2, **TIED)
    outcome = declare(round_, people, now)
    assert [tie.projects for tie in queries.open_ties(outcome)] == [("1", "2")]
    with pytest.raises(Invalid, match="tie_order"):
        counting.decide_tie(people[1], round_, ["3", "4"], "By lot", now)
    second = counting.decide_tie(people[1], round_, ["2", "1"], "By lot", now)
    assert [tie.projects for tie in queries.open_ties(second)] == [("3", "4")]
    with pytest.raises(Conflict, match="gates_closed"):
        commands.approve(actor=people[1], round=round_, protocol_number="1", now=now)
    last = counting.decide_tie(people[1], round_, ["3", "4"], "By a show of hands", now)
    assert winners(last) == ("2", "3")
    assert [decision["reason"] for decision in last.decisions] == ["By lot", "By a show of hands"]
    assert declare(round_, people, now).tie_decision == ["2", "1", "3", "4"]
    commands.approve(actor=people[1], round=round_, protocol_number="1", now=now)
    commands.publish(actor=people[0], round=round_, now=now)


@pytest.mark.parametrize(
    ("orders", "merged"),
    [
        ([], ()),
        ([["2", "1"]], ("2", "1")),
        ([["1", "2"], ["3", "4"]], ("1", "2", "3", "4")),
        ([["1", "2"], ["3", "2"]], ("1", "3", "2")),
        ([["1", "2"], ["2", "3"]], ("1", "2", "3")),
        ([["1", "2"], ["1", "3", "2"]], ("1", "3", "2")),
    ],
)
def test_decisions_become_one_order_that_keeps_each_of_them(orders: list[list[str]], merged: tuple[str, ...]) -> None:
    found = commands.merged_order(orders)
    assert found == merged
    assert all(sorted(order, key=found.index) == order for order in orders)


def test_a_later_decision_cannot_turn_an_earlier_one_round() -> None:
    with pytest.raises(Invalid, match="tie_order_turned"):
        commands.merged_order([["1", "2"], ["2", "3", "1"]])


def test_a_method_fixed_in_the_constitution_settles_ties_without_the_council(
    counted: Make, people: People, now: datetime
) -> None:
    outcome = declare(counted([8_000_000, 9_000_000], [["1"], ["2"]], tie="dearer"), people, now)
    assert winners(outcome) == ("2",)
    assert queries.open_ties(outcome) == []
    assert [tie["settled_by"] for tie in outcome.ties] == ["dearer"]


def test_outcomes_of_the_first_version_keep_their_fingerprint(counted: Make, people: People, now: datetime) -> None:
    """Written out as the first published outcomes were: whoever kept such a fingerprint can still check it."""
    round_ = counted([4_000_000, 9_000_000], [["1"]] * 3 + [["2"]], threshold_votes=1, threshold_op="gt")
    slate = ballots.slate_of(round_)
    assert slate is not None
    body = {
        "slate": slate.digest, "votes": {"1": 3, "2": 1}, "ballots": 4, "rule": "votes",
        "params": {"threshold": "1", "op": "gt", "fit": "skip"}, "budget": 15_000_000, "winners": ["1"],
    }
    expected = hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    assert declare(round_, people, now).digest == expected


def test_the_fingerprint_knows_every_parameter_of_another_rule(counted: Make, people: People, now: datetime) -> None:
    skip, stop = (
        counted([4_000_000], [["1"]], slug=name, rule="phragmen", rule_params={"unaffordable": name}) for name in ("skip", "stop")
    )
    assert declare(skip, people, now).params["unaffordable"] == "skip"
    assert declare(stop, people, now).params["unaffordable"] == "stop"
    computed = queries.compute(skip)
    assert commands.digest_of(skip, 1, computed) != commands.digest_of(skip, 1, registry.run(queries.election(skip), "phragmen"))


def test_money_of_a_category_limits_its_winners_and_is_named(counted: Make, people: People, now: datetime) -> None:
    round_ = counted([6_000_000, 5_000_000], [["1", "2"]] * 2 + [["1"]], parks=8_000_000, rule_params={"parts": "category"})
    outcome = declare(round_, people, now)
    assert winners(outcome) == ("1",)
    rows = queries.lines(outcome)
    text = explain.why(rows[1], explain.context_of(outcome, rows, "en"), "en", round_)
    assert text.replace("\u202f", " ").replace("\u00a0", " ").startswith(
        "In the budget of the category “parks” 2 000 000 ₸ were left, it costs 5 000 000 ₸: 3 000 000 ₸ too little."
    )
