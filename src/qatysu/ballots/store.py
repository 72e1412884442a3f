"""Storing one ballot: the statements inside the transaction, the same for a request of its own and for a batch.

Eligibility was decided before; here the database decides what only it can: one voter one handle, attempts in sequence,
the window by its own clock, choices on the slate (constraints and triggers, docs/life-of-a-ballot.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import Error, IntegrityError, connection, transaction

from qatysu.bulletin.errors import LogRefusal
from qatysu.bulletin.intake import check_gate, random_keys, taking_in
from qatysu.bulletin.intake import gate as gate_question
from qatysu.core.errors import AlreadyVoted, Conflict, Invalid, QatysuError, StageClosed
from qatysu.ledger.leaf import cast_entry, commitment, nonce
from qatysu.ledger.merkle import leaf_hash
from qatysu.vault.many import many
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
INSERT INTO ballots_participation (id, round_id, handle, attempt, channel, form_hash) {rows}
ON CONFLICT (round_id, handle) DO UPDATE SET attempt = ballots_participation.attempt + 1, channel = excluded.channel,
    form_hash = excluded.form_hash
WHERE ballots_participation.attempt < %s AND (excluded.form_hash = ''
    OR substr(ballots_participation.form_hash, 1, 16) <> substr(excluded.form_hash, 1, 16))
RETURNING handle, attempt
"""
_FIRST = "INSERT INTO ballots_participation (id, round_id, handle, attempt, channel, form_hash) {rows}"
_PARTICIPATION = ("bigint", "integer", "text", "integer", "text", "text")
_INSERT = "INSERT INTO ballots_ballot (id, round_id, handle, attempt, choices, leaf) {rows}"
_BALLOT = ("bigint", "integer", "text", "integer", "text", "bytea")
#: Closing takes this row FOR UPDATE: it waits for casts that run, and none starts behind it.
_SHARE = "SELECT 1 FROM rounds_round WHERE id = %s FOR SHARE"
_KNOWN = "SELECT 1 FROM ballots_participation WHERE round_id = %s AND handle IN ({handles}) LIMIT 1"
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


def store_batch(casts: Sequence[Cast]) -> list[Stored | QatysuError]:
    """``store_all`` in a transaction of its own: on disk when it returns. No transaction may be open.

    On PostgreSQL the whole of it is two trips to the server, begin and commit included.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic():
            return store_all(casts)
    try:
        return store_all(casts, begin="BEGIN; ", end="; COMMIT")
    except BaseException:
        _roll_back()
        raise


def _roll_back() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
    except Error:
        connection.close()


def store_all(casts: Sequence[Cast], *, begin: str = "", end: str = "") -> list[Stored | QatysuError]:
    """Store casts of one round and of different voters with a few statements; answers in the same order.

    Participation, ballot and entry of the log are written together. A cast without an attempt left writes nothing and is answered
    AlreadyVoted, one whose form was sent before with another choice Conflict. Raises LogRefusal when the log takes nothing, and
    IntegrityError when a guard refuses any of them: the caller rolls all back and stores one by one with ``store``, which says
    whose refusal it is. ``begin`` and ``end`` are for ``store_batch``.
    """
    with connection.cursor() as cursor:
        gate, attempts = (_in_one_trip if connection.vendor == "postgresql" else _step_by_step)(cursor, casts, begin)
        written = {cast.handle: _written(cast, attempts[cast.handle]) for cast in casts if cast.handle in attempts}
        others = {cast.handle: _same_form_or_refused(cursor, cast) for cast in casts if cast.handle not in written}
        if written:
            check_gate(gate, is_voters=True)
        _insert(cursor, casts, written, end)
    return [
        others.get(cast.handle) or Stored(written[cast.handle].attempt, written[cast.handle].leaf, True) for cast in casts
    ]


def _participations(casts: Sequence[Cast]) -> tuple[str, list[Any]]:
    keys = random_keys(len(casts))
    rows = [(key, c.round_id, c.handle, 1, c.channel, c.form_hash) for key, c in zip(keys, casts, strict=True)]
    return many(_PARTICIPATION, rows)


def _in_one_trip(cursor: Any, casts: Sequence[Cast], begin: str) -> tuple[Any, dict[str, int]]:
    """The gate of the log, and the attempt by handle of those who had one left. PostgreSQL: each statement sees what was
    committed while the one before it waited.
    """
    rows, values = _participations(casts)
    sql = f"{begin}{_SHARE}; {gate_question()}; {_ADVANCE.format(rows=rows)}"
    cursor.execute(sql, [casts[0].round_id, casts[0].log_id, *values, casts[0].max_attempts])
    found = [cursor.fetchall() if cursor.description else []]
    while cursor.nextset():
        found.append(cursor.fetchall() if cursor.description else [])
    return found[-2][0], dict(found[-1])


def _step_by_step(cursor: Any, casts: Sequence[Cast], _begin: str) -> tuple[Any, dict[str, int]]:
    """The same on SQLite, where nobody else writes meanwhile. Voters who are all new need no row back: each row that is read
    lets another thread run before this one goes on.
    """
    cursor.execute(gate_question(), [casts[0].log_id])
    gate = cursor.fetchone()
    rows, values = _participations(casts)
    known = _KNOWN.format(handles=", ".join(["%s"] * len(casts)))
    cursor.execute(known, [casts[0].round_id, *(cast.handle for cast in casts)])
    if cursor.fetchone() is None:
        cursor.execute(_FIRST.format(rows=rows), values)
        return gate, {cast.handle: 1 for cast in casts}
    cursor.execute(_ADVANCE.format(rows=rows), [*values, casts[0].max_attempts])
    return gate, dict(cursor.fetchall())


def _written(cast: Cast, attempt: int) -> _Written:
    """The public half of the ballot: made here, because only the database knows the attempt."""
    hidden = commitment(cast.origin, cast.handle, attempt, nonce(cast.open_key, cast.handle, attempt), cast.choices)
    raw = cast_entry(cast.handle, attempt, hidden)
    return _Written(attempt, raw, leaf_hash(raw))


def _insert(cursor: Any, casts: Sequence[Cast], written: Mapping[str, _Written], end: str) -> None:
    """Entries of the log and ballots; on PostgreSQL in one trip."""
    if not written:
        if end:
            cursor.execute(end.lstrip("; "))
        return
    entries, values = taking_in(casts[0].log_id, [(ballot.leaf, ballot.raw) for ballot in written.values()])
    ballots = [(cast, written[cast.handle]) for cast in casts if cast.handle in written]
    rows, more = many(
        _BALLOT,
        [
            (key, cast.round_id, cast.handle, ballot.attempt, cast.choices, ballot.leaf)
            for key, (cast, ballot) in zip(random_keys(len(ballots)), ballots, strict=True)
        ],
    )
    if connection.vendor == "postgresql":
        cursor.execute(f"{entries}; {_INSERT.format(rows=rows)}{end}", [*values, *more])
        return
    cursor.execute(entries, values)
    cursor.execute(_INSERT.format(rows=rows), more)


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
