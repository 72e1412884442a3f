"""Taking in entries of voters on the path that must be quick: ``commands.submit_all`` in statements, which ``ballots`` sends
together with its own, so that a batch of ballots costs few trips to the database.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.db import connection

from qatysu.bulletin.errors import Behind, Closed, Frozen
from qatysu.vault.many import many

_GATE = (
    "SELECT l.frozen_at IS NOT NULL, l.refused_code, "
    "EXISTS (SELECT 1 FROM bulletin_entry e WHERE e.log_id = l.id AND e.is_closing) FROM bulletin_log l WHERE l.id = %s"
)
_TYPES = ("bigint", "bigint", "bytea", "bytea", "boolean", "boolean")


def gate() -> str:
    """The question whether the log %s takes entries; on PostgreSQL it holds off a closing or freezing until the transaction ends."""
    return _GATE + (" FOR KEY SHARE OF l" if connection.vendor == "postgresql" else "")


def check_gate(row: tuple[bool, str, bool], *, is_voters: bool) -> None:
    """Raises Frozen, Behind or Closed for the answer to ``gate`` under which nothing may be taken in."""
    is_frozen, refused, is_closed = row
    if is_frozen:
        raise Frozen("the log takes no entries any more")
    if refused == Behind.code:
        raise Behind("the database is older than the published log: run recover")
    if is_voters and is_closed:
        raise Closed("the log takes no entries of voters after its closing entry")


def taking_in(log_id: int, entries: Sequence[tuple[bytes, bytes]]) -> tuple[str, list[Any]]:
    """The statement that takes in entries of voters (leaf hash, bytes; at least one), for the transaction that saw the gate open.

    The caller made the leaf hashes; the sequencer compares them before it seals.
    """
    rows = [(key, log_id, leaf, raw, True, False) for key, (leaf, raw) in zip(random_keys(len(entries)), entries, strict=True)]
    sql, values = many(_TYPES, rows)
    return f"INSERT INTO bulletin_entry (id, log_id, leaf, raw, is_voters, is_closing) {sql}", values


def random_keys(count: int) -> list[int]:
    """Primary keys (63 bits) that say nothing of the order of arrival; asks the system once, however many there are."""
    noise = os.urandom(8 * count)
    return [int.from_bytes(noise[at : at + 8], "big") >> 1 for at in range(0, len(noise), 8)]
