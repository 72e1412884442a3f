"""Who supports what: the arrays from which equal shares and Phragmén's rule compute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qatysu.rules.frame import Frame

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Supporters:
    """Supporters of one project. ``ballots``: their distinct ballots; ``heads``: voters on each; ``units``: utility of one
    voter on each, None where it is 1 for all; ``weights``: heads x units. ``unit``: what multiplies the units (the cost, or 1).

    A voter pays price x utility; inside, prices are per unit: price x ``unit``. ``many`` and ``weight`` are whole sums.
    """

    project: int
    cost: int
    unit: int
    ballots: Ints
    heads: Floats
    units: Floats | None
    weights: Floats
    many: int
    weight: int
    most_units: int


class Voters:
    """Distinct ballots as rows of (project, units), projects without a supporter or not in ``alive`` left out."""

    def __init__(self, frame: Frame, utility: str) -> None:
        """``utility``: cost, cardinality, score (docs/outcome-rules.md); the first two differ in ``unit`` alone."""
        profile, size = frame.election.profile, len(frame.projects)
        alive = np.zeros(size, bool)
        alive[frame.alive] = True
        kept = alive[profile.projects] & (profile.points > 0)
        rows = profile.rows[kept]
        self.times = profile.times
        self.projects = profile.projects[kept].astype(np.int64)
        self.units = profile.points[kept] if utility == "score" else np.ones(len(rows), np.int64)
        self.weights = self.times[rows] * self.units
        self.rows = rows
        self.starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(self.times))))).astype(np.int64)
        self.size = size
        self.by_project = self._by_project(frame, utility)

    def _by_project(self, frame: Frame, utility: str) -> Mapping[int, Supporters]:
        order = np.argsort(self.projects, kind="stable")
        ends = np.cumsum(np.bincount(self.projects, minlength=self.size))
        found = {}
        for project in frame.alive:
            mine = order[ends[project - 1] if project else 0 : ends[project]]
            mine = mine[self.weights[mine] > 0]
            if len(mine):
                found[project] = self._supporters(project, frame.costs[project], utility, mine)
        return found

    def _supporters(self, project: int, cost: int, utility: str, mine: Ints) -> Supporters:
        ballots, units, weights = self.rows[mine], self.units[mine], self.weights[mine]
        heads = self.times[ballots]
        return Supporters(
            project, cost, cost if utility == "cost" else 1, ballots, heads.astype(np.float64),
            None if int(units.max()) == 1 else units.astype(np.float64), weights.astype(np.float64),
            int(heads.sum()), int(weights.sum()), int(units.max()),
        )

    def weights_of(self, ballots: Ints) -> Ints:
        """For each project the sum of heads x units over ``ballots`` that support it."""
        counts = self.starts[ballots + 1] - self.starts[ballots]
        before = np.cumsum(counts) - counts
        places = np.repeat(self.starts[ballots] - before, counts) + np.arange(int(counts.sum()))
        sums = np.zeros(self.size, np.int64)
        np.add.at(sums, self.projects[places], self.weights[places])
        return sums

    def on_ballot(self, ballot: int) -> list[tuple[int, int]]:
        """Supported projects of one ballot with their units."""
        part = slice(int(self.starts[ballot]), int(self.starts[ballot + 1]))
        return list(zip(self.projects[part].tolist(), self.units[part].tolist(), strict=True))
