"""Everything that public files can show: signatures, tree, tiles, entries, counts, winners, and what people have kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from qatysu.core.errors import Invalid
from qatysu.ledger import tiles
from qatysu.ledger.merkle import Frontier, leaf_hash
from qatysu.ledger.notes import BadNote, Checkpoint, VerifierKey, open_checkpoint, parse
from qatysu.ledger.receipts import Promise
from qatysu.ledger.replay import Fault, Replay
from qatysu.ledger.tiles import HASH, HEIGHT, WIDTH, BadTile
from qatysu.ledger.witnesses import Policy
from qatysu.rules.model import Outcome
from qatysu.verify.outcome import outcome
from qatysu.verify.source import Source

#: Called with (entries done, entries in all).
Progress = Callable[[int, int], None]
#: After so many faults the rest would only repeat them.
MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person has kept and wants compared: checkpoints seen earlier (as notes), promises, leaf hashes of receipts."""

    checkpoints: tuple[bytes, ...] = ()
    promises: tuple[Promise, ...] = ()
    leaves: tuple[bytes, ...] = ()


@dataclass(slots=True)
class Report:
    """What was found. Without ``faults`` everything that is public agrees; ``outcome`` is there once a result is."""

    key: VerifierKey
    checkpoint: Checkpoint | None = None
    replay: Replay | None = None
    outcome: Outcome | None = None
    witnesses: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(self, code: str, text: str, index: int = -1) -> None:
        """One more fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(index, code, text))


def verify(
    source: Source,
    key: VerifierKey,
    *,
    kept: Kept | None = None,
    policy: Policy | None = None,
    now: int | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check the log of ``key`` from its files, entry by entry; ``now`` (Unix time) decides which promises are due.

    Memory grows with the number of voters, not of files. Raises Unreadable when files cannot be reached.
    """
    report, kept = Report(key), kept or Kept()
    data = source.get("checkpoint")
    if data is None:
        report.add("checkpoint_missing", "there is no checkpoint")
        return report
    try:
        report.checkpoint, _ = open_checkpoint(data, key)
        if policy is not None:
            report.witnesses = policy.witnessed(parse(data))
    except BadNote as problem:
        report.add("checkpoint", str(problem))
        return report
    _read(source, report, kept, now, progress)
    _witnessed(report, policy)
    _recount(report)
    return report


def _read(source: Source, report: Report, kept: Kept, now: int | None, progress: Progress | None) -> None:
    head = report.checkpoint
    assert head is not None  # noqa: S101  # reason: verify() has read it
    walk = _Walk(source, report, head.size)
    saved = _saved(report, kept)
    leaves: dict[bytes, int] = {}
    wanted = {p.leaf for p in kept.promises} | set(kept.leaves)
    replay = report.replay = Replay(report.key.name)
    walk.compare(saved)
    for number in range(-(-head.size // WIDTH)):
        entries = walk.bundle(number)
        if entries is None:
            return
        for entry in entries:
            leaf = leaf_hash(entry)
            if leaf in wanted:
                leaves[leaf] = walk.tree.size
            walk.take(leaf)
            replay.feed(entry)
            walk.compare(saved)
        if progress is not None:
            progress(walk.tree.size, head.size)
    walk.finish()
    if not head.size:
        report.add("empty", "the log is empty")
    if walk.tree.root() != head.root:
        report.add("root", "the entries do not give the root hash of the checkpoint")
    for fault in [*replay.faults, *replay.gaps()]:
        report.add(fault.code, fault.text, fault.index)
    _promised(report, kept, leaves, now)


def _saved(report: Report, kept: Kept) -> dict[int, set[bytes]]:
    """Roots of earlier checkpoints by size. A size beyond the log is a fault."""
    found: dict[int, set[bytes]] = {}
    for data in kept.checkpoints:
        try:
            earlier, _ = open_checkpoint(data, report.key)
        except BadNote as problem:
            report.add("saved", f"a kept checkpoint: {problem}")
            continue
        if report.checkpoint is not None and earlier.size > report.checkpoint.size:
            report.add("rollback", f"a kept checkpoint has {earlier.size} entries, the log only {report.checkpoint.size}")
        found.setdefault(earlier.size, set()).add(earlier.root)
    return found


def _promised(report: Report, kept: Kept, leaves: dict[bytes, int], now: int | None) -> None:
    for promise in kept.promises:
        if promise.leaf not in leaves and (now is None or now > promise.by):
            report.add("broken_promise", "BROKEN PROMISE: a ballot that was promised is not in the log")
    for leaf in kept.leaves:
        if leaf not in leaves:
            report.add("receipt_missing", "the ballot of a receipt is not in the log")


def _witnessed(report: Report, policy: Policy | None) -> None:
    is_final = report.replay is not None and report.replay.result is not None
    if policy is not None and is_final and len(report.witnesses) < policy.quorum:
        report.add("quorum", f"{len(report.witnesses)} witnesses have signed the final checkpoint, {policy.quorum} are needed")


def _recount(report: Report) -> None:
    """Compute the winners from the opened ballots and compare them with the result entry."""
    replay = report.replay
    if replay is None or replay.manifest is None or replay.result is None or report.faults:
        return
    result = replay.result
    try:
        report.outcome = outcome(replay.manifest, replay.counted(), result["tie_decision"], replay.withdrawn)
    except Invalid as problem:
        report.add("rule", f"the rule of the manifest: {problem.params.get('text', problem.reason)}")
        return
    if report.outcome.undecided:
        report.add("open_tie", "a tie that decides is not settled")
    if list(report.outcome.winners) != result["winners"]:
        report.add("winners", f"the result names {result['winners']} as winners, the ballots give {list(report.outcome.winners)}")
    if report.outcome.spent != result["spent"]:
        report.add("spent", f"the result says {result['spent']} are spent, the ballots give {report.outcome.spent}")


class _Walk:
    """Reads bundles in order, grows the tree and compares every tile with it."""

    def __init__(self, source: Source, report: Report, size: int) -> None:
        self.source, self.report, self.size = source, report, size
        self.tree = Frontier()
        self._rows: list[list[bytes]] = []

    def bundle(self, number: int) -> tuple[bytes, ...] | None:
        """Entries of a bundle; None (with a fault) when they cannot be read."""
        width = min(WIDTH, self.size - number * WIDTH)
        data = self.source.get(tiles.bundle_path(number, width))
        whole = None if data is not None or width == WIDTH else self.source.get(tiles.bundle_path(number))
        if data is None and whole is None:
            self.report.add("entries_missing", f"the bundle of entries {number} is missing", number * WIDTH)
            return None
        try:
            return tiles.unpack_entries(data, width) if data is not None else tiles.first_entries(whole or b"", width)
        except BadTile as problem:
            self.report.add("entries_cut", f"bundle {number}: {problem}", number * WIDTH)
            return None

    def _get(self, path: str, full: str, width: int) -> bytes | None:
        """A file; of a partial one also the full file is taken, whose beginning it is (a log may delete partial ones)."""
        found = self.source.get(path)
        return found if found is not None or width == WIDTH else self.source.get(full)

    def take(self, leaf: bytes) -> None:
        """Add a leaf; full tiles are compared as they fill."""
        for level, _index, value in self.tree.append(leaf):
            if level % HEIGHT == 0:
                while len(self._rows) <= level // HEIGHT:
                    self._rows.append([])
                row = self._rows[level // HEIGHT]
                row.append(value)
                if len(row) == WIDTH:
                    self._compare_tile(level // HEIGHT)

    def finish(self) -> None:
        """Compare the partial tiles on the right edge."""
        for level, row in enumerate(self._rows):
            if row:
                self._compare_tile(level)

    def _compare_tile(self, level: int) -> None:
        row = self._rows[level]
        number = ((self.tree.size >> (HEIGHT * level)) - 1) // WIDTH
        path = tiles.tile_path(level, number, len(row))
        data = self._get(path, tiles.tile_path(level, number), len(row))
        if data is None:
            self.report.add("tile_missing", f"{path} is missing", number * WIDTH)
        elif len(data) < len(row) * HASH or len(data) % HASH:
            self.report.add("tile_length", f"{path} has a wrong length", number * WIDTH)
        elif data[: len(row) * HASH] != b"".join(row):
            self.report.add("tile_differs", f"{path} holds other hashes than the entries give", number * WIDTH)
        row.clear()

    def compare(self, saved: dict[int, set[bytes]]) -> None:
        """Whether the tree at this size has the root of kept checkpoints."""
        if self.tree.size in saved and saved[self.tree.size] != {self.tree.root()}:
            self.report.add("split_view", f"a kept checkpoint of {self.tree.size} entries shows another log", self.tree.size - 1)


def run_key(source: Source, text: str | None) -> tuple[VerifierKey, bool]:
    """The key to check against, and whether it was given by the person (True) or only found beside the log. Raises BadNote."""
    if text:
        return VerifierKey.parse(text), True
    found: bytes | None = source.get("vkey")
    if found is None:
        raise BadNote("there is no file vkey; give the key with --vkey")
    return VerifierKey.parse(found[:1000].decode("ascii", "replace")), False
