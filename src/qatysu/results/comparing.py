"""What another rule would have given: computed once when votes are counted, stored beside the outcome, never binding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from qatysu.results.models import Outcome
from qatysu.rules.compare import Measures, Part, Row, compare
from qatysu.rules.model import Election
from qatysu.rules.model import Outcome as RuleOutcome


def computed(election: Election, binding: RuleOutcome) -> dict[str, Any]:
    """The comparison for the JSON column; empty while a tie is open, since nobody knows yet what it compares with."""
    if binding.undecided:
        return {}
    return {"rows": [_row_json(row) for row in compare(election, binding)]}


def rows_of(outcome: Outcome) -> tuple[Row, ...]:
    """The stored comparison, the binding rule first; empty when there is none."""
    return tuple(_row(stored) for stored in outcome.comparison.get("rows", ()))


def _row_json(row: Row) -> dict[str, Any]:
    m = row.measures
    return {
        "rule": row.rule,
        "params": dict(row.params),
        "winners": list(row.winners),
        "spent": m.spent,
        "voters": m.voters,
        "with_winner": m.with_winner,
        "mean_winners": str(m.mean_winners),
        "cost_per_vote": None if m.cost_per_vote is None else str(m.cost_per_vote),
        "categories": _parts_json(m.categories),
        "districts": _parts_json(m.districts),
        "gained": list(row.gained),
        "lost": list(row.lost),
        "notes": list(row.notes),
        "binding": row.binding,
        "step": row.step,
    }


def _parts_json(parts: Mapping[str, Part]) -> list[list[str]]:
    return [[name, str(part.money), str(part.projects)] for name, part in parts.items()]


def _parts(stored: Sequence[Sequence[str]]) -> dict[str, Part]:
    return {name: Part(Fraction(money), Fraction(projects)) for name, money, projects in stored}


def _row(stored: Mapping[str, Any]) -> Row:
    voters, with_winner = stored["voters"], stored["with_winner"]
    measures = Measures(
        winners=tuple(stored["winners"]),
        spent=stored["spent"],
        voters=voters,
        with_winner=with_winner,
        share=Fraction(with_winner, voters) if voters else Fraction(0),
        mean_winners=Fraction(stored["mean_winners"]),
        cost_per_vote=None if stored["cost_per_vote"] is None else Fraction(stored["cost_per_vote"]),
        categories=_parts(stored["categories"]),
        districts=_parts(stored["districts"]),
    )
    return Row(
        rule=stored["rule"],
        params=stored["params"],
        winners=measures.winners,
        measures=measures,
        gained=tuple(stored["gained"]),
        lost=tuple(stored["lost"]),
        notes=tuple(stored["notes"]),
        binding=stored["binding"],
        step=stored["step"],
    )
