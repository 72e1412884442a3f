"""What contradicts itself between the outcome rule, the ballot and the money (docs/outcome-rules.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qatysu.core.errors import Invalid
from qatysu.core.money import grouped
from qatysu.rounds import queries
from qatysu.rounds.models import Category, Constitution, Funder, Round
from qatysu.rounds.outcome_rule import named, params_of
from qatysu.rounds.problem import Problem
from qatysu.rounds.rule_params import REPEATED, check_rule, expected_runs, expected_voters
from qatysu.rules.limits import MOST_PAYER_SETS
from qatysu.rules.params import Params, parse

#: More repetitions of equal shares than this take minutes; fewer than this leave much money unspent.
MOST_RUNS, FEWEST_RUNS = 20_000, 10


def check_outcome(round_: Round) -> tuple[Problem, ...]:
    """Findings about the rule, its parameters, budgets of categories and what funders pay for."""
    c = round_.constitution
    try:
        check_rule(c)
    except Invalid:
        return (Problem("rule_wrong", "rules"),)
    values = parse(*params_of(c))
    categories, funders = list(round_.categories.all()), list(round_.funders.all())
    money = queries.budget_of(round_) - round_.reserve_tenge
    return (*_ballot(c), *_step(round_, values, money), *_parts(values, categories, money), *_payers(categories, funders))


def _ballot(c: Constitution) -> Iterator[Problem]:
    if c.ballot_type == Constitution.Ballot.ONE and c.rule in ("equal-shares", "phragmen"):
        yield Problem("shares_need_choices", "rules", stops=False)


def _step(round_: Round, values: Params, money: int) -> Iterator[Problem]:
    if round_.constitution.rule != "equal-shares" or values.completion not in REPEATED or money <= 0:
        return
    voters = expected_voters(round_)
    runs = expected_runs(money, voters, int(values.step))
    told = f"{grouped(runs)} ({grouped(voters)})"
    if runs > MOST_RUNS:
        yield Problem("step_small", "rules", stops=False, detail=told)
    if runs < FEWEST_RUNS:
        yield Problem("step_large", "rules", stops=False, detail=told)


def _parts(values: Params, categories: Sequence[Category], money: int) -> Iterator[Problem]:
    budgets = [row.budget_tenge for row in categories if row.budget_tenge]
    if values.parts != "category":
        if budgets:
            yield Problem("budgets_without_parts", "rules")
        return
    if not budgets:
        yield Problem("parts_without_budgets", "categories")
    elif sum(budgets) > money > 0:
        yield Problem("budgets_over_money", "categories", stops=False)
    elif len(budgets) == len(categories) and sum(budgets) < money and values.leftover == "none":
        yield Problem("budgets_below_money", "categories", stops=False, detail=grouped(money - sum(budgets)))


def _payers(categories: Sequence[Category], funders: Sequence[Funder]) -> Iterator[Problem]:
    if not any(row.categories for row in funders):
        return
    known = {row.slug for row in categories}
    for funder in funders:
        if set(funder.categories) - known:
            yield Problem("payer_unknown_category", "money", detail=named(funder))
    kinds = set()
    for category in categories:
        payers = [row for row in funders if not row.categories or category.slug in row.categories]
        kinds.add(frozenset(row.pk for row in payers))
        if not payers:
            yield Problem("category_unpaid", "money", detail=named(category))
        elif category.budget_tenge and category.budget_tenge > sum(row.amount_tenge for row in payers):
            yield Problem("category_over_payers", "categories", stops=False, detail=named(category))
    if len(kinds) > MOST_PAYER_SETS:
        yield Problem("payers_many", "money", detail=str(MOST_PAYER_SETS))
