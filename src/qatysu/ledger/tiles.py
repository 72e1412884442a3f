"""Tiles and entry bundles: C2SP tlog-tiles v0.1.0. A tile is 256 hashes of one level wide and 8 levels high."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from qatysu.ledger.merkle import node_hash

WIDTH, HEIGHT, HASH = 256, 8, 32
LONGEST_ENTRY = 65_535
_PATH = re.compile(r"tile/(entries|0|[1-5]?[0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class BadTile(ValueError):
    """Bytes that are no tile or bundle. The text says why."""


def number_path(number: int) -> str:
    """``x001/x234/067`` for 1,234,067."""
    digits = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        digits.append(f"x{number % 1000:03d}")
    return "/".join(reversed(digits))


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Path of a tile of tile-level ``level`` (0: leaf hashes); ``width`` below 256 names a partial one."""
    return f"tile/{level}/{number_path(number)}" + ("" if width == WIDTH else f".p/{width}")


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Path of the bundle of entries ``number * 256`` and following."""
    return f"tile/entries/{number_path(number)}" + ("" if width == WIDTH else f".p/{width}")


def parse_path(path: str) -> tuple[int | None, int, int] | None:
    """(tile-level, or None for entries; number; width) of a path; None when it is no path of a tile."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    kind, digits, part = match.groups()
    number, width = int(digits.replace("x", "").replace("/", "")), int(part or WIDTH)
    if number_path(number) != digits or width > WIDTH or (part and width == WIDTH):
        return None
    return (None if kind == "entries" else int(kind)), number, width


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """A bundle: each entry after its length in two big-endian bytes. Raises BadTile for an entry that is too long."""
    parts = []
    for entry in entries:
        if len(entry) > LONGEST_ENTRY:
            raise BadTile("an entry is longer than 65,535 bytes")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unpack_entries(data: bytes, count: int) -> tuple[bytes, ...]:
    """The ``count`` entries of a bundle. Raises BadTile when bytes are missing or left over."""
    found, end = _unpack(data, count)
    if end != len(data):
        raise BadTile("a bundle of entries is longer than it should be")
    return found


def first_entries(data: bytes, count: int) -> tuple[bytes, ...]:
    """The first ``count`` entries of a bundle that may hold more. Raises BadTile when bytes are missing."""
    return _unpack(data, count)[0]


def _unpack(data: bytes, count: int) -> tuple[tuple[bytes, ...], int]:
    found, at = [], 0
    for _ in range(count):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise BadTile("a bundle of entries is cut off")
        found.append(data[at + 2 : end])
        at = end
    return tuple(found), at


def hashes_of(data: bytes, width: int) -> tuple[bytes, ...]:
    """The hashes of a tile. Raises BadTile for a wrong length."""
    if len(data) != width * HASH:
        raise BadTile("a tile has not the length of its width")
    return tuple(data[i : i + HASH] for i in range(0, len(data), HASH))


def widths(size: int) -> Iterator[tuple[int, int, int]]:
    """(tile-level, number, width) of every tile that a log of ``size`` entries has, full and partial, level by level."""
    level, count = 0, size
    while count:
        for number in range(count // WIDTH):
            yield level, number, WIDTH
        if count % WIDTH:
            yield level, count // WIDTH, count % WIDTH
        level, count = level + 1, count >> HEIGHT


def changed(old: int, size: int) -> Iterator[tuple[int, int, int]]:
    """Tiles (tile-level, number, width) that are new or wider in a log of ``size`` entries than in one of ``old``."""
    level, before, count = 0, old, size
    while count:
        for number in range(before // WIDTH, -(-count // WIDTH)):
            width = min(WIDTH, count - number * WIDTH)
            if number * WIDTH + width > before:
                yield level, number, width
        level, before, count = level + 1, before >> HEIGHT, count >> HEIGHT


def node_reader(read_tile: Callable[[int, int, int], bytes], size: int) -> Callable[[int, int], bytes]:
    """A reader of tree nodes (level, index) of a log of ``size`` entries from its tiles.

    ``read_tile(tile_level, number, width)`` gives the bytes of a tile. Nodes between tile levels are computed from the hashes below.
    """
    known: dict[tuple[int, int], tuple[bytes, ...]] = {}

    def hashes(level: int, number: int) -> tuple[bytes, ...]:
        if (level, number) not in known:
            width = min(WIDTH, (size >> (HEIGHT * level)) - number * WIDTH)
            known[level, number] = hashes_of(read_tile(level, number, width), width)
        return known[level, number]

    def read(level: int, index: int) -> bytes:
        tile_level, above = divmod(level, HEIGHT)
        first, count = index << above, 1 << above
        row: Sequence[bytes] = hashes(tile_level, first // WIDTH)[first % WIDTH : first % WIDTH + count]
        if len(row) != count:
            raise BadTile("a tile is not wide enough")
        while len(row) > 1:
            row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
        return row[0]

    return read
