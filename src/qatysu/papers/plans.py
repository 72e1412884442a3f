"""A place drawn from above: outlines in degrees become a small drawing of lines, without any map service."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

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


def svg(plan: Plan, metre: str = "м") -> bytes:
    """``plan`` as a drawing of 3:2, north up, fitted to the project's outline (at least 160 m wide); the point is a gold pin.

    A bar tells the scale, ``metre`` is the sign of its unit; a point without anything around gets a circle of 50 m.
    Points that are not on the earth are left out.
    """
    point = plan.point if plan.point and _is_real(plan.point) else None
    shape = tuple(filter(_is_real, plan.shape))
    around = [Outline(line.kind, tuple(filter(_is_real, line.points))) for line in plan.around]
    focus = [*shape, *([point] if point else [])] or [one for line in around for one in line.points]
    if not focus:
        return _sheet(())
    to_sheet, scale = _projection(focus)
    parts = [_outline(line, to_sheet) for line in around if line.points]
    if len(shape) > 1:
        parts.append(_outline(Outline("project", shape), to_sheet))
    if point:
        parts.append(_pin(*to_sheet(point), 0.0 if around or len(shape) > 1 else 50 * scale))
    return _sheet([*parts, _bar(scale, metre)])


def _is_real(point: Point) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180  # also false for what is no number


def _projection(focus: list[Point]) -> tuple[Callable[[Point], Point], float]:
    """A function from degrees to the sheet, equal in both directions around the middle of ``focus``; and units for a metre."""
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

    return to_sheet, scale


def _pin(x: float, y: float, radius: float) -> str:
    """A pin whose point is at (x, y), with a dashed circle of ``radius`` around unless 0."""
    ring = ""
    if radius:
        ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#cfdfc9" fill-opacity="0.6" '
        ring += 'stroke="#0a5c4a" stroke-width="1.5" stroke-dasharray="5 5"/>'
    return (
        f'{ring}<path d="M{x:.1f} {y:.1f}c-7-11-14-17-14-26a14 14 0 0 1 28 0c0 9-7 15-14 26z" fill="#0b3a30" '
        f'stroke="#fffefa" stroke-width="2"/><circle cx="{x:.1f}" cy="{y - 26:.1f}" r="5.5" fill="#f2b52e"/>'
    )


def _bar(scale: float, metre: str) -> str:
    """A bar of a round length, at most 90 units long, with its metres written above."""
    exponent = math.floor(math.log10(90 / scale))
    metres = next((step * 10.0**exponent for step in (5, 2, 1) if step * 10.0**exponent * scale <= 90), 10.0**exponent)
    length, words = metres * scale, f"{metres:,.0f}".replace(",", "\u202f") + f"\u00a0{escape(metre)}"
    return (
        f'<path d="M14 218v8h{length:.1f}v-8" fill="none" stroke="#fffefa" stroke-width="6"/>'
        f'<path d="M14 218v8h{length:.1f}v-8" fill="none" stroke="#434e48" stroke-width="2.5"/>'
        f'<text x="20" y="219" font-family="Montserrat, sans-serif" font-size="17" fill="#17211d">{words}</text>'
    )


def _outline(line: Outline, to_sheet: Callable[[Point], Point]) -> str:
    fill, stroke, width = INKS[line.kind]
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(to_sheet, line.points))
    shape = "polyline" if fill == "none" else "polygon"
    ink = f"fill={quoteattr(fill)} stroke={quoteattr(stroke)} stroke-width={quoteattr(str(width))}"
    return f'<{shape} points="{points}" {ink} stroke-linejoin="round"/>'


def _sheet(parts: Iterable[str]) -> bytes:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}">'
    return f'{head}<rect width="100%" height="100%" fill="#f3eee1"/>{"".join(parts)}</svg>'.encode()
