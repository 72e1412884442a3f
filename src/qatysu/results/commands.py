"""Declare, approve, publish: the way of an outcome (SPEC 9)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.ballots import queries as ballots
from qatysu.core.errors import Conflict, Invalid
from qatysu.core.regulation import Action
from qatysu.results import queries
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.touching import touch
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.tally.queries import Count
from qatysu.tally.queries import count as count_ballots


def _lock(round_: Round) -> Round:
    return Round.objects.select_for_update().get(pk=round_.pk)


def declare(*, actor: Any, round: Round, now: datetime) -> Outcome:
    """Count the ballots and store the provisional outcome, replacing an earlier provisional one.

    With a decisive tie the outcome is stored, but its tied projects carry the verdict TIED until the Council decides.
    Raises Conflict while voting is open or once the outcome is approved.
    """
    authorize(actor, Action.COUNT, round, now=now)
    with transaction.atomic():
        locked = _lock(round)
        _check_voting_over(locked, now)
        earlier = Outcome.objects.filter(round=locked).first()
        if earlier is not None and earlier.state != Outcome.State.PROVISIONAL:
            raise Conflict("outcome_approved")
        decision = list(earlier.tie_decision) if earlier else []
        reason = earlier.tie_reason if earlier else ""
        outcome = _store(locked, decision, reason, actor, now)
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
    if not queries.is_voting_over(round_, now):
        raise Conflict("voting_open")
    if ballots.slate_of(round_) is None:
        raise Conflict("no_slate")


def _store(round_: Round, decision: Sequence[str], reason: str, actor: Any, now: datetime) -> Outcome:
    count = count_ballots(round_)
    computed = queries.compute(round_, count, tuple(decision))
    Outcome.objects.filter(round=round_).delete()
    outcome = Outcome.objects.create(
        round=round_,
        ballots=count.ballots,
        voters=ballots.turnout(round_),
        budget_tenge=computed.budget,
        reserve_tenge=round_.reserve_tenge,
        spent_tenge=computed.spent,
        tie_decision=list(decision),
        tie_reason=reason,
        digest=digest_of(round_, count, computed),
        counted_by=actor if getattr(actor, "pk", None) else None,
        counted_at=now,
    )
    entries = {entry.code: entry for entry in ballots.entries(round_)}
    OutcomeLine.objects.bulk_create(
        OutcomeLine(
            outcome=outcome,
            entry=entries[step.project.code],
            place=step.place,
            votes=step.project.votes,
            verdict=step.verdict.value,
            left_before_tenge=step.left_before,
            left_after_tenge=step.left_after,
            missing_votes=step.missing_votes,
            missing_tenge=step.missing_money,
        )
        for step in computed.steps
    )
    return outcome


def digest_of(round_: Round, count: Count, computed: RuleOutcome) -> str:
    """SHA-256 (hex) over slate digest, counts, rule with parameters and winners in order: what anybody recomputes."""
    slate = ballots.slate_of(round_)
    body = {
        "slate": slate.digest if slate else "",
        "votes": count.votes,
        "ballots": count.ballots,
        "rule": computed.rule,
        "params": dict(computed.params),
        "budget": computed.budget,
        "winners": list(computed.winners),
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def decide_tie(*, actor: Any, round: Round, order: Sequence[str], reason: str, now: datetime) -> Outcome:
    """Record the Council's order of tied projects, with its reason, and compute again.

    Raises Invalid when the order does not name exactly the projects of open decisive ties or the reason is empty,
    Conflict when there is nothing to decide.
    """
    authorize(actor, Action.DECIDE_TIE, round, now=now)
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
        decided = [*outcome.tie_decision, *order]
        renewed = _store(locked, decided, reason.strip()[:500], actor, now)
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


def approve(*, actor: Any, round: Round, protocol_number: str, now: datetime) -> Outcome:
    """The Council approves the provisional outcome with a protocol.

    Raises Conflict when a gate is closed, Invalid without a number.
    """
    authorize(actor, Action.APPROVE_RESULTS, round, now=now)
    if not protocol_number.strip():
        raise Invalid("protocol_missing", field="protocol_number")
    with transaction.atomic():
        locked = _lock(round)
        outcome = Outcome.objects.select_for_update().filter(round=locked).first()
        if outcome is None or outcome.state != Outcome.State.PROVISIONAL:
            raise Conflict("not_provisional")
        _check_gates(locked)
        outcome.state, outcome.protocol_number = Outcome.State.APPROVED, protocol_number.strip()[:40]
        outcome.approved_by, outcome.approved_at = actor, now
        outcome.save()
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


def _check_gates(round_: Round) -> None:
    closed = [gate.name for gate in queries.gates(round_) if not gate.ok]
    if closed:
        raise Conflict("gates_closed", gates=closed)
