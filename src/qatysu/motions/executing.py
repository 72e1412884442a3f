"""What a confirmed motion does: one entry of the log, together with the change of the calendar or of the rules, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from qatysu.ballots import logs
from qatysu.ballots.commands import judge
from qatysu.ballots.models import Slate
from qatysu.bulletin.commands import submit
from qatysu.bulletin.models import Log
from qatysu.bulletin.queries import place_of
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.periods import WindowState, end_of_day
from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.ledger.entries import VERSION, encode, plain_text
from qatysu.ledger.merkle import leaf_hash
from qatysu.motions import acts, disqualifying
from qatysu.motions.kinds import BALLOT, RULES, Kind
from qatysu.motions.models import Motion
from qatysu.motions.targets import get_ballot
from qatysu.rounds import calendar, queries
from qatysu.rounds.amending import amend_constitution, amended
from qatysu.rounds.models import CalendarAct, Round, RoundStage

_ACTS: Mapping[Kind, Callable[..., CalendarAct]] = MappingProxyType(
    {
        Kind.VOTING_EXTEND: calendar.extend_stage, Kind.VOTING_CLOSE: calendar.close_stage_now,
        Kind.VOTING_PAUSE: calendar.pause_stage, Kind.VOTING_RESUME: calendar.resume_stage,
        Kind.VOTING_OPEN: calendar.open_stage_now,
    }
)
#: States of the voting window in which an act makes sense, and how it is refused in others.
_STATES: Mapping[Kind, tuple[frozenset[WindowState], str]] = MappingProxyType(
    {
        Kind.VOTING_EXTEND: (frozenset({WindowState.BEFORE, WindowState.OPEN, WindowState.PAUSED}), "stage_over"),
        Kind.VOTING_CLOSE: (frozenset({WindowState.OPEN, WindowState.PAUSED}), "stage_not_open"),
        Kind.VOTING_PAUSE: (frozenset({WindowState.OPEN}), "stage_not_open"),
        Kind.VOTING_RESUME: (frozenset({WindowState.PAUSED}), "not_paused"),
        Kind.VOTING_OPEN: (frozenset({WindowState.BEFORE}), "stage_opened"),
    }
)


def find_log(round_: Round) -> Log | None:
    """The log of the round, None where the ballot was frozen before there were logs."""
    try:
        return logs.log_of(round_)
    except NotFound:
        return None


def check(motion: Motion, round_: Round, now: datetime) -> None:
    """Raises Conflict or Invalid when the motion could not be carried out now; the same for asking and for confirming."""
    kind = Kind(motion.kind)
    if kind in BALLOT:
        _check_ballot(motion, round_)
    elif kind is Kind.KEYS_DESTROYED:
        if not acts.is_approved(logs.log_of(round_)):
            raise Conflict("result_not_approved")
    elif kind is Kind.RULES_AMEND:
        amended(round_, motion.payload["values"])
    elif kind is Kind.PROJECT_OUT:
        disqualifying.check(round_, motion.payload["code"])
    else:
        _check_voting(motion, kind, round_, now)


def _check_ballot(motion: Motion, round_: Round) -> None:
    log = logs.log_of(round_)
    if acts.is_opened(log):
        raise Conflict("ballots_opened")
    manifest = acts.manifest_of(log)
    if manifest is None or motion.reason not in manifest["reasons"]:
        raise Invalid("reason_code", field="reason")
    seen = get_ballot(round_, motion.payload["b"], motion.payload["n"])
    if motion.kind == Kind.ANNUL and seen.reason:
        raise Conflict("annulled_already")
    if motion.kind == Kind.REINSTATE and not seen.reason:
        raise Conflict("not_annulled")


def _check_voting(motion: Motion, kind: Kind, round_: Round, now: datetime) -> None:
    row = queries.stage_row(round_, Stage.VOTING)
    if not calendar.is_voting_fixed(round_, Stage.VOTING):
        raise Conflict("voting_not_fixed")
    allowed, refusal = _STATES[kind]
    # The clock of the database too: a request that waited for a lock must not extend a box that is being closed.
    log = find_log(round_)
    if queries.window(row).state(max(now, queries.db_now())) not in allowed or (log is not None and acts.is_closed(log)):
        raise Conflict(refusal, stage=Stage.VOTING)
    if kind is Kind.VOTING_EXTEND and end_of_day(last_day_of(motion), queries.zone_of(round_)) <= row.closes_at:
        raise Invalid("not_later", field="last_day")


def last_day_of(motion: Motion) -> date:
    """The last day that an extension asks for."""
    return date.fromisoformat(motion.payload["last_day"])


def carry_out(motion: Motion, round_: Round, *, second: Account, marks: tuple[str, str], now: datetime) -> str:
    """Do what the motion asks for, in the caller's transaction; returns the leaf hash (hex) of its entry, '' without a log.

    Raises Conflict or Invalid when it is not possible any more, LogRefusal when the log takes nothing in.
    """
    check(motion, round_, now)
    kind, log = Kind(motion.kind), find_log(round_)
    value = ""
    if kind in _ACTS:
        value = _move_calendar(motion, kind, round_, second, now)
    elif kind is Kind.KEYS_DESTROYED:
        value = Slate.objects.values_list("key_digest", flat=True).get(round=round_)
    elif kind is Kind.RULES_AMEND:
        value = amend_constitution(
            actor=motion.proposed_by, second=second, round_=round_, values=motion.payload["values"], reason=motion.text,
            protocol=motion.protocol, document=motion.document, now=now,
        ).new_digest
    elif kind is Kind.PROJECT_OUT:
        value = disqualifying.carry_out(round_, motion.payload["code"], actor=second, now=now)
    return _write(log, round_, _entry(motion, marks, value)) if log is not None else ""


def _move_calendar(motion: Motion, kind: Kind, round_: Round, second: Account, now: datetime) -> str:
    """Move the voting stage; returns the instant that the log names."""
    more: dict[str, Any] = {"last_day": last_day_of(motion)} if kind is Kind.VOTING_EXTEND else {}
    _ACTS[kind](
        actor=motion.proposed_by, second=second, round_=round_, stage=Stage.VOTING, reason=motion.text, now=now, **more
    )
    if kind is not Kind.VOTING_EXTEND:
        return written(now)
    return written(RoundStage.objects.values_list("closes_at", flat=True).get(round=round_, stage=Stage.VOTING))


def written(moment: datetime) -> str:
    """An instant as entries have it, cut to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(motion: Motion, marks: tuple[str, str], value: str) -> dict[str, Any]:
    kind = Kind(motion.kind)
    common: dict[str, Any] = {"v": VERSION, "act": plain_text(motion.protocol), "by": list(marks)}
    if kind in BALLOT:
        return common | {"t": str(kind), "b": motion.payload["b"], "n": motion.payload["n"], "reason": motion.reason}
    return common | {"t": "amend", "document": motion.document, "what": str(RULES[kind].what), "value": value}


def _write(log: Log, round_: Round, entry: dict[str, Any]) -> str:
    """Submit the entry. The log refuses bytes that it has already: an act of the same people by the same protocol."""
    raw = encode(entry)
    if place_of(log, leaf_hash(raw)) is not None:
        raise Conflict("act_repeated", field="protocol")
    return (submit(log, raw, is_voters=False) if entry["t"] == "amend" else judge(round=round_, entry=entry)).hex()
