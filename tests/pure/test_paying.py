"""Who pays for which winner: exact, within conditions, possible whenever it is possible at all."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.core.errors import Invalid
from qatysu.rules.model import Funder, Project
from qatysu.rules.paying import split

CATEGORIES = ("parks", "sport", "roads")
projects = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(CATEGORIES)), min_size=1, max_size=6
).map(lambda rows: [Project(str(n), cost, categories=(category,)) for n, (cost, category) in enumerate(rows)])
funders = st.lists(
    st.tuples(st.integers(0, 60), st.frozensets(st.sampled_from(CATEGORIES), max_size=2)), min_size=1, max_size=4
).map(lambda rows: [Funder(str(n), amount, kinds) for n, (amount, kinds) in enumerate(rows)])


def possible(winners: list[Project], payers: list[Funder]) -> bool:
    """Hall's condition over every set of projects."""
    for size in range(1, len(winners) + 1):
        for chosen in combinations(winners, size):
            money = sum(f.amount for f in payers if any(f.pays_for(p) for p in chosen))
            if sum(p.cost for p in chosen) > money:
                return False
    return True


@given(projects, funders)
def test_every_winner_is_paid_whole_exactly_when_that_is_possible(winners: list[Project], payers: list[Funder]) -> None:
    if not possible(winners, payers):
        with pytest.raises(Invalid, match="funders_short"):
            split(winners, payers)
        return
    paid = split(winners, payers)
    assert [sum(row) for row in paid] == [project.cost for project in winners]
    for k, funder in enumerate(payers):
        assert sum(row[k] for row in paid) <= funder.amount
        assert all(row[k] == 0 or funder.pays_for(project) for row, project in zip(paid, winners, strict=True))
    assert all(amount >= 0 for row in paid for amount in row)


def test_bound_money_goes_first_and_a_project_has_one_payer_where_it_can() -> None:
    winners = [Project("1", 10, categories=("sport",)), Project("2", 5, categories=("parks",))]
    payers = [Funder("free", 20), Funder("sport", 12, frozenset({"sport"}))]
    assert split(winners, payers) == ((0, 10), (5, 0))


def test_money_moves_along_a_chain() -> None:
    winners = [Project("1", 6, categories=("sport",)), Project("2", 6, categories=("parks",))]
    payers = [Funder("parks", 3, frozenset({"parks"})), Funder("free", 9)]
    assert split(winners, payers) == ((0, 6), (3, 3))
