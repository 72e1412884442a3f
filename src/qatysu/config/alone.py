"""Whether nobody else uses the database: putting another one in its place under a running portal would lose what it writes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

RUNNING = "The portal or another program is using this database. Stop `serve` and `worker` first (Ctrl-C ends ./run), then try again."


def refuse_company() -> None:
    """Raises SystemExit when somebody else is connected to the database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid())"
            )
            is_alone = not cursor.fetchone()[0]
    else:
        path = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        is_alone = not path.exists() or _is_ours(path)
    if not is_alone:
        raise SystemExit(RUNNING)


def _is_ours(path: Path) -> bool:
    """Whether the file can be locked for us alone: every connection to it holds a shared lock while it is open."""
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as probe:
        try:
            probe.execute("PRAGMA locking_mode=EXCLUSIVE")
            probe.execute("BEGIN EXCLUSIVE")
            probe.execute("ROLLBACK")
        except sqlite3.OperationalError as busy:
            if busy.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            return False
    return True
