"""Fingerprints of secrets and of texts."""

from __future__ import annotations

import hashlib


def token_hash(token: str) -> str:
    """What is stored of the token in a link: SHA-256 in hex. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def source_digest(text: str) -> str:
    """SHA-256 of a text that was translated: another digest later means that the translation is stale."""
    return hashlib.sha256(text.encode()).hexdigest()
