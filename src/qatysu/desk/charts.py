"""The chart of answer times: a bar to the median and a tick at the 90th percentile for each week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qatysu.desk.queries.figures import Figure

WIDTH, HEIGHT, LEFT, TOP, BASE = 720, 240, 44, 16, 200


@dataclass(frozen=True, slots=True)
class Bar:
    """One week in units of the drawing."""

    x: int
    width: int
    top: int
    height: int
    tick: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid with its number of hours."""

    y: int
    hours: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and grid; ``highest`` hours at the top."""

    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    highest: int


def chart_of(weeks: Sequence[Figure]) -> Chart:
    """The drawing of ``weeks``; its scale ends at a round number of open hours."""
    most = max((week.p90 for week in weeks), default=0)
    hours = next((each for each in (2, 4, 8, 16, 24, 40, 80, 160, 320) if most <= each * 60), -(-most // 60) or 2)

    def height(minutes: int) -> int:
        return minutes * (BASE - TOP) // (hours * 60)

    step = (WIDTH - LEFT) // max(1, len(weeks))
    bars = []
    for index, week in enumerate(weeks):
        x, tall = LEFT + index * step + step // 6, height(week.median)
        bars.append(Bar(x, step * 2 // 3, BASE - tall, tall, BASE - height(week.p90), week))
    lines = tuple(Line(BASE - height(part * hours * 15), part * hours // 4) for part in range(0, 5, 2))
    return Chart(tuple(bars), lines, hours)
