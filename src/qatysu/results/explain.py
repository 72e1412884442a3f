"""Sentences about a stored outcome in the reader's language, made from its own steps (``rules.explain``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from qatysu.core.money import NBSP, grouped, tenge
from qatysu.proposals.words import words_of
from qatysu.results import storing
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rounds.models import Round
from qatysu.rounds.outcome_rule import limit_name
from qatysu.rules import explain
from qatysu.rules.explain import Context
from qatysu.rules.model import Step


def money(amount: int | Fraction) -> str:
    """Whole tenge, rounded half up; two decimals below ten tenge, where a price per vote may be."""
    if isinstance(amount, int) or amount.denominator == 1 or amount >= 10:
        return tenge(int((2 * amount + 1) // 2))
    whole, rest = divmod(int((200 * amount + 1) // 2), 100)
    return f"{grouped(whole)},{rest:02d}{NBSP}₸"


def context_of(outcome: Outcome, lines: Sequence[OutcomeLine], language: str) -> Context:
    """What sentences about ``outcome`` need; ``lines`` are all of its lines with entries, proposals and translations."""
    return Context(
        rule=outcome.rule,
        params=dict(outcome.params),
        names={line.entry.code: words_of(line.entry.proposal, language).title for line in lines},
        costs={line.entry.code: line.entry.cost_tenge for line in lines},
        money=money,
        by_points=outcome.params.get("key") == "score" and any(line.score != line.votes for line in lines),
    )


def verdict_word(line: OutcomeLine, language: str) -> str:
    """Won, lost, or waiting, in ``language``."""
    return explain.verdict_word(storing.step_of(line), language)


def why(line: OutcomeLine, context: Context, language: str, round_: Round) -> str:
    """Why the project won or did not, with the smallest change that would have turned the decision."""
    return explain.why(_with_limit(storing.step_of(line), round_), context, language)


def _with_limit(step: Step, round_: Round) -> Step:
    """The step with the name of a lacking limit as people know it: a category, funders."""
    kind, name = str(step.facts.get("limit_kind", "")), str(step.facts.get("limit", ""))
    if not name:
        return step
    return replace(step, facts={**step.facts, "limit": limit_name(round_, kind, name)})


def tie_sentences(outcome: Outcome, context: Context, language: str) -> list[str]:
    """One sentence for each decisive tie that the rule met: who was equal and how it was settled."""
    ties = (storing.tie_of(stored) for stored in outcome.ties)
    return [explain.tie_sentence(tie, context, language) for tie in ties if tie.decisive]


def protocol(outcome: Outcome, lines: Sequence[OutcomeLine], context: Context, language: str) -> list[str]:
    """How it was counted, one line for each step in the order of the rule."""
    steps = storing.rule_outcome(outcome, lines).steps
    return [explain.step_line(step, context, language) for step in steps]
