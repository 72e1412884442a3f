"""The files of a batch, made from the rows: the same rows give the same bytes, whoever runs it and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from qatysu.bulletin.errors import Differs
from qatysu.ledger import tiles
from qatysu.ledger.merkle import Frontier, leaf_hash
from qatysu.ledger.tiles import HEIGHT, WIDTH

#: Reads the entries [start, end) in their order.
ReadEntries = Callable[[int, int], Sequence[bytes]]
#: Reads a file of the log.
ReadFile = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Head:
    """A state of the tree: what the rows below ``size`` hash to."""

    size: int
    edge: tuple[bytes, ...]

    @classmethod
    def stored(cls, size: int, edge: Iterable[str]) -> Head:
        """From the columns of a log."""
        return cls(size, tuple(map(bytes.fromhex, edge)))

    @property
    def root(self) -> bytes:
        """Root hash."""
        return Frontier(self.size, self.edge).root()

    def part(self, level: int) -> tuple[bytes, ...]:
        """The hashes of the edge that lie within the partial tile of tile-level ``level``."""
        above = (self.size >> (HEIGHT * (level + 1))).bit_count()
        return self.edge[above : above + ((self.size >> (HEIGHT * level)) % WIDTH).bit_count()]


@dataclass(slots=True)
class Growing:
    """Grows a tree from ``old`` to ``size`` entries. Iterate over ``files``; afterwards ``head`` is the new head.

    What stands in the last, partial tiles is read again and compared with the old head: rows or files that somebody has
    changed there raise Differs before anything is written over them.
    """

    old: Head
    size: int
    read_entries: ReadEntries
    read_file: ReadFile
    _tree: Frontier = field(init=False)
    _rows: list[list[bytes]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._tree = Frontier(self.old.size, self.old.edge)

    @property
    def head(self) -> Head:
        """The head that was reached."""
        return Head(self._tree.size, self._tree.edge)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of every bundle and tile that is new or wider, entries before the hashes over them."""
        self._begin()
        first = self.old.size // WIDTH
        for number in range(first, -(-self.size // WIDTH)):
            start, end = number * WIDTH, min((number + 1) * WIDTH, self.size)
            entries = self.read_entries(start, end)
            if len(entries) != end - start:
                raise Differs(f"an entry between {start} and {end} is missing from the database", index=start)
            self._known(entries, start)
            yield tiles.bundle_path(number, end - start), tiles.pack_entries(entries)
            for entry in entries[max(0, self.old.size - start) :]:
                yield from self._take(leaf_hash(entry))
        for level, row in enumerate(self._rows):
            if row and self._is_new(level):
                yield self._tile(level)

    def _begin(self) -> None:
        """Load the partial tiles above the entries; level 0 comes from the rows themselves."""
        level, count = 0, self.old.size
        while count:
            self._rows.append(self._partial(level, count) if level else [])
            level, count = level + 1, count >> HEIGHT

    def _partial(self, level: int, count: int) -> list[bytes]:
        number, width = divmod(count, WIDTH)
        if width == 0:
            return []
        path = tiles.tile_path(level, number, width)
        data = self.read_file(path) or (self.read_file(tiles.tile_path(level, number)) or b"")[: width * tiles.HASH]
        if len(data) != width * tiles.HASH:
            raise Differs(f"{path} is missing or cut off", path=path)
        row = list(tiles.hashes_of(data, width))
        self._compare(row, level, path)
        return row

    def _known(self, entries: Sequence[bytes], start: int) -> None:
        """Compare the entries of the last bundle that the old head covers already with it."""
        if start < self.old.size:
            row = [leaf_hash(entry) for entry in entries[: self.old.size - start]]
            self._compare(row, 0, tiles.bundle_path(start // WIDTH, len(row)))
            self._rows[0] = row

    def _compare(self, row: Sequence[bytes], level: int, path: str) -> None:
        tree = Frontier()
        for value in row:
            tree.append(value)
        if tree.edge != self.old.part(level):
            raise Differs(f"{path} does not fit the sealed head", path=path)

    def _take(self, leaf: bytes) -> Iterator[tuple[str, bytes]]:
        for level, _index, value in self._tree.append(leaf):
            if level % HEIGHT == 0:
                at = level // HEIGHT
                while len(self._rows) <= at:
                    self._rows.append([])
                self._rows[at].append(value)
                if len(self._rows[at]) == WIDTH:
                    yield self._tile(at)
                    self._rows[at].clear()

    def _is_new(self, level: int) -> bool:
        return self._tree.size >> (HEIGHT * level) > self.old.size >> (HEIGHT * level)

    def _tile(self, level: int) -> tuple[str, bytes]:
        row, count = self._rows[level], self._tree.size >> (HEIGHT * level)
        return tiles.tile_path(level, (count - 1) // WIDTH, len(row)), b"".join(row)
