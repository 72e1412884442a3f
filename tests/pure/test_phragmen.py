"""Phragmén's sequential rule: small elections that were computed by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.test_equal_shares import costs, election, keys

from qatysu.rules.model import Funder, Reason
from qatysu.rules.registry import run


def phragmen(found, **params):
    return run(found, "phragmen", params)


def test_supporters_of_a_winner_begin_again():
    # a: 12 / 4 = 3; then b: (10 + 2 * 3) / 3 and c: 14 / 2
    found = election({"a": 12, "b": 10, "c": 14}, [("a", 2), ("ab", 2), ("b", 1), ("c", 2)], 100)
    outcome = phragmen(found)
    assert outcome.winners == ("a", "b", "c")
    assert keys(outcome) == {"a": Fraction(3), "b": Fraction(16, 3), "c": Fraction(7)}


def test_the_rule_stops_at_the_first_that_does_not_fit():
    found = election({"a": 4, "b": 12, "c": 9}, [("a", 2), ("b", 3), ("c", 1)], 15)
    outcome = phragmen(found)
    assert outcome.winners == ("a",)
    stop, after = outcome.step_of("b"), outcome.step_of("c")
    assert (stop.reason, stop.facts["limit_missing"]) == (Reason.DOES_NOT_FIT, 1)
    assert (after.reason, after.facts["by"]) == (Reason.AFTER_STOP, "b")


def test_skip_passes_over_what_does_not_fit():
    found = election({"a": 4, "b": 12, "c": 9}, [("a", 2), ("b", 3), ("c", 1)], 15)
    outcome = phragmen(found, unaffordable="skip")
    assert outcome.winners == ("a", "c")
    assert outcome.step_of("b").reason is Reason.DOES_NOT_FIT


def test_one_of_the_smallest_that_does_not_fit_stops_the_rule():
    # both 5 per supporter; b does not fit
    found = election({"a": 5, "b": 10}, [("a", 1), ("b", 2)], 9)
    outcome = phragmen(found)
    assert outcome.winners == ()
    assert outcome.step_of("b").reason is Reason.DOES_NOT_FIT
    assert outcome.step_of("a").reason is Reason.AFTER_STOP
    assert phragmen(found, unaffordable="skip").winners == ("a",)


def test_without_supporters_there_is_no_load():
    outcome = phragmen(election({"a": 5, "b": 1}, [("a", 1), ("", 3)], 100))
    assert outcome.winners == ("a",)
    assert outcome.step_of("b").reason is Reason.NO_SUPPORT


def test_a_conflict_passes_over_and_does_not_stop():
    found = election({"a": 4, "b": 5, "c": 9}, [("a", 2), ("b", 2), ("c", 1)], 15)
    outcome = phragmen(found, conflicts="a/b")
    assert outcome.winners == ("a", "c")
    assert (outcome.step_of("b").reason, outcome.step_of("b").facts["by"]) == (Reason.CONFLICT, "a")


def test_a_funder_that_has_too_little_stops_the_rule():
    found = election({"a": 4, "b": 5}, [("a", 2), ("b", 1)], 15, funders=(Funder("F", 8),))
    outcome = phragmen(found)
    assert outcome.winners == ("a",)
    assert (outcome.step_of("b").facts["limit_kind"], outcome.step_of("b").facts["limit_missing"]) == ("funders", 1)


def test_the_order_of_projects_apart_does_not_matter():
    found = election({"a": 6, "b": 6, "c": 9}, [("a", 2), ("b", 2), ("c", 2)], 21)
    outcome = phragmen(found)
    assert outcome.winners == ("a", "b", "c")
    assert [(t.projects, t.key, t.decisive, t.settled_by) for t in outcome.ties] == [(("a", "b"), Fraction(3), False, "id")]


#: a and b share a voter, and only one of them fits.
TIED = election({"a": 6, "b": 6, "c": 20, "d": 2, "e": 1}, [("a", 1), ("ab", 1), ("b", 1), ("c", 1), ("d", 2)], 9)


def test_a_decisive_tie_ends_the_outcome():
    outcome = phragmen(TIED)
    assert outcome.winners == ("d",)
    assert [(t.projects, t.key) for t in outcome.undecided] == [(("a", "b"), Fraction(3))]
    reasons = {p: outcome.step_of(p).reason for p in "abce"}
    assert reasons == {"a": Reason.TIED, "b": Reason.TIED, "c": Reason.BEHIND_TIE, "e": Reason.NO_SUPPORT}


@pytest.mark.parametrize("params", [{"tie": "decision", "tie_decision": "b,a"}, {"tie": "decision", "tie_decision": "c,b,e,a"}])
def test_a_recorded_decision_settles_it(params):
    outcome = phragmen(TIED, **params)
    assert outcome.winners == ("d", "b")
    assert [(t.decisive, t.settled_by) for t in outcome.ties] == [(True, "decision")]


@pytest.mark.parametrize(("more", "first"), [(1, "b"), (-1, "a")])
def test_a_difference_too_small_for_floats_decides(more, first):
    big = 10**15
    found = election({"a": 3 * big + more, "b": big}, [("a", 9), ("b", 3)], 3 * big + 5)
    outcome = phragmen(found)
    assert outcome.winners == (first,)
    assert outcome.ties == ()


@settings(max_examples=200, deadline=None)
@given(costs, st.data(), st.sampled_from(["stop", "skip"]))
def test_loads_pay_the_costs_and_never_fall(found, data, unaffordable):
    ballots = data.draw(st.lists(st.tuples(st.sets(st.sampled_from(sorted(found))), st.integers(1, 3)), min_size=1, max_size=6))
    budget = data.draw(st.integers(0, 80))
    made = election(found, [(sorted(named), times) for named, times in ballots], budget)
    outcome = phragmen(made, tie="id", unaffordable=unaffordable)
    assert outcome.spent <= budget
    voters = [[Fraction(0), named] for named, times in ballots for _ in range(times)]
    last = Fraction(0)
    for project, load in keys(outcome).items():
        paid = Fraction(0)
        for voter in voters:
            if project in voter[1]:
                paid += load - voter[0]
                voter[0] = load
        assert paid == found[project]
        assert load >= last
        last = load
