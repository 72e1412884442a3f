"""What the page learns from a tile file, and that a bad one only brings the drawn plan back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qatysu.proposals.tiles import OPENSTREETMAP, Tiles, get_tiles

TOWN = Path(__file__).resolve().parents[1] / "vectors" / "town.pmtiles"


def test_the_file_says_how_deep_it_is_and_whom_to_name(settings: Any) -> None:
    settings.TILES = str(TOWN)
    assert get_tiles() == Tiles("town", 14, "Invented streets, drawn for a test")


def test_openstreetmap_is_named_when_the_file_names_nobody(settings: Any, tmp_path: Path) -> None:
    header = bytearray(TOWN.read_bytes()[:127])
    header[24:32], header[32:40], header[97] = (127).to_bytes(8, "little"), (2).to_bytes(8, "little"), 1
    tmp_path.joinpath("bare.pmtiles").write_bytes(bytes(header) + b"{}")
    settings.TILES = str(tmp_path / "bare.pmtiles")
    found = get_tiles()
    assert found is not None
    assert (found.attribution, found.names_openstreetmap) == (OPENSTREETMAP, True)


@pytest.mark.parametrize("content", [b"", b"PMTiles\x03", TOWN.read_bytes()[:300], bytes(500)])
def test_what_is_no_tile_file_shows_the_drawn_plan(settings: Any, tmp_path: Path, content: bytes) -> None:
    tmp_path.joinpath("town.pmtiles").write_bytes(content)
    settings.TILES = str(tmp_path / "town.pmtiles")
    assert get_tiles() is None


@pytest.mark.parametrize("name", ["", "absent.pmtiles", "../town 1.pmtiles"])
def test_no_file_shows_the_drawn_plan(settings: Any, tmp_path: Path, name: str) -> None:
    settings.TILES = name and str(tmp_path / name)
    assert get_tiles() is None
