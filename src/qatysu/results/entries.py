"""Entries that the count writes into the log of a round, and which of them are on their way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from django.db import connection
from django.db.models import Q

from qatysu.bulletin.models import Entry, Log
from qatysu.ledger.entries import VERSION, encode, plain_text
from qatysu.rules.model import Outcome as RuleOutcome

#: How the bytes of an opening and of a result begin. After the close no other act begins so.
_OPENING, _RESULT = b'{"b":', b'{"bal'
_WAITING = """
SELECT substr(raw, 1, 5), COUNT(*) FROM bulletin_entry
WHERE log_id = %s AND NOT is_voters AND (idx IS NULL OR idx >= %s) GROUP BY substr(raw, 1, 5)
"""


def opening(handle: str, attempt: int, secret: bytes, codes: Sequence[str]) -> bytes:
    """The bytes that open a ballot."""
    return encode({"t": "open", "v": VERSION, "b": handle, "n": attempt, "x": secret.hex(), "c": sorted(codes)})


def result(computed: RuleOutcome, ballots: int, order: Sequence[str], digest: str) -> bytes:
    """The bytes of a result: votes of every project, winners in order, the Council's order of ties, and what computed it."""
    counts = [[code, tallied.votes] for code, tallied in sorted(computed.counts.items(), key=lambda item: (len(item[0]), item[0]))]
    return encode(
        {
            "t": "result", "v": VERSION, "counts": counts, "ballots": ballots, "winners": list(computed.winners),
            "spent": computed.spent, "tie_decision": list(order), "code": f"qatysu {version('qatysu')} {digest}",
        }
    )  # fmt: skip


def approval(number: str, digest: str) -> bytes:
    """The bytes of the Council's approval: its protocol, and the fingerprint of the outcome that it approved."""
    return encode({"t": "approve", "v": VERSION, "act": plain_text(number), "document": digest})


def is_same_result(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two results state the same; which version of the program computed them does not matter."""
    names = ("counts", "ballots", "winners", "spent", "tie_decision")
    return all(one[name] == other[name] for name in names)


def waiting(log: Log) -> dict[bytes, int]:
    """Acts that are not published yet, by the beginning of their bytes."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [log.pk, log.published_size])
        return {bytes(start): int(count) for start, count in cursor.fetchall()}


def openings_waiting(log: Log) -> int:
    """Openings that are not published yet."""
    return waiting(log).get(_OPENING, 0)


def unpublished(log: Log) -> bool:
    """Whether anything that was submitted is not published yet."""
    return Entry.objects.filter(log=log).filter(Q(idx=None) | Q(idx__gte=log.published_size)).exists()


def result_waiting(log: Log) -> bytes | None:
    """The result that was submitted and is not published yet."""
    rows = Entry.objects.filter(log=log, is_voters=False).filter(Q(idx=None) | Q(idx__gte=log.published_size))
    return next((bytes(raw) for raw in rows.values_list("raw", flat=True).iterator() if bytes(raw).startswith(_RESULT)), None)
