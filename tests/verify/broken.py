"""Broken logs: one list for our verifier, the single file and the modules in the browser (LEDGER 1.15).

Each kind says what ``qatysu verify`` and ``verify.py`` must name as the reason. The browser of a voter follows one ballot: it hashes
every entry, reads the tiles on the way of its own proof and of the checkpoint that it has pinned, and replays what concerns its
voter. ``sees`` is what it then says; where it is '' it cannot see the fault by its nature, and ``blind`` says why.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qatysu.ledger import merkle, notes
from qatysu.ledger.notes import Checkpoint, Signer
from tests.pure import test_replay
from tests.verify import logs
from tests.verify.logs import LOG, Entry, Files

OTHERS = "it concerns the ballot of another voter, or none"
COUNT = "only who recounts everything sees it: the browser counts nothing"
TILES = "the browser reads only the tiles on the way of its proofs"


@dataclass(frozen=True, slots=True)
class Broken:
    """One kind of broken log. ``kept`` are checkpoints that people have kept; ``pinned`` is the one that a browser has seen."""

    name: str
    files: Files
    code: str
    sees: str = ""
    blind: str = ""
    kept: tuple[bytes, ...] = ()
    pinned: bytes | None = None
    voters: tuple[bytes, ...] = ()


HONEST = [logs.raw(entry) for entry in logs.whole_round()]
FILES = logs.publish(HONEST, stops=(1, 256, 257, 400))
SIZE = len(HONEST)
LAST, WIDTH = SIZE // 256, SIZE % 256
NOTE = FILES["checkpoint"]
ROOT = notes.open_checkpoint(NOTE, LOG.verifier)[0].root
BODY = Checkpoint(LOG.name, SIZE, ROOT).text
CLOSED = next(at for at, entry in enumerate(HONEST) if b'"close"' in entry)
EDGE = f"tile/0/{LAST:03d}.p/{WIDTH}"
UPPER = f"tile/1/000.p/{LAST}"
#: Ballots whose voters look: an ordinary one, one that was replaced, the annulled one.
VOTERS = (HONEST[3], HONEST[2], HONEST[CLOSED - 1])


def changed(path: str, make: Callable[[bytes], bytes]) -> Files:
    """The honest files, one of them changed."""
    return Files({**FILES, path: make(FILES[path])})


def without(path: str) -> Files:
    """The honest files without one."""
    return Files({name: data for name, data in FILES.items() if name != path})


def exchanged(one: str, other: str) -> Files:
    """The honest files, two of them exchanged."""
    return Files({**FILES, one: FILES[other], other: FILES[one]})


def signed(text: str, signer: Signer = LOG) -> Callable[[bytes], bytes]:
    """Puts a signed note of this text in place of the checkpoint."""
    return lambda _: notes.sign(text, signer).encode()


def of(size: int = SIZE, root: bytes = ROOT, name: str = LOG.name) -> str:
    """The text of a checkpoint."""
    return Checkpoint(name, size, root).text


def flip(data: bytes, at: int = 0) -> bytes:
    """One bit changed."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def rebuilt(change: Callable[[list[Entry]], list[Entry]]) -> Files:
    """All files made anew after a change of the entries, with the right key: what only replay, kept files and witnesses can see."""
    return logs.publish([logs.raw(entry) for entry in change(logs.whole_round())])


def hashed_without_prefix() -> Files:
    """A log whose leaves are hashed without the byte 0 before them, consistently and with the right key."""
    plain = merkle.leaf_hash
    try:
        merkle.leaf_hash = lambda data: merkle.hashlib.sha256(data).digest()  # type: ignore[assignment, attr-defined]  # reason: broken on purpose
        return logs.publish(HONEST)
    finally:
        merkle.leaf_hash = plain  # type: ignore[assignment]  # reason: as it was


def _files() -> Iterable[Broken]:
    """Files that do not fit each other, or the key."""
    note, bundle, tile = "checkpoint", "tile/entries/000", "tile/0/000"
    yield Broken("no checkpoint", without(note), "checkpoint_missing", "checkpoint_missing")
    forged = {
        "an empty checkpoint": lambda d: b"",
        "a bit of the signature": lambda d: d[:-4] + b"AA=\n",
        "another size under the signature": lambda d: d.replace(b"%d" % SIZE, b"%d" % (SIZE - 1)),
        "a size with a zero before it": signed(BODY.replace(f"\n{SIZE}\n", f"\n0{SIZE}\n")),
        "a root hash of 31 bytes": signed(of(root=ROOT[:31])),
        "an extension line": signed(BODY + "more\n"),
        "lines that end as on Windows": lambda d: d.replace(b"\n", b"\r\n"),
        "no signature": lambda d: BODY.encode() + b"\n",
        "a signature of zeros": lambda d: d[: d.rindex(b" ") + 1] + b"A" * 91 + b"=\n",
        "more than a hundred signatures": lambda d: d + d.split(b"\n\n")[1].replace(b"vote", b"other") * 100,
        "a checkpoint larger than any": lambda d: d + b"\n" * 70_000,
        "another log's checkpoint": signed(of(name="other"), Signer("other", b"o" * 32)),
        "our name with a wrong key": signed(BODY, Signer(LOG.name, b"o" * 32)),
        "a foreign origin under our key": signed(of(name="foreign")),
        "a promise in place of the checkpoint": signed(f"qatysu.org/promise@v1\n{LOG.name}\n{'A' * 43}=\nby 1\n"),
    }
    for name, make in forged.items():
        yield Broken(name, changed(note, make), "checkpoint", "checkpoint")
    yield Broken("a root of nothing", changed(note, signed(of(root=bytes(32)))), "root", "root")
    yield Broken("one entry less than the files", changed(note, signed(of(SIZE - 1))), "entries_missing", "entries_missing")
    yield Broken("one entry more than the files", changed(note, signed(of(SIZE + 1))), "entries_missing", "entries_missing")
    yield Broken("a bundle missing", without("tile/entries/001"), "entries_missing", "entries_missing")
    for name, make in {
        "a bundle cut": lambda d: d[:-1], "a bundle with more": lambda d: d + b"\0\0", "a bundle empty": lambda d: b"",
        "a length that leads beyond the bundle": lambda d: b"\xff\xff" + d[2:],
    }.items():
        yield Broken(name, changed(bundle, make), "entries_cut", "entries_cut")
    yield Broken("two bundles exchanged", exchanged(bundle, "tile/entries/001"), "tile_differs", "root")
    yield Broken("a bit of an entry", changed(bundle, lambda d: flip(d, 900)), "tile_differs", "root")
    last = f"tile/entries/{LAST:03d}.p/{WIDTH}"
    yield Broken("a bit of the last entry", changed(last, lambda d: flip(d, len(d) - 3)), "root", "root")
    # From here on the files of entries are whole: a browser that has pinned an early checkpoint reads some tiles of hashes.
    early = FILES["saved/257"]
    yield Broken("a tile missing", without(tile), "tile_missing", blind=TILES, pinned=early)
    yield Broken("the partial tile missing", without(EDGE), "tile_missing", "tile_missing", pinned=early)
    yield Broken("the upper tile missing", without(UPPER), "tile_missing", "tile_missing", pinned=early)
    yield Broken("a tile cut", changed("tile/0/001", lambda d: d[:-32]), "tile_length", "tile_length", pinned=early)
    yield Broken("a tile with odd bytes", changed("tile/0/001", lambda d: d + b"x"), "tile_length", "tile_length", pinned=early)
    yield Broken("a bit of a tile", changed("tile/0/001", flip), "tile_differs", "tile_differs", pinned=early)
    yield Broken("a bit of a tile far away", changed(tile, flip), "tile_differs", blind=TILES, pinned=early)
    yield Broken("a bit of the upper tile", changed(UPPER, flip), "tile_differs", "tile_differs", pinned=early)
    yield Broken("two tiles exchanged", exchanged(tile, "tile/0/001"), "tile_differs", "tile_differs", pinned=early)
    yield Broken("leaves without the byte before them", hashed_without_prefix(), "tile_differs", "root")


def _shown_otherwise() -> Iterable[Broken]:
    """Each of these logs agrees with itself and has the right key: only what people keep shows it (threats 14, 15 and 16)."""
    other = logs.publish([logs.raw(entry) for entry in logs.whole_round(299)])
    longer = logs.publish([HONEST[0], *[logs.raw(logs.cast(f"x{i}", 1)) for i in range(SIZE)]])
    unannulled = rebuilt(lambda log: [*(e for e in log if e["t"] not in ("annul", "result"))])
    early = FILES["saved/400"]
    yield Broken("a log of other voters", other, "split_view", "split_view", kept=(early,), pinned=early)
    yield Broken("a longer log of other voters", longer, "split_view", "split_view", kept=(NOTE,), pinned=NOTE)
    yield Broken("an older state", logs.publish(HONEST[:400]), "rollback", "rollback", kept=(NOTE,), pinned=NOTE)
    root = changed("checkpoint", signed(of(root=bytes(32))))
    yield Broken("another root at the same size", root, "root", "split_view", kept=(NOTE,), pinned=NOTE)
    yield Broken("a deleted annulment, all else rebuilt", unannulled, "split_view", "split_view", kept=(early,), pinned=early)


def _rebuilt() -> Iterable[Broken]:
    """The right key, other entries."""
    for name, change, code, sees, blind in REBUILT:
        yield Broken(name, rebuilt(change), code, sees, blind)


_Change = Callable[[list[Entry]], list[Entry]]
REBUILT: tuple[tuple[str, _Change, str, str, str], ...] = (
    ("another winner", lambda log: [*log[:-1], log[-1] | {"winners": ["1", "4"]}], "winners", "", COUNT),
    ("a winner more", lambda log: [*log[:-1], log[-1] | {"winners": ["4", "1", "2"]}], "winners", "", COUNT),
    ("another sum", lambda log: [*log[:-1], log[-1] | {"spent": 79}], "spent", "", COUNT),
    ("a tie nobody decided", lambda log: [*log[:-1], log[-1] | {"tie_decision": []}], "open_tie", "", COUNT),
    ("a rule nobody knows", lambda log: [log[0] | {"rule": "lottery"}, *log[1:]], "rule", "", COUNT),
    ("a parameter nobody knows", lambda log: [log[0] | {"params": [["colour", "red"]]}, *log[1:]], "rule", "", COUNT),
    ("a higher threshold", lambda log: [log[0] | {"params": [["min_score", "120"]]}, *log[1:]], "winners", "", COUNT),
    ("a smaller budget", lambda log: [log[0] | {"budget": 50}, *log[1:]], "winners", "", COUNT),
    ("a ballot changed", lambda log: [*log[:3], log[3] | {"h": "0" * 64}, *log[4:]], "commitment", "commitment", ""),
    ("another's ballot changed", lambda log: [*log[:5], log[5] | {"h": "0" * 64}, *log[6:]], "commitment", "", OTHERS),
    ("a ballot dropped", lambda log: log[:5] + log[6:], "close_numbers", "close_numbers", ""),
    ("a ballot twice", lambda log: [*log[:9], log[3], *log[9:]], "double_vote", "double_vote", ""),
    ("an annulment dropped from the whole", lambda log: [entry for entry in log if entry["t"] != "annul"], "counts", "", COUNT),
)
#: Names as in ``tests.pure.test_replay``: what the browser of one of the three voters there sees. All others: '' and why.
_SMALL = {
    "no manifest": "manifest_place", "two manifests": "manifest_place", "a foreign manifest": "origin", "a double vote": "double_vote",
    "too many attempts": "too_many_attempts", "an earlier ballot dropped": "close_numbers",
    "a ballot dropped before the close": "close_numbers", "a ballot added before the close": "close_numbers",
    "closed twice": "closed_twice", "an annulment by one person": "one_person",
    "an annulment for a foreign reason": "reason", "annulled twice": "annulled_twice", "reinstated for nothing": "not_annulled",
    "an annulment after the result": "after_result", "opened before the close": "open_before_close", "opened twice": "opened_twice",
    "a replaced ballot opened": "opened_replaced", "another choice in the opening": "commitment",
    "another nonce in the opening": "commitment", "an opening missing": "not_opened", "two results": "result_twice",
    "an amendment by one person": "close_numbers", "an unknown kind": "close_numbers", "another version": "entry",
    "a further field": "entry", "a field missing": "entry", "a handle that is none": "unknown_ballot",
}
_BLIND = {
    "a ballot after the close": OTHERS,
    "an annulment of nothing": OTHERS, "approved before the result": OTHERS, "a foreign project taken out": OTHERS,
    "a project taken out after the result": OTHERS,
}


def _dishonest() -> Iterable[Broken]:
    """Every dishonest sequence of entries of ``tests.pure.test_replay``, published with the right key."""
    honest = test_replay.honest()
    voters = tuple(test_replay.raw(honest[at]) for at in (2, 1, 4))
    rows = test_replay.test_a_dishonest_log_is_refused.pytestmark[0].args[1]  # type: ignore[attr-defined]  # reason: pytest puts it there
    for name, change, code in rows:
        files = logs.publish([test_replay.raw(entry) for entry in change(test_replay.honest())])
        sees = _SMALL.get(name, "")
        yield Broken(name, files, code, sees, "" if sees else _BLIND.get(name, COUNT), voters=voters)
    spaced = [json.dumps(honest[2], sort_keys=True).encode()]
    for name, raw in {
        "an entry with spaces": spaced[0], "an entry of nothing": b"", "an entry that is too long": b'{"x":"' + b"x" * 4096 + b'"}',
    }.items():
        entries = [test_replay.raw(entry) for entry in honest]
        yield Broken(name, logs.publish([*entries[:2], raw, *entries[3:]]), "entry", "", OTHERS, voters=voters[1:])


BROKEN: tuple[Broken, ...] = (*_files(), *_shown_otherwise(), *_rebuilt(), *_dishonest())
