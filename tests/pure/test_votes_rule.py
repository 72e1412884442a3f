"""The rule of the pilot, against brute force over all orders of tied projects."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.core.errors import Invalid
from qatysu.rules.model import Project, Verdict
from qatysu.rules.votes import Params, fund_by_votes

projects = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), min_size=0, max_size=6).map(
    lambda rows: [Project(str(i), cost, votes) for i, (cost, votes) in enumerate(rows)]
)
params = st.builds(
    Params, threshold=st.integers(0, 4), op=st.sampled_from(["gt", "ge"]), fit=st.sampled_from(["skip", "stop"])
)


def plain(order, budget, p):
    """As the regulation reads, for one complete order."""
    winners, left = [], budget
    for project in order:
        enough = project.votes > p.threshold if p.op == "gt" else project.votes >= p.threshold
        if not enough:
            continue
        if project.cost > left:
            if p.fit == "stop":
                break
            continue
        winners.append(project.code)
        left -= project.cost
    return frozenset(winners)


def every_order(items):
    groups = [list(g) for _, g in itertools.groupby(sorted(items, key=lambda x: -x.votes), key=lambda x: x.votes)]
    for parts in itertools.product(*(itertools.permutations(g) for g in groups)):
        yield [project for part in parts for project in part]


@given(projects, st.integers(0, 30), params)
def test_budget_and_threshold_are_respected(items, budget, p):
    outcome = fund_by_votes(items, budget=budget, params=p)
    assert outcome.spent <= budget
    assert all(p.passes(step.project.votes) for step in outcome.steps if step.verdict is Verdict.FUNDED)
    assert sorted(step.project.code for step in outcome.steps) == sorted(x.code for x in items)
    assert [step.place for step in outcome.steps] == list(range(1, len(items) + 1))


@given(projects, st.integers(0, 30), params)
def test_without_a_decisive_tie_every_order_gives_the_declared_winners(items, budget, p):
    outcome = fund_by_votes(items, budget=budget, params=p)
    sets = {plain(order, budget, p) for order in every_order(items)}
    if not outcome.undecided:
        assert sets == {frozenset(outcome.winners)}
    else:
        assert len(sets) > 1


@given(projects, st.integers(0, 30), params, st.randoms())
def test_a_decided_order_settles_every_tie_as_the_regulation_reads(items, budget, p, random):
    codes = [x.code for x in items]
    random.shuffle(codes)
    decided = Params(p.threshold, p.op, p.fit, tuple(codes))
    outcome = fund_by_votes(items, budget=budget, params=decided)
    order = sorted(items, key=lambda x: (-x.votes, codes.index(x.code)))
    assert not outcome.undecided
    assert frozenset(outcome.winners) == plain(order, budget, decided)


@given(projects, st.integers(0, 30), params, st.randoms())
def test_the_order_of_input_does_not_matter(items, budget, p, random):
    shuffled = items[:]
    random.shuffle(shuffled)
    assert fund_by_votes(items, budget=budget, params=p) == fund_by_votes(shuffled, budget=budget, params=p)


@given(projects, st.integers(0, 30), params)
def test_the_explanation_is_the_smallest_change_that_turns_the_step(items, budget, p):
    for step in fund_by_votes(items, budget=budget, params=p).steps:
        if step.verdict is Verdict.BELOW_THRESHOLD:
            assert p.passes(step.project.votes + step.missing_votes)
            assert not p.passes(step.project.votes + step.missing_votes - 1)
        if step.verdict is Verdict.DOES_NOT_FIT:
            assert step.project.cost == step.left_before + step.missing_money
            assert step.missing_money > 0


def test_more_than_ten_excludes_exactly_ten():
    outcome = fund_by_votes([Project("a", 1, 10), Project("b", 1, 11)], budget=9, params=Params(10, "gt"))
    assert outcome.winners == ("b",)
    assert outcome.steps[1].missing_votes == 1


def test_skip_goes_on_and_stop_ends():
    items = [Project("a", 5, 9), Project("b", 9, 8), Project("c", 2, 7)]
    assert fund_by_votes(items, budget=8, params=Params(fit="skip")).winners == ("a", "c")
    stopped = fund_by_votes(items, budget=8, params=Params(fit="stop"))
    assert stopped.winners == ("a",)
    assert stopped.steps[2].verdict is Verdict.AFTER_STOP


@pytest.mark.parametrize(
    ("items", "budget"),
    [([Project("a", 0, 1)], 5), ([Project("a", 1, -1)], 5), ([Project("a", 1, 1)] * 2, 5), ([], -1)],
)
def test_impossible_input_is_refused(items, budget):
    with pytest.raises(Invalid):
        fund_by_votes(items, budget=budget, params=Params())
