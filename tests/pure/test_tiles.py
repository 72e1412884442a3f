"""Paths and bytes of tiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.ledger import tiles
from qatysu.ledger.tiles import BadTile


def test_paths_are_those_of_the_standard() -> None:
    assert tiles.tile_path(0, 0) == "tile/0/000"
    assert tiles.tile_path(1, 1_234_067) == "tile/1/x001/x234/067"
    assert tiles.bundle_path(999, 7) == "tile/entries/999.p/7"
    assert tiles.bundle_path(1000) == "tile/entries/x001/000"


@given(st.sampled_from([None, *range(64)]), st.integers(0, 10**9), st.integers(1, 256))
def test_a_path_is_read_as_written(level: int | None, number: int, width: int) -> None:
    path = tiles.bundle_path(number, width) if level is None else tiles.tile_path(level, number, width)
    assert tiles.parse_path(path) == (level, number, width)


@pytest.mark.parametrize(
    "path",
    ["tile/0/0", "tile/64/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/257", "tile/0/x000/000", "tile/0/../000",
     "tile/0/000/", "/tile/0/000", "tile/entries/000.p/", "tile/data/000", "tile/00/000", "tile/0/000\n", "checkpoint"],
)
def test_other_paths_are_none(path: str) -> None:
    assert tiles.parse_path(path) is None


@given(st.lists(st.binary(max_size=50), max_size=20))
def test_entries_are_unpacked_as_packed(entries: list[bytes]) -> None:
    data = tiles.pack_entries(entries)
    assert tiles.unpack_entries(data, len(entries)) == tuple(entries)
    with pytest.raises(BadTile, match="longer"):
        tiles.unpack_entries(data + b"x", len(entries))
    if entries:
        with pytest.raises(BadTile, match="cut off"):
            tiles.unpack_entries(data[:-1], len(entries))


def test_an_entry_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadTile, match="65,535"):
        tiles.pack_entries([b"x" * 65_536])


@given(st.integers(0, 70_000), st.integers(0, 3_000))
def test_changed_tiles_are_what_the_larger_log_adds(old: int, more: int) -> None:
    before, after = set(tiles.widths(old)), set(tiles.widths(old + more))
    assert set(tiles.changed(old, old + more)) == after - before


def test_a_tile_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(BadTile, match="length"):
        tiles.hashes_of(b"x" * 33, 1)
