"""Logs of the tests: their key, storage, and what an outsider makes of the published files."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from qatysu.bulletin import commands
from qatysu.bulletin.models import Log
from qatysu.bulletin.storage import MemoryStorage, Storage
from qatysu.ledger.notes import Signer

ORIGIN = "vote.example.kz/log/town-y2027"
SIGNER = Signer(ORIGIN, b"l" * 32)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def log(db: None) -> Log:
    """An empty log."""
    return commands.create_log(vkey=str(SIGNER.verifier), min_batch=20, max_delay_s=600)


@pytest.fixture
def storage() -> MemoryStorage:
    """Nothing published yet."""
    return MemoryStorage()


def seal(log: Log, storage: Storage, **changes: object) -> int:
    """One batch with a known shuffle."""
    wanted = {"signer": SIGNER, "rng": Random(1), "now": NOW} | changes
    return commands.seal_batch(log, storage=storage, **wanted)  # type: ignore[arg-type]  # reason: a few of its arguments


def submit(log: Log, *numbers: int, is_voters: bool = True) -> list[bytes]:
    """Entries that say their number."""
    return commands.submit_all(log, [f"entry {number}".encode() for number in numbers], is_voters=is_voters)
