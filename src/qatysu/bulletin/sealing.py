"""From waiting entries to a published checkpoint, in steps that survive the death of the process after each of them.

    assign      waiting rows get their places, in one transaction
    write       bundles and tiles, durable; nobody reads them without a checkpoint
    move head   compare and set of (size, root): one writer wins
    sign        Ed25519 is deterministic: the same head gives the same signature
    publish     the checkpoint is replaced at once, then partial tiles are tidied away
    mark        ``published_size``

Whoever starts again finds out from the rows and the checkpoint which steps were done, and goes on with the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import TypeVar

from django.db import connection, transaction

from qatysu.bulletin import rows
from qatysu.bulletin.batch import Growing, Head
from qatysu.bulletin.errors import Behind, Busy, Differs, FilesOld, LogRefusal, Marked, OtherWriter
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.storage import CHECKPOINT, Storage
from qatysu.ledger import tiles
from qatysu.ledger.notes import BadNote, Checkpoint, Signer, VerifierKey, open_checkpoint, sign

#: Most entries that one batch puts in order: bounds memory and the length of the transaction.
LARGEST_BATCH = 65_536
#: Asks witnesses: (the signed checkpoint, size of the one before) -> signature lines to add, possibly none. Never raises for
#: a witness that is away.
Cosign = Callable[[str, int], str]
#: First number of the advisory lock of PostgreSQL; the second is the log.
_LOCK = 0x71617479
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Published:
    """The checkpoint in the storage: its bytes and what they say."""

    data: bytes
    checkpoint: Checkpoint


def published(log: Log, storage: Storage) -> Published | None:
    """The checkpoint that stands in the storage, with its signature checked. Raises Differs for one that is not of this log."""
    data = storage.get(CHECKPOINT)
    if data is None:
        return None
    try:
        found, _ = open_checkpoint(data, VerifierKey.parse(log.vkey))
    except BadNote as problem:
        raise Differs(f"the published checkpoint: {problem}") from None
    return Published(data, found)


def check_published(log: Log, storage: Storage) -> Published | None:
    """The published checkpoint, after comparing it with the head of the database.

    Raises Behind (restored old database), FilesOld (restored old files) or Differs (another tree).
    """
    found = published(log, storage)
    size = found.checkpoint.size if found is not None else 0
    if size > log.size:
        raise Behind(f"the published log has {size} entries, the database only {log.size}: an old backup; run recover", published=size)
    if size < log.published_size:
        raise FilesOld(f"the stored files have {size} entries, {log.published_size} were published: old files; run republish")
    if found is not None and size == log.size and found.checkpoint.root.hex() != log.root:
        raise Differs(f"the published checkpoint of {size} entries has another root hash than the database")
    if found is not None and log.published_size < size < log.size:
        raise Differs(f"a checkpoint of {size} entries is published that the database never sealed")
    return found


@contextmanager
def one_writer(log: Log, storage: Storage) -> Iterator[None]:
    """Held while sealing: a lock of the storage's machine and, on PostgreSQL, of the database. Raises Busy.

    Both only spare work. What keeps the log right is the comparison when the head and the checkpoint are moved.
    """
    with storage.writer():
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, log.pk])
            if not cursor.fetchone()[0]:
                raise Busy("another sequencer is at work on this database")
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, log.pk])


def refuse(log: Log, problem: LogRefusal) -> None:
    """Mark the log: nothing is signed any more until the mark is lifted. The first reason stays."""
    Log.objects.filter(pk=log.pk, refused_code="").update(refused_code=problem.code, refused_text=str(problem)[:500])


def marking(log: Log, act: Callable[[], _T]) -> _T:
    """Run ``act``; a refusal that shows damage marks the log before it goes on to the caller."""
    try:
        return act()
    except LogRefusal as problem:
        if problem.marks:
            refuse(log, problem)
        raise


@dataclass(slots=True)
class Sealing:
    """One pass of the sequencer over a log. ``steps`` does the work; the caller may stop (or die) between any two."""

    log: Log
    storage: Storage
    signer: Signer
    rng: Random
    now: datetime
    cosign: Cosign | None = None
    largest: int = LARGEST_BATCH

    def steps(self) -> Iterator[str]:
        """Do one batch, yielding the name of each step when it is done. Ends at once when there is nothing to do."""
        self._read()
        before = check_published(self.log, self.storage)
        if self.log.published_size == self.log.size:
            size = rows.sequenced(self.log)
            if size == self.log.size:
                size += self.assign()
                if size == self.log.size:
                    return
                yield "assign"
            head = self.write(size)
            yield "write"
            self.move_head(head)
            yield "move"
        text = self.text()
        if before is None or before.checkpoint.size < self.log.size:
            note = sign(text, self.signer)
            yield "sign"
            self.publish(note, before)
            yield "publish"
        self.tidy()
        self.mark()
        yield "mark"

    def _read(self) -> None:
        self.log.refresh_from_db()
        if self.log.refused_code:
            raise Marked(f"this log is not signed any more: {self.log.refused_text}")
        if str(self.signer.verifier) != self.log.vkey:
            raise Differs("the signing key is not the key of this log")

    def assign(self) -> int:
        """Give waiting entries their places: those of voters shuffled, acts after them in their order. Returns how many."""
        with transaction.atomic(durable=True):
            log = Log.objects.select_for_update(no_key=True).get(pk=self.log.pk)
            first = rows.sequenced(log)
            if log.size != self.log.size or first != log.size:
                raise OtherWriter("another sequencer has put entries in order meanwhile")
            return rows.give_places(self._picked(log), first)

    def _picked(self, log: Log) -> list[int]:
        """Waiting rows of the next batch in the order in which they will stand."""
        waiting = Entry.objects.filter(log=log, idx=None)
        voters = list(waiting.filter(is_voters=True).order_by("id").values_list("id", flat=True)[: self.largest])
        if len(voters) == self.largest:
            acts = []
        else:
            acts = list(waiting.filter(is_voters=False).order_by("turn").values_list("id", "is_closing")[: self.largest - len(voters)])
        self.rng.shuffle(voters)
        closing = next((at for at, (_, is_closing) in enumerate(acts) if is_closing), None)
        if closing == 0 and not voters:
            acts = acts[:1]
        elif closing is not None:
            acts = acts[:closing]
        placed = voters + [pk for pk, _ in acts]
        if log.size == 0 and (first := waiting.filter(is_voters=False).order_by("turn").values_list("id", flat=True).first()):
            # A log begins with an act where one waits: the manifest stands before every ballot, however late the first batch is.
            placed = [first, *(pk for pk in placed if pk != first)]
        return placed

    def write(self, size: int) -> Head:
        """Write the files of the entries up to ``size``; returns the new head."""

        def read(start: int, end: int) -> Sequence[bytes]:
            return rows.read_entries(self.log, start, end)

        growing = Growing(rows.head_of(self.log), size, read, self.storage.get)
        self.storage.put_immutable(growing.files())
        return growing.head

    def move_head(self, head: Head) -> None:
        """Compare and set: from the head that was read to the new one. Raises OtherWriter."""
        edge = [value.hex() for value in head.edge]
        mine = Log.objects.filter(pk=self.log.pk, size=self.log.size, root=self.log.root, refused_code="")
        with transaction.atomic(durable=True):
            if mine.update(size=head.size, root=head.root.hex(), edge=edge) != 1:
                raise OtherWriter("another sequencer has moved the head meanwhile")
        self.log.size, self.log.root, self.log.edge = head.size, head.root.hex(), edge

    def text(self) -> str:
        """The body of the checkpoint of the stored head: exactly that is signed."""
        return Checkpoint(self.log.origin, self.log.size, bytes.fromhex(self.log.root)).text

    def publish(self, note: str, before: Published | None) -> None:
        """Ask witnesses, then replace the checkpoint."""
        lines = self.cosign(note, self.log.published_size) if self.cosign is not None else ""
        self.storage.replace_checkpoint((note + lines).encode(), before.data if before is not None else None)

    def tidy(self) -> None:
        """Remove partial tiles that full ones have replaced since the last checkpoint."""
        for level, number, width in tiles.changed(self.log.published_size, self.log.size):
            if width == tiles.WIDTH:
                self.storage.discard_partials(tiles.tile_path(level, number))
                if level == 0:
                    self.storage.discard_partials(tiles.bundle_path(number))

    def mark(self) -> None:
        """Remember what is published."""
        with transaction.atomic(durable=True):
            still = Entry.objects.filter(log=self.log, idx=None).exists()
            Log.objects.filter(pk=self.log.pk, published_size__lt=self.log.size).update(
                published_size=self.log.size, waiting_since=self.now if still else None
            )
        self.log.published_size = self.log.size
