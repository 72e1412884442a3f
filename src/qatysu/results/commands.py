"""Declare, approve, publish: the way of an outcome (SPEC 9). Its ground is the published log, where every ballot is open.

The outcome and the result entry of the log are written in one transaction; once the entry is there, no other outcome can be.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.ballots import queries as ballots
from qatysu.bulletin.commands import submit
from qatysu.bulletin.models import Log
from qatysu.core.errors import Conflict, Invalid
from qatysu.core.regulation import Action
from qatysu.council.models import Decision
from qatysu.results import comparing, counting, entries, opening, queries, storing
from qatysu.results.gates import gates
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.touching import touch
from qatysu.rules.model import Election
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.rules.params import PARAMS
from qatysu.tally import published
from qatysu.tally.published import PublishedBox
from qatysu.tally.queries import turnout

#: ``{"order": [codes], "reason": text}``: one decision of the Council.
Decided = Mapping[str, Any]


def _lock(round_: Round) -> Round:
    return Round.objects.select_for_update().get(pk=round_.pk)


def declare(*, actor: Any, round: Round, now: datetime) -> Outcome:
    """Count the opened ballots of the published log and store the provisional outcome, replacing an earlier provisional one.

    Without an open tie the result goes into the log. With one the outcome is stored, but its tied projects are undecided until
    the Council decides. Raises Conflict while voting is open, once the outcome is approved, while the log cannot be counted
    (``counting.readable_box``), when the public verifier computes something else, or another result is in the log.
    """
    authorize(actor, Action.COUNT, round, now=now)
    with transaction.atomic():
        locked = _lock(round)
        _check_voting_over(locked, now)
        earlier = Outcome.objects.filter(round=locked).first()
        if earlier is not None and earlier.state != Outcome.State.PROVISIONAL:
            raise Conflict("outcome_approved")
        outcome = _decide(locked, earlier.decisions if earlier else [], actor, now)
        record(
            actor=actor,
            action="declare",
            now=now,
            place=str(locked),
            target=f"outcome:{outcome.pk}",
            digest=outcome.digest,
            ballots=outcome.ballots,
            spent_tenge=outcome.spent_tenge,
        )
        touch(locked)
    return outcome


def _check_voting_over(round_: Round, now: datetime) -> None:
    if not opening.is_voting_over(round_, now):
        raise Conflict("voting_open")


def _decide(round_: Round, decisions: Sequence[Decided], actor: Any, now: datetime) -> Outcome:
    """Compute from the log, compare with the public verifier, store, and write the result into the log."""
    log, box = counting.readable_box(round_)
    order = merged_order([each["order"] for each in decisions])
    election = queries.election(round_)
    computed = queries.compute(round_, order, given=election)
    counting.compare(computed, box, order)
    outcome = _store(round_, election, computed, decisions, actor, now, counting.kept(box))
    counting.announce(log, box, computed, order, outcome.digest)
    return outcome


def _store(
    round_: Round, election: Election, computed: RuleOutcome, decisions: Sequence[Decided], actor: Any, now: datetime,
    box: Mapping[str, Any],
) -> Outcome:
    order = merged_order([each["order"] for each in decisions])
    Outcome.objects.filter(round=round_).delete()
    last = {step.project: step.place for step in computed.steps}
    outcome = Outcome.objects.create(
        round=round_,
        ballots=election.voters,
        voters=turnout(round_),
        budget_tenge=computed.budget,
        reserve_tenge=round_.reserve_tenge,
        spent_tenge=computed.spent,
        rule=computed.rule,
        params=dict(computed.params),
        ties=storing.ties_json(computed.ties),
        earlier_steps=storing.earlier_json(step for step in computed.steps if step.place != last[step.project]),
        runs=computed.runs,
        notes=list(computed.notes),
        tie_decision=list(order),
        decisions=list(decisions),
        comparison=comparing.computed(election, computed),
        box=dict(box),
        digest=digest_of(round_, election.voters, computed),
        counted_by=actor if getattr(actor, "pk", None) else None,
        counted_at=now,
    )
    entries = {entry.code: entry for entry in ballots.entries(round_)}
    OutcomeLine.objects.bulk_create(
        storing.line_of(outcome, entries[step.project], step, computed.counts[step.project])
        for step in computed.steps
        if step.place == last[step.project]
    )
    return outcome


def declare_imported(round_: Round, order: Sequence[str], now: datetime) -> Outcome:
    """Compute and publish the outcome of an election that was held elsewhere; ``order`` settles its ties. The caller
    holds the transaction.
    """
    election = queries.election(round_)
    computed = queries.compute(round_, order, given=election)
    outcome = _store(round_, election, computed, [{"order": list(order), "reason": ""}] if order else [], None, now, {})
    outcome.is_imported, outcome.state, outcome.published_at = True, Outcome.State.PUBLISHED, now
    outcome.save(update_fields=["is_imported", "state", "published_at"])
    touch(round_)
    return outcome


def merged_order(orders: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """One order of projects that keeps all decided ones. Raises Invalid when a later decision turns an earlier one round."""
    merged: list[str] = []
    for order in orders:
        known = [code for code in order if code in merged]
        if known != sorted(known, key=merged.index):
            raise Invalid("tie_order_turned", field="order")
        for place, code in enumerate(order):
            if code not in merged:
                behind = next((later for later in order[place + 1 :] if later in merged), None)
                merged.insert(len(merged) if behind is None else merged.index(behind), code)
    return tuple(merged)


#: Parameters of a rule that change what it computes only when they differ from their defaults; ``tie`` and
#: ``tie_decision`` are left out: what they decided is seen in the winners.
_OF_VOTES = ("key", "partial", "conflicts", "withdrawn", "parts", "leftover", "paper", "extra", "budget")


def _body_params(computed: RuleOutcome) -> dict[str, str]:
    """Parameters as the digest has them. For the votes rule they keep the names of the first outcomes ever declared."""
    params = dict(computed.params)
    if computed.rule != "votes":
        return params
    body = {"threshold": params["min_score"], "op": params["min_score_op"], "fit": params["fit"]}
    further = {name: params[name] for name in _OF_VOTES if params.get(name, "") not in ("", PARAMS[name].default)}
    return body | further


def digest_of(round_: Round, voters: int, computed: RuleOutcome) -> str:
    """SHA-256 (hex) over slate digest, counts, rule with parameters and winners in order: what anybody recomputes.

    ``voters`` is the number of ballots. Points and extra winners are in it where there are any.
    """
    slate = ballots.slate_of(round_)
    votes = {code: counts.votes for code, counts in computed.counts.items()}
    scores = {code: counts.score for code, counts in computed.counts.items()}
    body = {
        "slate": slate.digest if slate else "",
        "votes": votes,
        "ballots": voters,
        "rule": computed.rule,
        "params": _body_params(computed),
        "budget": computed.budget,
        "winners": list(computed.winners),
    }
    if scores != votes:
        body["scores"] = scores
    if computed.extra:
        body["extra"] = list(computed.extra)
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def decide_tie(
    *, actor: Any, round: Round, order: Sequence[str], reason: str, now: datetime, decision: Decision | None = None
) -> Outcome:
    """Record the Council's order of the projects of the first open tie, with its reason, and compute again.

    The new outcome may meet another tie, which is decided next. Raises Invalid when the order does not name exactly the
    projects of that tie, turns an earlier decision round or has no reason; Conflict when there is nothing to decide, or
    (``council_decides``) when the round has a Council and ``decision`` is not one of its own.
    """
    authorize(actor, Action.DECIDE_TIE, round, now=now)
    _need_council(round, decision)
    with transaction.atomic():
        locked = _lock(round)
        outcome = Outcome.objects.filter(round=locked, state=Outcome.State.PROVISIONAL).first()
        tied = [line.entry.code for line in queries.tied_lines(outcome)] if outcome else []
        if outcome is None or not tied:
            raise Conflict("no_tie")
        if sorted(order) != sorted(tied):
            raise Invalid("tie_order", field="order")
        if not reason.strip():
            raise Invalid("reason_missing", field="reason")
        decided = [*outcome.decisions, {"order": list(order), "reason": reason.strip()[:500]}]
        renewed = _decide(locked, decided, actor, now)
        record(
            actor=actor,
            action="decide_tie",
            now=now,
            place=str(locked),
            target=f"outcome:{renewed.pk}",
            reason=reason,
            order=list(order),
        )
        touch(locked)
    return renewed


def _need_council(round_: Round, decision: Decision | None) -> None:
    """A round that has a Council follows the decisions of its meetings; others write down one that was taken elsewhere."""
    if decision is None and round_.council_seats.exists():
        raise Conflict("council_decides")


def approve(
    *, actor: Any, round: Round, protocol_number: str, now: datetime, decision: Decision | None = None
) -> Outcome:
    """The Council approves the provisional outcome with a protocol.

    Raises Conflict when a gate is closed or the Council has not decided (as ``decide_tie``), Invalid without a number.
    """
    authorize(actor, Action.APPROVE_RESULTS, round, now=now)
    _need_council(round, decision)
    if not protocol_number.strip():
        raise Invalid("protocol_missing", field="protocol_number")
    with transaction.atomic():
        locked = _lock(round)
        outcome = Outcome.objects.select_for_update().filter(round=locked).first()
        if outcome is None or outcome.state != Outcome.State.PROVISIONAL:
            raise Conflict("not_provisional")
        log, _ = _check_gates(locked)
        outcome.state, outcome.protocol_number = Outcome.State.APPROVED, protocol_number.strip()[:40]
        outcome.approved_by, outcome.approved_at = actor, now
        outcome.save()
        submit(log, entries.approval(outcome.protocol_number, outcome.digest), is_voters=False)
        record(
            actor=actor,
            action="approve_results",
            now=now,
            place=str(locked),
            target=f"outcome:{outcome.pk}",
            digest=outcome.digest,
        )
        touch(locked)
    return outcome


def publish(*, actor: Any, round: Round, now: datetime) -> Outcome:
    """Publish an approved outcome after all gates have been passed once more. Raises Conflict otherwise."""
    authorize(actor, Action.PUBLISH_RESULTS, round, now=now)
    with transaction.atomic():
        locked = _lock(round)
        outcome = Outcome.objects.select_for_update().filter(round=locked).first()
        if outcome is None or outcome.state == Outcome.State.PROVISIONAL:
            raise Conflict("not_approved")
        if outcome.state == Outcome.State.PUBLISHED:
            return outcome
        _check_gates(locked)
        outcome.state, outcome.published_by, outcome.published_at = Outcome.State.PUBLISHED, actor, now
        outcome.save()
        record(
            actor=actor,
            action="publish_results",
            now=now,
            place=str(locked),
            target=f"outcome:{outcome.pk}",
            digest=outcome.digest,
        )
        touch(locked)
    return outcome


def _check_gates(round_: Round) -> tuple[Log, PublishedBox]:
    """The log and what it says, every file read anew. Raises Conflict ``gates_closed`` with the names of those that are."""
    log = published.log_of(round_)
    box = published.read(log, anew=True)
    closed = [gate.name for gate in gates(round_) if not gate.ok]
    if closed:
        raise Conflict("gates_closed", gates=closed)
    return log, box
