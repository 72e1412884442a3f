"""Logs of the tests: their key, storage, and what an outsider makes of the published files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection

from qatysu.bulletin import commands
from qatysu.bulletin.models import Log
from qatysu.bulletin.storage import MemoryStorage, Storage
from qatysu.ledger.notes import Signer

HERE = Path(__file__).resolve().parents[2]
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


@pytest.fixture
def place(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Environment of a database of its own for other processes, of the same kind as the suite runs on."""
    env = {**os.environ, "QATYSU_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "qatysu.config.settings"}
    env |= {"QATYSU_SECRET_KEY": "kill" * 20, "PYTHONPATH": str(HERE), "QATYSU_DEMO": "0"}
    if connection.vendor != "postgresql":
        env["DATABASE_URL"] = ""
        yield env
        return
    base = django_settings.DATABASES["default"]
    name = f"bulletin_{os.getpid()}_{time.monotonic_ns()}"
    parts = {"host": base["HOST"], "port": base["PORT"], "user": base["USER"], "password": base["PASSWORD"]}
    info = psycopg.conninfo.make_conninfo("", **{key: value for key, value in parts.items() if value})
    with psycopg.connect(info, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    query = f"?host={base['HOST']}" if str(base["HOST"]).startswith("/") else ""
    net = "" if query else f"{base['HOST']}:{base['PORT'] or 5432}"
    port = f"&port={base['PORT']}" if query and base["PORT"] else ""
    user = f"{base['USER']}:{base['PASSWORD']}@" if base["PASSWORD"] else f"{base['USER']}@" if base["USER"] else ""
    env["DATABASE_URL"] = f"postgresql://{user}{net}/{name}{query}{port}"
    yield env
    with psycopg.connect(info, dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


Run = Callable[..., list[str]]
