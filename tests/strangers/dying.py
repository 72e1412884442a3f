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
from collections.abc import Callable
from random import SystemRandom
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

#: Inside the transaction of a ballot, after each of its statements; after COMMIT and before anybody is answered; before the promise.
CASTING = ("participation", "entry", "choices", "commit", "promise")
#: Before the first step, in the middle of writing, before marking, and after each step of ``bulletin.sealing``.
SEALING = ("start", "assign", "files", "write", "move", "sign", "publish", "tidy")
#: How many ballots pass the step before the process dies there: others are under way then.
PASS = 12


def _dying(act: Callable[..., Any]) -> Callable[..., Any]:
    count = itertools.count(1)

    def wrapped(*args: Any, **more: Any) -> Any:
        found = act(*args, **more)
        if next(count) > PASS:
            os._exit(9)
        return found

    return wrapped


def serve(point: str, port: int) -> None:
    """Serve with ``qatysu.config.wsgi``, whose step ``point`` is deadly."""
    from qatysu.ballots import casting, store, writer
    from qatysu.config import wsgi

    place = {
        "participation": (store, "_advance"), "entry": (store, "take_in"), "choices": (store, "_insert"),
        "commit": (writer, "_store_together"), "promise": (casting, "_promise"),
    }
    module, name = place[point]
    if point == "promise":
        count = itertools.count(1)
        plain = casting._promise
        setattr(module, name, lambda *args: os._exit(9) if next(count) > PASS else plain(*args))
    else:
        setattr(module, name, _dying(getattr(module, name)))

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
