"""Reading and placing rows of entries; used by sealing, checking and recovery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from qatysu.bulletin.batch import Head
from qatysu.bulletin.errors import Differs
from qatysu.bulletin.models import Entry, Log
from qatysu.ledger.merkle import leaf_hash

#: Rows read at once.
CHUNK = 4_096


def head_of(log: Log) -> Head:
    """The sealed head of a log as it was read."""
    return Head.stored(log.size, log.edge)


def read_entries(log: Log, start: int, end: int) -> Sequence[bytes]:
    """Bytes of the entries [start, end). Raises Differs when one is missing or its stored leaf hash is not of its bytes."""
    found = []
    rows = Entry.objects.filter(log=log, idx__gte=start, idx__lt=end).order_by("idx").values_list("idx", "leaf", "raw")
    for expected, (idx, leaf, raw) in enumerate(rows, start):
        if idx != expected:
            raise Differs(f"entry {expected} is missing from the database", index=expected)
        if leaf_hash(bytes(raw)) != bytes(leaf):
            raise Differs(f"entry {idx} of the database has other bytes than its leaf hash says", index=idx)
        found.append(bytes(raw))
    return found


def all_entries(log: Log, start: int, end: int) -> Iterator[bytes]:
    """The same, a bounded number at a time."""
    for at in range(start, end, CHUNK):
        until = min(at + CHUNK, end)
        found = read_entries(log, at, until)
        if len(found) != until - at:
            raise Differs(f"an entry between {at} and {until} is missing from the database", index=at)
        yield from found


def sequenced(log: Log) -> int:
    """Number of entries that have their place: the last index and one."""
    last = Entry.objects.filter(log=log, idx__isnull=False).order_by("-idx").values_list("idx", flat=True).first()
    return 0 if last is None else last + 1


def give_places(ids: Iterable[int], first: int) -> int:
    """Number the waiting rows ``ids`` from ``first`` on, one by one in this order; returns how many they were.

    One statement for all would let the database choose the order of the new row versions, possibly that of arrival. The key
    alone is asked for: with more conditions PostgreSQL may walk through all that wait, for each of them. That a row waits is
    what the guard of the table sees to.
    """
    pairs = [(place, pk) for place, pk in enumerate(ids, first)]
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE bulletin_entry SET idx = %s WHERE id = %s", pairs)
    return len(pairs)
