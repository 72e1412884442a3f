"""The rule of a round in the words of ``qatysu.rules``: what its constitution says, ready to be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from qatysu.rounds.models import Category, Constitution, Round
from qatysu.rounds.models import Funder as FunderRow
from qatysu.rules.model import Funder
from qatysu.rules.params import of_rule


@dataclass(frozen=True, slots=True)
class ElectionLimits:
    """Sums besides the whole budget that winners may not exceed, whole tenge (one minor unit is one tenge).

    ``category_budgets`` by the slug of the category. ``funders`` is empty when everybody pays for everything; the name of a funder is
    its position in the round as text ("1", "2", ...), its categories are slugs.
    """

    category_budgets: Mapping[str, int]
    funders: tuple[Funder, ...]


def rule_and_params(round_: Round) -> tuple[str, dict[str, str]]:
    """Name of the rule and its parameters as texts, for ``rules.registry.run``: only those that the rule has, those with a column of
    their own always, the others where the constitution states them.
    """
    return params_of(round_.constitution)


def params_of(constitution: Constitution) -> tuple[str, dict[str, str]]:
    """The same for a constitution, saved or not. Raises Invalid("rule_unknown")."""
    c = constitution
    columns = {
        "fit": str(c.fit), "min_score": str(c.threshold_votes), "min_score_op": str(c.threshold_op), "tie": str(c.tie),
    }
    stated = {name: str(text) for name, text in c.rule_params.items()}
    known = of_rule(c.rule)
    return str(c.rule), {name: text for name, text in (columns | stated).items() if name in known}


def election_limits(round_: Round) -> ElectionLimits:
    """Budgets of categories and funders with what they pay for. Two queries, none when both are prefetched."""
    funders = list(round_.funders.all())
    budgets = {row.slug: row.budget_tenge for row in round_.categories.all() if row.budget_tenge}
    if not any(row.categories for row in funders):
        return ElectionLimits(budgets, ())
    return ElectionLimits(
        budgets, tuple(Funder(str(row.position), row.amount_tenge, frozenset(row.categories)) for row in funders)
    )


def spendable(round_: Round) -> int:
    """Money the rule may spend: the funders' sums less the reserve for rising prices, never negative. Whole tenge."""
    return max(0, sum(funder.amount_tenge for funder in round_.funders.all()) - round_.reserve_tenge)


def limit_name(round_: Round, kind: str, name: str) -> str:
    """Name of a limit of the trace (facts ``limit_kind`` and ``limit``) in the reader's language: the category, or the funders joined
    by " + "; '' for the whole budget.
    """
    if kind == "category":
        found = next((row for row in round_.categories.all() if row.slug == name), None)
        return named(found) if found else name
    if kind == "funders":
        by_position = {str(row.position): named(row) for row in round_.funders.all()}
        return " + ".join(by_position.get(part, part) for part in name.split(" + "))
    return name


def named(row: Category | FunderRow) -> str:
    """Name of a category or a funder in the reader's language."""
    language = (get_language() or "kk")[:2]
    return str(getattr(row, f"name_{language}", "") or row.name_kk)
