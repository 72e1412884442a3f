"""Storing one ballot: the statements inside the transaction, the same for a request of its own and for a batch.

Eligibility was decided before; here the database decides what only it can: one voter one handle, attempts in sequence,
the window by its own clock, choices on the slate (constraints and triggers, docs/life-of-a-ballot.md).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, connection

from qatysu.core.errors import AlreadyVoted, Conflict, Invalid, QatysuError, StageClosed
from qatysu.ledger.leaf import commitment, nonce
from qatysu.vault.triggers import refused_by


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that wants to be stored. ``form_hash`` marks the form it came from: the same form twice is one ballot."""

    round_id: int
    origin: str
    handle: str
    choices: str
    channel: str
    form_hash: str
    open_key: bytes
    max_attempts: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored ballot: its attempt and commitment. ``is_new`` is False when the same form had stored it before."""

    attempt: int
    commitment: str
    is_new: bool


_ADVANCE = """
INSERT INTO ballots_participation (id, round_id, handle, attempt, channel, form_hash) VALUES (%s, %s, %s, 1, %s, %s)
ON CONFLICT (round_id, handle) DO UPDATE SET attempt = ballots_participation.attempt + 1, channel = excluded.channel,
    form_hash = excluded.form_hash
WHERE ballots_participation.attempt < %s AND (excluded.form_hash = '' OR ballots_participation.form_hash <> excluded.form_hash)
RETURNING attempt
"""
_STORED = """
SELECT p.attempt, p.form_hash, b.commitment FROM ballots_participation p
JOIN ballots_ballot b ON b.round_id = p.round_id AND b.handle = p.handle AND b.attempt = p.attempt
WHERE p.round_id = %s AND p.handle = %s
"""
_INSERT = (
    "INSERT INTO ballots_ballot (id, round_id, handle, attempt, choices, commitment) VALUES (%s, %s, %s, %s, %s, %s)"
)


def store(cast: Cast) -> Stored:
    """Store ``cast`` inside the caller's transaction (or savepoint).

    Raises AlreadyVoted when no attempt is left, StageClosed when the window is not open by the database's clock, Invalid
    when the choices are not on the slate. Whatever it raises, the caller rolls back.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Closing takes this row FOR UPDATE: it waits for casts that run, and none starts behind it.
            cursor.execute("SELECT 1 FROM rounds_round WHERE id = %s FOR SHARE", [cast.round_id])
        cursor.execute(_ADVANCE, [_key(), cast.round_id, cast.handle, cast.channel, cast.form_hash, cast.max_attempts])
        advanced = cursor.fetchone()
        if advanced is None:
            return _same_form_or_refuse(cursor, cast)
        attempt = int(advanced[0])
        secret = nonce(cast.open_key, cast.handle, attempt)
        promised = commitment(cast.origin, cast.handle, attempt, secret, cast.choices)
        try:
            cursor.execute(_INSERT, [_key(), cast.round_id, cast.handle, attempt, cast.choices, promised])
        except IntegrityError as error:
            raise _refusal(error) from error
        return Stored(attempt, promised, True)


def _key() -> str | uuid.UUID:
    value = uuid.uuid4()
    return value if connection.vendor == "postgresql" else value.hex


def _same_form_or_refuse(cursor: object, cast: Cast) -> Stored:
    cursor.execute(_STORED, [cast.round_id, cast.handle])  # type: ignore[attr-defined]  # reason: Django's cursor wrapper
    row = cursor.fetchone()  # type: ignore[attr-defined]  # reason: as above
    if row is not None and cast.form_hash and row[1] == cast.form_hash:
        return Stored(int(row[0]), str(row[2]), False)
    raise AlreadyVoted("no_attempt_left", attempts=cast.max_attempts)


def _refusal(error: IntegrityError) -> QatysuError:
    name = refused_by(error)
    if name == "qatysu:ballot:closed":
        return StageClosed("voting_closed")
    if name == "qatysu:ballot:choices":
        return Invalid("unknown_project", field="choice")
    return Conflict("ballot_refused", guard=name)
