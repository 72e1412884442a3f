"""What ``qatysu tally --json`` prints (SPEC 18, docs/tally.md): one object, keys in a fixed order, money exact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from qatysu.config.tally_table import Shown, note_text
from qatysu.rules import compare, explain, hints
from qatysu.rules.model import Step, Tie

Value = str | int | bool | Decimal | None | list["Value"] | dict[str, "Value"]


def document(shown: Shown) -> str:
    """The whole object as text, with a line end."""
    return dumps(_content(shown)) + "\n"


def dumps(value: Value, indent: str = "") -> str:
    """JSON with exact decimals; letters stay letters."""
    inner = indent + "  "
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict) and value:
        items = (f"{inner}{json.dumps(name, ensure_ascii=False)}: {dumps(item, inner)}" for name, item in value.items())
        return "{\n" + ",\n".join(items) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return "[\n" + ",\n".join(inner + dumps(item, inner) for item in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)


def money(amount: int, scale: int) -> int | Decimal:
    """Minor units as units: an integer when whole, otherwise the exact decimal."""
    whole, rest = divmod(amount, scale)
    digits = len(str(scale)) - 1
    return Decimal(f"{whole}.{rest:0{digits}d}".rstrip("0")) if rest else whole


def key_value(key: Fraction | None) -> int | str | None:
    """What a rule compared: a whole number, otherwise the fraction as text."""
    return None if key is None else int(key) if key.denominator == 1 else str(key)


def _content(shown: Shown) -> dict[str, Value]:
    outcome, audit, scale = shown.outcome, shown.audit, shown.file.election.scale
    content: dict[str, Value] = {
        "rule": outcome.rule,
        "params": dict(outcome.params),
        "budget": money(outcome.budget, scale),
        "winners": list(outcome.winners),
        "spent": money(outcome.spent, scale),
        "ties": [_tie(tie) for tie in outcome.ties],
        "projects": _projects(shown),
        "extra": list(outcome.extra),
        "audit": {
            "declared_rule": audit.declared_rule or None,
            "matches": audit.matches,
            "only_official": list(audit.only_official),
            "only_computed": list(audit.only_computed),
            "official_extra": list(audit.official_extra),
            "tie_decision": list(audit.tie_decision),
            "why": [hints.sentence(why, shown.language) for why in audit.why],
        },
        "notes": [note_text(note, shown.language) for note in shown.notes],
        "runs": outcome.runs,
    }
    if shown.steps:
        content["steps"] = [_step(step, scale) for step in outcome.steps]
    if shown.comparison:
        content["comparison"] = [_compared(row, scale) for row in shown.comparison]
    return content


def _tie(tie: Tie) -> dict[str, Value]:
    return {
        "projects": list(tie.projects), "key": key_value(tie.key), "phase": str(tie.phase),
        "decisive": tie.decisive, "settled_by": tie.settled_by, "proved": tie.proved,
    }


def _projects(shown: Shown) -> dict[str, Value]:
    outcome, election = shown.outcome, shown.file.election
    context = explain.Context.of(election, outcome, shown.money)
    last: Mapping[str, Step] = {step.project: step for step in outcome.steps}
    found: dict[str, Value] = {}
    for project in election.projects:
        counted, step = outcome.counts[project.id], last[project.id]
        row: dict[str, Value] = {"votes": counted.votes}
        if election.kind.has_points:
            row["score"] = counted.score
        row |= {
            "cost": money(project.cost, election.scale), "status": str(step.verdict), "reason": str(step.reason),
            "explanation": explain.sentence(step, context, shown.language),
        }
        found[project.id] = row
    return found


def _step(step: Step, scale: int) -> dict[str, Value]:
    return {
        "place": step.place, "project": step.project, "phase": str(step.phase), "status": str(step.verdict),
        "reason": str(step.reason), "key": key_value(step.key), "left_before": money(step.left_before, scale),
        "left_after": money(step.left_after, scale), "missing_votes": step.missing_votes,
        "missing_money": money(step.missing_money, scale),
    }


def _compared(row: compare.Row, scale: int) -> dict[str, Value]:
    found = row.measures
    return {
        "rule": row.rule, "params": dict(row.params), "binding": row.binding, "winners": list(row.winners),
        "spent": money(found.spent, scale), "ballots_with_winner": found.with_winner,
        "gained": list(row.gained), "lost": list(row.lost),
    }
