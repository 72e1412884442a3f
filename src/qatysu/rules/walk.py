"""Walking down a list of projects by a falling key: the part that votes, density and what follows other rules share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from qatysu.rules.frame import Frame
from qatysu.rules.model import Phase, Reason, Tie
from qatysu.rules.scene import Scene, covers, list_ended_by, order_matters, paid_partly
from qatysu.rules.ties import in_order, settled_by


@dataclass(frozen=True, slots=True)
class Stage:
    """One group of equal keys and the scene that it met. ``refused``: its tie is decisive and nobody has settled it."""

    key: Fraction
    group: tuple[int, ...]
    scene: Scene
    refused: bool


class Walk:
    """One walk down a list; it writes the steps and ties of ``frame``. ``stages``: what every group met; ``searched``:
    whether a tie was weighed by what comes later in the list.
    """

    def __init__(self, frame: Frame, keys: Mapping[int, Fraction], phase: Phase, *, stops: bool = False) -> None:
        """``keys`` of the projects to walk; ``stops``: what does not fit ends its list."""
        self.frame, self.phase, self.stops = frame, phase, stops
        self._keys = keys
        self._ended: dict[int, int] = {}
        self.stages: list[Stage] = []
        self.searched = False

    def run(self) -> bool:
        """Walk to the end. False when a decisive tie, which nobody has settled, ended the walk."""
        ids = self.frame.projects
        ranked = sorted(self._keys, key=lambda p: (-self._keys[p], ids[p].id))
        groups = [tuple(run) for _, run in groupby(ranked, key=lambda p: self._keys[p])]
        rank = 1
        for place, group in enumerate(groups):
            scene = self.scene()
            tied = [p for p in group if scene.is_open(p)]
            refused = len(tied) > 1 and not self._settle(scene, tied, groups[place + 1 :])
            self.stages.append(Stage(self._keys[group[0]], group, scene, refused))
            if refused:
                self._leave_open(tied, ranked[rank - 1 :], rank)
                return False
            open_ = frozenset(tied)
            for project in (*(p for p in group if p not in open_), *in_order(self.frame, tied)):
                self._decide(project, rank)
            rank += len(group)
        self._pay_partly()
        return True

    def scene(self) -> Scene:
        """What the next project meets."""
        won = (*self.frame.won, *self.frame.part_paid)
        return Scene(self.frame, self.frame.purse.copy(), won, dict(self._ended), self.stops)

    def _settle(self, scene: Scene, tied: Sequence[int], later: Sequence[Sequence[int]]) -> bool:
        """Report the tie; whether an order of it may be taken."""
        order = order_matters(scene, tied, later)
        self.searched |= order.searched
        by = settled_by(self.frame, tied, decisive=order.matters)
        self.frame.ties.append(Tie(self.frame.ids(tied), self._keys[tied[0]], self.phase, order.matters, by, order.proved))
        return by != "none"

    def _decide(self, project: int, rank: int) -> None:
        scene, frame, key = self.scene(), self.frame, self._keys[project]
        ender, rival, lack = scene.ender(project), scene.rival(project), frame.purse.lack(project)
        if ender is None and rival is None and lack is None:
            frame.fund(project, key, self.phase, rank=rank)
        elif rival is not None:
            frame.refuse(project, Reason.CONFLICT, key, phase=self.phase, by=frame.projects[rival].id, rank=rank)
        elif ender is not None:
            frame.refuse(project, Reason.AFTER_STOP, key, phase=self.phase, by=frame.projects[ender].id, rank=rank)
        else:
            if self.stops:
                self._ended[list_ended_by(frame.purse, project)] = project
            frame.refuse(project, Reason.DOES_NOT_FIT, key, phase=self.phase, lack=lack, rank=rank)

    def _leave_open(self, tied: Sequence[int], rest: Sequence[int], rank: int) -> None:
        """``rest``: the tied and all behind them. Those that ended a list and may yet be paid partly are open as well."""
        frame = self.frame
        for project in self._ended.values():
            if covers(frame, frame.purse, project):
                frame.refuse(project, Reason.BEHIND_TIE, self._keys[project], phase=self.phase)
        for project in tied:
            frame.refuse(project, Reason.TIED, self._keys[project], phase=self.phase, rank=rank)
        known = frozenset(tied)
        for project in rest:
            if project not in known:
                frame.refuse(project, Reason.BEHIND_TIE, self._keys[project], phase=self.phase)

    def _pay_partly(self) -> None:
        """After the end: those who ended a list are funded apart when the money left covers the share of ``partial``."""
        for project, amount in paid_partly(self.scene()).items():
            self.frame.part_paid[project] = amount
            self.frame.add_extra(project, Reason.PARTIAL, self._keys[project], covered=amount)
