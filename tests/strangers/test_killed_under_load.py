"""Server, worker and sequencer are killed at every step while people vote through HTTP: no acknowledged ballot is lost, none is in
the log twice, and all checkpoints that anybody saw agree (LEDGER 1.6; threats 1 and 17). On the database that the suite runs on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from qatysu.ledger.entries import decode
from qatysu.ledger.notes import VerifierKey, open_checkpoint
from qatysu.ledger.receipts import open_promise
from qatysu.ledger.tiles import first_entries
from qatysu.verify.checking import Kept, verify
from qatysu.verify.source import Folder
from tests.places_of_their_own import NAME, QATYSU, Portal, own_portal, python, until
from tests.strangers.crowd import Crowd, Observer
from tests.strangers.dying import CASTING, SEALING
from tests.verify.go import HAS_GO, build

pytestmark = pytest.mark.race
FAR_FUTURE = 10**11


def operator(portal: Portal, *words: str) -> object:
    """A task of ``tests.strangers.operator``."""
    return json.loads(python(portal.env, "-m", "tests.strangers.operator", *words)[-1])


def more(crowd: Crowd, count: int) -> None:
    """Wait until so many more ballots are acknowledged."""
    wanted = crowd.acknowledged + count
    until(lambda: crowd.acknowledged >= wanted or crowd.faults, f"{count} more ballots")


def kill_servers(portal: Portal, crowd: Crowd, chance: Random) -> None:
    """At each step of casting, then at moments that only chance knows."""
    for point in CASTING:
        portal.end("serve")
        dying = portal.start("dying-server", sys.executable, "-m", "tests.strangers.dying", "serve", point, str(portal.port))
        assert dying.wait(timeout=90) == 9, (portal.output / "dying-server.out").read_text()[-3000:]
        portal.running.pop("dying-server")
        portal.serve()
        more(crowd, 10)
    for _ in range(2):
        more(crowd, chance.randint(1, 30))
        portal.end("serve")
        portal.serve()


def kill_sequencers(portal: Portal, crowd: Crowd, chance: Random) -> None:
    """At each step of sealing: the next one finishes what the one before has begun. Then the worker itself, by chance."""
    for point in SEALING:
        dying = portal.start("dying-sequencer", sys.executable, "-m", "tests.strangers.dying", "seal", point)
        assert dying.wait(timeout=90) == 9, (portal.output / "dying-sequencer.out").read_text()[-3000:]
        portal.running.pop("dying-sequencer")
        more(crowd, 5)
    for _ in range(2):
        portal.work()
        more(crowd, chance.randint(1, 40))
        portal.end("worker")
    portal.work()


def test_threat_17_killed_at_every_step_while_people_vote(tmp_path: Path, django_db_setup: None) -> None:
    with own_portal(tmp_path) as portal:
        codes = operator(portal, "prepare", "6000", "2")
        assert isinstance(codes, list)
        folder = Path(portal.env["QATYSU_DATA"]) / "logs" / NAME
        crowd, observer = Crowd(portal, codes), Observer(folder)
        portal.serve()
        with observer.watching(), crowd.voting(), ThreadPoolExecutor(2) as killers:
            killed = [killers.submit(act, portal, crowd, Random(17)) for act in (kill_servers, kill_sequencers)]
            for one in killed:
                one.result()
        facts = operator(portal, "look")
        until(lambda: is_published(portal), "everything is published")
        portal.end("worker")
        facts = operator(portal, "look")
        assert isinstance(facts, dict)
        check_ballots(crowd, facts)
        check_log(crowd, observer, folder, tmp_path)
        assert operator(portal, "self_check") == []
        done = subprocess.run([QATYSU, "verify", portal.log], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def is_published(portal: Portal) -> bool:
    """Whether nothing waits any more."""
    facts = operator(portal, "look")
    return isinstance(facts, dict) and facts["waiting"] == 0 and facts["published"] == facts["size"]


def leaves_promised(crowd: Crowd, promise_key: VerifierKey) -> list[str]:
    """Leaf hashes that voters were promised; a form that was sent twice was promised twice."""
    return [open_promise(data, promise_key).leaf.hex() for data in crowd.promises]


def check_ballots(crowd: Crowd, facts: dict[str, object]) -> None:
    """Numbers of rows, entries and acknowledgements belong together."""
    casts = facts["casts"]
    assert isinstance(casts, list)
    assert len(set(casts)) == len(casts) == facts["ballots"] == facts["attempts"] == facts["fingerprints"]
    assert 0 <= len(casts) - crowd.acknowledged <= crowd.gave_up
    assert facts["kinds"] == {"manifest": 1, "cast": len(casts)}
    assert facts["indexes"] is True
    stored = facts["choices"]
    assert isinstance(stored, dict)
    assert {choices: times for choices, times in crowd.choices.items() if stored.get(choices, 0) < times} == {}
    assert sum(stored.values()) == facts["voters"]


def check_log(crowd: Crowd, observer: Observer, folder: Path, tmp_path: Path) -> None:
    """Every promise is kept, every checkpoint that was seen is of this log, for strangers too."""
    key = VerifierKey.parse((folder.parent.parent / "keys" / f"{NAME}.vkey").read_text().strip())
    bundle = next(path for path in (folder / "tile/entries/000", *(folder / "tile/entries/000.p").glob("*")) if path.is_file())
    promise_key = VerifierKey.parse(decode(first_entries(bundle.read_bytes(), 1)[0])["promise"])
    promised = leaves_promised(crowd, promise_key)
    assert len(set(promised)) == len(promised) == crowd.acknowledged
    kept = Kept(
        checkpoints=tuple(observer.seen), promises=tuple(open_promise(data, promise_key) for data in crowd.promises),
        leaves=tuple(bytes.fromhex(leaf) for leaf in promised),
    )
    report = verify(Folder(folder), key, kept=kept, now=FAR_FUTURE)
    assert report.faults == []
    sizes = [open_checkpoint(data, key)[0].size for data in observer.seen]
    assert len(sizes) == len(set(sizes)) > len(SEALING) // 2
    assert sizes == sorted(sizes)
    if HAS_GO:
        saved = [tmp_path / f"seen-{size}" for size in sizes]
        for path, data in zip(saved, observer.seen, strict=True):
            path.write_bytes(data)
        done = subprocess.run([build(tmp_path), folder, str(key), *saved], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
