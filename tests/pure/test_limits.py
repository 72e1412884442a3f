"""What fits: limits of parts, and of funders against looking for a way to pay."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.core.errors import Invalid
from qatysu.rules.limits import MOST_PAYER_SETS, Purse, limits_of
from qatysu.rules.model import Election, Funder, Profile, Project
from qatysu.rules.params import Params

PROJECTS = st.lists(st.tuples(st.integers(1, 4), st.sampled_from("xy"), st.sampled_from("ns")), min_size=1, max_size=4)
FUNDERS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["", "x", "y", "xy"]), st.sampled_from(["", "n"])), min_size=1, max_size=3
)


def made(projects, funders=(), budget=100, **more):
    rows = tuple(Project(str(i), cost, categories=(c,), district=d) for i, (cost, c, d) in enumerate(projects))
    pays = tuple(Funder(f"F{i}", amount, frozenset(cats), frozenset(ds)) for i, (amount, cats, ds) in enumerate(funders))
    return Election(rows, Profile.build([]), budget, funders=pays, **more)


def can_pay(funders, projects):
    """Whether unit after unit of the costs can be taken from funders who may pay it, in some way."""
    units = [project for project in projects for _ in range(project.cost)]

    def rest(at, free):
        if at == len(units):
            return True
        return any(
            free[k] > 0 and funder.pays_for(units[at]) and rest(at + 1, (*free[:k], free[k] - 1, *free[k + 1 :]))
            for k, funder in enumerate(funders)
        )

    return rest(0, tuple(funder.amount for funder in funders))


@settings(max_examples=150, deadline=None)
@given(PROJECTS, FUNDERS)
def test_winners_fit_the_funders_exactly_when_there_is_a_way_to_pay(projects, funders):
    found = made(projects, funders)
    purse = Purse(limits_of(found, Params(), found.budget), [p.cost for p in found.projects])
    for size in range(1, min(3, len(projects)) + 1):
        for chosen in combinations(range(len(projects)), size):
            assert purse.fits_all(chosen) == can_pay(found.funders, [found.projects[i] for i in chosen])


@settings(max_examples=100)
@given(PROJECTS, FUNDERS, st.integers(0, 12))
def test_a_project_fits_when_paying_it_leaves_no_limit_below_zero(projects, funders, budget):
    found = made(projects, funders, budget)
    purse = Purse(limits_of(found, Params(), budget), [p.cost for p in found.projects])
    for i, project in enumerate(found.projects):
        lack, room = purse.lack(i), purse.room(i)
        assert (lack is None) == purse.fits(i) == purse.fits_all([i]) == (project.cost <= room)
        if lack is not None:
            assert (lack.left, lack.missing) == (room, project.cost - room)
            assert i in lack.limit.members
            assert not purse.with_price(i, project.cost - lack.missing + 1).fits(i)
            assert purse.with_price(i, project.cost - lack.missing).fits(i)
        else:
            purse.pay(i)


def test_the_limit_that_lacks_most_is_named():
    found = made([(9, "x", "n")], budget=8, category_budgets={"x": 5, "y": 1})
    purse = Purse(limits_of(found, Params(parts="category"), 8), [9])
    lack = purse.lack(0)
    assert lack is not None
    assert (lack.limit.kind, lack.limit.name, lack.left, lack.missing) == ("category", "x", 5, 4)


def test_a_project_of_two_categories_needs_the_money_of_both():
    project = Project("a", 4, categories=("x", "y"))
    found = Election((project,), Profile.build([]), 9, category_budgets={"x": 9, "y": 3})
    assert not Purse(limits_of(found, Params(parts="category"), 9), [4]).fits(0)
    assert Purse(limits_of(found, Params(parts="category"), 9, with_parts=False), [4]).fits(0)


def test_a_copy_of_a_purse_is_spent_apart():
    purse = Purse(limits_of(made([(5, "x", "n")], budget=8), Params(), 8), [5])
    other = purse.copy()
    other.pay(0)
    assert (purse.left, other.left) == (8, 3)


def test_too_many_kinds_of_payers_are_refused():
    count = MOST_PAYER_SETS + 1
    projects = tuple(Project(str(i), 1, district=str(i)) for i in range(count))
    funders = tuple(Funder(str(i), 1, districts=frozenset({str(i)})) for i in range(count))
    with pytest.raises(Invalid, match="funders_many"):
        limits_of(Election(projects, Profile.build([]), 9, funders=funders), Params(), 9)
