"""After a restore: bring back into the database what is published, or into the storage what is in the database. Never roll back."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from django.db import transaction
from django.db.models import Max

from qatysu.bulletin import rows
from qatysu.bulletin.batch import Growing, Head
from qatysu.bulletin.errors import Behind, Differs, FilesOld
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.sealing import one_writer, published
from qatysu.bulletin.storage import Storage
from qatysu.ledger import tiles
from qatysu.ledger.merkle import Frontier, leaf_hash
from qatysu.ledger.notes import Checkpoint, Signer, VerifierKey, sign


class Kind(Enum):
    """What an entry is to the log."""

    VOTERS = "voters"
    ACT = "act"
    CLOSING = "closing"


#: Tells what the bytes of a recovered entry are.
KindOf = Callable[[bytes], Kind]
#: Rebuilds what other packages keep about the entries (index, bytes), in the transaction that brings them back. It must bear
#: entries whose traces are still there.
OnRecovered = Callable[[Iterable[tuple[int, bytes]]], None]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was brought back: entries from ``old_size`` up to ``size``, of which ``inserted`` were unknown to the database.

    ``still_waiting`` are leaf hashes of waiting rows that are not in the published log: accepted, not sealed.
    """

    old_size: int
    size: int
    inserted: int
    still_waiting: tuple[bytes, ...]


def recover(log: Log, storage: Storage, key: VerifierKey, *, kind_of: KindOf, on_recovered: OnRecovered) -> Recovered:
    """Bring back the entries that are published beyond the head of a restored database, and lift the mark ``Behind``.

    ``key`` comes from the operator, not from the database. Files are read and hashed up to the checkpoint's root before
    anything is written. Raises Differs when key, checkpoint, files and the sealed head of the database are not of one log.
    """
    with one_writer(log, storage):
        log.refresh_from_db()
        if str(key) != log.vkey:
            raise Differs("the given key is not the key of this log")
        found = published(log, storage)
        if found is None:
            raise Differs("there is no published checkpoint to recover from")
        old = log.size
        if found.checkpoint.size <= old:
            return Recovered(old, old, 0, ())
        head = _verified(log, storage, found.checkpoint)
        with transaction.atomic(durable=True):
            Log.objects.select_for_update().get(pk=log.pk, size=old, root=log.root)
            inserted = sum(_bring(log, chunk, at, kind_of) for at, chunk in _chunks(storage, old, head.size))
            _move(log, head)
            on_recovered(enumerate(rows.all_entries(log, old, head.size), old))
        log.refresh_from_db()
        waiting = Entry.objects.filter(log=log, idx=None).values_list("leaf", flat=True)
        return Recovered(old, head.size, inserted, tuple(bytes(leaf) for leaf in waiting))


def _bundle(storage: Storage, number: int, size: int) -> tuple[bytes, ...]:
    width = min(tiles.WIDTH, size - number * tiles.WIDTH)
    part, full = storage.get(tiles.bundle_path(number, width)), tiles.bundle_path(number)
    try:
        return tiles.unpack_entries(part, width) if part is not None else tiles.first_entries(storage.get(full) or b"", width)
    except tiles.BadTile as problem:
        raise Differs(f"{full}: {problem}", path=full) from None


def _chunks(storage: Storage, start: int, size: int) -> Iterator[tuple[int, list[bytes]]]:
    """(index of the first, entries) from ``start`` on, bundle by bundle."""
    for number in range(start // tiles.WIDTH, -(-size // tiles.WIDTH)):
        first = number * tiles.WIDTH
        skip = max(0, start - first)
        yield first + skip, list(_bundle(storage, number, size)[skip:])


def _verified(log: Log, storage: Storage, checkpoint: Checkpoint) -> Head:
    """The head of the published entries, after hashing them all. Raises Differs."""
    tree = Frontier()
    for _, chunk in _chunks(storage, 0, checkpoint.size):
        for entry in chunk:
            if tree.size == log.size and tree.root().hex() != log.root:
                raise Differs(f"the published entries are not those that the database sealed up to {log.size}")
            tree.append(leaf_hash(entry))
    if tree.root() != checkpoint.root:
        raise Differs("the published entries do not give the root hash of the checkpoint")
    return Head(tree.size, tree.edge)


def _bring(log: Log, chunk: list[bytes], first: int, kind_of: KindOf) -> int:
    """Give the entries of a chunk their places from ``first`` on; returns how many the database did not have."""
    leaves = [leaf_hash(raw) for raw in chunk]
    rows_there = Entry.objects.filter(log=log, leaf__in=leaves).values_list("leaf", "id", "idx")
    known = {bytes(leaf): (pk, idx) for leaf, pk, idx in rows_there}
    taken = dict(Entry.objects.filter(log=log, idx__gte=first, idx__lt=first + len(chunk)).values_list("idx", "leaf"))
    turn = Entry.objects.filter(log=log).aggregate(last=Max("turn"))["last"] or 0
    made = []
    for idx, (leaf, raw) in enumerate(zip(leaves, chunk, strict=True), first):
        pk, place = known.get(leaf, (None, None))
        if bytes(taken.get(idx, leaf)) != leaf or place not in (None, idx):
            raise Differs(f"the database holds another entry at {idx} than the published log", index=idx)
        if pk is not None and place is None:
            rows.give_places([pk], idx)
        elif pk is None:
            kind = kind_of(raw)
            turn += kind is not Kind.VOTERS
            made.append(
                Entry(
                    id=secrets.randbits(63), log=log, idx=idx, leaf=leaf, raw=raw, is_voters=kind is Kind.VOTERS,
                    turn=None if kind is Kind.VOTERS else turn, is_closing=kind is Kind.CLOSING,
                )
            )
    Entry.objects.bulk_create(made)
    return len(made)


def _move(log: Log, head: Head) -> None:
    Log.objects.filter(pk=log.pk).update(
        size=head.size, root=head.root.hex(), edge=[value.hex() for value in head.edge], published_size=head.size
    )
    Log.objects.filter(pk=log.pk, refused_code=Behind.code).update(refused_code="", refused_text="")


def republish(log: Log, storage: Storage, signer: Signer) -> int:
    """Write the files of all sealed entries anew (old files were restored, or a new storage is used); lifts the mark ``FilesOld``.

    Returns the number of entries. Raises Differs when the rows do not give the sealed head, or a file there is of another log.
    """
    with one_writer(log, storage):
        log.refresh_from_db()
        if str(signer.verifier) != log.vkey:
            raise Differs("the signing key is not the key of this log")
        before = published(log, storage)
        if before is not None and before.checkpoint.size > log.size:
            raise Behind("the published log is beyond the database: run recover")
        growing = Growing(Head(0, ()), log.size, lambda start, end: rows.read_entries(log, start, end), storage.get)
        storage.put_immutable(growing.files())
        if growing.head.root.hex() != log.root:
            raise Differs("the rows do not give the root hash of the sealed head")
        text = Checkpoint(log.origin, log.size, growing.head.root).text
        if before is None or before.checkpoint.size < log.size:
            storage.replace_checkpoint(sign(text, signer).encode(), before.data if before is not None else None)
        with transaction.atomic(durable=True):
            Log.objects.filter(pk=log.pk).update(published_size=log.size)
            Log.objects.filter(pk=log.pk, refused_code=FilesOld.code).update(refused_code="", refused_text="")
        log.refresh_from_db()
        return log.size
