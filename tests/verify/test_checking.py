"""An honest log passes the verifier; each kind of broken files is refused with its own reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qatysu.ledger import merkle, notes, tiles
from qatysu.ledger.notes import Checkpoint, Signer
from qatysu.ledger.receipts import Promise
from qatysu.ledger.witnesses import Policy, WitnessKey, cosign
from qatysu.verify.checking import Kept, Report, verify
from qatysu.verify.source import Folder, Unreadable, Web, source_of
from tests.verify import logs
from tests.verify.logs import LOG, Entry, Files

HONEST = [logs.raw(entry) for entry in logs.whole_round()]
FILES = logs.publish(HONEST, stops=(1, 256, 257, 400))
KEY = LOG.verifier
WITNESS = Signer("witness.example", b"w" * 32)


def checked(files: Files, **more: object) -> Report:
    return verify(files, KEY, **more)  # type: ignore[arg-type]  # reason: a dictionary reads like a source


def codes(files: Files, **more: object) -> list[str]:
    return [fault.code for fault in checked(files, **more).faults]


def changed(path: str, make: Callable[[bytes], bytes]) -> Files:
    return Files({**FILES, path: make(FILES[path])})


def without(path: str) -> Files:
    return Files({name: data for name, data in FILES.items() if name != path})


def signed(size: int, root: bytes, name: str = LOG.name, signer: Signer = LOG) -> Callable[[bytes], bytes]:
    return lambda _: notes.sign(Checkpoint(name, size, root).text, signer).encode()


def flip(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def test_an_honest_log_is_good() -> None:
    seen: list[tuple[int, int]] = []
    report = checked(FILES, progress=lambda done, size: seen.append((done, size)))
    assert (report.faults, report.is_good) == ([], True)
    assert report.outcome is not None
    assert (report.outcome.winners, report.outcome.spent) == (("4", "1"), 80)
    assert seen[-1] == (len(HONEST), len(HONEST))


def test_kept_checkpoints_promises_and_receipts_of_the_log_agree() -> None:
    kept = Kept(
        tuple(data for name, data in FILES.items() if name.startswith("saved/")),
        (Promise(LOG.name, merkle.leaf_hash(HONEST[7]), 1),),
        (merkle.leaf_hash(HONEST[9]),),
    )
    assert codes(FILES, kept=kept, now=2) == []


ROOT = notes.open_checkpoint(FILES["checkpoint"], KEY)[0].root
SIZE = len(HONEST)
LAST = SIZE // 256
WIDTH = SIZE % 256


@pytest.mark.parametrize(
    ("name", "files", "code"),
    [
        ("no checkpoint", without("checkpoint"), "checkpoint_missing"),
        ("an empty checkpoint", changed("checkpoint", lambda d: b""), "checkpoint"),
        ("a bit of the signature", changed("checkpoint", lambda d: d[:-4] + b"AA=\n"), "checkpoint"),
        ("another size", changed("checkpoint", lambda d: d.replace(b"%d" % SIZE, b"%d" % (SIZE - 1))), "checkpoint"),
        ("a leading zero", changed("checkpoint", signed(SIZE, ROOT[:31])), "checkpoint"),
        ("another log's checkpoint", changed("checkpoint", signed(SIZE, ROOT, "other", Signer("other", b"o" * 32))), "checkpoint"),
        ("our name with a wrong key", changed("checkpoint", signed(SIZE, ROOT, signer=Signer(LOG.name, b"o" * 32))), "checkpoint"),
        ("a foreign origin under our key", changed("checkpoint", signed(SIZE, ROOT, "foreign")), "checkpoint"),
        ("a root of nothing", changed("checkpoint", signed(SIZE, bytes(32))), "root"),
        ("one entry less than the files", changed("checkpoint", signed(SIZE - 1, ROOT)), "entries_missing"),
        ("one entry more than the files", changed("checkpoint", signed(SIZE + 1, ROOT)), "entries_missing"),
        ("a bundle missing", without("tile/entries/001"), "entries_missing"),
        ("a bundle cut", changed("tile/entries/001", lambda d: d[:-1]), "entries_cut"),
        ("a bundle with more", changed("tile/entries/001", lambda d: d + b"\0\0"), "entries_cut"),
        ("a bundle empty", changed("tile/entries/000", lambda d: b""), "entries_cut"),
        ("two bundles exchanged", Files({**FILES, "tile/entries/000": FILES["tile/entries/001"],
                                         "tile/entries/001": FILES["tile/entries/000"]}), "tile_differs"),
        ("a bit of an entry", changed("tile/entries/000", lambda d: d[:900] + flip(d[900:])), "tile_differs"),
        ("a bit of the last entry", changed(f"tile/entries/{LAST:03d}.p/{WIDTH}", lambda d: d[:-3] + flip(d[-3:])), "root"),
        ("a tile missing", without("tile/0/000"), "tile_missing"),
        ("the partial tile missing", without(f"tile/0/{LAST:03d}.p/{WIDTH}"), "tile_missing"),
        ("the upper tile missing", without(f"tile/1/000.p/{LAST}"), "tile_missing"),
        ("a tile cut", changed("tile/0/001", lambda d: d[:-32]), "tile_length"),
        ("a tile with odd bytes", changed("tile/0/001", lambda d: d + b"x"), "tile_length"),
        ("a bit of a tile", changed("tile/0/001", flip), "tile_differs"),
        ("a bit of the upper tile", changed(f"tile/1/000.p/{LAST}", flip), "tile_differs"),
        ("two tiles exchanged", Files({**FILES, "tile/0/000": FILES["tile/0/001"],
                                       "tile/0/001": FILES["tile/0/000"]}), "tile_differs"),
    ],
)
def test_broken_files_are_refused(name: str, files: Files, code: str) -> None:
    assert code in codes(files), name


def rebuilt(change: Callable[[list[Entry]], list[Entry]]) -> Files:
    """All files made anew after a change of the entries, with the right key: what only replay, kept files and witnesses can see."""
    return logs.publish([logs.raw(entry) for entry in change(logs.whole_round())])


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("another winner", lambda log: [*log[:-1], log[-1] | {"winners": ["1", "4"]}], "winners"),
        ("a winner more", lambda log: [*log[:-1], log[-1] | {"winners": ["4", "1", "2"]}], "winners"),
        ("another sum", lambda log: [*log[:-1], log[-1] | {"spent": 79}], "spent"),
        ("a tie nobody decided", lambda log: [*log[:-1], log[-1] | {"tie_decision": []}], "open_tie"),
        ("a rule nobody knows", lambda log: [log[0] | {"rule": "lottery"}, *log[1:]], "rule"),
        ("a parameter nobody knows", lambda log: [log[0] | {"params": [["colour", "red"]]}, *log[1:]], "rule"),
        ("a higher threshold", lambda log: [log[0] | {"params": [["min_score", "120"]]}, *log[1:]], "winners"),
        ("a smaller budget", lambda log: [log[0] | {"budget": 50}, *log[1:]], "winners"),
        ("a ballot changed", lambda log: [*log[:5], log[5] | {"h": "0" * 64}, *log[6:]], "commitment"),
        ("a ballot dropped", lambda log: log[:5] + log[6:], "close_numbers"),
        ("an annulment dropped", lambda log: [entry for entry in log if entry["t"] != "annul"], "counts"),
    ],
)
def test_a_log_rebuilt_with_the_right_key_is_refused(name: str, change: Callable[[list[Entry]], list[Entry]], code: str) -> None:
    assert code in codes(rebuilt(change)), name


def test_a_log_rebuilt_without_a_voter_shows_in_kept_checkpoints() -> None:
    """Everything agrees with itself, and still it is another log."""
    files = logs.publish([logs.raw(entry) for entry in logs.whole_round(299)])
    assert codes(files) == []
    assert codes(files, kept=Kept((FILES["saved/400"],))) == ["split_view"]
    assert codes(files, kept=Kept((FILES["checkpoint"],))) == ["rollback"]
    assert codes(files, kept=Kept((FILES["saved/1"],))) == []
    assert codes(files, kept=Kept((b"no note",))) == ["saved"]


def test_broken_promises_and_lost_ballots_are_named() -> None:
    promise = Promise(LOG.name, merkle.leaf_hash(b"never sealed"), 1000)
    assert codes(FILES, kept=Kept(promises=(promise,)), now=1001) == ["broken_promise"]
    assert codes(FILES, kept=Kept(promises=(promise,)), now=999) == []
    assert codes(FILES, kept=Kept(leaves=(bytes(32),))) == ["receipt_missing"]


def test_the_final_checkpoint_needs_its_witnesses() -> None:
    policy = Policy(KEY, (WitnessKey(WITNESS.name, WITNESS.verifier.public),), 1)
    assert codes(FILES, policy=policy) == ["quorum"]
    text = notes.parse(FILES["checkpoint"]).text
    witnessed = Files({**FILES, "checkpoint": FILES["checkpoint"] + cosign(WITNESS, text, 5).encode()})
    report = checked(witnessed, policy=policy)
    assert (report.faults, report.witnesses) == ([], (WITNESS.name,))
    forged = Files({**FILES, "checkpoint": FILES["checkpoint"] + cosign(WITNESS, text.replace("4", "5"), 5).encode()})
    assert codes(forged, policy=policy) == ["checkpoint"]


def test_a_log_without_a_result_yet_is_good_and_says_nothing_of_winners() -> None:
    report = checked(logs.publish(HONEST[:202]))
    assert (report.faults, report.outcome) == ([], None)


def test_a_full_bundle_serves_for_a_partial_one() -> None:
    short = logs.publish(HONEST[:100])
    longer = logs.publish(HONEST[:256])
    files = Files({**longer, "checkpoint": short["checkpoint"]})
    assert codes(files) == []


def test_folders_and_addresses_are_read(tmp_path: Path) -> None:
    folder = FILES.write(tmp_path)
    assert verify(source_of(str(folder)), KEY).faults == []
    assert Folder(folder).get("tile/0/999") is None
    assert Folder(folder).get("tile") is None
    for place in ("/nowhere/at/all", "ftp://example.org/log"):
        with pytest.raises(Unreadable):
            source_of(place)
    assert isinstance(source_of("https://example.org/log"), Web)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_changed_byte_is_seen(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(name for name in FILES if name != "vkey" and not name.startswith("saved"))))
    at, bit = data.draw(st.integers(0, len(FILES[path]) - 1)), data.draw(st.integers(0, 7))
    body = bytearray(FILES[path])
    body[at] ^= 1 << bit
    assert codes(Files({**FILES, path: bytes(body)})) != []


def test_tiles_of_the_log_are_all_there() -> None:
    assert {tiles.tile_path(*tile) for tile in tiles.widths(SIZE)} <= set(FILES)
