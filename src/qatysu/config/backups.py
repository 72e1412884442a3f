"""``qatysu backup`` and ``qatysu restore``: database, media and files of logs, never the keys; ballots are never rolled back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F
from django.utils import timezone

from qatysu.ballots.models import Ballot
from qatysu.bulletin.models import Entry
from qatysu.config import alone, demonstration, log_copies

MANIFEST, BALLOTS, ACTS, SQLITE, DUMP = "manifest.json", "ballots.txt", "acts.txt", "database.sqlite3", "database.dump"
MEDIA, LOGS = "media", "logs"
#: Leaf hashes of ballots, and of acts in logs: in a copy that is no table of Django's.
_LEAVES = (
    "SELECT lower(hex(leaf)) FROM ballots_ballot",
    "SELECT lower(hex(leaf)) FROM bulletin_entry WHERE NOT is_voters",
)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


@dataclass(frozen=True, slots=True)
class Stored:
    """Leaf hashes (hex) of the stored ballots and of the acts in logs, sorted: what there is, and nothing about choices."""

    ballots: tuple[str, ...]
    acts: tuple[str, ...]


def _stored() -> Stored:
    acts = Entry.objects.filter(is_voters=False)
    return Stored(_hex(Ballot.objects.values_list("leaf", flat=True)), _hex(acts.values_list("leaf", flat=True)))


def _hex(leaves: Iterable[bytes | memoryview]) -> tuple[str, ...]:
    return tuple(sorted(bytes(leaf).hex() for leaf in leaves))


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
    """A PostgreSQL snapshot that ``pg_dump`` can share: its lists and its copy are of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def _copy_database(target: Path) -> tuple[Path, Stored]:
    """Write a consistent copy, also while the portal serves; returns its path and what is in it."""
    if connection.vendor == "postgresql":
        with _snapshot() as snapshot:
            _postgres("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target / DUMP}")
            return target / DUMP, _stored()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target / SQLITE)])
    with closing(sqlite3.connect(f"file:{target / SQLITE}?mode=ro", uri=True)) as copy:
        ballots, acts = (tuple(sorted(row[0] for row in copy.execute(sql))) for sql in _LEAVES)  # the copy, not the live table
    return target / SQLITE, Stored(ballots, acts)


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
    path, stored = _copy_database(target)
    if settings.MEDIA_ROOT.exists():
        shutil.copytree(settings.MEDIA_ROOT, target / MEDIA, copy_function=_copy_file)
    # After the database: files may be ahead of it, which a restore makes good, never behind.
    logs = log_copies.copy_logs(target / LOGS)
    _write_lists(target, path, stored)
    for path in target.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)
    _say(f"Backup of {len(stored.ballots)} ballots, the database, the media and the files of {logs} logs in {target}.")
    _say(
        f"Keys are not in it. Keep a copy of {settings.KEY_FOLDER} elsewhere, under lock: without them no ballot can be stored"
        " or found again, and phone numbers and addresses of accounts are lost."
    )
    return 0


def _write_lists(target: Path, database: Path, stored: Stored) -> None:
    """What is in the backup. The manifest is written last: a folder without it is no backup."""
    for name, lines in ((BALLOTS, stored.ballots), (ACTS, stored.acts)):
        (target / name).write_text("".join(f"{line}\n" for line in lines))
    manifest = {"made_at": timezone.now().isoformat(), "engine": connection.vendor, "ballots": len(stored.ballots)}
    manifest["sha256"] = {file.name: _digest(file) for file in (database, target / BALLOTS, target / ACTS)}
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def _read(source: Path) -> tuple[Path, Stored]:
    """Path of the copied database and what is in it. Raises SystemExit for what is no backup of this kind, or a damaged one."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text())
        kept = Stored(*(tuple((source / name).read_text().split()) for name in (BALLOTS, ACTS)))
    except (OSError, ValueError) as error:
        raise SystemExit(f"{source} holds no backup of Qatysu.") from error
    if manifest.get("engine") != connection.vendor:
        raise SystemExit(f"This backup is of {manifest.get('engine')}, the database is {connection.vendor}.")
    path = source / (SQLITE if connection.vendor == "sqlite" else DUMP)
    for file in (path, source / BALLOTS, source / ACTS):
        if not file.is_file() or _digest(file) != manifest.get("sha256", {}).get(file.name):
            raise SystemExit(f"This backup is damaged: {file.name} is not the file that was written.")
    return path, kept


def _refuse_loss(kept: Stored) -> None:
    """Ballots are never rolled back, nor acts that stand in no published log yet; those that do come back from there."""
    tables = connection.introspection.table_names()
    if Entry._meta.db_table not in tables or Ballot._meta.db_table not in tables:
        return
    lost = set(_stored().ballots) - set(kept.ballots)
    if lost:
        raise SystemExit(
            f"Refused: {len(lost)} stored ballots are not in this backup and would be lost. Ballots are never rolled back."
        )
    waiting = Entry.objects.filter(is_voters=False).exclude(idx__lt=F("log__published_size"))
    if set(_hex(waiting.values_list("leaf", flat=True))) - set(kept.acts):
        raise SystemExit(
            "Refused: acts wait to be published that are not in this backup and would be lost. Publish them: qatysu log seal NAME"
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
    log_copies.put_back_logs(source / LOGS)
    _say(f"Restored: {len(kept.ballots)} ballots, database and media.")
    _say(
        f"Keys are in no backup. {settings.KEY_FOLDER} must hold the keys of the portal that was backed up;"
        " `qatysu check` names the rounds whose key is missing."
    )
    return _forward()


def _forward() -> int:
    """Bring the restored database forward to what is published; 0 when it is there, 1 with what is left to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        _say("The restored database is older than the program. Run: qatysu manage migrate && qatysu check")
        return 0
    left = log_copies.recover_logs()
    for text in left:
        _say(f"- {text}")
    _say("`serve` and `worker` refuse to start until that is done." if left else "Start the web server and the worker anew.")
    return 1 if left else 0
