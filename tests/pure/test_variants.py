"""The search over choices at ties."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.test_equal_shares import election

from qatysu.rules import variants
from qatysu.rules.registry import run
from qatysu.rules.variants import Choice, Search, Ways, decisive

TWO, ONE = frozenset({1, 2}), frozenset({1})


def test_choices_that_lead_to_the_same_winners_are_not_decisive():
    assert decisive([Ways(frozenset({ONE, TWO})), Ways(frozenset({TWO, ONE}))]) == (False, True)


def test_choices_that_lead_to_other_winners_are_decisive():
    assert decisive([Ways(frozenset({ONE})), Ways(frozenset({TWO}))]) == (True, True)


def test_what_the_search_did_not_settle_counts_as_decisive():
    assert decisive([Ways(frozenset({ONE})), Ways(frozenset({ONE}), whole=False)]) == (True, False)
    assert decisive([Ways(frozenset({ONE})), Ways(frozenset({TWO}), whole=False)]) == (True, True)


class Pairs:
    """In each of ``size`` rounds one of two is bought."""

    def __init__(self, size, won=()):
        self.size, self.won = size, list(won)

    def next(self):
        at = len(self.won)
        return Choice((2 * at, 2 * at + 1)) if at < self.size else None

    def buy(self, project):
        self.won.append(project)

    def copy(self):
        return Pairs(self.size, self.won)

    def name(self):
        return tuple(self.won)


def test_every_way_is_found():
    forks = Search(sorted).forks(Pairs(3))
    assert [fork.place for fork in forks] == [0, 1, 2]
    first = Ways.join(forks[0].ways.values())
    assert first.whole
    assert first.sets == {frozenset((a, b, c)) for a in (0, 1) for b in (2, 3) for c in (4, 5)}
    assert forks[2].ways == {4: Ways(frozenset({frozenset((0, 2, 4))})), 5: Ways(frozenset({frozenset((0, 2, 5))}))}
    assert forks[1].ways[3].certain == {0, 3}


def test_the_bound_ends_the_search_and_says_so():
    forks = Search(sorted).forks(Pairs(40))
    others = [fork.ways[fork.tied[1]] for fork in forks]
    assert all(len(one.sets) <= variants.MOST_BRANCHES for one in others)
    assert [one.whole for one in others[-3:]] == [True, True, True]
    assert not others[0].whole
    assert decisive(list(forks[0].ways.values())) == (True, False)


def test_a_search_ends_after_as_many_winners_as_asked():
    moment = Pairs(5)
    Search(lambda tied: sorted(tied, reverse=True)).forward(moment, 2)
    assert moment.won == [1, 3]


RULES = st.sampled_from(
    [("equal-shares", {"completion": "none"}), ("equal-shares", {"completion": "none", "utility": "cardinality"})]
    + [("phragmen", {"unaffordable": how}) for how in ("stop", "skip")]
)


@st.composite
def tied_elections(draw):
    """Few different costs and voters, so that there are many ties."""
    ids = "abcd"[: draw(st.integers(2, 4))]
    costs = {p: draw(st.sampled_from([4, 4, 6, 12])) for p in ids}
    ballots = draw(st.lists(st.tuples(st.sets(st.sampled_from(ids)), st.integers(1, 2)), min_size=1, max_size=5))
    return election(costs, [(sorted(named), times) for named, times in ballots], draw(st.integers(4, 30)))


@settings(max_examples=200, deadline=None)
@given(tied_elections(), RULES)
def test_without_a_decisive_tie_every_order_gives_the_same_winners(found, how):
    rule, params = how
    ids = [p.id for p in found.projects]
    orders = [",".join(order) for order in permutations(ids)]
    sets = {frozenset(run(found, rule, {**params, "tie": "decision", "tie_decision": order}).winners) for order in orders}
    outcome = run(found, rule, params)
    assert all(tie.proved for tie in outcome.ties)
    if outcome.undecided:
        assert len(sets) > 1
        assert set(outcome.winners) <= frozenset.intersection(*sets)
    else:
        assert sets == {frozenset(outcome.winners)}


@settings(max_examples=40, deadline=None)
@given(tied_elections(), st.sampled_from(["add1", "add1e"]))
def test_add1_without_a_decisive_tie_is_that_of_every_order(found, completion):
    orders = [",".join(order) for order in permutations([p.id for p in found.projects])]
    sets = {
        frozenset(run(found, "equal-shares", {"completion": completion, "tie": "decision", "tie_decision": order}).winners)
        for order in orders
    }
    outcome = run(found, "equal-shares", {"completion": completion})
    if not outcome.undecided:
        assert sets == {frozenset(outcome.winners)}
    else:
        assert set(outcome.winners) <= frozenset.intersection(*sets)


@pytest.mark.parametrize("rule", ["equal-shares", "phragmen"])
def test_a_whole_lot_of_equal_projects_ends_in_time_and_claims_nothing(rule):
    chance = random.Random(3)
    ids = [f"p{i:02}" for i in range(20)]
    ballots = [("".join(()), 1)] + [(chance.sample(ids, 20), 1) for _ in range(5)]
    outcome = run(election(dict.fromkeys(ids, 10), ballots, 45), rule, {"completion": "none"} if rule == "equal-shares" else {})
    assert outcome.winners == ()
    assert [(len(t.projects), t.decisive, t.proved) for t in outcome.ties] == [(20, True, True)]
