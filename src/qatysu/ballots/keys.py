"""Keys of a round: private files, never in the database, the settings or a backup (LEDGER 1.11).

``<name>.round``   the round key K, from which handles, nonces and orders of projects are derived; web processes, while voting lasts
``<name>.open``    what is left of K after the close: only nonces can be made, no handle
``<name>.promise`` signs promises; web processes
``<name>.log``     signs checkpoints; only the sequencer, below ``LOG_KEY_FOLDER``
``<name>.vkey``    public: the verifier key of the log
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from qatysu.core.errors import Conflict
from qatysu.ledger.leaf import derive_key
from qatysu.ledger.notes import BadNote, Signer, VerifierKey

LENGTH = 32


@dataclass(frozen=True, slots=True)
class RoundKeys:
    """Keys derived from the round key, one for each purpose, and the digest that fixes it."""

    voter: bytes
    open: bytes
    order: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class MadeKeys:
    """What is public of the keys of a round: ``kc`` of the manifest (SHA-256 of the round key) and the two verifier keys."""

    key_digest: str
    vkey: str
    promise_vkey: str


def path_of(name: str, kind: str) -> Path:
    """Where the key of this kind (``round``, ``open``, ``promise``, ``log``, ``vkey``) of a round stands."""
    return Path(settings.LOG_KEY_FOLDER if kind == "log" else settings.KEY_FOLDER) / f"{name}.{kind}"


def promise_name(origin: str) -> str:
    """Name of the promise key: it can never be taken for the key of a log."""
    return f"{origin}/promise"


def make_round_keys(name: str, origin: str) -> MadeKeys:
    """Create the key files of the round ``<city>-<round>`` (mode 0600); returns what is public.

    A log key that was made beforehand (``<name>.vkey`` stands there) is used. Raises Conflict ``round_key_exists`` when there
    is a round key already: a round is never keyed twice; ``log_key_foreign`` when the given log key has another name.
    """
    key = secrets.token_bytes(LENGTH)
    write_private(path_of(name, "round"), key)
    vkey = _log_vkey(name, origin)
    return MadeKeys(hashlib.sha256(key).hexdigest(), vkey, make_promise_key(name, origin))


def make_promise_key(name: str, origin: str) -> str:
    """Create the key that signs promises; returns its verifier key. Raises Conflict."""
    signer = Signer(promise_name(origin), secrets.token_bytes(LENGTH))
    write_private(path_of(name, "promise"), signer.seed)
    return str(signer.verifier)


def _log_vkey(name: str, origin: str) -> str:
    """The verifier key of the log, of a key made before or now."""
    public = path_of(name, "vkey")
    if not public.exists():
        return make_log_key(name, origin)
    try:
        found = VerifierKey.parse(public.read_text())
    except (BadNote, UnicodeDecodeError):
        raise Conflict("log_key_foreign") from None
    if found.name != origin:
        raise Conflict("log_key_foreign")
    return str(found)


def make_log_key(name: str, origin: str) -> str:
    """Create the key that signs checkpoints of ``origin``; returns its verifier key, which is written beside. Raises Conflict."""
    signer = Signer(origin, secrets.token_bytes(LENGTH))
    try:
        write_private(path_of(name, "log"), signer.seed)
    except PermissionError:
        raise Conflict("log_key_absent") from None
    public = path_of(name, "vkey")
    public.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    public.write_text(f"{signer.verifier}\n")
    public.chmod(0o600)
    return str(signer.verifier)


def write_private(path: Path, key: bytes) -> None:
    """Write a new key file (0600) and flush it. Raises Conflict ``round_key_exists`` rather than touch one that is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict("round_key_exists", kind=path.suffix[1:]) from None
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())


def discard_unused_keys(name: str) -> None:
    """Remove keys whose slate was not stored after all."""
    for kind in ("round", "promise", "log", "vkey"):
        path_of(name, kind).unlink(missing_ok=True)


def _read(name: str, kind: str) -> tuple[Path, int]:
    """Path and time of change of a key file that may be used. Raises Conflict ``<kind>_key_absent`` or ``…_readable_by_others``."""
    path = path_of(name, kind)
    try:
        status = path.stat()
    except (FileNotFoundError, PermissionError):
        raise Conflict(f"{kind}_key_absent", name=name) from None
    if status.st_mode & 0o077:
        raise Conflict(f"{kind}_key_readable_by_others", name=name)
    return path, status.st_mtime_ns


@lru_cache(maxsize=256)
def _loaded(path: Path, modified_ns: int) -> bytes:  # noqa: ARG001  # reason: part of the cache key
    try:
        key = path.read_bytes()
    except PermissionError:
        raise Conflict(f"{path.suffix[1:]}_key_absent") from None
    if len(key) != LENGTH:
        raise Conflict(f"{path.suffix[1:]}_key_broken")
    return key


@lru_cache(maxsize=64)
def _derived(key: bytes) -> RoundKeys:
    return RoundKeys(derive_key(key, "voter"), derive_key(key, "open"), derive_key(key, "order"), hashlib.sha256(key).hexdigest())


def round_keys(name: str) -> RoundKeys:
    """Keys of the round. Raises Conflict when the file is absent, broken or readable by others, and ``round_key_sealed`` once
    the commission has taken it over.
    """
    try:
        found = _read(name, "round")
    except Conflict:
        if not path_of(name, "round").exists() and path_of(name, "open").exists():
            raise Conflict("round_key_sealed", name=name) from None
        raise
    return _derived(_loaded(*found))


def open_key(name: str) -> bytes:
    """The key from which nonces are made: of the round key, or what is left of it after sealing away. Raises Conflict."""
    if path_of(name, "open").exists():
        return _loaded(*_read(name, "open"))
    return round_keys(name).open


def promise_signer(name: str, origin: str) -> Signer:
    """Signs promises. Raises Conflict when the key is absent, broken or readable by others."""
    return _signer(promise_name(origin), _loaded(*_read(name, "promise")))


def log_signer(name: str, origin: str) -> Signer:
    """Signs checkpoints; only the sequencer has this key. Raises Conflict when it is absent, broken or readable by others."""
    return _signer(origin, _loaded(*_read(name, "log")))


_signer: Callable[[str, bytes], Signer] = lru_cache(maxsize=64)(Signer)
