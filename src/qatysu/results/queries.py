"""Reads of the outcome: computation, gates, and what the results page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from qatysu.ballots import queries as ballots
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rounds.models import Round
from qatysu.rounds.queries import calendar
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.rules.model import Project, Verdict
from qatysu.rules.votes import Params, fund_by_votes
from qatysu.tally.queries import Count
from qatysu.tally.queries import count as count_ballots


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition of publication: its name, whether it holds, and the figures compared."""

    name: str
    ok: bool
    detail: dict[str, Any]


def is_voting_over(round_: Round, now: datetime) -> bool:
    """True when the voting stage exists and has ended at ``now``."""
    return any(v.stage is Stage.VOTING and v.state is WindowState.AFTER for v in calendar(round_, now))


def funded_sum(round_: Round) -> int:
    """What the funders give, whole tenge."""
    return sum(funder.amount_tenge for funder in round_.funders.all())


def budget(round_: Round) -> int:
    """Money the rule may spend: the funders' sums less the reserve for rising prices, never negative."""
    return max(0, funded_sum(round_) - round_.reserve_tenge)


def compute(round_: Round, count: Count, tie_decision: Sequence[str] = ()) -> RuleOutcome:
    """Apply the constitution's rule to ``count``."""
    c = round_.constitution
    projects = [Project(e.code, e.cost_tenge, count.votes[e.code]) for e in ballots.entries(round_)]
    params = Params(
        c.threshold_votes,
        "gt" if c.threshold_op == "gt" else "ge",
        "stop" if c.fit == "stop" else "skip",
        tuple(tie_decision),
    )
    return fund_by_votes(projects, budget=budget(round_), params=params)


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


def tied_lines(outcome: Outcome) -> list[OutcomeLine]:
    """Lines that wait for a decision of the Council."""
    rows = outcome.lines.filter(verdict=Verdict.TIED.value).select_related("entry__proposal")
    return list(rows.order_by("place"))


def gates(round_: Round) -> list[Gate]:
    """The conditions of SPEC 9: counts agree with ballots and turnout, the budget holds, the same outcome comes out anew."""
    outcome = outcome_of(round_)
    if outcome is None:
        return [Gate("counted", False, {})]
    count = count_ballots(round_)
    turnout = ballots.turnout(round_)
    channels = ballots.turnout_by_channel(round_)
    anew = compute(round_, count, outcome.tie_decision)
    stored = [(line.entry.code, line.votes, line.verdict) for line in lines(outcome)]
    again = [(step.project.code, step.project.votes, step.verdict.value) for step in anew.steps]
    return [
        Gate("counted", True, {"ballots": outcome.ballots}),
        Gate(
            "ballots_are_voters",
            outcome.ballots == count.ballots == turnout,
            {"ballots": count.ballots, "voters": turnout},
        ),
        Gate("channels_sum", sum(channels.values()) == turnout, {"channels": channels, "voters": turnout}),
        Gate("votes_are_marks", sum(vote for _, vote, _ in stored) == count.marks, {"marks": count.marks}),
        Gate(
            "budget_holds",
            outcome.spent_tenge <= outcome.budget_tenge,
            {"spent": outcome.spent_tenge, "budget": outcome.budget_tenge},
        ),
        Gate("same_again", stored == again, {}),
        Gate("no_open_tie", not tied_lines(outcome), {"projects": [line.entry.code for line in tied_lines(outcome)]}),
    ]


@dataclass(frozen=True, slots=True)
class Turnout:
    """Voters as a share of one stated head count."""

    population: Any
    share: Fraction


def turnout_shares(round_: Round, voters: int) -> list[Turnout]:
    """``voters`` divided by every head count of the city: each with its date, territory and source."""
    rows = round_.city.populations.order_by("counted_on", "pk")
    return [Turnout(row, Fraction(voters, row.count)) for row in rows]
