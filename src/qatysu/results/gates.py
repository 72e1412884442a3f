"""The conditions of publication (SPEC 9): the outcome, the published log, the database and the public verifier all agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qatysu.ballots import logs
from qatysu.bulletin.models import Log
from qatysu.bulletin.storage import CHECKPOINT
from qatysu.core.errors import Conflict
from qatysu.ledger.notes import BadNote, parse
from qatysu.results.election import compute
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.results.queries import lines, outcome_of, rule_outcome
from qatysu.rounds.models import Round
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.tally import published
from qatysu.tally.published import PublishedBox
from qatysu.tally.queries import count, imported, turnout, turnout_by_channel


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition of publication: its name, whether it holds, and the figures compared."""

    name: str
    ok: bool
    detail: dict[str, Any]


def gates(round_: Round) -> list[Gate]:
    """Every condition with its figures, in the order in which people check them. One that cannot be looked at is closed."""
    outcome = outcome_of(round_)
    if outcome is None:
        return [Gate("counted", False, {})]
    rows = lines(outcome)
    if imported(round_) is not None:
        return [*_counted(round_, outcome, rows), *_decided(round_, outcome, rows)]
    try:
        log = published.log_of(round_)
        box = published.read(log)
        decided = _decided(round_, outcome, rows)
    except Conflict:
        return [Gate("counted", True, {"ballots": outcome.ballots}), Gate("readable", False, {})]
    return [*_counted_in_log(round_, outcome, rows, box), *decided, *_in_log(log, box, outcome, rows)]


def _counted(round_: Round, outcome: Outcome, rows: Sequence[OutcomeLine]) -> list[Gate]:
    """Figures of an election that was held elsewhere."""
    found, voters, channels = count(round_), turnout(round_), turnout_by_channel(round_)
    return [
        Gate("counted", True, {"ballots": outcome.ballots}),
        Gate("ballots_are_voters", outcome.ballots == found.ballots == voters, {"ballots": found.ballots, "voters": voters}),
        Gate("channels_sum", sum(channels.values()) == voters, {"channels": channels, "voters": voters}),
        Gate("votes_are_marks", sum(row.votes for row in rows) == found.marks, {"marks": found.marks}),
    ]


def _counted_in_log(round_: Round, outcome: Outcome, rows: Sequence[OutcomeLine], box: PublishedBox) -> list[Gate]:
    channels, marks = turnout_by_channel(round_), sum(box.votes.values())
    counters = count(round_)
    return [
        Gate("counted", True, {"ballots": outcome.ballots}),
        Gate(
            "ballots_are_voters",
            outcome.ballots == box.counted == box.voters - box.annulled and outcome.voters == box.voters,
            {"ballots": box.counted, "annulled": box.annulled, "voters": box.voters},
        ),
        Gate("channels_sum", sum(channels.values()) == box.voters, {"channels": channels, "voters": box.voters}),
        Gate("votes_are_marks", sum(row.votes for row in rows) == marks, {"marks": marks}),
        Gate(
            "log_is_database",
            counters.votes == box.votes and counters.ballots == box.counted,
            {"log": box.counted, "database": counters.ballots},
        ),
    ]


def _decided(round_: Round, outcome: Outcome, rows: Sequence[OutcomeLine]) -> list[Gate]:
    stored, anew = rule_outcome(outcome, rows), compute(round_, outcome.tie_decision)
    waiting = [code for tie in stored.undecided for code in tie.projects]
    return [
        Gate(
            "budget_holds",
            stored.spent == outcome.spent_tenge <= outcome.budget_tenge,
            {"spent": outcome.spent_tenge, "budget": outcome.budget_tenge},
        ),
        Gate("same_again", _same(stored, anew), {}),
        Gate("no_open_tie", not waiting, {"projects": waiting}),
    ]


def _in_log(log: Log, box: PublishedBox, outcome: Outcome, rows: Sequence[OutcomeLine]) -> list[Gate]:
    """The result stands in the log as it is stored here, and the public verifier finds nothing wrong."""
    found = [
        Gate("result_published", _stands(box.result, rule_outcome(outcome, rows), outcome), {}),
        Gate("public_verifier", box.is_good, {"faults": sorted({fault.code for fault in box.faults})}),
    ]
    witnessed = _witnessed(log)
    return [*found, witnessed] if witnessed is not None else found


def _stands(result: Mapping[str, Any] | None, stored: RuleOutcome, outcome: Outcome) -> bool:
    if result is None:
        return False
    votes = {code: tallied.votes for code, tallied in stored.counts.items()}
    return (dict(result["counts"]), result["ballots"], result["winners"], result["spent"], result["tie_decision"]) == (
        votes, outcome.ballots, list(stored.winners), outcome.spent_tenge, outcome.tie_decision
    )  # fmt: skip


def _witnessed(log: Log) -> Gate | None:
    """Whether enough witnesses have signed the checkpoint; None where the installation has no quorum."""
    try:
        policy = logs.policy_of(log)
        if not policy.quorum:
            return None
        data = published.StorageSource(logs.storage_of(log)).get(CHECKPOINT)
        names = policy.witnessed(parse(data or b""))
    except (BadNote, OSError):
        return Gate("witnesses", False, {})
    return Gate("witnesses", len(names) >= policy.quorum, {"signed": len(names), "quorum": policy.quorum})


def _same(stored: RuleOutcome, anew: RuleOutcome) -> bool:
    """Whether a second computation gives the same rule, winners in order, verdicts and counts."""
    verdicts = [{code: outcome.step_of(code).verdict for code in outcome.counts} for outcome in (stored, anew)]
    return (
        (stored.rule, stored.budget, stored.winners) == (anew.rule, anew.budget, anew.winners)
        and verdicts[0] == verdicts[1]
        and stored.counts == anew.counts
    )
