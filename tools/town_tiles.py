# /// script
# requires-python = ">=3.11"
# dependencies = ["mapbox-vector-tile==2.2.0", "pmtiles==3.8.1"]
# ///
"""Write the invented town of tests/vectors/town.pmtiles:  uv run --no-project tools/town_tiles.py FILE

Streets, a river and a park around the demonstration's Aksu in the basemap schema of Protomaps.
Drawn by us: nothing in it is of OpenStreetMap.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import mapbox_vector_tile
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely.geometry import LineString, Polygon, box

LATITUDE, LONGITUDE = 52.0333, 76.9167
SOUTH, WEST, NORTH, EAST = LATITUDE - 0.04, LONGITUDE - 0.06, LATITUDE + 0.04, LONGITUDE + 0.06
ZOOMS = range(11, 15)
EXTENT = 4096
Layers = dict[str, list[tuple[Any, dict[str, str]]]]


def at(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude so many degrees from the middle."""
    return LONGITUDE + east, LATITUDE + north


def town() -> Layers:
    """Shapes in degrees, by layer."""
    roads: list[tuple[Any, dict[str, str]]] = []
    for step in range(5):
        x, y = step * 0.01 - 0.02, step * 0.007 - 0.015
        roads.append((LineString([at(x, -0.018), at(x, 0.018)]), {"kind": "minor_road", "name": f"Street {step + 1}"}))
        roads.append((LineString([at(-0.025, y), at(0.025, y)]), {"kind": "minor_road"}))
    roads.append((LineString([at(-0.06, -0.025), at(0, -0.001), at(0.06, 0.025)]), {"kind": "major_road", "name": "Road"}))
    river = LineString([at(-0.06, 0.017), at(-0.03, 0.009), at(0.01, 0.014), at(0.06, 0.002)]).buffer(0.0015, quad_segs=1)
    park = Polygon([at(-0.009, -0.007), at(-0.001, -0.007), at(-0.001, -0.0015), at(-0.009, -0.0015)])
    earth = box(WEST - 0.1, SOUTH - 0.1, EAST + 0.1, NORTH + 0.1)
    return {
        "earth": [(earth, {"kind": "earth"})], "landuse": [(park, {"kind": "park"})],
        "water": [(river, {"kind": "water"})], "roads": roads,
    }


def number(zoom: int, longitude: float, latitude: float) -> tuple[float, float]:
    """Column and row of a place, with their fractions."""
    size, radians = 2**zoom, math.radians(latitude)
    return (longitude + 180) / 360 * size, (1 - math.asinh(math.tan(radians)) / math.pi) / 2 * size


def place(zoom: int, column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude of a tile's north-western corner."""
    size = 2**zoom
    return column / size * 360 - 180, math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / size))))


def tile(zoom: int, column: int, row: int, layers: Layers) -> bytes:
    """One vector tile with what lies in it and a little around."""
    west, north = place(zoom, column - 0.03, row - 0.03)
    east, south = place(zoom, column + 1.03, row + 1.03)
    window, inner = box(west, south, east, north), (*place(zoom, column, row + 1), *place(zoom, column + 1, row))
    made = []
    for name, shapes in layers.items():
        cut = [(shape.intersection(window), facts) for shape, facts in shapes]
        found = [{"geometry": shape, "properties": facts} for shape, facts in cut if not shape.is_empty]
        if found:
            made.append({"name": name, "features": found})
    options = {"quantize_bounds": inner, "extents": EXTENT}
    return mapbox_vector_tile.encode(made, default_options=options)


def write(path: Path) -> None:
    """Write the whole archive, the same bytes every time."""
    layers = town()
    wanted = []
    for zoom in ZOOMS:
        left, top = number(zoom, WEST, NORTH)
        right, bottom = number(zoom, EAST, SOUTH)
        for column in range(int(left), int(right) + 1):
            wanted += [(zxy_to_tileid(zoom, column, row), (zoom, column, row)) for row in range(int(top), int(bottom) + 1)]
    with path.open("wb") as file:
        writer = Writer(file)
        for key, (zoom, column, row) in sorted(wanted):
            writer.write_tile(key, tile(zoom, column, row, layers))
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.NONE,
            "min_lon_e7": int(WEST * 1e7), "min_lat_e7": int(SOUTH * 1e7),
            "max_lon_e7": int(EAST * 1e7), "max_lat_e7": int(NORTH * 1e7),
            "center_zoom": 12, "center_lon_e7": int(LONGITUDE * 1e7), "center_lat_e7": int(LATITUDE * 1e7),
        }
        attribution = '<a href="https://qatysu.example/">Invented streets</a>, drawn for a test'
        writer.finalize(header, {"name": "An invented town", "attribution": attribution, "vector_layers": []})


if __name__ == "__main__":
    write(Path(sys.argv[1]))
