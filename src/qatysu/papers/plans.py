"""A place drawn from above: outlines in degrees become a small drawing of lines, without any map service."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

WIDTH, HEIGHT, MARGIN = 360.0, 240.0, 28.0
SMALLEST_METRES = 160.0
_METRES_PER_DEGREE = 111_320.0
#: Ink of each kind of line: (fill, stroke, width).
INKS = {
    "area": ("#efe9da", "#ddd5c3", 1.0),
    "green": ("#cfdfc9", "none", 0.0),
    "house": ("#d8cdb6", "#a79f8b", 1.0),
    "road": ("none", "#ffffff", 7.0),
    "line": ("none", "#a79f8b", 1.5),
    "project": ("#0a5c4a40", "#0a5c4a", 3.0),
}
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A line or an area of the drawing: ``kind`` of :data:`INKS`, points as (latitude, longitude)."""

    kind: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A point, the outline of the project, and what lies around. Points are (latitude, longitude) in degrees."""

    point: Point | None = None
    shape: tuple[Point, ...] = ()
    around: tuple[Outline, ...] = ()


def svg(plan: Plan) -> bytes:
    """``plan`` as a drawing of 3:2, north up, fitted to the project's outline (at least 160 m wide); the point is a gold pin."""
    focus = [*plan.shape, *([plan.point] if plan.point else [])] or [
        point for line in plan.around for point in line.points
    ]
    if not focus:
        return _sheet(())
    to_sheet = _projection(focus)
    parts = [_outline(line, to_sheet) for line in plan.around]
    if len(plan.shape) > 1:
        parts.append(_outline(Outline("project", plan.shape), to_sheet))
    if plan.point:
        x, y = to_sheet(plan.point)
        parts.append(
            f'<path d="M{x:.1f} {y:.1f}c-7-11-14-17-14-26a14 14 0 0 1 28 0c0 9-7 15-14 26z" fill="#0b3a30" '
            f'stroke="#fffefa" stroke-width="2"/><circle cx="{x:.1f}" cy="{y - 26:.1f}" r="5.5" fill="#f2b52e"/>'
        )
    return _sheet(parts)


def _projection(focus: list[Point]) -> Callable[[Point], Point]:
    """A function from degrees to the sheet: equal metres in both directions around the middle of ``focus``."""
    lats, lons = [point[0] for point in focus], [point[1] for point in focus]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    narrowing = max(math.cos(math.radians(lat)), 0.01)
    wide = max((max(lons) - min(lons)) * _METRES_PER_DEGREE * narrowing, SMALLEST_METRES)
    high = max((max(lats) - min(lats)) * _METRES_PER_DEGREE, SMALLEST_METRES * HEIGHT / WIDTH)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    def to_sheet(point: Point) -> Point:
        x = WIDTH / 2 + (point[1] - lon) * _METRES_PER_DEGREE * narrowing * scale
        y = HEIGHT / 2 - (point[0] - lat) * _METRES_PER_DEGREE * scale
        return min(max(x, -5000.0), 5000.0), min(max(y, -5000.0), 5000.0)

    return to_sheet


def _outline(line: Outline, to_sheet: Callable[[Point], Point]) -> str:
    fill, stroke, width = INKS[line.kind]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(to_sheet, line.points))
    shape = "polyline" if fill == "none" else "polygon"
    ink = f"fill={quoteattr(fill)} stroke={quoteattr(stroke)} stroke-width={quoteattr(str(width))}"
    return f'<{shape} points="{points}" {ink} stroke-linejoin="round"/>'


def _sheet(parts: Iterable[str]) -> bytes:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}">'
    return f'{head}<rect width="100%" height="100%" fill="#f3eee1"/>{"".join(parts)}</svg>'.encode()
