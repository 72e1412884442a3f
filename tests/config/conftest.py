"""Databases for the command line, of the same kind as the suite runs on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection

Env = dict[str, str]


def _url(name: str) -> str:
    base = settings.DATABASES["default"]
    parts = {"user": base["USER"], "password": base["PASSWORD"], "host": base["HOST"], "port": base["PORT"]}
    secret = f":{quote(parts['password'], safe='')}" if parts["password"] else ""
    port = f":{parts['port']}" if parts["port"] else ""
    return f"postgresql://{parts['user']}{secret}@{quote(str(parts['host']), safe='')}{port}/{name}"


@pytest.fixture
def new_place(tmp_path: Path) -> Iterator[Callable[[str], Env]]:
    """``new_place("a")``: environment of an installation of its own, with an empty data folder and an empty database."""
    made: list[str] = []
    bare = {key: value for key, value in os.environ.items() if not key.startswith(("QATYSU_", "DATABASE_URL"))}

    def make(word: str) -> Env:
        env = bare | {"QATYSU_DATA": str(tmp_path / word), "QATYSU_LOG_LEVEL": "WARNING"}
        if connection.vendor != "postgresql":
            return env
        name = f"config_{word}_{os.getpid()}_{time.monotonic_ns()}"
        with psycopg.connect(_url("postgres"), autocommit=True) as server:
            server.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return env | {"DATABASE_URL": _url(name)}

    yield make
    for name in made:
        with psycopg.connect(_url("postgres"), autocommit=True) as server:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
