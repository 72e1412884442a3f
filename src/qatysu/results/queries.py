"""Reads of the outcome: computation, and what the results page shows. Conditions of publication are in ``gates``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qatysu.results import storing
from qatysu.results.election import budget, compute, election, funded_sum
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.results.opening import is_voting_over
from qatysu.rounds.models import Round
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.rules.model import Tie, Verdict

__all__ = [
    "Turnout", "budget", "compute", "election", "funded_sum", "is_voting_over", "lines", "open_ties", "outcome_of", "published",
    "rule_outcome", "tied_lines", "turnout_shares", "won",
]


def outcome_of(round_: Round) -> Outcome | None:
    """The stored outcome in whatever state, for organisers."""
    return Outcome.objects.filter(round=round_).first()


def published(round_: Round) -> Outcome | None:
    """The published outcome, for everybody."""
    return Outcome.objects.filter(round=round_, state=Outcome.State.PUBLISHED).first()


def lines(outcome: Outcome) -> list[OutcomeLine]:
    """Lines in the order of the rule with entry, proposal and translations loaded; constant number of queries."""
    rows = outcome.lines.select_related("entry__proposal__category").prefetch_related("entry__proposal__translations")
    return list(rows.order_by("place"))


def rule_outcome(outcome: Outcome, rows: Sequence[OutcomeLine] | None = None) -> RuleOutcome:
    """The stored outcome as its rule gave it; ``rows`` are its lines when they are at hand."""
    return storing.rule_outcome(outcome, rows if rows is not None else lines(outcome))


def open_ties(outcome: Outcome) -> list[Tie]:
    """Decisive ties that nobody has decided, in the order in which the rule met them; the first is decided first."""
    ties = (storing.tie_of(stored) for stored in outcome.ties)
    return [tie for tie in ties if tie.decisive and tie.settled_by == "none"]


def tied_lines(outcome: Outcome) -> list[OutcomeLine]:
    """Lines of the projects of the first open tie, which waits for a decision of the Council."""
    ties = open_ties(outcome)
    if not ties:
        return []
    rows = outcome.lines.filter(entry__code__in=ties[0].projects).select_related("entry__proposal")
    return list(rows.order_by("place"))


def won(line: OutcomeLine) -> bool:
    """Whether the project is paid: by the rule, or apart from it."""
    return line.verdict in (Verdict.FUNDED.value, Verdict.EXTRA.value)


@dataclass(frozen=True, slots=True)
class Turnout:
    """Voters as a share of one stated head count."""

    population: Any
    share: Fraction


def turnout_shares(round_: Round, voters: int) -> list[Turnout]:
    """``voters`` divided by every head count of the city: each with its date, territory and source."""
    rows = round_.city.populations.order_by("counted_on", "pk")
    return [Turnout(row, Fraction(voters, row.count)) for row in rows]
