"""Keyed hashes for uniqueness and sealed boxes for contact data (SPEC 15)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings

from qatysu.ledger.leaf import derive_key


@cache
def _key(purpose: str, secret: str) -> bytes:
    return derive_key(secret.encode(), purpose)


def keyed_hash(purpose: str, text: str) -> str:
    """64 hex digits: HMAC-SHA-256 of ``text`` under the installation's key for ``purpose``."""
    return hmac.new(_key(f"hash/{purpose}", settings.SECRET_KEY), text.encode(), hashlib.sha256).hexdigest()


def seal(text: str) -> bytes:
    """``text`` encrypted at rest under the installation's key."""
    return _box().encrypt(text.encode())


def unseal(data: bytes | memoryview) -> str:
    """The text sealed in ``data``. Raises InvalidToken when the key is another one."""
    return _box().decrypt(bytes(data)).decode()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key("seal", settings.SECRET_KEY)))
