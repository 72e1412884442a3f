"""``qatysu check``: what makes this installation unsafe, in sentences."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from qatysu.config import demonstration
from qatysu.config import environment as env


def _keys() -> Iterator[str]:
    if not env.text("QATYSU_SECRET_KEY") and not (settings.KEY_FOLDER / "secret").exists():
        yield "There is no signing key."
    if len(settings.SECRET_KEY) < 50:
        yield "QATYSU_SECRET_KEY is shorter than 50 characters."
    paths = [settings.KEY_FOLDER, *sorted(settings.KEY_FOLDER.glob("*"))] if settings.KEY_FOLDER.exists() else []
    for path in paths:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield f"{path} can be read by others. Run: chmod go-rwx {path}"


def _time_zones() -> Iterator[str]:
    # Kazakhstan moved to +05 on 1 March 2024: data older than 2024a would close voting at the wrong hour.
    if datetime(2025, 6, 1, tzinfo=ZoneInfo("Asia/Almaty")).utcoffset() != timedelta(hours=5):
        yield "The time zone data are older than 2024a: Asia/Almaty must be +05. Update tzdata."


def _database() -> Iterator[str]:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            yield "The database is older than the program. Run: qatysu manage migrate"
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                if cursor.execute("PRAGMA synchronous").fetchone()[0] < 2:
                    yield "SQLite runs without synchronous=FULL: acknowledged ballots could be lost with the power."
    except DatabaseError as error:
        yield f"The database does not answer: {str(error).splitlines()[0]}"


def _mode() -> Iterator[str]:
    if settings.DEBUG:
        yield "QATYSU_DEBUG is on: visitors would see tracebacks."
    if demonstration.has_tables():
        if settings.DEMO and not demonstration.is_marked() and not demonstration.is_empty():
            yield demonstration.REFUSED
        if not settings.DEMO and demonstration.is_marked():
            yield "This database holds the demonstration; its accounts are known to everybody. Do not serve it as production."
    if settings.ORIGIN.startswith("http://") and not settings.DEMO and "127.0.0.1" not in settings.ORIGIN:
        yield "QATYSU_ORIGIN is not https: cookies would travel in clear."
    if "*" in settings.ALLOWED_HOSTS:
        yield "QATYSU_HOSTS holds *: any host name would be served."


def _round_keys() -> Iterator[str]:
    from qatysu.ballots.keys import round_keys  # reason: apps must be loaded first
    from qatysu.ballots.models import Slate
    from qatysu.core.errors import QatysuError

    if not demonstration.has_tables():
        return
    for slate in Slate.objects.select_related("round__city"):
        try:
            if round_keys(str(slate.round)).digest != slate.key_digest:
                yield f"The key file of {slate.round} is not the one its slate was frozen with."
        except QatysuError as refusal:
            yield f"The key of {slate.round} cannot be used ({refusal.reason}); no ballot of this round can be stored."


def _django() -> Iterator[str]:
    for message in checks.run_checks():
        if message.level >= checks.WARNING:
            yield f"{message.id}: {message.msg}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (_django, _keys, _time_zones, _database, _mode, _round_keys)


def findings() -> list[str]:
    """Everything that is wrong, one sentence each; empty when the installation is fit to serve."""
    return [text for check in CHECKS for text in check()]


def run() -> int:
    """Print the findings; 0 when there are none, 1 otherwise."""
    found = findings()
    for text in found:
        sys.stderr.write(f"- {text}\n")
    where = Path(settings.DATA)
    sys.stderr.write(f"{len(found)} to mend. Data: {where}\n" if found else f"All checks passed. Data: {where}\n")
    return 1 if found else 0
