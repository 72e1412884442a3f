"""Group commit: one thread stores the ballots of many requests in one transaction.

A commit that reaches the disk costs the same for one ballot as for fifty. Requests wait for the commit: a voter who sees
a receipt has a ballot on disk. Inside a batch the order is not that of arrival, so that rows do not tell who
came when (LEDGER 1.4): by handle, which is as good as random and the same for every process, so that two batches never wait
for each other in a circle. Off by default (tests, shell): then each cast has its own transaction through the same ``store``.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from itertools import groupby

from django.db import IntegrityError, connection, transaction

from qatysu.ballots.store import Cast, Stored, store, store_batch
from qatysu.bulletin.errors import LogRefusal
from qatysu.core.errors import QatysuError

log = logging.getLogger(__name__)
BATCH = 64
#: A voter is told to try again rather than left waiting when the database does not answer.
PATIENCE_S = 30


class _Job:
    """A cast and its answer. A bare lock wakes the request: it costs a fiftieth of a Future."""

    __slots__ = ("answer", "cast", "done")

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.answer: Stored | Exception = TimeoutError("the ballot was not stored in time")
        self.done = threading.Lock()
        self.done.acquire()


class GroupCommit:
    """Owns the thread, its queue and its database connection."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ballots", daemon=True)
        self._thread.start()

    def submit(self, cast: Cast) -> Stored:
        """Store ``cast`` with the next batch; returns after COMMIT. Raises what ``store`` raises, DatabaseError or TimeoutError."""
        job = _Job(cast)
        self._queue.put(job)
        job.done.acquire(timeout=PATIENCE_S)
        answer = job.answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _run(self) -> None:
        while True:
            jobs = [self._queue.get()]
            while len(jobs) < BATCH and not self._queue.empty():
                jobs.append(self._queue.get())
            jobs.sort(key=lambda job: (job.cast.round_id, job.cast.handle))
            for _, group in groupby(jobs, key=lambda job: job.cast.round_id):
                _settle(list(group))


def _settle(jobs: list[_Job]) -> None:
    """Store the casts of one round and wake those who wait for them; whatever happens, everybody gets an answer."""
    answers: Sequence[Stored | Exception]
    try:
        answers = _store_together([job.cast for job in jobs])
    except Exception as error:  # noqa: BLE001  # reason: the thread must go on, and each request says what happened to its ballot
        log.error("a batch of %d ballots was rolled back: %s", len(jobs), type(error).__name__)
        connection.close()
        answers = [error] * len(jobs)
    for job, answer in zip(jobs, answers, strict=True):
        job.answer = answer
        job.done.release()


def _store_together(casts: list[Cast]) -> Sequence[Stored | Exception]:
    """All in one transaction: with a few statements for all of them, or one by one when a guard refuses some."""
    if len({cast.handle for cast in casts}) == len(casts):
        try:
            return store_batch(casts)
        except (IntegrityError, LogRefusal):
            pass  # somebody's ballot is refused: find out whose
    with transaction.atomic():
        return [_attempt(cast) for cast in casts]


def _attempt(cast: Cast) -> Stored | Exception:
    try:
        with transaction.atomic():
            return store(cast)
    except QatysuError as refusal:
        return refusal


_running: GroupCommit | None = None
_starting = threading.Lock()


def start() -> None:
    """Start the writer of this process (once); called by ``qatysu serve``."""
    global _running
    with _starting:
        _running = _running or GroupCommit()


def commit(cast: Cast) -> Stored:
    """Store ``cast`` durably: through the writer when it runs, else in a transaction of its own."""
    if _running is not None:
        return _running.submit(cast)
    with transaction.atomic():
        return store(cast)
