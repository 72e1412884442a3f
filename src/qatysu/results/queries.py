"""Reads of the outcome: computation, gates, and what the results page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.results import storing
from qatysu.results.election import budget, compute, election, funded_sum
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.rules.model import Tie, Verdict
from qatysu.tally.queries import count as count_ballots
from qatysu.tally.queries import turnout as voters_of
from qatysu.tally.queries import turnout_by_channel

__all__ = [
    "Gate", "Turnout", "budget", "compute", "election", "funded_sum", "gates", "lines", "open_ties", "outcome_of",
    "published", "rule_outcome", "tied_lines", "turnout_shares", "won",
]


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition of publication: its name, whether it holds, and the figures compared."""

    name: str
    ok: bool
    detail: dict[str, Any]


def is_voting_over(round_: Round, now: datetime) -> bool:
    """True when the voting stage exists and has ended at ``now``."""
    return any(v.stage is Stage.VOTING and v.state is WindowState.AFTER for v in calendar(round_, now))


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


def gates(round_: Round) -> list[Gate]:
    """The conditions of SPEC 9: counts agree with ballots and turnout, the budget holds, the same outcome comes out anew."""
    outcome = outcome_of(round_)
    if outcome is None:
        return [Gate("counted", False, {})]
    count = count_ballots(round_)
    turnout = voters_of(round_)
    channels = turnout_by_channel(round_)
    rows = lines(outcome)
    stored, anew = rule_outcome(outcome, rows), compute(round_, outcome.tie_decision)
    waiting = [code for tie in stored.undecided for code in tie.projects]
    return [
        Gate("counted", True, {"ballots": outcome.ballots}),
        Gate(
            "ballots_are_voters",
            outcome.ballots == count.ballots == turnout,
            {"ballots": count.ballots, "voters": turnout},
        ),
        Gate("channels_sum", sum(channels.values()) == turnout, {"channels": channels, "voters": turnout}),
        Gate("votes_are_marks", sum(row.votes for row in rows) == count.marks, {"marks": count.marks}),
        Gate(
            "budget_holds",
            stored.spent == outcome.spent_tenge <= outcome.budget_tenge,
            {"spent": outcome.spent_tenge, "budget": outcome.budget_tenge},
        ),
        Gate("same_again", _same(stored, anew), {}),
        Gate("no_open_tie", not waiting, {"projects": waiting}),
    ]


def _same(stored: RuleOutcome, anew: RuleOutcome) -> bool:
    """Whether a second computation gives the same rule, winners in order, verdicts and counts."""
    verdicts = [{code: outcome.step_of(code).verdict for code in outcome.counts} for outcome in (stored, anew)]
    return (
        (stored.rule, stored.budget, stored.winners) == (anew.rule, anew.budget, anew.winners)
        and verdicts[0] == verdicts[1]
        and stored.counts == anew.counts
    )


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
