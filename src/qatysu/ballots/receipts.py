"""What voters take home from the receipt page: the promise, the proof, and after the opening what the log says of the choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from qatysu.ballots import queries
from qatysu.ballots.box import Box
from qatysu.ballots.logs import storage_of
from qatysu.ballots.promises import due_by, promise_for
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.queries import place_of, proof_of
from qatysu.ledger.entries import decode
from qatysu.ledger.receipts import Receipt

_OPENED = """
SELECT raw FROM bulletin_entry WHERE log_id = %s AND NOT is_voters AND idx < %s AND substr(raw, 1, %s) = %s
"""


@dataclass(frozen=True, slots=True)
class Promised:
    """The word of the box: the note, and until when it has to be kept."""

    note: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """What the published log says of an opened ballot: codes of projects in order, and the nonce (hex)."""

    codes: tuple[str, ...]
    nonce: str


def promise(box: Box, leaf: bytes, now: datetime, by: int | None = None) -> Promised:
    """The promise for a ballot; ``by`` (Unix time) when it was given before: it never gets a later time by asking again.

    Raises Conflict when the promise key cannot be used.
    """
    until = by if by is not None else due_by(box.max_delay_s, now)
    return Promised(promise_for(box, leaf, until), datetime.fromtimestamp(until, UTC))


def is_closed(log: Log) -> bool:
    """Whether the closing entry is published: no ballot can come after it."""
    return Entry.objects.filter(log=log, is_closing=True, idx__lt=log.published_size).exists()


def opened(log: Log, found: queries.Found) -> Opened | None:
    """The opening of this ballot in the published log; None before it is there, and for replaced ballots for ever."""
    place = place_of(log, found.leaf)
    if place is None:
        return None
    # Entries have one way to be written, so the beginning says whose opening it is.
    start = f'{{"b":"{decode(place.raw)["b"]}","c":'.encode()
    with connection.cursor() as cursor:
        cursor.execute(_OPENED, [log.pk, log.published_size, len(start), start])
        rows = [decode(bytes(row[0])) for row in cursor.fetchall()]
    fits = [row for row in rows if row["n"] == found.attempt]
    return Opened(tuple(fits[0]["c"]), fits[0]["x"]) if fits else None


def proof_file(log: Log, found: queries.Found) -> bytes | None:
    """The bytes of a ``.tlog-proof`` file: nonce and choices are in it only when the log shows them to everybody.

    None before the ballot is published. Raises Differs when files of the log are missing or wrong.
    """
    place = place_of(log, found.leaf)
    if place is None or not place.is_published:
        return None
    shown = opened(log, found)
    receipt = Receipt(place.raw, shown.nonce, shown.codes) if shown is not None else Receipt(place.raw)
    proof = proof_of(log, storage_of(log), found.leaf, extra=receipt.encode())
    return proof.encode() if proof is not None else None
