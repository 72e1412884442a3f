"""Measures of a list of winners, and what other rules give."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.small import election, elections

from qatysu.core.errors import Invalid
from qatysu.rules import registry
from qatysu.rules.compare import MOST_RUNS, Row, compare, default_step, measures, note_sentences
from qatysu.rules.describe import WINNERS, town
from qatysu.rules.model import Election, Kind, Profile, Project
from qatysu.rules.shares import rounds


def row(**more):
    """A row of no election, for what is said about it."""
    nothing = measures(Election((), Profile.build([]), 0), ())
    return Row(**{"rule": "votes", "params": {}, "winners": (), "measures": nothing, **more})


@st.composite
def with_ballots(draw):
    """An election with ballots of several projects, and a list of winners."""
    base = draw(elections())
    size = len(base.projects)
    chosen = st.lists(st.integers(0, size - 1), unique=True)
    points = st.lists(st.integers(0, 3), min_size=size, max_size=size)
    ballots = draw(st.lists(st.tuples(chosen, points, st.integers(1, 4)), max_size=5))
    profile = Profile.build((indices, given_[: len(indices)], times) for indices, given_, times in ballots)
    won = draw(st.lists(st.sampled_from(base.projects), unique=True))
    return replace(base, profile=profile, kind=Kind.SCORING), ballots, won


@settings(max_examples=200, deadline=None)
@given(with_ballots())
def test_measures_are_what_counting_by_hand_gives(made):
    found, ballots, won = made
    ids = [p.id for p in won]
    marked = [
        (times, sum(found.projects[i] in won for i, value in zip(indices, points, strict=False) if value > 0))
        for indices, points, times in ballots
    ]
    voters, votes = sum(t for t, _ in marked), sum(t for i, _, t in ballots for p in i if found.projects[p] in won)
    got = measures(found, ids)
    assert (got.winners, got.voters, got.spent) == (tuple(ids), voters, sum(p.cost for p in won))
    assert got.with_winner == sum(times for times, many in marked if many)
    assert got.share * max(1, voters) == got.with_winner
    assert got.mean_winners * max(1, voters) == sum(times * many for times, many in marked)
    assert got.cost_per_vote == (Fraction(got.spent, votes) if votes else None)
    for parts in (got.categories, got.districts):
        assert sum(part.money for part in parts.values()) == got.spent
        assert sum(part.projects for part in parts.values()) == len(won)


def test_a_project_of_two_categories_is_split_evenly():
    projects = (Project("1", 9, categories=("x", "y")), Project("2", 4, categories=("y",)), Project("3", 1))
    got = measures(Election(projects, Profile.build([]), 20), ["1", "2", "3"])
    assert {name: (part.money, part.projects) for name, part in got.categories.items()} == {
        "x": (Fraction(9, 2), Fraction(1, 2)), "y": (Fraction(17, 2), Fraction(3, 2)), "": (1, 1),
    }


def test_votes_on_paper_lower_the_cost_per_vote():
    found = election([("a", 10, 3)], 10)
    on_paper = replace(found, projects=(replace(found.projects[0], paper=2),))
    assert [measures(e, ["a"]).cost_per_vote for e in (found, on_paper)] == [Fraction(10, 3), Fraction(10, 5)]
    assert measures(on_paper, ["a"]).voters == 3


def test_unknown_winner_is_refused():
    with pytest.raises(Invalid) as refusal:
        measures(town(), ["park", "moon"])
    assert "moon" in refusal.value.params["text"]


def test_numbers_beyond_floating_point_stay_exact():
    big = 2**53 + 1
    profile = Profile(np.array([0, 1]), np.array([0], np.int32), np.array([1]), np.array([big]))
    got = measures(Election((Project("a", big),), profile, big), ["a"])
    assert (got.with_winner, got.share, got.cost_per_vote, got.mean_winners) == (big, 1, 1, 1)


def test_the_binding_rule_comes_first_and_the_others_say_their_parameters():
    rows = compare(town(), registry.run(town(), "votes"))
    assert [(r.rule, r.binding) for r in rows] == [
        ("votes", True), ("density", False), ("equal-shares", False), ("phragmen", False), ("welfare", False),
    ]
    assert {r.rule: r.winners for r in rows} == WINNERS
    assert rows[2].params["completion"] == "add1"
    assert rows[3].params["unaffordable"] == "skip"
    assert all(r.params["tie"] == "cheaper" for r in rows[1:])


def test_gained_and_lost_are_differences_to_the_binding_list():
    by_rule = {r.rule: r for r in compare(town(), registry.run(town(), "votes"))}
    assert (by_rule["welfare"].gained, by_rule["welfare"].lost) == (("playground", "well"), ("lights",))
    assert (by_rule["votes"].gained, by_rule["votes"].lost) == ((), ())


def test_the_binding_rule_with_other_parameters_is_compared_too():
    stopped = registry.run(town(), "votes", {"fit": "stop"})
    assert [r.rule for r in compare(town(), stopped)].count("votes") == 2
    shares = registry.run(town(), "equal-shares", {"step": "5"})
    assert [r.rule for r in compare(town(), shares)].count("equal-shares") == 1


def test_threshold_and_exclusions_of_the_round_hold_for_every_rule():
    binding = registry.run(town(), "votes", {"min_score": "4", "withdrawn": "lights"})
    assert all(not {"well", "lights"} & set(r.winners) for r in compare(town(), binding))


def test_an_open_tie_does_not_stop_the_comparison():
    found = election([("a", 3, 5), ("b", 3, 5), ("c", 2, 1)], 4)
    binding = registry.run(found, "votes")
    assert binding.undecided
    rows = compare(found, binding)
    assert rows[0].notes == ("compare.open",)
    assert [(r.rule, r.winners, r.notes) for r in rows[1:]] == [
        ("density", ("a",), ("compare.ties",)), ("equal-shares", (), ("compare.step",)),
        ("phragmen", ("a",), ("compare.ties",)), ("welfare", ("a",), ("compare.ties",)),
    ]


def test_a_rule_with_the_same_winners_says_so():
    found = election([("a", 3, 5), ("b", 1, 4)], 4)
    density = next(r for r in compare(found, registry.run(found, "votes")) if r.rule == "density")
    assert density.notes == ("compare.same",)
    assert note_sentences(density, str, "en") == ["The same winners."]


def test_step_finer_than_the_money_is_refused():
    with pytest.raises(Invalid) as refusal:
        compare(town(), registry.run(town(), "votes"), money_step=Fraction(1, 2))
    assert refusal.value.field == "step"


def test_step_of_equal_shares_is_stated_in_money():
    found = replace(town(), scale=100, budget=10_000_000)
    shares = next(r for r in compare(found, registry.run(found, "votes"), money_step=Fraction(1, 2)) if r.rule == "equal-shares")
    assert (shares.params["step"], shares.step) == ("0.50", 50)
    assert "Money was added in steps of <50> per voter." in note_sentences(shares, lambda amount: f"<{amount}>", "en")


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**12), st.integers(1, 10**6), st.sampled_from([1, 100]))
def test_default_step_is_round_and_asks_for_few_runs(budget, voters, scale):
    profile = Profile(np.array([0, 0]), np.array([], np.int32), np.array([], np.int64), np.array([voters]))
    found = Election((), profile, budget, scale=scale)
    step = default_step(found, registry.run(found, "votes")) * scale
    assert str(step).rstrip("0") in ("1", "2", "5")
    assert Fraction(budget, voters) <= step * MOST_RUNS


def test_default_step_keeps_a_poor_election_computable():
    found = election([("a", 10**9, 1)], 0)
    assert default_step(found, registry.run(found, "votes")) == 50_000


def test_a_rule_that_takes_too_long_is_left_out_and_that_is_said(monkeypatch):
    monkeypatch.setattr(rounds, "MOST_RUNS", 100)
    found = election([("a", 10**9, 1)], 0)
    rows = compare(found, registry.run(found, "votes"), money_step=Fraction(1))
    assert rows[0].notes == ("compare.left_out",)
    assert "equal-shares" not in [r.rule for r in rows]


def test_progress_counts_rules():
    seen = []
    compare(town(), registry.run(town(), "votes"), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4)]
