"""A computed outcome as rows and back: nothing of the trace is lost, no page computes anything again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from qatysu.ballots.models import SlateEntry
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.rules.model import Phase, Reason, Step, Tallied, Tie, Verdict


def fraction_text(value: Fraction | None) -> str:
    """``7/3``, or '' for None."""
    return "" if value is None else str(value)


def fraction_of(text: str) -> Fraction | None:
    """The reverse of ``fraction_text``."""
    return Fraction(text) if text else None


def facts_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a step for a JSON column: a fraction becomes ``{"fraction": "7/3"}``."""
    return {name: {"fraction": str(value)} if isinstance(value, Fraction) else value for name, value in facts.items()}


def facts_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of ``facts_json``."""
    return {
        name: Fraction(value["fraction"]) if isinstance(value, Mapping) else value for name, value in stored.items()
    }


def line_of(outcome: Outcome, entry: SlateEntry, step: Step, counts: Tallied) -> OutcomeLine:
    """An unsaved row for the last step about a project."""
    return OutcomeLine(
        outcome=outcome,
        entry=entry,
        place=step.place,
        votes=counts.votes,
        score=counts.score,
        verdict=step.verdict.value,
        reason=step.reason.value,
        phase=step.phase.value,
        key_text=fraction_text(step.key),
        left_before_tenge=step.left_before,
        left_after_tenge=step.left_after,
        missing_votes=step.missing_votes,
        missing_tenge=step.missing_money,
        facts=facts_json(step.facts),
    )


def step_of(line: OutcomeLine) -> Step:
    """The step that ``line`` stores; ``line.entry`` should be loaded."""
    return Step(
        project=line.entry.code,
        place=line.place,
        verdict=Verdict(line.verdict),
        reason=Reason(line.reason),
        phase=Phase(line.phase),
        left_before=line.left_before_tenge,
        left_after=line.left_after_tenge,
        key=fraction_of(line.key_text),
        missing_votes=line.missing_votes,
        missing_money=line.missing_tenge,
        facts=facts_of(line.facts),
    )


def earlier_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Steps on whose projects a later one decided again, for the JSON column."""
    return [
        {
            "project": step.project, "place": step.place, "verdict": step.verdict.value, "reason": step.reason.value,
            "phase": step.phase.value, "left_before": step.left_before, "left_after": step.left_after,
            "key": fraction_text(step.key), "missing_votes": step.missing_votes, "missing_money": step.missing_money,
            "facts": facts_json(step.facts),
        }
        for step in steps
    ]  # fmt: skip


def _earlier(stored: Mapping[str, Any]) -> Step:
    return Step(
        project=stored["project"],
        place=stored["place"],
        verdict=Verdict(stored["verdict"]),
        reason=Reason(stored["reason"]),
        phase=Phase(stored["phase"]),
        left_before=stored["left_before"],
        left_after=stored["left_after"],
        key=fraction_of(stored["key"]),
        missing_votes=stored["missing_votes"],
        missing_money=stored["missing_money"],
        facts=facts_of(stored["facts"]),
    )


def ties_json(ties: Iterable[Tie]) -> list[dict[str, Any]]:
    """Ties for the JSON column."""
    return [
        {
            "projects": list(tie.projects), "key": fraction_text(tie.key), "phase": tie.phase.value,
            "decisive": tie.decisive, "settled_by": tie.settled_by, "proved": tie.proved,
        }
        for tie in ties
    ]  # fmt: skip


def tie_of(stored: Mapping[str, Any]) -> Tie:
    """One stored tie."""
    return Tie(
        tuple(stored["projects"]),
        fraction_of(stored["key"]),
        Phase(stored["phase"]),
        bool(stored["decisive"]),
        stored["settled_by"],
        bool(stored["proved"]),
    )


def rule_outcome(outcome: Outcome, lines: Iterable[OutcomeLine]) -> RuleOutcome:
    """The outcome as the rule gave it, from its rows. ``lines``: all of them with their entries; no query."""
    rows = list(lines)
    steps = [step_of(line) for line in rows] + [_earlier(stored) for stored in outcome.earlier_steps]
    return RuleOutcome(
        rule=outcome.rule,
        params=dict(outcome.params),
        budget=outcome.budget_tenge,
        steps=tuple(sorted(steps, key=lambda step: step.place)),
        ties=tuple(tie_of(stored) for stored in outcome.ties),
        counts={line.entry.code: Tallied(line.votes, line.score) for line in rows},
        runs=outcome.runs,
        notes=tuple(outcome.notes),
    )
