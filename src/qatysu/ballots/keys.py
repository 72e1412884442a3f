"""The round key: a private file below the data folder, never in the database, settings or backups (LEDGER 1.11)."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from qatysu.core.errors import Conflict
from qatysu.ledger.leaf import derive_key


@dataclass(frozen=True, slots=True)
class RoundKeys:
    """Keys derived from the round key, one for each purpose, and the digest that fixes it."""

    voter: bytes
    open: bytes
    order: bytes
    digest: str


def _path(name: str) -> Path:
    return Path(settings.KEY_FOLDER) / f"{name}.round"


def make_round_key(name: str) -> str:
    """Create the key file of the round ``<city>-<round>`` (mode 0600). Returns its SHA-256 (``kc`` of the manifest).

    Raises Conflict when there is one already: a round is never keyed twice.
    """
    path = _path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict("round_key_exists") from None
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return hashlib.sha256(key).hexdigest()


def discard_unused_key(name: str) -> None:
    """Remove a key whose slate was not stored after all."""
    _path(name).unlink(missing_ok=True)


@lru_cache(maxsize=64)
def _load(path: Path, modified_ns: int) -> RoundKeys:  # noqa: ARG001  # reason: part of the cache key
    key = path.read_bytes()
    if len(key) != 32:
        raise Conflict("round_key_broken")
    return RoundKeys(
        derive_key(key, "voter"), derive_key(key, "open"), derive_key(key, "order"), hashlib.sha256(key).hexdigest()
    )


def round_keys(name: str) -> RoundKeys:
    """Keys of the round. Raises Conflict when the file is absent, broken or readable by others."""
    path = _path(name)
    try:
        status = path.stat()
    except FileNotFoundError:
        raise Conflict("round_key_absent") from None
    if status.st_mode & 0o077:
        raise Conflict("round_key_readable_by_others")
    return _load(path, status.st_mtime_ns)
