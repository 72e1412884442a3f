"""A PostgreSQL cluster of our own for the time of the tests: temporary folder, unix socket, never as root."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


def programs() -> Path | None:
    """Folder of the newest installed PostgreSQL server, or None."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"), key=lambda path: int(path.split("/")[4]))
    path = found[-1] if found else shutil.which("pg_ctl")
    return Path(path).resolve().parent if path else None


def _owner() -> str:
    """An account without rights that may own the cluster when we are root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as_owner(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={_owner()}", "--clear-groups", *command]


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(
        _as_owner(command), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env=dict(os.environ, HOME=str(folder), LC_ALL="C.UTF-8"),
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout[-2000:]}")


@contextmanager
def cluster() -> Iterator[str]:
    """Start a cluster; the value is its DATABASE_URL. It is stopped and removed afterwards."""
    binaries = programs()
    if binaries is None:
        raise RuntimeError("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="qatysu-pg-"))
    data = folder / "data"
    folder.chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, _owner())
    # Speed over safety: this cluster lives for minutes.
    flags = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=100"
    try:
        _run([str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"], folder)
        _run([str(binaries / "pg_ctl"), "-D", str(data), "-o", flags, "-l", str(folder / "log"), "-w", "start"], folder)
        try:
            yield f"postgresql://postgres@{quote(str(folder), safe='')}/postgres"
        finally:
            _run([str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
