"""What becomes of the round key: with the servers while voting lasts, then with the commission, then destroyed (LEDGER 1.11).

``held``       K stands on the server: handles and nonces can be made
``sealed``     only what opens ballots is left; handles are made from two sheets of the commission
``opened``     that is gone too
``destroyed``  the log is ended and no key is left
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import unquote

from qatysu.audit.commands import record
from qatysu.audit.models import Deed
from qatysu.ballots import keys
from qatysu.ballots.key_files import Fault, flush_folder, look_at, open_of, wipe
from qatysu.ballots.keys import path_of, write_private
from qatysu.ballots.logs import policy_of, storage_of
from qatysu.ballots.models import Slate
from qatysu.bulletin.commands import freeze_log
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.sealing import published
from qatysu.core.errors import Conflict, NotFound
from qatysu.ledger.entries import BadEntry, decode
from qatysu.ledger.notes import parse
from qatysu.rounds.models import Round

#: Kinds of secret files of a round.
SECRET = ("round", "open", "promise", "log")
#: How the bytes of an act begin: keys of an entry are sorted.
_ACT = b'{"act":'
SHARED, REHEARSED, SEALED, RESTORED, DESTROYED = (
    "keys_shared", "keys_rehearsed", "keys_sealed", "keys_restored", "keys_destroyed",
)


class State(StrEnum):
    """Where the round key is."""

    HELD = "held"
    SEALED = "sealed"
    OPENED = "opened"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the keys of a frozen round stand. ``has``: which secret files are here; times are of deeds in the audit trail."""

    name: str
    state: State
    has: Mapping[str, bool]
    shared_at: datetime | None
    rehearsed_at: datetime | None
    is_closed: bool


def slate_of(round_: Round) -> Slate:
    """The frozen slate with round, city and log. Raises NotFound."""
    found = Slate.objects.select_related("round__city", "log").filter(round=round_).first()
    if found is None:
        raise NotFound("slate")
    return found


def standing(slate: Slate) -> Standing:
    """How the keys stand."""
    name = str(slate.round)
    has = {kind: _is_here(name, kind) for kind in SECRET}
    if slate.log is not None and slate.log.frozen_at is not None and not any(has.values()):
        state = State.DESTROYED
    else:
        state = State.HELD if has["round"] else State.SEALED if has["open"] else State.OPENED
    shared, rehearsed = _last(slate, SHARED), _last(slate, REHEARSED)
    return Standing(
        name, state, has, shared.at if shared else None, rehearsed.at if shared and rehearsed else None,
        slate.log is not None and is_closed(slate.log),
    )


def _is_here(name: str, kind: str) -> bool:
    """Whether there is such a file; False too when it lies where this user may not look."""
    try:
        return path_of(name, kind).exists()
    except PermissionError:
        return False


def _last(slate: Slate, action: str) -> Deed | None:
    rows = Deed.objects.filter(action=action, place=str(slate.round), detail__digest=slate.key_digest)
    return rows.order_by("-at", "-pk").first()


def is_closed(log: Log) -> bool:
    """Whether the published log holds the closing entry: no ballot comes any more."""
    return Entry.objects.filter(log=log, is_closing=True, idx__lt=log.published_size).exists()


def was_shared(slate: Slate) -> bool:
    """Whether sheets were made of this round key."""
    return _last(slate, SHARED) is not None


def was_rehearsed(slate: Slate) -> bool:
    """Whether two of the last sheets were shown to give this round key."""
    shared, rehearsed = _last(slate, SHARED), _last(slate, REHEARSED)
    return bool(shared and rehearsed and (rehearsed.at, rehearsed.pk) > (shared.at, shared.pk))


def note(slate: Slate, action: str, now: datetime, **detail: Any) -> None:
    """A deed about the keys in the audit trail: never a word of a sheet, a key or a handle. The operator has no account."""
    record(
        actor=None, action=action, now=now, place=str(slate.round), target=f"slate:{slate.pk}", digest=slate.key_digest, **detail
    )


def round_key(slate: Slate) -> bytes:
    """The round key from its file. Raises Conflict ``round_key_absent``, ``round_key_sealed``, ``round_key_…``."""
    keys.round_keys(str(slate.round))
    found = look_at(path_of(str(slate.round), "round"), "round")
    if isinstance(found, Fault):
        raise Conflict(f"round_key_{found.code}")
    if hashlib.sha256(found).hexdigest() != slate.key_digest:
        raise Conflict("round_key_foreign")
    return found


def seal(slate: Slate, now: datetime, *, without_sheets: bool = False) -> None:
    """Take the round key from this server; what opens ballots stays. Call it again after a crash: it goes on.

    Raises Conflict: ``not_closed`` (the closing entry is not published), ``sheets_not_made``, ``sheets_not_rehearsed``,
    ``round_key_sealed`` (it is gone already), ``round_key_absent`` …
    """
    if slate.log is None or not is_closed(slate.log):
        raise Conflict("not_closed")
    if not without_sheets and not was_shared(slate):
        raise Conflict("sheets_not_made")
    if not without_sheets and not was_rehearsed(slate):
        raise Conflict("sheets_not_rehearsed")
    name = str(slate.round)
    _put_open(name, open_of(_key_or_sealed(slate)))
    wipe(path_of(name, "round"))
    keys.forget_loaded()
    note(slate, SEALED, now, without_sheets=without_sheets)


def _key_or_sealed(slate: Slate) -> bytes:
    """The round key, also when a seal that was cut short has written the other file already."""
    if not path_of(str(slate.round), "round").exists() and path_of(str(slate.round), "open").exists():
        raise Conflict("round_key_sealed")
    return round_key(slate)


def _put_open(name: str, key: bytes) -> None:
    """Write the file of the key that opens, durably, before the round key goes."""
    path = path_of(name, "open")
    if path.exists() and path.read_bytes() != key:
        wipe(path)
    if not path.exists():
        write_private(path, key)
        flush_folder(path.parent)
    if path.read_bytes() != key:
        raise Conflict("open_key_broken")


def seal_due(round_: Round, now: datetime) -> bool:
    """Seal the round key away when its time has come: closed, and two sheets were rehearsed. Returns whether it did.

    Without a rehearsal it stays, and ``qatysu check`` says so: a key that nobody can bring back is not thrown away by itself.
    """
    slate = Slate.objects.select_related("round__city", "log").filter(round=round_).first()
    if slate is None or slate.log is None or not _is_here(str(slate.round), "round"):
        return False
    if not is_closed(slate.log) or not was_rehearsed(slate) or _was_restored(slate):
        return False
    seal(slate, now)
    return True


def _was_restored(slate: Slate) -> bool:
    """Whether somebody has put the key back on purpose since it was sealed away: then it is sealed by hand."""
    restored, sealed = _last(slate, RESTORED), _last(slate, SEALED)
    return restored is not None and (sealed is None or (restored.at, restored.pk) > (sealed.at, sealed.pk))


def put_back(slate: Slate, key: bytes, now: datetime) -> None:
    """Write the round key of two sheets to the server again. Raises Conflict ``round_key_foreign`` or ``round_key_exists``."""
    if hashlib.sha256(key).hexdigest() != slate.key_digest:
        raise Conflict("round_key_foreign")
    path = path_of(str(slate.round), "round")
    write_private(path, key)
    flush_folder(path.parent)
    note(slate, RESTORED, now)


@dataclass(frozen=True, slots=True)
class Ended:
    """What the protocol of the destruction says: the final checkpoint and which files were destroyed."""

    name: str
    origin: str
    size: int
    root: str
    witnesses: tuple[str, ...]
    destroyed: tuple[str, ...]
    absent: tuple[str, ...]
    act: str


def end_of_keys(log: Log) -> dict[str, Any] | None:
    """The published ``amend`` entry by which two people have ordered the destruction; None when there is none."""
    rows = Entry.objects.filter(log=log, is_voters=False, idx__lt=log.published_size).order_by("-idx")
    for raw in rows.values_list("raw", flat=True).iterator(chunk_size=500):
        if bytes(raw).startswith(_ACT) and (entry := _decoded(bytes(raw))).get("what") == "keys_destroyed":
            return entry
    return None


def _decoded(raw: bytes) -> dict[str, Any]:
    try:
        return decode(raw)
    except BadEntry:
        return {}


def destroy(slate: Slate, act: str, now: datetime) -> Ended:
    """End the log and destroy every key of the round. Call it again after a crash: it goes on.

    ``act`` is the number of the protocol that the ``amend`` entry names. Raises Conflict ``no_log``, ``destruction_not_ordered``
    (no such entry is published), ``another_protocol``, ``log_key_not_for_us``; StillWaiting and NoQuorum of the log.
    """
    log = slate.log
    if log is None:
        raise Conflict("no_log")
    order = end_of_keys(log)
    if order is None:
        raise Conflict("destruction_not_ordered")
    if act.strip() not in (order["act"], unquote(order["act"])):
        raise Conflict("another_protocol", act=unquote(order["act"]))
    name = str(slate.round)
    for kind in SECRET:
        found = look_at(path_of(name, kind), kind)
        if isinstance(found, Fault) and found.code == "not_for_us":
            raise Conflict(f"{kind}_key_not_for_us", path=str(found.path))
    witnesses = _freeze(log, now)
    gone = tuple(kind for kind in SECRET if wipe(path_of(name, kind)))
    keys.forget_loaded()
    note(slate, DESTROYED, now, kinds=list(gone), size=log.size, root=log.root)
    absent = tuple(kind for kind in SECRET if kind not in gone)
    return Ended(name, log.origin, log.size, log.root, witnesses, gone, absent, act.strip())


def _freeze(log: Log, now: datetime) -> tuple[str, ...]:
    """Freeze the log with the quorum of witnesses; names of those who have signed the final checkpoint."""
    storage, policy = storage_of(log), policy_of(log)
    freeze_log(log, storage=storage, now=now, policy=policy)
    found = published(log, storage)
    return tuple(policy.witnessed(parse(found.data))) if found is not None else ()
