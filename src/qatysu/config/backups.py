"""``qatysu backup`` and ``qatysu restore``: database and media, never the keys; ballots are never rolled back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from qatysu.ballots.models import Ballot
from qatysu.config import demonstration

MANIFEST, BALLOTS, SQLITE, DUMP, MEDIA = "manifest.json", "ballots.txt", "database.sqlite3", "database.dump", "media"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _stored() -> list[str]:
    """Commitments of all stored ballots, sorted: they tell which ballots there are, and nothing about choices."""
    return sorted(Ballot.objects.values_list("commitment", flat=True))


def _postgres(program: str, *words: str) -> None:
    """Run ``pg_dump`` or ``pg_restore`` against our database. Raises SystemExit when it is absent or fails."""
    wanted = connection.settings_dict
    env = dict(os.environ)
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    env.update({name: str(wanted[key]) for name, key in names.items() if wanted.get(key)})
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"{program} is missing. On Debian: apt-get install postgresql-client")
    done = subprocess.run([path, *words], env=env, stderr=subprocess.PIPE, text=True)  # noqa: S603  # reason: fixed program, own words
    if done.returncode:
        raise SystemExit(f"{program} failed: {done.stderr.strip().splitlines()[-1]}")


def backup(folder: str) -> int:
    """Write a backup into ``folder``, which must be absent or empty. Raises SystemExit with a sentence."""
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise SystemExit(f"{target} is not an empty folder.")
    if not demonstration.has_tables():
        raise SystemExit("There is no database to back up.")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    # The list of ballots is read first: every ballot in it is surely in the copy made after it.
    ballots = _stored()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target / SQLITE)])
    else:
        _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={target / DUMP}")
    if settings.MEDIA_ROOT.exists():
        shutil.copytree(settings.MEDIA_ROOT, target / MEDIA)
    (target / BALLOTS).write_text("".join(f"{line}\n" for line in ballots))
    manifest = {"made_at": timezone.now().isoformat(), "engine": connection.vendor, "ballots": len(ballots)}
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    for path in target.iterdir():
        path.chmod(0o700 if path.is_dir() else 0o600)
    _say(f"Backup of {len(ballots)} ballots, the database and the media in {target}.")
    _say(f"Keys are not in it. Keep a copy of {settings.KEY_FOLDER} elsewhere, under lock: without them no ballot can be opened.")
    return 0


def _read(source: Path) -> tuple[dict[str, Any], set[str]]:
    try:
        manifest = json.loads((source / MANIFEST).read_text())
        kept = set((source / BALLOTS).read_text().split())
    except (OSError, ValueError) as error:
        raise SystemExit(f"{source} holds no backup of Qatysu.") from error
    if manifest.get("engine") != connection.vendor:
        raise SystemExit(f"This backup is of {manifest.get('engine')}, the database is {connection.vendor}.")
    return manifest, kept


def _refuse_loss(kept: set[str]) -> None:
    if not demonstration.has_tables() or Ballot._meta.db_table not in connection.introspection.table_names():
        return
    lost = set(_stored()) - kept
    if lost:
        raise SystemExit(
            f"Refused: {len(lost)} stored ballots are not in this backup and would be lost. Ballots are never rolled back."
        )


def _restore_sqlite(path: Path) -> None:
    name = str(connection.settings_dict["NAME"])
    connection.close()
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as source, sqlite3.connect(name, timeout=5) as target:
        if source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise SystemExit("The copy in this backup is damaged.")
        source.backup(target)
        target.execute("PRAGMA journal_mode=WAL")
    source.close()
    target.close()


def restore(folder: str) -> int:
    """Put the backup in ``folder`` in place of what there is. Raises SystemExit rather than lose a ballot."""
    source = Path(folder)
    _, kept = _read(source)
    _refuse_loss(kept)
    if connection.vendor == "sqlite":
        _restore_sqlite(source / SQLITE)
    else:
        connection.close()
        _postgres(
            "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
            f"--dbname={connection.settings_dict['NAME']}", str(source / DUMP),
        )
    if (source / MEDIA).exists():
        shutil.copytree(source / MEDIA, settings.MEDIA_ROOT, dirs_exist_ok=True)
    _say(f"Restored: {len(kept)} ballots, database and media. Start the web server and the worker anew.")
    return 0
