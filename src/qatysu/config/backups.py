"""``qatysu backup`` and ``qatysu restore``: database and media, never the keys; ballots are never rolled back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from qatysu.ballots.models import Ballot
from qatysu.config import alone, demonstration

MANIFEST, BALLOTS, SQLITE, DUMP, MEDIA = "manifest.json", "ballots.txt", "database.sqlite3", "database.dump", "media"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _stored() -> list[str]:
    """Commitments of all stored ballots, sorted: they tell which ballots there are, and nothing about choices."""
    return sorted(Ballot.objects.values_list("commitment", flat=True))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _postgres(program: str, *words: str) -> None:
    """Run ``pg_dump`` or ``pg_restore`` against our database. Raises SystemExit when it is absent or fails."""
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"{program} is missing. On Debian: apt-get install postgresql-client")
    # libpq's own names: whatever DATABASE_URL says reaches the program, and no password stands on its command line.
    wanted = connection.get_connection_params()
    names = {option.keyword.decode(): (option.envvar or b"").decode() for option in psycopg.pq.Conninfo.get_defaults()}
    env = {**os.environ, "PGOPTIONS": "-c lock_timeout=10s"}
    env.update({names[key]: str(value) for key, value in wanted.items() if names.get(key) and value not in (None, "")})
    done = subprocess.run([path, *words], env=env, stderr=subprocess.PIPE, text=True)  # noqa: S603  # reason: fixed program, own words
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise SystemExit(f"{program} failed: {next((line for line in lines if 'error' in line), lines[-1])}")


@contextmanager
def _snapshot() -> Iterator[str]:
    """A PostgreSQL snapshot that ``pg_dump`` can share: its list of ballots and its copy are of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _copy_database(target: Path) -> tuple[Path, list[str]]:
    """Write a consistent copy, also while the portal serves; returns its path and the ballots in it."""
    if connection.vendor == "postgresql":
        with _snapshot() as snapshot:
            _postgres("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target / DUMP}")
            return target / DUMP, _stored()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target / SQLITE)])
    with closing(sqlite3.connect(f"file:{target / SQLITE}?mode=ro", uri=True)) as copy:
        rows = copy.execute("SELECT commitment FROM ballots_ballot ORDER BY commitment").fetchall()  # the copy, not the live table
    return target / SQLITE, [row[0] for row in rows]


def _copy_file(source: str, target: str) -> None:
    """A file that somebody removes while we copy is no reason to fail."""
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        Path(target).unlink(missing_ok=True)


def backup(folder: str) -> int:
    """Write a backup into ``folder``, which must be absent or empty. Raises SystemExit with a sentence."""
    target = Path(folder).absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SystemExit(f"{target} is not an empty folder.")
    if not demonstration.has_tables():
        raise SystemExit("There is no database to back up.")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.chmod(0o700)
    path, ballots = _copy_database(target)
    if settings.MEDIA_ROOT.exists():
        shutil.copytree(settings.MEDIA_ROOT, target / MEDIA, copy_function=_copy_file)
    (target / BALLOTS).write_text("".join(f"{line}\n" for line in ballots))
    # Written last: a folder without it is no backup.
    manifest = {"made_at": timezone.now().isoformat(), "engine": connection.vendor, "ballots": len(ballots)}
    manifest["sha256"] = {file.name: _digest(file) for file in (path, target / BALLOTS)}
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    for path in target.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)
    _say(f"Backup of {len(ballots)} ballots, the database and the media in {target}.")
    _say(
        f"Keys are not in it. Keep a copy of {settings.KEY_FOLDER} elsewhere, under lock: without them no ballot can be stored"
        " or found again, and phone numbers and addresses of accounts are lost."
    )
    return 0


def _read(source: Path) -> tuple[Path, set[str]]:
    """Path of the copied database and its ballots. Raises SystemExit for what is no backup of this kind, or a damaged one."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text())
        kept = set((source / BALLOTS).read_text().split())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{source} holds no backup of Qatysu.") from error
    if manifest.get("engine") != connection.vendor:
        raise SystemExit(f"This backup is of {manifest.get('engine')}, the database is {connection.vendor}.")
    path = source / (SQLITE if connection.vendor == "sqlite" else DUMP)
    for file in (path, source / BALLOTS):
        if not file.is_file() or _digest(file) != manifest.get("sha256", {}).get(file.name):
            raise SystemExit(f"This backup is damaged: {file.name} is not the file that was written.")
    return path, kept


def _refuse_loss(kept: set[str]) -> None:
    if Ballot._meta.db_table not in connection.introspection.table_names():
        return
    lost = set(_stored()) - kept
    if lost:
        raise SystemExit(
            f"Refused: {len(lost)} stored ballots are not in this backup and would be lost. Ballots are never rolled back."
        )


def _restore_sqlite(path: Path) -> None:
    name = str(connection.settings_dict["NAME"])
    connection.close()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source, closing(sqlite3.connect(name, timeout=5)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")


def _restore_postgres(path: Path) -> None:
    name = str(connection.get_connection_params()["dbname"])
    connection.close()
    _postgres("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={name}", str(path))


def restore(folder: str) -> int:
    """Put the backup in ``folder`` in place of what there is. Raises SystemExit rather than lose a ballot."""
    source = Path(folder)
    path, kept = _read(source)
    alone.refuse_company()
    _refuse_loss(kept)
    if connection.vendor == "sqlite":
        _restore_sqlite(path)
    else:
        _restore_postgres(path)
    if (source / MEDIA).exists():
        shutil.copytree(source / MEDIA, settings.MEDIA_ROOT, dirs_exist_ok=True)
    _say(f"Restored: {len(kept)} ballots, database and media. Start the web server and the worker anew.")
    _say(
        f"Keys are in no backup. {settings.KEY_FOLDER} must hold the keys of the portal that was backed up;"
        " `qatysu check` names the rounds whose key is missing."
    )
    return 0
