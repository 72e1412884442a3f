"""Storing one ballot: the statements inside the transaction, the same for a request of its own and for a batch.

Eligibility was decided before; here the database decides what only it can: one voter one handle, attempts in sequence,
the window by its own clock, choices on the slate (constraints and triggers, docs/life-of-a-ballot.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection

from qatysu.ballots.models import random_key
from qatysu.bulletin.commands import take_in
from qatysu.bulletin.errors import LogRefusal
from qatysu.core.errors import AlreadyVoted, Conflict, Invalid, QatysuError, StageClosed
from qatysu.ledger.leaf import cast_entry, commitment, nonce
from qatysu.ledger.merkle import leaf_hash
from qatysu.vault.triggers import refused_by


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that wants to be stored.

    ``form_hash`` marks the form it came from (first half) and what the form said (second half): the same form twice is one ballot,
    the same form with another choice is refused.
    """

    round_id: int
    log_id: int
    origin: str
    handle: str
    choices: str
    channel: str
    form_hash: str
    open_key: bytes
    max_attempts: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored ballot: its attempt and the leaf hash of its entry. ``is_new`` is False when the same form had stored it before."""

    attempt: int
    leaf: bytes
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Written:
    """A ballot with the bytes of its entry."""

    attempt: int
    raw: bytes
    leaf: bytes


_ADVANCE = """
INSERT INTO ballots_participation (id, round_id, handle, attempt, channel, form_hash) VALUES {rows}
ON CONFLICT (round_id, handle) DO UPDATE SET attempt = ballots_participation.attempt + 1, channel = excluded.channel,
    form_hash = excluded.form_hash
WHERE ballots_participation.attempt < %s AND (excluded.form_hash = ''
    OR substr(ballots_participation.form_hash, 1, 16) <> substr(excluded.form_hash, 1, 16))
RETURNING handle, attempt
"""
_INSERT = "INSERT INTO ballots_ballot (id, round_id, handle, attempt, choices, leaf) VALUES {rows}"
_STORED = """
SELECT p.attempt, p.form_hash, b.leaf FROM ballots_participation p
JOIN ballots_ballot b ON b.round_id = p.round_id AND b.handle = p.handle AND b.attempt = p.attempt
WHERE p.round_id = %s AND p.handle = %s
"""


def store(cast: Cast) -> Stored:
    """Store ``cast`` inside the caller's transaction (or savepoint).

    Raises AlreadyVoted when no attempt is left, StageClosed when the window is not open by the database's clock, Invalid
    when the choices are not on the slate. Whatever it raises, the caller rolls back.
    """
    try:
        answer = store_all([cast])[0]
    except IntegrityError as error:
        raise _refusal(error) from error
    except LogRefusal as refusal:
        raise StageClosed("voting_closed") from refusal
    if isinstance(answer, QatysuError):
        raise answer
    return answer


def store_all(casts: Sequence[Cast]) -> list[Stored | QatysuError]:
    """Store casts of one round and of different voters with a few statements; answers in the same order.

    Participation, ballot and entry of the log are written together. A cast without an attempt left writes nothing and is answered
    AlreadyVoted, one whose form was sent before with another choice Conflict. Raises LogRefusal when the log takes nothing, and
    IntegrityError when a guard refuses any of them: the caller rolls all back and stores one by one with ``store``, which says
    whose refusal it is.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Closing takes this row FOR UPDATE: it waits for casts that run, and none starts behind it.
            cursor.execute("SELECT 1 FROM rounds_round WHERE id = %s FOR SHARE", [casts[0].round_id])
        attempts = _advance(cursor, casts)
        written = {cast.handle: _written(cast, attempts[cast.handle]) for cast in casts if cast.handle in attempts}
        take_in(cursor, casts[0].log_id, [(ballot.leaf, ballot.raw) for ballot in written.values()])
        _insert(cursor, casts, written)
        return [
            Stored(written[cast.handle].attempt, written[cast.handle].leaf, True)
            if cast.handle in written
            else _same_form_or_refused(cursor, cast)
            for cast in casts
        ]


def _advance(cursor: Any, casts: Sequence[Cast]) -> dict[str, int]:
    """Attempt by handle of those who had one left."""
    sql = _ADVANCE.format(rows=", ".join(["(%s, %s, %s, 1, %s, %s)"] * len(casts)))
    values = [value for c in casts for value in (random_key(), c.round_id, c.handle, c.channel, c.form_hash)]
    cursor.execute(sql, [*values, casts[0].max_attempts])
    return dict(cursor.fetchall())


def _written(cast: Cast, attempt: int) -> _Written:
    """The public half of the ballot: made here, because only the database knows the attempt."""
    hidden = commitment(cast.origin, cast.handle, attempt, nonce(cast.open_key, cast.handle, attempt), cast.choices)
    raw = cast_entry(cast.handle, attempt, hidden)
    return _Written(attempt, raw, leaf_hash(raw))


def _insert(cursor: Any, casts: Sequence[Cast], written: Mapping[str, _Written]) -> None:
    if not written:
        return
    values: list[Any] = []
    for cast in casts:
        if cast.handle in written:
            ballot = written[cast.handle]
            values += [random_key(), cast.round_id, cast.handle, ballot.attempt, cast.choices, ballot.leaf]
    cursor.execute(_INSERT.format(rows=", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(written))), values)


def _same_form_or_refused(cursor: Any, cast: Cast) -> Stored | QatysuError:
    cursor.execute(_STORED, [cast.round_id, cast.handle])
    row = cursor.fetchone()
    if row is not None and cast.form_hash and row[1][:16] == cast.form_hash[:16]:
        if row[1] != cast.form_hash:
            return Conflict("form_sent_with_another_choice")
        return Stored(int(row[0]), bytes(row[2]), False)
    return AlreadyVoted("no_attempt_left", attempts=cast.max_attempts)


def _refusal(error: IntegrityError) -> QatysuError:
    name = refused_by(error)
    if name == "qatysu:ballot:closed":
        return StageClosed("voting_closed")
    if name == "qatysu:ballot:choices":
        return Invalid("unknown_project", field="choice")
    return Conflict("ballot_refused", guard=name)
