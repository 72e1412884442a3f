"""Seal a large log: ``python bench/bulletin.py [entries] [per batch]``. Uses a database and a folder of its own below /tmp.

Prints entries per second of taking in and of sealing (rows placed, files written and flushed, checkpoint signed), files and
megabytes, and how long a whole self-check takes. ``DATABASE_URL`` chooses PostgreSQL: give an empty database.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom

PLACE = Path(tempfile.mkdtemp(prefix="bench-bulletin-"))
os.environ |= {"QATYSU_DATA": str(PLACE / "data"), "DJANGO_SETTINGS_MODULE": "qatysu.config.settings", "QATYSU_DEMO": "0"}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from qatysu.bulletin import commands  # noqa: E402
from qatysu.bulletin.storage import FolderStorage  # noqa: E402
from qatysu.ledger.entries import encode  # noqa: E402
from qatysu.ledger.notes import Signer  # noqa: E402


def cast(number: int) -> bytes:
    """An entry of the size that a ballot has."""
    return encode({"t": "cast", "v": 1, "b": f"{number:032x}", "n": 1, "h": f"{number:064x}"})


def main(count: int, batch: int) -> None:
    """One run; everything it made is removed again."""
    call_command("migrate", verbosity=0)
    signer = Signer("bench.example.kz/log/one", os.urandom(32))
    log = commands.create_log(vkey=str(signer.verifier), min_batch=1, max_delay_s=5)
    storage = FolderStorage(PLACE / "log")
    taking = sealing = 0.0
    for start in range(0, count, batch):
        entries = [cast(number) for number in range(start, min(start + batch, count))]
        at = time.perf_counter()
        commands.submit_all(log, entries, is_voters=True)
        middle = time.perf_counter()
        commands.seal_batch(log, storage=storage, signer=signer, rng=SystemRandom(), now=datetime.now(UTC))
        taking, sealing = taking + middle - at, sealing + time.perf_counter() - middle
    at = time.perf_counter()
    found = commands.self_check(log, storage)
    checking = time.perf_counter() - at
    files = [path for path in (PLACE / "log").rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{connection.vendor}: {count:,} entries in batches of {batch:,}")
    print(f"taken in   {taking:7.1f} s   {count / taking:9,.0f} entries/s")
    print(f"sealed     {sealing:7.1f} s   {count / sealing:9,.0f} entries/s")
    print(f"checked    {checking:7.1f} s   {count / checking:9,.0f} entries/s   findings: {len(found)}")
    print(f"published  {len(files):,} files, {size / 1e6:.0f} MB")


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
    finally:
        shutil.rmtree(PLACE)
