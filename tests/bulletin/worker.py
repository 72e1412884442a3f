"""Processes of the tests: ``python -m tests.bulletin.worker TASK FOLDER ...`` with the environment of a database of their own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402

from qatysu.bulletin import commands  # noqa: E402
from qatysu.bulletin.errors import LogRefusal  # noqa: E402
from qatysu.bulletin.models import Entry, Log  # noqa: E402
from qatysu.bulletin.sealing import Sealing, one_writer  # noqa: E402
from qatysu.bulletin.storage import FolderStorage  # noqa: E402
from qatysu.ledger.notes import Signer  # noqa: E402

ORIGIN = "vote.example.kz/log/killed"
SIGNER = Signer(ORIGIN, b"k" * 32)
NOW = datetime(2026, 11, 1, tzinfo=UTC)


class DyingStorage(FolderStorage):
    """Dies after so many files of the batch."""

    def __init__(self, root: Path, after: int) -> None:
        super().__init__(root)
        self.after = after

    def put_immutable(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Writes, then dies in the middle."""

        def few() -> Iterator[tuple[str, bytes]]:
            for count, file in enumerate(files):
                if count == self.after:
                    os._exit(9)
                yield file

        super().put_immutable(few())


def prepare() -> None:
    """An empty database with an empty log."""
    call_command("migrate", verbosity=0)
    commands.create_log(vkey=str(SIGNER.verifier), min_batch=1, max_delay_s=5)


def submit(start: int, count: int) -> None:
    """Entries ``start`` and following, a transaction each; prints a line for each that is acknowledged."""
    log = Log.objects.get()
    for number in range(start, start + count):
        with transaction.atomic():
            commands.submit(log, f"entry {number}".encode(), is_voters=number % 7 != 0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def die(folder: Path, step: str) -> None:
    """Seal, and die right after ``step`` ("start", "files" and "tidy" lie between steps)."""
    log = Log.objects.get()
    storage = DyingStorage(folder, 1) if step == "files" else FolderStorage(folder)
    if step == "start":
        os._exit(9)
    sealing = Sealing(log, storage, SIGNER, SystemRandom(), NOW)
    with one_writer(log, storage):
        for name in sealing.steps():
            if name == step:
                os._exit(9)
            if name == "publish" and step == "tidy":
                sealing.tidy()
                os._exit(9)


def seal(folder: Path, times: int = 1) -> None:
    """Seal; prints how often this process published and how often another one was at work."""
    log, done = Log.objects.get(), {"published": 0, "refused": 0}
    for _ in range(times):
        try:
            done["published"] += commands.seal_batch(
                log, storage=FolderStorage(folder), signer=SIGNER, rng=SystemRandom(), now=NOW
            )
        except LogRefusal as problem:
            if problem.marks:
                raise
            done["refused"] += 1
    sys.stdout.write(json.dumps(done) + "\n")


def seal_without_locks(folder: Path, times: int) -> None:
    """The steps of a sequencer that asks for no lock: only comparison keeps it from doing harm."""
    log, done = Log.objects.get(), {"published": 0, "refused": 0}
    for _ in range(times):
        sealing = Sealing(log, FolderStorage(folder), SIGNER, SystemRandom(), NOW, largest=3)
        try:
            for name in sealing.steps():
                done["published"] += name == "move"
                if name == "move":
                    break
        except LogRefusal as problem:
            if problem.marks:
                raise
            done["refused"] += 1
    sys.stdout.write(json.dumps(done) + "\n")


def look(folder: Path) -> None:
    """What the database holds and what a whole check finds."""
    log = Log.objects.get()
    placed = Entry.objects.filter(log=log).exclude(idx=None).order_by("idx")
    rows = [bytes(raw).decode() for raw in placed.values_list("raw", flat=True)]
    waiting = Entry.objects.filter(log=log, idx=None).count()
    found = commands.self_check(log, FolderStorage(folder))
    facts = {"entries": rows, "waiting": waiting, "found": found, "size": log.size, "published": log.published_size}
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    task, *rest = sys.argv[1:]
    if task == "prepare":
        prepare()
    elif task == "submit":
        submit(int(rest[0]), int(rest[1]))
    elif task == "die":
        die(Path(rest[0]), rest[1])
    elif task == "seal":
        seal(Path(rest[0]), int(rest[1]))
    elif task == "seal_without_locks":
        seal_without_locks(Path(rest[0]), int(rest[1]))
    else:
        look(Path(rest[0]))
