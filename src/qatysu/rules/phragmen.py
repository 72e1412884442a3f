"""Sequential Phragmén with costs.

Source: E. Phragmén 1894; M. Brill et al., "Phragmén's Voting Methods and Justified Representation", Mathematical
Programming 2024.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b

import numpy as np

from qatysu.rules.frame import Frame, Progress
from qatysu.rules.model import Phase, Reason, Tie
from qatysu.rules.shares.voters import Supporters, Voters
from qatysu.rules.ties import in_order, settled_by
from qatysu.rules.variants import Choice, Fork, Search, chosen_wins, decisive

EPS = 2.0**-52
#: Share of the largest load that the error bound may reach before the floats are made again from exact loads.
COARSE = 2.0**-37


@dataclass(slots=True)
class Would:
    """The load that buying ``project`` would give lies in ``low``..``high``."""

    project: int
    low: float
    high: float


class Loading:
    """A moment of the rule. Loads never fall: those known from before are lower bounds."""

    def __init__(self, frame: Frame, voters: Voters) -> None:
        """Nobody carries anything."""
        self._frame, self.voters, self.purse = frame, voters, frame.purse.copy()
        self._stops = frame.params.unaffordable == "stop"
        self.won: list[int] = []
        self.loads: list[Fraction | None] = []
        self.ended = False
        self._loads = np.zeros(len(voters.times))
        self._by = np.full(len(voters.times), -1, np.int64)
        self._error = 0.0
        self._least = [(by.cost / by.many * (1 - 4 * EPS), p) for p, by in voters.by_project.items()]
        heapq.heapify(self._least)
        self._counts: dict[int, list[tuple[int, int]]] = {}

    def copy(self) -> Loading:
        """The same moment, apart."""
        other = object.__new__(Loading)
        other._frame, other.voters, other.purse, other._stops = self._frame, self.voters, self.purse.copy(), self._stops
        other.won, other.loads, other.ended = list(self.won), list(self.loads), self.ended
        other._loads, other._by, other._error = self._loads.copy(), self._by.copy(), self._error
        other._least, other._counts = list(self._least), dict(self._counts)
        return other

    def name(self) -> Hashable:
        """Who has won and which load each voter carries: how it came to that does not count."""
        loads = [*self.settle(), Fraction(0)]
        values = sorted(set(loads))
        rank = np.array([values.index(load) for load in loads], np.int32)[self._by]
        used, who = np.unique(rank, return_inverse=True)
        return frozenset(self.won), tuple(values[k] for k in used.tolist()), blake2b(who.tobytes()).digest()

    def next(self) -> Choice | None:
        """Those of the smallest load; None at the end, also when one of them does not fit and that ends the rule."""
        found = self.smallest()
        if found is None or any(not self.purse.fits(p) for p in found[0]):
            self.ended = found is not None
            return None
        tied, load = found
        return Choice(tied, load, load is not None and self._free(tied, load))

    def smallest(self) -> tuple[tuple[int, ...], Fraction | None] | None:
        """The projects of the smallest load, and that load when there are several."""
        found: list[Would] = []
        high = float("inf")
        while self._least and self._least[0][0] <= high:
            _, project = heapq.heappop(self._least)
            if project in self.won or self._out(project):
                continue
            would = self._would(self.voters.by_project[project])
            found.append(would)
            high = min(high, would.high)
        for would in found:
            heapq.heappush(self._least, (would.low, would.project))
        near = [would.project for would in found if would.low <= high]
        if len(near) < 2:
            return ((near[0],), None) if near else None
        exact = {project: self._exact(project) for project in near}
        least = min(exact.values())
        tied = tuple(sorted(project for project, load in exact.items() if load == least))
        return tied, least if len(tied) > 1 else None

    def buy(self, project: int) -> None:
        """Buy one of the smallest load."""
        by = self.voters.by_project[project]
        would = self._would(by)
        self._counts[project] = self._carried(by)
        load = (would.low + would.high) / 2
        self._loads[by.ballots] = load
        self._error = max(self._error, (would.high - would.low) / 2 + EPS * load)
        self._by[by.ballots] = len(self.won)
        self.purse.pay(project)
        self.won.append(project)
        self.loads.append(None)
        if self._error > COARSE * load:
            self._refresh()

    def settle(self) -> list[Fraction]:
        """Exact loads of all purchases, in order."""
        done: list[Fraction] = []
        for place, project in enumerate(self.won):
            load = self.loads[place]
            if load is None:
                by = self.voters.by_project[project]
                load = (by.cost + _total(self._counts[project], done)) / by.many
                self.loads[place] = load
            done.append(load)
        return done

    def _out(self, project: int) -> bool:
        if self._frame.rival(project, self.won) is not None:
            return True
        return not self._stops and not self.purse.fits(project)

    def _would(self, by: Supporters) -> Would:
        total = by.cost + float(by.heads @ self._loads[by.ballots])
        load = total / by.many
        doubt = self._error + (len(by.ballots) + 16) * EPS * load
        return Would(by.project, load - doubt, load + doubt)

    def _carried(self, by: Supporters) -> list[tuple[int, int]]:
        """How many supporters carry the load of which purchase."""
        counts = np.zeros(len(self.won) + 1, np.int64)
        np.add.at(counts, self._by[by.ballots] + 1, self.voters.times[by.ballots])
        return [(place - 1, int(counts[place])) for place in np.flatnonzero(counts).tolist() if place]

    def _exact(self, project: int) -> Fraction:
        by = self.voters.by_project[project]
        return (by.cost + _total(self._carried(by), self.settle())) / by.many

    def _free(self, tied: tuple[int, ...], load: Fraction) -> bool:
        """Whether all of ``tied`` are bought at this load in any order: when they fit together, and nobody supports two of
        them unless he carries this load already.
        """
        if not self.purse.fits_all(tied) or any(self._frame.rival(p, tied) is not None for p in tied):
            return False
        named = np.zeros(len(self._loads), np.int64)
        for project in tied:
            named[self.voters.by_project[project].ballots] += 1
        full = np.array([*(done == load for done in self.settle()), False])
        return bool(full[self._by[named > 1]].all())

    def _refresh(self) -> None:
        done = np.array([*(float(load) for load in self.settle()), 0.0])
        self._loads = done[self._by]
        self._error = EPS * float(done.max())


def _total(carried: list[tuple[int, int]], loads: list[Fraction]) -> Fraction:
    return sum((count * loads[place] for place, count in carried), Fraction(0))


def compute(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:
    """Fills the trace of ``frame``: purchases with their exact load, then why the others were not bought."""
    voters = Voters(frame, "cardinality")
    search = Search(lambda tied: in_order(frame, tied))
    moment = Loading(frame, voters)
    for fork in search.forks(moment):
        if progress is not None:
            progress(fork.place, 0)
        ways = list(fork.ways.values())
        matters, proved = decisive(ways) if ways else (False, True)
        proved = proved or chosen_wins(fork.ways)
        by = settled_by(frame, fork.tied, decisive=matters)
        frame.ties.append(Tie(frame.ids(fork.tied), fork.key, Phase.RULE, matters, by, proved))
        if by == "none":
            _leave_open(frame, search, fork, voters)
            return 1, ()
    _fund(frame, moment)
    _refuse(frame, moment)
    return 1, ()


def _fund(frame: Frame, moment: Loading) -> None:
    for project, load in zip(moment.won, moment.settle(), strict=True):
        frame.fund(project, load, supporters=moment.voters.by_project[project].many)


def _refuse(frame: Frame, moment: Loading) -> None:
    """Steps of those who were not bought: who ended the rule first, then in falling order of votes or points."""
    ended = moment.smallest() if moment.ended else None
    enders = ended[0] if ended else ()
    ranked = sorted(frame.alive, key=lambda p: (p not in enders, -frame.keys[p], frame.projects[p].id))
    ender = next((p for p in ranked if p in enders and not frame.purse.fits(p)), None)
    for project in ranked:
        if project in frame.won:
            continue
        rival, lack = frame.rival(project, frame.won), frame.purse.lack(project)
        if project not in moment.voters.by_project:
            frame.refuse(project, Reason.NO_SUPPORT)
        elif rival is not None:
            frame.refuse(project, Reason.CONFLICT, by=frame.projects[rival].id)
        elif lack is not None and (ender is None or project in enders):
            frame.refuse(project, Reason.DOES_NOT_FIT, lack=lack)
        elif ender is not None:
            frame.refuse(project, Reason.AFTER_STOP, by=frame.projects[ender].id)


def _leave_open(frame: Frame, search: Search, fork: Fork, voters: Voters) -> None:
    """Nobody has settled a decisive tie: what was bought before it, then everything else."""
    moment = Loading(frame, voters)
    search.forward(moment, fork.place)
    _fund(frame, moment)
    for project in sorted(fork.tied, key=lambda p: frame.projects[p].id):
        frame.refuse(project, Reason.TIED, fork.key)
    for project in sorted(frame.alive, key=lambda p: (-frame.keys[p], frame.projects[p].id)):
        if project not in frame.won and project not in fork.tied:
            frame.refuse(project, Reason.BEHIND_TIE if project in voters.by_project else Reason.NO_SUPPORT)
