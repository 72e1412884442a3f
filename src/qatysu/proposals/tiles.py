"""The installation's own vector tiles: what the page must know about the file before a browser reads it."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

#: Who is named when the file names nobody.
OPENSTREETMAP = "© OpenStreetMap (ODbL)"
_HEADER, _GZIP, _LARGEST = 127, 2, 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tiles:
    """A readable PMTiles file: name without ending, deepest zoom in it, whom to name on the map."""

    name: str
    max_zoom: int
    attribution: str

    @property
    def names_openstreetmap(self) -> bool:
        """Whether the map must link to OpenStreetMap's licence."""
        return "openstreetmap" in self.attribution.lower()


def get_tiles() -> Tiles | None:
    """The file that QATYSU_TILES names, or None: then the drawn plan is shown."""
    path = Path(settings.TILES) if settings.TILES else None
    try:
        return _read(path, path.stat().st_mtime_ns) if path else None
    except (OSError, ValueError, EOFError):
        return None


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> Tiles:
    """Raises ValueError, OSError or EOFError for what is no PMTiles file of version 3."""
    if not re.fullmatch(r"[-\w]+\.pmtiles", path.name, re.ASCII):
        raise ValueError("name")
    with path.open("rb") as file:
        header = file.read(_HEADER)
        if len(header) < _HEADER or header[:8] != b"PMTiles\x03":
            raise ValueError("header")
        start, length = (int.from_bytes(header[at : at + 8], "little") for at in (24, 32))
        file.seek(start)
        raw = file.read(min(length, _LARGEST))
    if len(raw) < length:
        raise ValueError("metadata")
    text = gzip.decompress(raw) if header[97] == _GZIP else raw
    facts: Any = json.loads(text or b"{}")
    found = facts.get("attribution") if isinstance(facts, dict) else None
    attribution = " ".join(strip_tags(found).split()) if isinstance(found, str) else ""
    return Tiles(path.stem, header[101], attribution or OPENSTREETMAP)
