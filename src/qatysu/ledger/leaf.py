"""Handles and commitments of ballots (LEDGER 1.3): who voted and what, without a name.

The stored ballot names a handle, never a person. Handles of different rounds cannot be linked without the round key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(round_key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose (``voter``, ``open``, ``order``) from the round key by HKDF-SHA-256."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"qatysu/{purpose}/v1".encode()).derive(round_key)


def voter_handle(voter_key: bytes, origin: str, voter_id: str) -> str:
    """32 hex digits: the one handle of a voter in the round ``origin``."""
    message = b"qatysu/voter/v1\0" + origin.encode() + b"\0" + voter_id.encode()
    return hmac.new(voter_key, message, hashlib.sha256).digest()[:16].hex()


def nonce(open_key: bytes, handle: str, attempt: int) -> bytes:
    """32 bytes that hide a choice until the ballot is opened; recomputable, hence never stored."""
    return hmac.new(open_key, f"{handle}\n{attempt}".encode(), hashlib.sha256).digest()


def canonical_choices(codes: Sequence[str]) -> str:
    """Canonical JSON of the chosen project codes, sorted, so that one choice has one form."""
    return json.dumps(sorted(codes), separators=(",", ":"), ensure_ascii=True)


def commitment(origin: str, handle: str, attempt: int, secret: bytes, choices: str) -> str:
    """64 hex digits committing to ``choices`` (canonical JSON) under ``secret``."""
    head = f"qatysu/ballot/v1\n{origin}\n{handle}\n{attempt}\n".encode()
    return hashlib.sha256(head + secret + b"\n" + choices.encode()).hexdigest()


def cast_entry(handle: str, attempt: int, hidden: str) -> bytes:
    """The canonical bytes of a ``cast`` entry (``ledger.entries``), written out because it is made for every vote."""
    return f'{{"b":"{handle}","h":"{hidden}","n":{attempt},"t":"cast","v":1}}'.encode()


def ballot_order(order_key: bytes, handle: str, codes: Sequence[str]) -> tuple[str, ...]:
    """The order in which a voter sees the slate: a permutation fixed by the handle.

    Sorting by a keyed hash is a uniform shuffle; since the key is kept with the round, the order of each ballot can be
    computed again for the study of order effects without storing a row per reader.
    """
    return tuple(
        sorted(codes, key=lambda code: hmac.new(order_key, f"{handle}\n{code}".encode(), hashlib.sha256).digest())
    )
