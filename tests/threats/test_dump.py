"""Threat 24: linking people to ballots by time, by order, or by what is left over in database, files and output.

Votes are cast in a known order; then everything that the installation has written anywhere is read, as a thief of its disk would.
"""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from qatysu.ballots import logs, sequencing
from qatysu.bulletin.models import Entry
from qatysu.core.regulation import Stage
from qatysu.ledger.leaf import derive_key
from qatysu.rounds.models import Round
from tests import factories
from tests.places_of_their_own import NAME, Portal, own_portal, python, until
from tests.strangers.test_log_of_http_votes import vote

VOTERS, BY_HTTP, PEOPLE = 400, 8, 6
#: Rank correlation of 400 independent pairs has the standard deviation 1/sqrt(399): 0.35 is seven of them, one in 10^11.
WIDE = 0.35


def rank_correlation(there: Sequence[object], known: Sequence[object]) -> float:
    """Spearman's rho between the places of the same things in two orders (none twice)."""
    place = {thing: at for at, thing in enumerate(known)}
    order = [place[thing] for thing in there if thing in place]
    n = len(order)
    assert n == len(known)
    return 1 - 6 * sum((at - was) ** 2 for at, was in enumerate(order)) / (n * (n * n - 1))


def places(round_: Round, leaves: Sequence[bytes]) -> list[bytes]:
    """The leaves in the order of the log."""
    rows = Entry.objects.filter(log=logs.log_of(round_), leaf__in=leaves).order_by("idx")
    return [bytes(leaf) for leaf in rows.values_list("leaf", flat=True)]


def test_threat_24_the_log_forgets_the_order_of_each_batch(voting_round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty batches of 50 with known shuffles: each alone and all together tell nothing of the order of voting."""
    seeds = iter(range(100))
    assert sequencing.SystemRandom is random.SystemRandom
    monkeypatch.setattr(sequencing, "SystemRandom", lambda: random.Random(next(seeds)))
    found, firsts = [], []
    for batch in range(30):
        leaves = [factories.cast(voting_round, f"voter {batch} {number}", ["1"]).leaf for number in range(50)]
        sequencing.seal_now(logs.log_of(voting_round), voting_round.created_at)
        there = places(voting_round, leaves)
        found.append(rank_correlation(there, leaves))
        firsts.append(there.index(leaves[0]))
    assert abs(sum(found) / len(found)) < 0.1
    assert max(map(abs, found)) < 0.6
    assert len(set(firsts)) > 15


def test_threat_24_the_shuffle_is_that_of_the_operating_system(voting_round: Round) -> None:
    leaves = [factories.cast(voting_round, f"voter {number}", ["1"]).leaf for number in range(VOTERS)]
    sequencing.seal_now(logs.log_of(voting_round), voting_round.created_at)
    assert abs(rank_correlation(places(voting_round, leaves), leaves)) < WIDE


def test_threat_24_the_box_is_not_closed_before_the_order_is_forgotten(
    voting_round: Round, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops the forgetting: the closing entry waits, and the next tick begins with it again."""
    factories.cast(voting_round, "voter", ["1"])
    factories.move_to(voting_round, Stage.AUDIT, now)
    tries = []

    def forget() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(sequencing, "forget_order", forget)
    sizes = []
    for _ in range(4):
        sequencing.tick(now)
        sizes.append(logs.log_of(voting_round).published_size)
    assert (sizes, len(tries)) == ([2, 2, 3, 3], 3)


@dataclass
class Stolen:
    """What lies on the disk after the close, and what the thief may not find there."""

    portal: Portal
    data: Path
    voters: list[list[str]]
    people: list[list[str]]
    codes: list[str]
    keys: dict[str, bytes]
    open_rows: list[list[str]]
    open_files: dict[str, bytes]

    def operator(self, *words: str) -> object:
        """A task of ``tests.strangers.operator``."""
        return json.loads(python(self.portal.env, "-m", "tests.strangers.operator", *words)[-1])

    def files(self) -> dict[str, bytes]:
        """Every file that the installation has, keys left out; and what its processes have printed."""
        return files_of(self.data) | {f"output {path.name}": path.read_bytes() for path in self.portal.output.glob("*.out")}

    @property
    def handles(self) -> set[str]:
        """Handles of all who voted in a known order or with an account."""
        return {row[2] for row in self.voters} | {row[3] for row in self.people}


def files_of(data: Path) -> dict[str, bytes]:
    """Files of the data folder but those of its key folder and the static files of the program."""
    found = [path for path in data.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(data)): path.read_bytes() for path in found if path.relative_to(data).parts[0] not in ("keys", "static")
    }


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Stolen]:
    """Votes by HTTP and by command, read while voting is open; then the close, and the round key sealed away."""
    folder = tmp_path_factory.mktemp("stolen")
    with own_portal(folder) as portal:
        found = Stolen(portal, Path(portal.env["QATYSU_DATA"]), [], [], [], {}, [], {})
        made = SimpleNamespace(voters=found.operator("prepare", str(BY_HTTP), "2"))
        found.codes = made.voters
        portal.serve()
        for number, code in enumerate(found.codes):
            vote(portal, number, code, ["1", "2"])[0].leave()
        found.voters = found.operator("cast_in_order", str(VOTERS))  # type: ignore[assignment]  # reason: JSON
        found.people = found.operator("people_vote", str(PEOPLE))  # type: ignore[assignment]  # reason: JSON
        portal.work()
        total = BY_HTTP + VOTERS + PEOPLE
        until(lambda: published(portal) == total + 1, "all votes are published")
        folder = found.data / "keys"
        found.keys = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".round", ".promise", ".log")}
        key = found.keys[f"{NAME}.round"]
        found.keys |= {purpose: derive_key(key, purpose) for purpose in ("voter", "open", "order")}
        found.open_rows = found.operator("rows")  # type: ignore[assignment]  # reason: JSON
        found.open_files = found.files()
        found.operator("end_voting")
        until(lambda: published(portal) == total + 2, "the worker has closed the box")
        found.operator("seal_key_away")
        yield found


def published(portal: Portal) -> int:
    """Size of the public log; 0 before the first checkpoint."""
    status, data = portal.get(f"/log/{NAME}/checkpoint")
    return int(data.split(b"\n")[1]) if status == 200 else 0


@pytest.mark.race
def test_threat_24_keys_stand_in_the_key_folder_and_nowhere_else(stolen: Stolen) -> None:
    """As bytes, in hex, in base64: in no file, no row, no line that a process has printed."""
    everything = {**{f"open: {name}": data for name, data in stolen.open_files.items()}, **stolen.files()}
    everything["rows"] = json.dumps([stolen.open_rows, stolen.operator("rows")]).encode()
    assert len(stolen.keys) == 7
    found = []
    for name, key in stolen.keys.items():
        shapes = (key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key)[:42], base64.urlsafe_b64encode(key)[:42])
        found += [(name, where) for where, data in everything.items() if any(shape in data for shape in shapes)]
    assert found == []


@pytest.mark.race
def test_threat_24_no_row_holds_a_handle_and_a_person(stolen: Stolen) -> None:
    persons = {word for row in stolen.people for word in row[:3]} | {row[1].removeprefix("code:") for row in stolen.voters}
    persons |= {row[1] for row in stolen.voters}
    rows = [*stolen.open_rows, *stolen.operator("rows")]  # type: ignore[misc]  # reason: JSON
    tables = {table for table, text in rows if stolen.handles & set(re.findall(r"\b[0-9a-f]{32}\b", text))}
    assert tables == {"ballots_participation", "ballots_ballot"}
    both = [table for table, text in rows if table in tables and any(person in text for person in persons)]
    assert both == []
    by_code = {row[1].removeprefix("code:") for row in stolen.voters}
    assert {table for table, text in rows if by_code & set(text.split())} == {"ballots_votingcode"}


@pytest.mark.race
def test_threat_24_no_code_is_stored_and_no_vote_is_printed(stolen: Stolen) -> None:
    """Printed codes are nowhere; what processes print names no handle, no fingerprint, no code, no person."""
    codes = [*stolen.codes, *(row[0] for row in stolen.voters)]
    plain = [shape.encode() for code in codes for shape in (code, code.replace("-", ""))]
    everything = {**stolen.open_files, **{f"closed: {name}": data for name, data in stolen.files().items()}}
    assert [name for name, data in everything.items() if any(code in data for code in plain)] == []
    secret = [*stolen.handles, *(row[3] for row in stolen.voters), *(word for row in stolen.people for word in row)]
    printed = {name: data for name, data in everything.items() if "output" in name}
    assert len(printed) >= 4
    assert [name for name, data in printed.items() if any(word.encode() in data for word in secret)] == []


@pytest.mark.race
def test_threat_24_rows_at_rest_lie_in_no_order_of_voting(stolen: Stolen) -> None:
    """By place and, on PostgreSQL, by version (xmin): correlation with the order of voting is that of chance."""
    ways = stolen.operator("lying")
    assert isinstance(ways, dict)
    known = {"handle": [row[2] for row in stolen.voters], "leaf": [row[3] for row in stolen.voters]}
    found = {}
    for way, there in ways.items():
        found[way] = rank_correlation(there, known["leaf" if "entry" in way else "handle"])
    assert {way: rho for way, rho in found.items() if abs(rho) > WIDE} == {}


@pytest.mark.race
def test_threat_24_files_of_the_database_hold_no_order_of_voting(stolen: Stolen) -> None:
    """SQLite: neither the database nor its log of writes keeps the rows where they first were."""
    files = {name: data for name, data in stolen.files().items() if "sqlite3" in name}
    known = [row[2] for row in stolen.voters]
    for name, data in files.items():
        firsts = {handle: data.find(handle.encode()) for handle in known}
        lasts = {handle: data.rfind(handle.encode()) for handle in known}
        for at in (firsts, lasts):
            # The log of writes holds a few pages again: the closing entry stands between others.
            there = sorted((handle for handle in known if at[handle] >= 0), key=lambda handle, at=at: at[handle])
            if len(there) > 60:
                rho = rank_correlation(there, [handle for handle in known if at[handle] >= 0])
                assert abs(rho) < 7 / (len(there) - 1) ** 0.5, name


@pytest.mark.race
def test_threat_24_nobody_computes_a_handle_after_the_key_was_sealed_away(stolen: Stolen) -> None:
    """The round key and what handles are made with stand in no file at all, the key folder included."""
    everything = [path.read_bytes() for path in stolen.data.rglob("*") if path.is_file()]
    for name in (f"{NAME}.round", "voter"):
        key = stolen.keys[name]
        assert not [1 for data in everything if key in data or key.hex().encode() in data or base64.b64encode(key)[:42] in data], name
    assert stolen.operator("standing", stolen.voters[0][1]) == "round_key_sealed"
    assert (stolen.data / "keys" / f"{NAME}.open").read_bytes() == stolen.keys["open"]
