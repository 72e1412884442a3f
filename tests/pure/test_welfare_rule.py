"""The largest sum of votes, against every set of projects one by one."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.small import election, elections, fitting, texts

from qatysu.core.errors import Invalid
from qatysu.rules.frame import Frame
from qatysu.rules.knapsack import Knapsack, Work
from qatysu.rules.model import Reason, Verdict
from qatysu.rules.params import parse
from qatysu.rules.registry import run

GIVEN = texts(conflicts=["", "", "a/b", "a/b/c;c/b", "b/c:c"])


def best_sets(found, given):
    """All sets of indices with the largest sum of keys that the limits and conflicts allow."""
    frame = Frame(found, parse("welfare", given))
    able = [p for p in frame.alive if frame.keys[p]]
    sets = [
        frozenset(chosen)
        for size in range(len(able) + 1)
        for chosen in combinations(able, size)
        if frame.purse.fits_all(chosen) and not any(frame.in_conflict(a, b) for a, b in combinations(chosen, 2))
    ]
    most = max(sum(frame.keys[p] for p in chosen) for chosen in sets)
    return [chosen for chosen in sets if sum(frame.keys[p] for p in chosen) == most]


@settings(max_examples=300, deadline=None)
@given(elections(most=7, most_votes=4), GIVEN)
def test_winners_are_the_only_best_set_or_what_all_best_sets_hold(found, texts_):
    texts_ = fitting(found, texts_)
    best, outcome = best_sets(found, texts_), run(found, "welfare", texts_)
    index = {p.id: i for i, p in enumerate(found.projects)}
    always, ever = frozenset.intersection(*best), frozenset().union(*best)
    assert {index[i] for i in outcome.winners} == always
    assert [{index[i] for i in tie.projects} for tie in outcome.undecided] == ([ever - always] if ever != always else [])
    for step in outcome.steps:
        assert (step.reason is Reason.TIED) == (index[step.project] in ever - always)


@settings(max_examples=200, deadline=None)
@given(elections(most=7), GIVEN, st.randoms())
def test_a_decision_chooses_the_best_set_with_its_first_project_then_its_second(found, texts_, chance):
    ids = [p.id for p in found.projects]
    chance.shuffle(ids)
    texts_ = {**fitting(found, texts_), "tie": "decision", "tie_decision": ",".join(ids)}
    index = {p.id: i for i, p in enumerate(found.projects)}
    wanted = min(best_sets(found, texts_), key=lambda chosen: [index[i] not in chosen for i in ids])
    assert {index[i] for i in run(found, "welfare", texts_).winners} == wanted


def certain(found, given, project):
    """Whether every best set holds it."""
    return run(found, "welfare", given).step_of(project).verdict is Verdict.FUNDED


@settings(max_examples=120, deadline=None)
@given(elections(most_votes=5), texts(conflicts=["", "", "a/b"]))
def test_the_smallest_change_makes_every_best_set_hold_it_and_one_less_does_not(found, texts_):
    texts_ = fitting(found, texts_)
    outcome = run(found, "welfare", texts_)
    for step in outcome.steps if not outcome.undecided else ():
        place = next(i for i, p in enumerate(found.projects) if p.id == step.project)

        def changed(place=place, **new):
            return replace(found, projects=tuple(replace(p, **new) if i == place else p for i, p in enumerate(found.projects)))

        if step.verdict is Verdict.NOT_FUNDED:
            more = step.facts.get("votes_to_win", 0) if step.reason is Reason.BELOW_THRESHOLD else step.missing_votes
            for votes, wins in ((more, True), (more - 1, False)) if more else ((30, False),):
                assert certain(changed(paper=votes), texts_, step.project) is wins
            cost = found.projects[place].cost
            if step.missing_money:
                assert certain(changed(cost=cost - step.missing_money), texts_, step.project)
                assert not certain(changed(cost=cost - step.missing_money + 1), texts_, step.project)
            elif "parts" not in texts_ and not found.funders:
                assert not certain(changed(cost=1), texts_, step.project)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_best_set_of_many_items_is_that_of_a_plain_table(data):
    count, cap = data.draw(st.integers(1, 25)), data.draw(st.integers(0, 60))
    items = [(data.draw(st.integers(0, 30)), data.draw(st.integers(1, 15))) for _ in range(count)]
    table = [0] * (cap + 1)
    for value, weight in items:
        table = [max(best, table[w - weight] + value) if w >= weight else best for w, best in enumerate(table)]
    best = Knapsack([v for v, _ in items], [[w for _, w in items]], [cap]).best(Work())
    assert best is not None
    assert best.value == table[cap] == sum(items[i][0] for i in best.items)
    assert sum(items[i][1] for i in best.items) <= cap


def test_two_hundred_projects_are_proved():
    chance = random.Random(7)
    rows = [(f"p{n:03}", chance.randint(1_000, 1_000_000), chance.randint(1, 3_000)) for n in range(200)]
    outcome = run(election(rows, 20_000_000), "welfare", {"tie": "id"})
    dense = run(election(rows, 20_000_000), "density", {"tie": "id"})
    votes = {name: count for name, _, count in rows}
    assert sum(votes[i] for i in outcome.winners) == outcome.steps[0].facts["best"] >= sum(votes[i] for i in dense.winners)


def test_districts_that_make_up_the_budget_are_solved_apart():
    chance = random.Random(3)
    rows = [(f"p{n:03}", chance.randint(1_000, 1_000_000), chance.randint(1, 3_000), (), "nsweabcdfg"[n % 10]) for n in range(200)]
    districts = dict.fromkeys("nsweabcdfg", 2_500_000)
    outcome = run(election(rows, 25_000_000, district_budgets=districts), "welfare", {"parts": "district", "tie": "id"})
    votes = {row[0]: row[2] for row in rows}
    apart = [run(election([row for row in rows if row[4] == name], 2_500_000), "welfare", {"tie": "id"}) for name in districts]
    assert sum(votes[i] for i in outcome.winners) == sum(votes[i] for one in apart for i in one.winners)


def test_projects_without_votes_are_never_in_the_set():
    outcome = run(election([("a", 1, 0), ("b", 1, 2)], 9), "welfare")
    assert outcome.winners == ("b",)
    assert outcome.step_of("a").reason is Reason.NO_SUPPORT


def test_numbers_beyond_a_machine_word_are_refused():
    with pytest.raises(Invalid, match="too_hard"):
        run(election([("a", 10**30, 1), ("b", 10**30, 1)], 10**30), "welfare")


def test_a_search_that_would_not_end_is_refused():
    chance = random.Random(1)
    rows = [(f"p{n}", cost, cost) for n, cost in enumerate(2 * chance.randint(10**8, 10**9) for _ in range(60))]
    base = election([(name, cost, 0) for name, cost, _ in rows], 10**10 + 1)
    found = replace(base, projects=tuple(replace(p, paper=p.cost) for p in base.projects))
    with pytest.raises(Invalid, match="too_hard"):
        run(found, "welfare")


def test_smallest_changes_are_left_out_among_too_many_projects_and_far_too_many_are_refused():
    few = run(election([("a", 5, 3), ("b", 5, 2)], 5), "welfare").step_of("b")
    assert (few.missing_votes, few.missing_money) == (2, 0)
    rows = [("a", 5, 3), ("b", 5, 2)]
    idle = [(f"p{i}", 9, 0) for i in range(500)]
    many = run(election([*rows, *idle], 5), "welfare").step_of("b")
    assert (many.reason, many.missing_votes) == (Reason.NOT_IN_BEST_SET, 0)
    with pytest.raises(Invalid) as refused:
        run(election([(f"p{i}", 5, 1) for i in range(3001)], 5), "welfare")
    assert refused.value.params["text"] == "the rule welfare takes at most 3000 projects that have votes"
