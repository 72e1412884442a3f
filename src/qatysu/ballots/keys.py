"""Keys of a round: private files, never in the database, the settings or a backup (LEDGER 1.11).

``<name>.round``   the round key K, from which handles, nonces and orders of projects are derived; web processes, while voting lasts
``<name>.open``    what is left of K after the close: only nonces can be made, no handle
``<name>.promise`` signs promises; web processes
``<name>.log``     signs checkpoints; only the sequencer, below ``LOG_KEY_FOLDER``
``<name>.vkey``    public: the verifier key of the log
``<name>.ahead``   which of them were made ahead of the freezing (``qatysu keys make``): it uses them, and never removes them
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from contextlib import suppress
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


@lru_cache(maxsize=64)
def _below(folder: str | Path, file: str) -> Path:
    return Path(folder) / file


def path_of(name: str, kind: str) -> Path:
    """Where the key of this kind (``round``, ``open``, ``promise``, ``log``, ``vkey``) of a round stands."""
    return _below(settings.LOG_KEY_FOLDER if kind == "log" else settings.KEY_FOLDER, f"{name}.{kind}")


def promise_name(origin: str) -> str:
    """Name of the promise key: it can never be taken for the key of a log."""
    return f"{origin}/promise"


def make_round_keys(name: str, origin: str) -> MadeKeys:
    """Create the key files of the round ``<city>-<round>`` (mode 0600); returns what is public.

    Keys that were made ahead are used, and a log key whose ``<name>.vkey`` stands there. Raises Conflict ``round_key_exists``
    when there is another round key already: a round is never keyed twice; ``log_key_foreign`` when the log key has another name.
    """
    if "round" in _ahead(name):
        digest, promise = round_keys(name).digest, str(promise_signer(name, origin).verifier)
        return MadeKeys(digest, _log_vkey(name, origin), promise)
    key = secrets.token_bytes(LENGTH)
    write_private(path_of(name, "round"), key)
    vkey = _log_vkey(name, origin)
    return MadeKeys(hashlib.sha256(key).hexdigest(), vkey, make_promise_key(name, origin))


def make_ahead(name: str, origin: str, *, only_log: bool = False, vkey: str = "") -> str:
    """Make keys before the ballot is frozen; returns the verifier key of the log.

    ``only_log``: the key of the log alone, as the user of the worker. ``vkey``: all others, with the log's key made before.
    Raises Conflict ``round_key_exists``.
    """
    if not only_log and path_of(name, "round").exists():
        raise Conflict("round_key_exists", kind="round")
    if vkey:
        _write_public(path_of(name, "vkey"), vkey)
    if only_log and path_of(name, "vkey").exists():
        raise Conflict("round_key_exists", kind="log")
    made = make_log_key(name, origin) if only_log else make_round_keys(name, origin).vkey
    kinds = ("log", "vkey") if only_log else ("round", "promise", "log", "vkey")
    with suppress(PermissionError):
        _write_public(path_of(name, "ahead"), "\n".join(kinds))
    return made


def _ahead(name: str) -> frozenset[str]:
    """Kinds of keys that were made ahead."""
    path = path_of(name, "ahead")
    return frozenset(path.read_text().split()) if path.exists() else frozenset()


def _write_public(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(f"{text}\n")
    path.chmod(0o600)


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
    with suppress(PermissionError):  # the folder of the web server's keys may be closed to the worker's user
        _write_public(path_of(name, "vkey"), str(signer.verifier))
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
    """Remove keys whose slate was not stored after all; those made ahead stay."""
    for kind in {"round", "promise", "log", "vkey"} - _ahead(name):
        path_of(name, kind).unlink(missing_ok=True)


_looked: dict[Path, tuple[float, int]] = {}
_trusted_s = 0.0


def trust_files(seconds: float) -> None:
    """Look at a key file once in so many seconds, not for each ballot: three looks cost a tenth of a vote. For web processes.

    A key that was taken away, changed or opened to others is used for that long at most.
    """
    global _trusted_s
    _trusted_s = seconds


def _read(name: str, kind: str) -> tuple[Path, int]:
    """Path and time of change of a key file that may be used. Raises Conflict ``<kind>_key_absent`` or ``…_readable_by_others``."""
    path = path_of(name, kind)
    if _trusted_s:
        until, modified_ns = _looked.get(path, (0.0, 0))
        if until > time.monotonic():
            return path, modified_ns
    path, modified_ns = _look(path, name, kind)
    if _trusted_s:
        _looked[path] = time.monotonic() + _trusted_s, modified_ns
    return path, modified_ns


def _look(path: Path, name: str, kind: str) -> tuple[Path, int]:
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
            forget_loaded()
            raise Conflict("round_key_sealed", name=name) from None
        raise
    return _derived(_loaded(*found))


def forget_loaded() -> None:
    """Keep no key in memory that was read from a file: the file is gone, or another."""
    _looked.clear()
    _loaded.cache_clear()
    _derived.cache_clear()
    _signer.cache_clear()


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


@lru_cache(maxsize=64)
def _signer(name: str, seed: bytes) -> Signer:
    return Signer(name, seed)
