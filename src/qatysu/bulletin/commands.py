"""Writes to a log. Every function is called by the packages that know what an entry means."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from random import Random

from django.db import connection, transaction
from django.db.models import Max

from qatysu.bulletin import intake, rows
from qatysu.bulletin.checking import self_check
from qatysu.bulletin.errors import Busy, LogRefusal, NoQuorum, StillWaiting
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.recovering import recover, republish
from qatysu.bulletin.sealing import LARGEST_BATCH, Cosign, Sealing, check_published, marking, one_writer, published
from qatysu.bulletin.storage import Storage
from qatysu.core.errors import Invalid
from qatysu.ledger.merkle import EMPTY_ROOT, leaf_hash
from qatysu.ledger.notes import BadNote, Signer, VerifierKey, open_checkpoint, parse
from qatysu.ledger.tiles import LONGEST_ENTRY
from qatysu.ledger.witnesses import Policy

__all__ = (
    "append_head", "check_start", "cosign_again", "create_log", "freeze_log", "lift_refusal", "look", "recover", "republish",
    "seal_batch", "self_check", "submit", "submit_all", "submit_closing",
)

def create_log(*, vkey: str, min_batch: int, max_delay_s: int) -> Log:
    """A new, empty log whose origin is the name of its key. Raises Invalid for a key that is none."""
    try:
        key = VerifierKey.parse(vkey)
    except BadNote as problem:
        raise Invalid("vkey", text=str(problem)) from None
    return Log.objects.create(
        origin=key.name, vkey=str(key), min_batch=min_batch, max_delay_s=max_delay_s, root=EMPTY_ROOT.hex()
    )


def submit(log: Log, raw: bytes, *, is_voters: bool) -> bytes:
    """Take in one entry within the caller's transaction; returns its leaf hash. See ``submit_all``."""
    return submit_all(log, [raw], is_voters=is_voters)[0]


def submit_all(log: Log, raws: Iterable[bytes], *, is_voters: bool) -> list[bytes]:
    """Take in entries within the caller's transaction; returns their leaf hashes. They wait until the next batch.

    Entries of voters lose their order; acts (``is_voters=False``) keep it and follow the entries of voters of their batch.
    Raises Frozen, Closed (an entry of voters after the closing one), Behind (the database is an old backup), Invalid for an
    entry that is too long, and IntegrityError ``entry_leaf_once`` for one that is in the log already.
    """
    with transaction.atomic():
        _gate(log, is_voters=is_voters)
        turn = None if is_voters else _next_turn(log)
        made = []
        for at, raw in enumerate(raws):
            if not 0 < len(raw) <= LONGEST_ENTRY:
                raise Invalid("entry_length", length=len(raw))
            made.append(_row(log, raw, None if turn is None else turn + at))
        Entry.objects.bulk_create(made, batch_size=2_000)
    return [bytes(row.leaf) for row in made]


def submit_closing(log: Log, make: Callable[[int], bytes]) -> bytes:
    """Take in the closing entry, made by ``make`` from the number of entries before it; returns its leaf hash.

    Waits for transactions that are submitting. Afterwards the log takes no entry of voters. Raises StillWaiting while any
    entry is not sealed: seal first, then close.
    """
    with transaction.atomic():
        locked = Log.objects.select_for_update().get(pk=log.pk)
        _gate(log, is_voters=True)
        if Entry.objects.filter(log=log, idx=None).exists() or rows.sequenced(locked) != locked.size:
            raise StillWaiting("entries wait to be sealed before the log can be closed")
        row = _row(log, make(locked.size), _next_turn(log))
        row.is_closing = True
        row.save(force_insert=True)
    return bytes(row.leaf)


def _row(log: Log, raw: bytes, turn: int | None) -> Entry:
    return Entry(id=secrets.randbits(63), log=log, leaf=leaf_hash(raw), raw=raw, is_voters=turn is None, turn=turn)


def _gate(log: Log, *, is_voters: bool) -> None:
    """Refuse what the log does not take now; on PostgreSQL hold off a closing or freezing until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(intake.gate(), [log.pk])
        intake.check_gate(cursor.fetchone(), is_voters=is_voters)


def _next_turn(log: Log) -> int:
    """The next place among acts; the lock keeps others waiting until this transaction ends."""
    Log.objects.select_for_update(no_key=True).only("pk").get(pk=log.pk)
    return (Entry.objects.filter(log=log).aggregate(last=Max("turn"))["last"] or 0) + 1


def look(log: Log, *, now: datetime) -> bool:
    """The sequencer looks whether a batch is due by the cadence of the log: enough entries wait, or the oldest long enough.

    The wait is counted from the look that first saw it: no entry carries a time.
    """
    log.refresh_from_db()
    if log.published_size < log.size or rows.sequenced(log) > log.size:
        return True
    waiting = Entry.objects.filter(log=log, idx=None).count()
    if waiting and log.waiting_since is None:
        Log.objects.filter(pk=log.pk, waiting_since=None).update(waiting_since=now)
        log.waiting_since = now
    Log.objects.filter(pk=log.pk).update(looked_at=now)
    return bool(waiting) and (
        waiting >= log.min_batch or (log.waiting_since is not None and (now - log.waiting_since).total_seconds() >= log.max_delay_s)
    )


def seal_batch(
    log: Log,
    *,
    storage: Storage,
    signer: Signer,
    rng: Random,
    now: datetime,
    cosign: Cosign | None = None,
    largest: int = LARGEST_BATCH,
) -> int:
    """Put the waiting entries in order, seal and publish them; returns how many entries are newly published.

    Finishes first what a killed process has begun, at whatever step. ``rng`` must be cryptographic (``SystemRandom``).
    Raises Busy, OtherWriter, Marked; and Behind, FilesOld, Differs, after which the log is marked and signs nothing more.
    """
    def work() -> None:
        for _ in Sealing(log, storage, signer, rng, now, cosign, largest).steps():
            pass

    with one_writer(log, storage):
        log.refresh_from_db()
        before, has_begun = log.published_size, log.published_size < log.size or rows.sequenced(log) > log.size
        marking(log, work)
        if has_begun:
            marking(log, work)
    return log.published_size - before


def check_start(log: Log, storage: Storage) -> None:
    """For the start of a service: raises Behind, FilesOld or Differs (and marks the log) when rows and files do not fit.

    Says nothing while a sequencer is at work: it looks itself.
    """
    with suppress(Busy), one_writer(log, storage):
        log.refresh_from_db()
        marking(log, lambda: check_published(log, storage))


def cosign_again(log: Log, *, storage: Storage, cosign: Cosign) -> tuple[str, ...]:
    """Ask witnesses for the published checkpoint once more and add their lines; returns the names that signed anew.

    Raises StillWaiting when nothing is published.
    """
    with one_writer(log, storage):
        found = published(log, storage)
        if found is None:
            raise StillWaiting("no checkpoint is published yet")
        there = parse(found.data)
        lines = cosign(found.data.decode(), found.checkpoint.size)
        known = {(line.name, line.key) for line in there.signatures}
        fresh = [s for s in parse(found.data + lines.encode()).signatures[len(there.signatures) :] if (s.name, s.key) not in known]
        if fresh:
            wanted = {(s.name, s.key) for s in fresh}
            kept = [line for line in lines.splitlines(keepends=True) if _signs(line, found.data, wanted)]
            storage.replace_checkpoint(found.data + "".join(kept).encode(), found.data)
        return tuple(s.name for s in fresh)


def _signs(line: str, note: bytes, wanted: set[tuple[str, bytes]]) -> bool:
    """Whether a signature line is of one of the keys."""
    last = parse(note + line.encode()).signatures[-1]
    return (last.name, last.key) in wanted


def freeze_log(log: Log, *, storage: Storage, now: datetime, policy: Policy | None = None) -> None:
    """End a log: nothing is taken in any more, and its key can be destroyed.

    Raises StillWaiting while an entry is not published, and NoQuorum while the published checkpoint lacks witnesses.
    """
    with one_writer(log, storage), transaction.atomic():
        locked = Log.objects.select_for_update().get(pk=log.pk)
        found = marking(locked, lambda: check_published(locked, storage))
        if found is None or found.checkpoint.size != locked.size or locked.published_size != locked.size:
            raise StillWaiting("the last entries are not published yet")
        if Entry.objects.filter(log=log, idx=None).exists() or rows.sequenced(locked) != locked.size:
            raise StillWaiting("entries wait to be sealed before the log can be frozen")
        if policy is not None and len(policy.witnessed(parse(found.data))) < policy.quorum:
            raise NoQuorum(f"the final checkpoint needs {policy.quorum} witnesses")
        Log.objects.filter(pk=log.pk, frozen_at=None).update(frozen_at=now)
    log.refresh_from_db()


def lift_refusal(log: Log, *, storage: Storage) -> tuple[str, ...]:
    """Lift the mark once the cause is mended: only when a whole check finds nothing. Returns what it found otherwise."""
    found = self_check(log, storage)
    if not found:
        Log.objects.filter(pk=log.pk).update(refused_code="", refused_text="")
        log.refresh_from_db()
    return found


def append_head(heads: Log, checkpoint: bytes, of: Log) -> bytes | None:
    """Put the published checkpoint of the log ``of`` into the log of heads; returns its leaf hash, None when it is there already.

    Raises LogRefusal for a note that ``of`` has not signed.
    """
    try:
        found, _ = open_checkpoint(checkpoint, VerifierKey.parse(of.vkey))
    except BadNote as problem:
        raise LogRefusal(f"not a checkpoint of {of.origin}: {problem}") from None
    body = found.text.encode()
    own = next(line for line in checkpoint.decode().splitlines(keepends=True) if line.startswith(f"\u2014 {of.origin} "))
    raw = body + b"\n" + own.encode()
    with transaction.atomic():
        Log.objects.select_for_update(no_key=True).get(pk=heads.pk)
        if Entry.objects.filter(log=heads, leaf=leaf_hash(raw)).exists():
            return None
        return submit(heads, raw, is_voters=False)
