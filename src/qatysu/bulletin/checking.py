"""Does the database still say what was published? Compares rows, files and checkpoint (LEDGER threats 13, 16)."""

from __future__ import annotations

from collections.abc import Callable

from qatysu.bulletin import rows
from qatysu.bulletin.batch import Growing, Head
from qatysu.bulletin.errors import Differs, LogRefusal
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.sealing import check_published, one_writer, refuse
from qatysu.bulletin.storage import Storage
from qatysu.ledger.merkle import leaf_hash

#: More findings would only repeat the first ones.
MOST = 20


def self_check(log: Log, storage: Storage) -> tuple[str, ...]:
    """Compare every row with its leaf hash, every file with the rows, the roots with head and checkpoint.

    Returns what was found, as sentences; () when all agree. Anything found marks the log: nothing is signed until it is mended.
    Holds the writer's lock while it reads; raises Busy when a sequencer is at work.
    """
    with one_writer(log, storage):
        return _checked(log, storage)


def _checked(log: Log, storage: Storage) -> tuple[str, ...]:
    log.refresh_from_db()
    found: list[str] = []
    try:
        published = check_published(log, storage)
        size = published.checkpoint.size if published is not None else 0
        head = _grow(log, storage, Head(0, ()), size, lambda path, data: _compare(storage, path, data, found))
        if published is not None and head.root != published.checkpoint.root:
            found.append(f"the rows do not give the root hash of the published checkpoint of {size} entries")
        head = _grow(log, storage, head, log.size, lambda _path, _data: None)
        if head.root.hex() != log.root or [value.hex() for value in head.edge] != log.edge:
            found.append(f"the rows do not give the root hash of the sealed head of {log.size} entries")
        for _ in rows.all_entries(log, log.size, rows.sequenced(log)):
            pass
        _waiting(log)
    except LogRefusal as problem:
        found.insert(0, str(problem))
        refuse(log, problem)
    if found:
        refuse(log, Differs(found[0]))
        log.refresh_from_db()
    return tuple(found[:MOST])


def _grow(log: Log, storage: Storage, old: Head, size: int, see: Callable[[str, bytes], None]) -> Head:
    growing = Growing(old, size, lambda start, end: rows.read_entries(log, start, end), storage.get)
    for path, data in growing.files():
        see(path, data)
    return growing.head


def _compare(storage: Storage, path: str, data: bytes, found: list[str]) -> None:
    there = storage.get(path)
    if there != data and len(found) < MOST:
        found.append(f"{path} is missing" if there is None else f"{path} holds other bytes than the rows give")


def _waiting(log: Log) -> None:
    for leaf, raw in Entry.objects.filter(log=log, idx=None).values_list("leaf", "raw").iterator(chunk_size=rows.CHUNK):
        if leaf_hash(bytes(raw)) != bytes(leaf):
            raise Differs("a waiting entry has other bytes than its leaf hash says")
