"""What the published log of a round says, read by the public verifier from the public files: never from rows of the database."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qatysu.ballots import logs
from qatysu.ballots import queries as ballots
from qatysu.bulletin.models import Log
from qatysu.bulletin.storage import CHECKPOINT, Storage
from qatysu.core.errors import Conflict
from qatysu.ledger.notes import BadNote, VerifierKey, open_checkpoint
from qatysu.ledger.replay import Fault, Last
from qatysu.rounds.models import Round
from qatysu.verify.checking import Report, verify
from qatysu.verify.source import Unreadable

#: Logs whose replay is remembered in this process.
KEPT = 16


@dataclass(frozen=True, slots=True)
class PublishedBox:
    """A replayed log. ``ballots`` are those that count, each distinct choice with its number of voters; ``annulled_votes`` are
    votes by project on opened ballots that were annulled. ``faults`` is what the verifier found, () when all is well.
    """

    origin: str
    size: int
    root: str
    manifest: Mapping[str, Any]
    is_closed: bool
    voters: int
    annulled: int
    unopened: int
    ballots: Counter[tuple[str, ...]]
    votes: Mapping[str, int]
    annulled_votes: Mapping[str, int]
    result: Mapping[str, Any] | None
    faults: tuple[Fault, ...]
    #: Projects that the log takes out of the count.
    withdrawn: tuple[str, ...] = ()

    @property
    def counted(self) -> int:
        """Number of ballots that count."""
        return sum(self.ballots.values())

    @property
    def is_good(self) -> bool:
        """Whether the public verifier finds nothing wrong."""
        return not self.faults


class StorageSource:
    """The files of a storage as the verifier asks for them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def get(self, path: str) -> bytes | None:
        """Bytes; None when there is no such file. Raises Unreadable."""
        try:
            return self._storage.get(path)
        except OSError as problem:
            raise Unreadable(f"{path}: {problem}") from None


_kept: OrderedDict[tuple[str, int, bytes], PublishedBox] = OrderedDict()
_lock = threading.Lock()


def log_of(round_: Round) -> Log:
    """The log of a round. Raises Conflict ``no_slate`` before the freeze, ``no_log`` for a round frozen before logs existed."""
    slate = ballots.slate_of(round_)
    if slate is None:
        raise Conflict("no_slate")
    if slate.log_id is None:
        raise Conflict("no_log", round=str(round_))
    return logs.log_of(round_)


def replayed(log: Log) -> Report:
    """A whole check of the published files, made anew. Raises Conflict ``log_unreadable`` when they cannot be reached."""
    try:
        return verify(StorageSource(logs.storage_of(log)), VerifierKey.parse(log.vkey))
    except Unreadable as problem:
        raise Conflict("log_unreadable", text=str(problem)) from None


def read(log: Log, *, anew: bool = False) -> PublishedBox:
    """The replayed log. A replay is remembered by the origin and the root of its checkpoint; ``anew`` reads every file again.

    Raises Conflict ``log_unreadable``.
    """
    key = _head(log)
    with _lock:
        found = _kept.get(key) if key is not None and not anew else None
    if found is None:
        found = _box(log, replayed(log))
        with _lock:
            _kept[found.origin, found.size, bytes.fromhex(found.root)] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return found


def _head(log: Log) -> tuple[str, int, bytes] | None:
    try:
        data = StorageSource(logs.storage_of(log)).get(CHECKPOINT)
        found, _ = open_checkpoint(data or b"", VerifierKey.parse(log.vkey))
    except (BadNote, Unreadable):
        return None
    return found.origin, found.size, found.root


def _box(log: Log, report: Report) -> PublishedBox:
    head, replay = report.checkpoint, report.replay
    last = list(replay.last()) if replay is not None else []
    counted: Counter[tuple[str, ...]] = replay.counted() if replay is not None else Counter()
    return PublishedBox(
        origin=log.origin,
        size=head.size if head is not None else 0,
        root=head.root.hex() if head is not None else "",
        manifest=(replay.manifest if replay is not None else None) or {},
        is_closed=replay is not None and replay.closed_at is not None,
        voters=len(last),
        annulled=sum(each.is_annulled for each in last),
        unopened=sum(each.opened is None for each in last),
        ballots=counted,
        votes=replay.votes(counted) if replay is not None else {},
        annulled_votes=_annulled_votes(last),
        result=replay.result if replay is not None else None,
        faults=tuple(report.faults),
        withdrawn=tuple(replay.withdrawn) if replay is not None else (),
    )


def _annulled_votes(last: Iterable[Last]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in last:
        if each.is_annulled:
            found.update(each.opened or ())
    return dict(found)


def forget() -> None:
    """Remember nothing (tests, a reset of the demonstration)."""
    with _lock:
        _kept.clear()
