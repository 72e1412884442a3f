"""Reads of a log for pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from qatysu.bulletin.errors import Behind, Differs
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.sealing import published
from qatysu.bulletin.storage import Storage
from qatysu.ledger import tiles
from qatysu.ledger.merkle import inclusion_proof
from qatysu.ledger.receipts import Proof

#: What a promise allows beyond the longest wait of the cadence (LEDGER 1.6: mmd).
GRACE_S = 3_600


class State(StrEnum):
    """How a log stands, for a line or a banner on a page."""

    HEALTHY = "healthy"
    WAITING = "waiting"
    LATE = "late"
    BEHIND = "behind"
    REFUSED = "refused"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Standing:
    """``waiting`` entries are not published yet, the oldest for about ``waiting_s`` seconds (None: none, or not seen yet)."""

    state: State
    size: int
    published_size: int
    waiting: int
    waiting_s: int | None
    code: str = ""
    text: str = ""


def standing(log: Log, *, now: datetime) -> Standing:
    """How the log stands by its row: reads no file."""
    waiting = Entry.objects.filter(log=log, idx=None).count()
    last = Entry.objects.filter(log=log, idx__gte=log.published_size).count()
    since = log.waiting_since or log.looked_at
    age = max(0, int((now - since).total_seconds())) if waiting + last and since is not None else None
    if log.refused_code:
        state = State.BEHIND if log.refused_code == Behind.code else State.REFUSED
    elif log.frozen_at is not None:
        state = State.FROZEN
    elif not waiting + last:
        state = State.HEALTHY
    else:
        state = State.LATE if age is not None and age > log.max_delay_s + GRACE_S else State.WAITING
    return Standing(state, log.size, log.published_size, waiting + last, age, log.refused_code, log.refused_text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry is: ``idx`` is None while it waits; ``is_published`` once a checkpoint covers it."""

    idx: int | None
    is_published: bool
    raw: bytes


def place_of(log: Log, leaf: bytes) -> Place | None:
    """Where the entry with this leaf hash is; None when the log does not know it."""
    found = Entry.objects.filter(log=log, leaf=leaf).values_list("idx", "raw").first()
    if found is None:
        return None
    idx, raw = found
    return Place(idx, idx is not None and idx < log.published_size, bytes(raw))


def proof_of(log: Log, storage: Storage, leaf: bytes, *, extra: bytes = b"") -> Proof | None:
    """The proof that an entry is in the published log; None before that. Raises Differs when files are missing or wrong."""
    place = place_of(log, leaf)
    found = published(log, storage)
    if place is None or place.idx is None or found is None or place.idx >= found.checkpoint.size:
        return None
    size = found.checkpoint.size
    return Proof(place.idx, inclusion_proof(place.idx, size, tiles.node_reader(tile_reader(storage), size)), found.data, extra)


def tile_reader(storage: Storage) -> Callable[[int, int, int], bytes]:
    """Reads tiles (level, number, width), the beginning of the full one in place of a partial that was tidied away.

    The reader raises Differs when there is none.
    """

    def read(level: int, number: int, width: int) -> bytes:
        path = tiles.tile_path(level, number, width)
        data = storage.get(path)
        if data is None and width < tiles.WIDTH:
            data = (storage.get(tiles.tile_path(level, number)) or b"")[: width * tiles.HASH]
        if data is None or len(data) != width * tiles.HASH:
            raise Differs(f"{path} is missing or cut off", path=path)
        return data

    return read
