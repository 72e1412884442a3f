"""``qatysu serve`` and ``qatysu worker``."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import sys
import threading
from types import FrameType

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from qatysu.config import checking, demonstration
from qatysu.config import environment as env

THREADS = 32
#: Seconds between two looks at what is due.
TICK_S = 2.0


def prepare_database() -> None:
    """Make the tables of an empty SQLite file; elsewhere raise SystemExit when migrations are missing."""
    try:
        if connection.vendor == "sqlite" and not demonstration.has_tables():
            demonstration.migrate()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise SystemExit("The database is older than the program. Run: qatysu manage migrate")
    except OperationalError as error:
        raise SystemExit(f"The database does not answer: {str(error).splitlines()[0]}") from error
    demonstration.refuse_production()


def gather_static() -> None:
    """Copy static files to one folder and compress them; nothing when none has changed since."""
    found = sorted((path, storage.path(path)) for finder in get_finders() for path, storage in finder.list(None))
    seen = [(name, os.stat(path).st_mtime_ns, os.stat(path).st_size) for name, path in found]
    stamp, now = settings.STATIC_ROOT / ".gathered", hashlib.sha256(repr(seen).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == now:
        return
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise SystemExit(f"Cannot listen on {host}, port {port}: {getattr(error, 'strerror', None) or error}.") from None


def serve(host: str, port: int) -> int:
    """Serve until stopped. SQLite has one writer, hence one process; PostgreSQL has one process per core."""
    from granian import Granian  # reason: only this command needs it
    from granian.constants import Interfaces
    from granian.log import LogLevels

    prepare_database()
    _check_port(host, port)
    checking.refuse_unfit(checking.WEB)
    gather_static()
    on_postgres = connection.vendor == "postgresql"
    connection.close()
    quiet = env.text("QATYSU_LOG_LEVEL") != "INFO"
    sys.stderr.write(f"Qatysu listens on http://{host}:{port}\n" if not quiet else "")
    Granian(
        "qatysu.config.wsgi:serving",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=(os.cpu_count() or 1) if on_postgres else 1,
        blocking_threads=16 if on_postgres else THREADS,
        backpressure=256,
        # At 'warning' it remarks on the number of threads, which is meant.
        log_level=LogLevels.error if quiet else LogLevels.info,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
    return 0


def work(*, once: bool) -> int:
    """Do what is due, again and again until SIGTERM or Ctrl-C; a tick under way is finished first."""
    from qatysu.web import jobs  # reason: apps must be loaded first

    prepare_database()
    checking.refuse_unfit(checking.WORKER)
    if once:
        sys.stderr.write(f"{jobs.tick_now()}\n")
        return 0
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ended.is_set():
        jobs.tick_safely()
        ended.wait(TICK_S)
    return 0
