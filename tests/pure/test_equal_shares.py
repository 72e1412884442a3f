"""Method of Equal Shares: small elections that were computed by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.core.errors import Invalid
from qatysu.rules.hints import note_sentence
from qatysu.rules.model import Election, Funder, Kind, Phase, Profile, Project, Reason, Verdict
from qatysu.rules.registry import run
from qatysu.rules.shares import rounds


def election(costs, ballots, budget, **more):
    """``costs``: id -> cost; ``ballots``: (ids or {id: points}, voters)."""
    ids = list(costs)
    index = {name: i for i, name in enumerate(ids)}
    rows = []
    for named, times in ballots:
        points = list(named.values()) if isinstance(named, dict) else None
        rows.append(([index[name] for name in named], points, times))
    parts = more.pop("districts", {})
    projects = tuple(Project(name, costs[name], district=parts.get(name, "")) for name in ids)
    return Election(projects, Profile.build(rows), budget, **more)


def shares(found, **params):
    return run(found, "equal-shares", {"completion": "none", **params})


def keys(outcome):
    return {s.project: s.key for s in outcome.steps if s.verdict is Verdict.FUNDED}


# Two groups: seven voters for a, six of them for b as well, and four for c. Each voter has 10.
GROUPS = election({"a": 35, "b": 36, "c": 40}, [("ab", 6), ("a", 1), ("c", 4)], 110)


def test_each_group_pays_for_its_own_projects():
    outcome = shares(GROUPS)
    assert outcome.winners == ("a", "c")
    # cost utility: price = 1 / supporters while everybody can pay
    assert keys(outcome) == {"a": Fraction(1, 7), "c": Fraction(1, 4)}
    lost = outcome.step_of("b")
    assert lost.reason is Reason.SUPPORTERS_LACK
    assert (lost.facts["supporters"], lost.facts["supporters_hold"], lost.missing_money) == (6, 30, 6)
    # the six have 10 - 35/7 = 5 each


def test_cardinality_prefers_what_is_cheap_for_each_supporter():
    found = election({"a": 20, "b": 30}, [("ab", 3), ("b", 2)], 50)
    # per supporter: a 20/3, b 30/5; cost utility: a 1/3, b 1/5. After b the three have 4 each.
    assert keys(shares(found, utility="cardinality")) == {"b": Fraction(6)}
    found = election({"a": 9, "b": 30}, [("ab", 3), ("b", 2)], 50)
    # a costs 3 each; then the three have 7, and b costs 6 each of five
    assert keys(shares(found, utility="cardinality")) == {"a": Fraction(3), "b": Fraction(6)}


def test_points_divide_the_cost():
    found = election({"a": 12}, [({"a": 1}, 1), ({"a": 5}, 1)], 40, kind=Kind.SCORING)
    # 12 = rho * (1 + 5), the second pays 10
    assert keys(shares(found, utility="score")) == {"a": Fraction(2)}
    found = election({"a": 12}, [({"a": 1}, 1), ({"a": 5}, 1)], 16, kind=Kind.SCORING)
    # each has 8, so the second pays 8 and the first 4 = rho
    assert keys(shares(found, utility="score")) == {"a": Fraction(4)}


def test_a_ballot_that_gives_no_points_does_not_support():
    found = election({"a": 4}, [({"a": 0}, 3), ({"a": 2}, 1)], 8, kind=Kind.SCORING)
    outcome = shares(found)
    assert outcome.winners == ()
    assert outcome.step_of("a").facts["supporters"] == 1
    assert outcome.step_of("a").missing_money == 2


def test_poor_supporters_give_what_they_have():
    found = election({"a": 12, "b": 24}, [("a", 1), ("ab", 1), ("b", 2)], 40)
    # b costs 8 of three; then a has one supporter with 10 and one with 2: the price is 10 of 12 for the rich one
    assert keys(shares(found)) == {"b": Fraction(1, 3), "a": Fraction(10, 12)}


def test_supporters_with_exactly_the_cost_can_pay():
    found = election({"a": 30, "b": 10}, [("a", 3), ("b", 1)], 40)
    assert keys(shares(found)) == {"a": Fraction(1, 3), "b": Fraction(1)}


def test_supporters_lack_the_smallest_part_of_a_minor_unit():
    # 100/3 each: three have exactly 100, two have 66 2/3
    found = election({"a": 67, "b": 34}, [("a", 2), ("b", 1)], 100)
    outcome = shares(found)
    assert outcome.winners == ()
    assert outcome.step_of("a").facts["supporters_hold"] == Fraction(200, 3)
    assert (outcome.step_of("a").missing_money, outcome.step_of("b").missing_money) == (1, 1)


def test_a_difference_too_small_for_floats_decides():
    # prices per supporter: 10**13 / 3 and (3 * 10**13 + 1) / 9, relative difference 3e-14; whoever is bought first wins
    big = 10**13
    found = election({"a": 3 * big + 1, "b": big}, [("ab", 3), ("a", 6)], 9 * (big // 2), scale=100)
    outcome = shares(found, utility="cardinality")
    assert outcome.winners[0] == "b"
    assert outcome.ties == ()
    found = election({"a": 3 * big - 1, "b": big}, [("ab", 3), ("a", 6)], 9 * (big // 2), scale=100)
    outcome = shares(found, utility="cardinality")
    assert outcome.winners[0] == "a"
    assert outcome.ties == ()


@pytest.mark.parametrize(("cost", "winners"), [(10**15 - 1, ("z",)), (10**15, ("z",)), (10**15 + 1, ())])
def test_one_minor_unit_decides_whether_supporters_can_pay(cost, winners):
    # seven voters with 10**15 / 7 each support z
    found = election({"z": cost}, [("z", 7)], 10**15)
    assert shares(found).winners == winners


def test_who_is_left_with_nothing_is_exact():
    # after a, the two of "ab" have 1/3 - 1/3 = 0: c is left to its own supporter
    found = election({"a": 1, "b": 1}, [("ab", 2), ("a", 1)], 1)
    outcome = shares(found)
    assert outcome.winners == ("a",)
    assert outcome.step_of("b").facts["supporters_hold"] == 0
    assert outcome.step_of("b").missing_money == 1


def test_without_supporters_there_is_no_price():
    outcome = shares(election({"a": 5, "b": 5}, [("a", 1)], 100))
    assert outcome.winners == ("a",)
    assert outcome.step_of("b").reason is Reason.NO_SUPPORT


def test_without_ballots_nobody_wins():
    outcome = run(election({"a": 5}, [], 100), "equal-shares", {})
    assert (outcome.winners, outcome.step_of("a").reason, outcome.runs) == ((), Reason.NO_SUPPORT, 1)


def test_add1_takes_the_last_outcome_that_the_budget_can_pay():
    # with 11 each the six have 6 after a, which is the cost of b: 35 + 36 + 40 = 111
    outcome = run(GROUPS, "equal-shares", {"completion": "add1"})
    assert (outcome.winners, outcome.runs) == (("a", "c"), 2)
    more = run(GROUPS, "equal-shares", {"completion": "add1", "budget": "111"})
    assert (more.winners, more.runs) == (("a", "b", "c"), 2)


def test_add1_ends_when_everything_is_bought():
    # with 10 or 11 each, a and c are bought; with 12, b as well
    found = election({"a": 20, "b": 12, "c": 8}, [("a", 2), ("b", 1), ("c", 1)], 50)
    outcome = run(found, "equal-shares", {"budget": "40"})
    assert (outcome.winners, outcome.runs, outcome.spent) == (("a", "b", "c"), 3, 40)
    assert {step.facts["run"] for step in outcome.steps} == {3}


def test_add1e_ends_where_nothing_more_fits():
    # each has 5: b costs 3 of two, a 4 of two: 14 of 20, and d costs 9
    found = election({"a": 8, "b": 6, "d": 9}, [("ad", 2), ("b", 2)], 20)
    early = run(found, "equal-shares", {"completion": "add1e", "utility": "cardinality"})
    late = run(found, "equal-shares", {"completion": "add1", "utility": "cardinality"})
    assert (early.winners, early.runs) == (("b", "a"), 1)
    # with 9 each the supporters of a have 10 left after it and buy d: 23
    assert (late.winners, late.runs) == (("b", "a"), 5)


def test_add1_and_add1e_can_have_other_winners():
    # With 3 each only z can be paid, and nothing fits beside it: add1e takes that. With 4 each y is bought first, for 3.5
    # of two, and z lacks; with 7 each z is bought as well, which is too much.
    found = election({"x": 10, "y": 7, "z": 3}, [("y", 1), ("yz", 1), ("x", 1)], 9)
    early = run(found, "equal-shares", {"completion": "add1e"})
    late = run(found, "equal-shares", {"completion": "add1"})
    assert (early.winners, early.runs) == (("z",), 1)
    assert (late.winners, late.runs) == (("y",), 5)


def test_a_step_may_be_finer_than_the_money():
    found = election({"a": 11}, [("a", 2)], 11, scale=1)
    assert run(found, "equal-shares", {"step": "0.25"}).winners == ("a",)
    # 10 of 2 voters, 5 each: a (11) can never be paid from 10, but 0.5 more each would buy it and overspend
    poor = run(found, "equal-shares", {"step": "0.25", "budget": "10"})
    assert (poor.winners, poor.runs) == ((), 3)


def test_a_step_that_needs_endless_runs_is_refused(monkeypatch):
    found = election({"a": 10**9}, [("a", 1)], 1)
    monkeypatch.setattr(rounds, "MOST_RUNS", 50)
    with pytest.raises(Invalid) as refused:
        run(found, "equal-shares", {"step": "0.001"})
    assert refused.value.params["name"] == "step"


def test_utilitarian_completion_fills_up_by_votes():
    outcome = shares(GROUPS, completion="utilitarian")
    assert outcome.winners == ("a", "c")  # 35 are left, b costs 36
    assert [s.reason for s in outcome.steps if s.project == "b"] == [Reason.SUPPORTERS_LACK, Reason.DOES_NOT_FIT]
    found = election({"a": 35, "b": 35, "c": 40}, [("ab", 6), ("a", 1), ("c", 4)], 110)
    outcome = shares(found, completion="utilitarian")
    assert outcome.winners == ("a", "c", "b")
    assert outcome.step_of("b").phase is Phase.COMPLETION
    assert [s.reason for s in outcome.steps if s.project == "b"] == [Reason.SUPPORTERS_LACK, Reason.SELECTED]


def test_what_conflicts_with_a_winner_is_left_out():
    found = election({"a": 10, "b": 12, "c": 9}, [("abc", 6)], 60)
    outcome = shares(found, conflicts="b/c", utility="cardinality")
    assert outcome.winners == ("c", "a")
    assert (outcome.step_of("b").reason, outcome.step_of("b").facts["by"]) == (Reason.CONFLICT, "c")


def test_what_exceeds_its_district_is_left_out_and_others_go_on():
    found = election(
        {"a": 10, "b": 12, "c": 20}, [("ab", 5), ("abc", 4), ("a", 1)], 100, districts={"a": "n", "b": "n"}, district_budgets={"n": 15}
    )
    outcome = shares(found, parts="district")
    assert outcome.winners == ("a", "c")
    lost = outcome.step_of("b")
    assert (lost.reason, lost.facts["limit"], lost.facts["limit_missing"]) == (Reason.DOES_NOT_FIT, "n", 7)


def test_add1_ends_when_only_limits_keep_projects_out():
    found = election({"a": 10}, [("a", 2)], 30, funders=(Funder("F", 9),))
    outcome = run(found, "equal-shares", {})
    assert (outcome.winners, outcome.runs, outcome.step_of("a").reason) == ((), 1, Reason.DOES_NOT_FIT)


def test_projects_that_are_all_bought_are_no_decisive_tie():
    found = election({"a": 10, "b": 10}, [("ab", 2), ("a", 1), ("b", 1)], 40)
    outcome = shares(found)
    assert outcome.winners == ("a", "b")
    assert [(t.projects, t.key, t.decisive, t.settled_by, t.proved) for t in outcome.ties] == [
        (("a", "b"), Fraction(1, 3), False, "id", True)
    ]


TIED = election({"a": 10, "b": 10, "c": 10, "d": 7, "e": 5}, [("ab", 2), ("c", 3), ("d", 1)], 36)


def test_a_decisive_tie_ends_the_outcome():
    # each has 6: c costs 10/3 of three; a or b 5 of two; then 2 are left
    outcome = shares(TIED)
    assert outcome.winners == ("c",)
    assert [(t.projects, t.key, t.decisive, t.settled_by) for t in outcome.undecided] == [(("a", "b"), Fraction(1, 2), True, "none")]
    reasons = {p: outcome.step_of(p).reason for p in "abde"}
    assert reasons == {"a": Reason.TIED, "b": Reason.TIED, "d": Reason.BEHIND_TIE, "e": Reason.NO_SUPPORT}


@pytest.mark.parametrize(
    ("params", "winner", "by"),
    [
        ({"tie": "id"}, "a", "id"),
        ({"tie": "dearer"}, "a", "dearer"),
        ({"tie": "decision", "tie_decision": "b,a"}, "b", "decision"),
    ],
)
def test_a_method_settles_a_decisive_tie(params, winner, by):
    outcome = shares(TIED, **params)
    assert outcome.winners == ("c", winner)
    assert [(t.decisive, t.settled_by) for t in outcome.ties] == [(True, by)]


def test_a_decision_that_does_not_name_all_tied_settles_nothing():
    outcome = shares(TIED, tie="decision", tie_decision="b,c")
    assert outcome.undecided[0].projects == ("a", "b")


def test_a_tie_decides_though_a_later_run_overspends():
    # with 4 each nothing can be paid; with 5 a or b, not both; with 6 also c, which is too much: run 2 counts
    found = election({"a": 10, "b": 10, "c": 6}, [("ab", 2), ("c", 1)], 12)
    outcome = run(found, "equal-shares", {})
    assert [t.projects for t in outcome.undecided] == [("a", "b")]
    assert outcome.winners == ()
    settled = run(found, "equal-shares", {"tie": "id"})
    assert (settled.winners, settled.runs) == (("a",), 3)


def test_a_tie_in_a_run_that_does_not_count_is_not_decisive():
    # with 4 each a or b, with 5 both; c is bought with 6, which is too much
    found = election({"a": 5, "b": 5, "c": 6}, [("ab", 2), ("c", 1)], 12)
    outcome = run(found, "equal-shares", {})
    assert (outcome.winners, outcome.runs, outcome.undecided) == (("a", "b"), 3, ())


def test_the_comparison_with_votes_counts_voters_with_more():
    # equal shares: each has 5, so a (two voters) wins; by votes b, which three voters support
    found = election({"a": 10, "b": 20}, [("a", 2), ("b", 3)], 25)
    plain = shares(found)
    assert plain.winners == ("a",)
    compared = shares(found, comparison="votes")
    assert compared.winners == ("b",)
    assert compared.notes == ("votes_preferred there=3 here=2",)
    assert note_sentence(compared.notes[0], "en").startswith("Voters whose projects get more money: 3 with the list by votes, 2 with")
    assert note_sentence("Stored as a sentence.", "kk") == "Stored as a sentence."
    assert compared.step_of("a").reason is Reason.DOES_NOT_FIT


def test_the_comparison_keeps_equal_shares_when_as_many_have_more():
    found = election({"a": 10, "b": 20}, [("a", 2), ("b", 2), ("", 1)], 25)
    compared = shares(found, comparison="votes", min_score="1", tie="id")
    assert compared.winners == ("a",)
    assert compared.notes == ("shares_preferred there=0 here=0",)


costs = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 30), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(costs, st.data())
def test_shares_are_never_overdrawn_and_the_budget_holds(found, data):
    ballots = data.draw(st.lists(st.tuples(st.sets(st.sampled_from(sorted(found))), st.integers(1, 3)), min_size=1, max_size=6))
    budget = data.draw(st.integers(0, 80))
    completion = data.draw(st.sampled_from(["none", "add1", "add1e", "add1u", "utilitarian"]))
    made = election(found, [(sorted(named), times) for named, times in ballots], budget)
    outcome = run(made, "equal-shares", {"completion": completion, "tie": "id"})
    assert outcome.spent <= budget
    if completion == "none":
        left = [[Fraction(budget, made.voters), set(named)] for named, times in ballots for _ in range(times)]
        for project, price in keys(outcome).items():
            paid = 0
            for voter in left:
                if project in voter[1]:
                    part = min(voter[0], price * found[project])
                    voter[0] -= part
                    paid += part
            assert paid == found[project]
        for project in set(found) - set(outcome.winners):
            hold = sum(money for money, named in left if project in named)
            assert hold < found[project]


@settings(max_examples=100, deadline=None)
@given(costs, st.data(), st.integers(2, 10**6))
def test_money_in_another_unit_changes_nothing(found, data, factor):
    ballots = data.draw(st.lists(st.tuples(st.sets(st.sampled_from(sorted(found))), st.integers(1, 3)), min_size=1, max_size=5))
    rows = [(sorted(named), times) for named, times in ballots]
    budget = data.draw(st.integers(1, 60))
    small = shares(election(found, rows, budget))
    large = shares(election({p: c * factor for p, c in found.items()}, rows, budget * factor))
    assert (small.winners, keys(small)) == (large.winners, keys(large))
    assert [(t.projects, t.decisive) for t in small.ties] == [(t.projects, t.decisive) for t in large.ties]
