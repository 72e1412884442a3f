"""Processes that die (exit status 9) at a named step of casting or of sealing, in the environment of a place.

``python -m tests.strangers.dying serve POINT PORT`` serves the portal until the step has been reached often enough;
``python -m tests.strangers.dying seal POINT`` is a sequencer that works until it gets to the step. The steps are those of the
product's own code: here they are only interrupted.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from random import SystemRandom
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.db.backends.signals import connection_created

#: Before and after the statements of a ballot's transaction; after COMMIT and before anybody is answered; before the promise.
CASTING = ("before", "participation", "choices", "commit", "promise")
#: Before the first step, in the middle of writing, before marking, and after each step of ``bulletin.sealing``.
SEALING = ("start", "assign", "files", "write", "move", "sign", "publish", "tidy")
#: How many ballots pass the step before the process dies there: others are under way then.
PASS = 12


def _often_enough(count: Iterator[int]) -> bool:
    return next(count) > PASS


def _dies_at_statement(words: str, *, is_before: bool) -> None:
    """Die before or after the statement that contains ``words``, on whatever connection."""
    count = itertools.count(1)

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        is_it = words in sql and _often_enough(count)
        if is_it and is_before:
            os._exit(9)
        found = execute(sql, params, many, context)
        if is_it:
            os._exit(9)
        return found

    def begin(connection: Any, **_: Any) -> None:
        connection.execute_wrappers.append(watch)

    connection_created.connect(begin, weak=False)


def _dies_after(module: Any, name: str) -> None:
    count, plain = itertools.count(1), getattr(module, name)

    def watched(*args: Any, **more: Any) -> Any:
        found = plain(*args, **more)
        if _often_enough(count):
            os._exit(9)
        return found

    setattr(module, name, watched)


def serve(point: str, port: int) -> None:
    """Serve with ``qatysu.config.wsgi``, whose step ``point`` is deadly."""
    from qatysu.ballots import writer
    from qatysu.config import wsgi

    if point == "commit":
        _dies_after(writer, "_store_together")
    elif point == "promise":
        _dies_after(writer, "commit")
    elif point == "participation":
        _dies_at_statement("INSERT INTO ballots_participation", is_before=False)
    else:
        _dies_at_statement("INSERT INTO ballots_ballot", is_before=point == "before")

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True
        request_queue_size = 64

    class Handler(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            """Silent."""

    make_server("127.0.0.1", port, wsgi.serving(), Server, Handler).serve_forever()


def seal(point: str) -> None:
    """Put in order, seal and publish what waits, again and again; die right after ``point``."""
    from django.utils import timezone

    from qatysu.ballots import keys, logs
    from qatysu.bulletin.errors import Busy
    from qatysu.bulletin.models import Log
    from qatysu.bulletin.sealing import Sealing, one_writer
    from tests.bulletin.worker import DyingStorage

    if point == "start":
        os._exit(9)
    log = Log.objects.get(slate__isnull=False)
    storage, signer = logs.storage_of(log), keys.log_signer(logs.name_of(log), log.origin)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        used = DyingStorage(storage._root, 1) if point == "files" else storage  # type: ignore[attr-defined]  # reason: a folder here
        sealing = Sealing(log, used, signer, SystemRandom(), timezone.now())
        try:
            with one_writer(log, used):
                for name in sealing.steps():
                    if name == point:
                        os._exit(9)
                    if name == "publish" and point == "tidy":
                        sealing.tidy()
                        os._exit(9)
        except Busy:
            pass
        time.sleep(0.02)
    sys.exit(1)


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "serve":
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        seal(sys.argv[2])
