"""Processes die at every step while entries come in, and two sequencers run at once (LEDGER 1.6, threats 16 and 17)."""

from __future__ import annotations

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from qatysu.ledger.notes import open_checkpoint
from qatysu.verify.checking import Kept, verify
from qatysu.verify.source import Folder
from tests.places_of_their_own import python
from tests.verify.go import HAS_GO, build
from tests.verify.logs import Signer

pytestmark = pytest.mark.race
SIGNER = Signer("vote.example.kz/log/killed", b"k" * 32)
#: The eight points: before the first step, in the middle of writing, before marking, and after each step.
POINTS = ("start", "assign", "files", "write", "move", "sign", "publish", "tidy")


def work(env, *words, dies=False):
    return python(env, "-m", "tests.bulletin.worker", *words, status=9 if dies else 0)


def last(env, *words):
    return json.loads(work(env, *words)[-1])


def check(folder, saved):
    """Checkpoints kept on the way, against the final log: our verifier's tree, and Go's packages where they are installed."""
    report = verify(Folder(folder), SIGNER.verifier, kept=Kept(checkpoints=tuple(path.read_bytes() for path in saved)))
    assert [fault for fault in report.faults if fault.code not in ("entry", "no_manifest")] == []
    if not HAS_GO:
        return
    done = subprocess.run([build(folder.parent), folder, str(SIGNER.verifier), *saved], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_killed_at_every_step_no_entry_is_lost_or_doubled_and_all_checkpoints_agree(place, tmp_path):
    folder, saved, acknowledged = tmp_path / "log", [], []
    work(place, "prepare")
    for number, point in enumerate(POINTS):
        with ThreadPoolExecutor(2) as pool:
            coming = pool.submit(work, place, "submit", 1000 * number, 40)
            acknowledged += work(place, "submit", 1000 * number + 500, 30)
            acknowledged += coming.result()
            coming = pool.submit(work, place, "submit", 1000 * number + 700, 20)
            work(place, "die", folder, point, dies=True)
            acknowledged += coming.result()
        if (folder / "checkpoint").exists():
            saved.append(tmp_path / f"killed-{number}")
            saved[-1].write_bytes((folder / "checkpoint").read_bytes())
        work(place, "seal", folder, 2)
        saved.append(tmp_path / f"sealed-{number}")
        saved[-1].write_bytes((folder / "checkpoint").read_bytes())
    found = last(place, "look", folder)
    assert sorted(found["entries"]) == sorted(f"entry {number}" for number in acknowledged)
    assert (len(acknowledged), found["waiting"], found["found"]) == (90 * len(POINTS), 0, [])
    assert found["size"] == found["published"] == 90 * len(POINTS)
    check(folder, saved)


def test_two_sequencers_at_once_make_one_log(place, tmp_path):
    folder = tmp_path / "log"
    work(place, "prepare")
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(last, place, "seal", folder, 60) for _ in range(2)]
        taken = [pool.submit(work, place, "submit", 1000 * n, 60) for n in range(2)]
        acknowledged = [number for run in taken for number in run.result()]
        published = sum(run.result()["published"] for run in runs)
    published += last(place, "seal", folder, 3)["published"]
    found = last(place, "look", folder)
    assert (published, found["size"], found["waiting"], found["found"]) == (120, 120, 0, [])
    assert sorted(found["entries"]) == sorted(f"entry {number}" for number in acknowledged)


def test_sequencers_that_take_no_lock_are_kept_apart_by_comparison(place, tmp_path):
    """Each does one pass and stops after moving the head: one wins, the other loses the comparison or publishes what it finds."""
    folder = tmp_path / "log"
    work(place, "prepare")
    for number in range(4):
        work(place, "submit", 100 * number, 10)
        with ThreadPoolExecutor(2) as pool:
            moved = sum(run["published"] for run in pool.map(lambda _: last(place, "seal_without_locks", folder, 1), range(2)))
        assert moved == 1
        work(place, "seal", folder, 5)
    found = last(place, "look", folder)
    assert (found["size"], found["published"], found["waiting"], found["found"]) == (40, 40, 0, [])
    checkpoint, _ = open_checkpoint((folder / "checkpoint").read_bytes(), SIGNER.verifier)
    assert checkpoint.size == 40
