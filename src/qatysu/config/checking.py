"""``qatysu check``: what makes this installation unsafe, in sentences."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from qatysu.config import demonstration
from qatysu.config import environment as env

if TYPE_CHECKING:
    from qatysu.ballots.key_files import Fault
    from qatysu.ballots.models import Slate


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


#: What is wrong with a key file, and what to do.
_KEY_FAULTS = {
    "absent": "{path} is not here: no ballot of this round can be stored, promised or opened. Put its copy in place.",
    "not_for_us": "{path} cannot be read by this user. Give the file to the user of the web server.",
    "readable_by_others": "{path} can be read by others. Run: chmod go-rwx {path}",
    "empty": "{path} is empty. Put its copy in place.",
    "length": "{path} has not the length of a key. Put its copy in place.",
    "constant": "{path} is no key but one byte repeated. Somebody has put it there.",
    "known": "{path} is a key of a test or an example that everybody knows. It must not guard an election.",
    "demonstration": "{path} was made by the demonstration. It must not guard an election.",
    "foreign": "{path} is not the key that the ballot of {name} was frozen with. Put its copy in place.",
}
#: Who asks decides which keys must be there.
WEB, WORKER, ALL = "web", "worker", "all"


def _kinds(slate: Slate) -> tuple[str, ...]:
    """Keys that the web server needs for a round now."""
    from qatysu.ballots.key_states import is_closed  # reason: apps must be loaded first
    from qatysu.ballots.keys import path_of
    from qatysu.ballots.queries import opening_of

    if slate.log is None:
        return ("round",)
    if not is_closed(slate.log):
        return ("round", "promise", "vkey")
    if opening_of(slate.round) is not None:
        return ("vkey",)
    return ("open" if path_of(str(slate.round), "open").exists() else "round", "vkey")


def _frozen() -> list[Slate]:
    """Frozen rounds whose log is not ended."""
    from qatysu.ballots.models import Slate  # reason: apps must be loaded first

    return list(Slate.objects.select_related("round__city", "log").filter(log__frozen_at=None).order_by("pk"))


def key_faults(who: str) -> Iterator[str]:
    """What is wrong with the keys of rounds, for the web server, the worker or ``qatysu check``."""
    from qatysu.ballots import key_files  # reason: apps must be loaded first

    if not demonstration.has_tables():
        return
    for slate in _frozen():
        wanted = _kinds(slate) if who != WORKER else ()
        found = list(key_files.faults(slate, wanted))
        if slate.log is not None:
            found += [fault for fault in key_files.faults(slate, ["log"]) if _matters(fault, who)]
        for fault in found:
            name = str(slate.round)
            yield f"The {fault.kind} key of {name}: {_KEY_FAULTS[fault.code].format(path=fault.path, name=name)}"


def _matters(fault: Fault, who: str) -> bool:
    """The key of a log belongs to the worker alone: that others lack it is as it should be."""
    if fault.code not in ("absent", "not_for_us"):
        return True
    return who == ALL and settings.LOG_KEY_FOLDER == settings.KEY_FOLDER


def cannot_seal() -> list[str]:
    """Logs that this user cannot seal for want of their key, one sentence each. Nothing else of the worker's needs it."""
    from qatysu.ballots import key_files  # reason: apps must be loaded first

    found = []
    for slate in _frozen():
        for fault in key_files.faults(slate, ["log"]) if slate.log is not None else ():
            if not _matters(fault, WORKER):
                found.append(f"The log of {slate.round} cannot be sealed: {fault.path} is not here, or not for this user.")
    return found


def _round_keys() -> Iterator[str]:
    yield from key_faults(ALL)
    yield from (text for text, stops in _logs() if stops)


def _logs() -> Iterator[tuple[str, bool]]:
    """What is wrong with logs, and whether nothing may be served before it is mended.

    A log of which somebody has changed something is served all the same, with its banner: people shall see it.
    """
    from qatysu.bulletin.errors import Behind, FilesOld  # reason: apps must be loaded first
    from qatysu.config import log_commands

    for name, problem in log_commands.unfit_logs() if demonstration.has_tables() else ():
        yield log_commands.explain(name, problem), isinstance(problem, Behind | FilesOld)


def notes() -> list[str]:
    """What somebody should do, though the portal may be served without it."""
    from qatysu.ballots import key_states  # reason: apps must be loaded first

    if not demonstration.has_tables():
        return []
    found = [text for text, stops in _logs() if not stops]
    for slate in _frozen():
        one = key_states.standing(slate)
        if one.state is key_states.State.HELD and one.is_closed and not settings.DEMO:
            found.append(f"Voting in {one.name} is closed and its round key is still here. See: qatysu keys seal {one.name}")
        elif one.state is key_states.State.HELD and not key_states.was_rehearsed(slate) and not settings.DEMO:
            found.append(f"The commission cannot bring the key of {one.name} back yet: qatysu keys share {one.name} --folder DIR, then"
                         f" qatysu keys rehearse {one.name}")
    return found


def refuse_unfit(who: str) -> None:
    """For the start of ``serve`` and ``worker``: raises SystemExit while keys are unfit or the database is behind a published log."""
    found = list(key_faults(who))
    if not settings.DEMO and demonstration.is_marked():
        found.append("This database holds the demonstration; its accounts and keys are no secret. Set QATYSU_DEMO=1 to show it.")
    for text, stops in _logs():
        if stops:
            found.append(text)
        else:
            sys.stderr.write(f"Warning: {text}\n")
    if found:
        raise SystemExit("\n".join(["Qatysu does not start:", *(f"- {text}" for text in found)]))
    for text in cannot_seal() if who == WORKER else ():
        sys.stderr.write(f"{text}\n")


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
    for text in notes():
        sys.stderr.write(f"Note: {text}\n")
    where = Path(settings.DATA)
    sys.stderr.write(f"{len(found)} to mend. Data: {where}\n" if found else f"All checks passed. Data: {where}\n")
    return 1 if found else 0
