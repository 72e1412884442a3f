"""Walking down a list of projects by a falling key: the part that votes, density and what follows other rules share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from qatysu.rules.frame import Frame
from qatysu.rules.model import Phase, Reason, Tie
from qatysu.rules.scene import Scene, covers, list_ended_by, order_matters
from qatysu.rules.ties import in_order, settled_by


@dataclass(frozen=True, slots=True)
class Stage:
    """One group of equal keys and the scene that it met. ``refused``: its tie is decisive and nobody has settled it."""

    key: Fraction
    group: tuple[int, ...]
    scene: Scene
    refused: bool


class Walk:
    """One walk down a list; it writes the steps and ties of ``frame``, ``stages`` keeps what every group met."""

    def __init__(self, frame: Frame, keys: Mapping[int, Fraction], phase: Phase, *, stops: bool = False, tell: bool = True) -> None:
        """``keys`` of the projects to walk. ``tell=False``: what is passed over gets no further step."""
        self.frame, self.phase, self.stops, self.tell = frame, phase, stops, tell
        self._keys = keys
        self._ended: dict[int, int] = {}
        self.stages: list[Stage] = []

    def run(self) -> bool:
        """Walk to the end. False when a decisive tie, which nobody has settled, ended the walk."""
        ids = self.frame.projects
        ranked = sorted(self._keys, key=lambda p: (-self._keys[p], ids[p].id))
        rank = 1
        for key, run in groupby(ranked, key=lambda p: self._keys[p]):
            group = list(run)
            refused = len(group) > 1 and not self._settle(key, group)
            self.stages.append(Stage(key, tuple(group), self.scene(), refused))
            if refused:
                self._leave_open(group, ranked[rank - 1 + len(group) :], rank)
                return False
            for project in in_order(self.frame, group):
                self._decide(project, rank)
            rank += len(group)
        self._pay_partly()
        return True

    def scene(self) -> Scene:
        """What the next project meets."""
        won = (*self.frame.won, *self.frame.part_paid)
        return Scene(self.frame, self.frame.purse.copy(), won, dict(self._ended), self.stops)

    def _settle(self, key: Fraction, group: list[int]) -> bool:
        """Report the tie; whether an order of it may be taken."""
        decisive, proved = order_matters(self.scene(), group)
        by = settled_by(self.frame, group, decisive=decisive)
        self.frame.ties.append(Tie(self.frame.ids(group), key, self.phase, decisive, by, proved))
        return by != "none"

    def _decide(self, project: int, rank: int) -> None:
        scene, frame, key = self.scene(), self.frame, self._keys[project]
        ender, rival, lack = scene.ender(project), scene.rival(project), frame.purse.lack(project)
        if ender is None and rival is None and lack is None:
            frame.fund(project, key, self.phase, rank=rank)
        elif not self.tell:
            return
        elif ender is not None:
            frame.refuse(project, Reason.AFTER_STOP, key, phase=self.phase, by=frame.projects[ender].id, rank=rank)
        elif rival is not None:
            frame.refuse(project, Reason.CONFLICT, key, phase=self.phase, by=frame.projects[rival].id, rank=rank)
        else:
            if self.stops:
                self._ended[list_ended_by(frame.purse, project)] = project
            frame.refuse(project, Reason.DOES_NOT_FIT, key, phase=self.phase, lack=lack, rank=rank)

    def _leave_open(self, group: list[int], behind: list[int], rank: int) -> None:
        frame = self.frame
        for project in (p for p in self._ended.values() if covers(frame, frame.purse, p)):
            frame.refuse(project, Reason.BEHIND_TIE, self._keys[project], phase=self.phase)
        for project in group:
            frame.refuse(project, Reason.TIED, self._keys[project], phase=self.phase, rank=rank)
        for project in behind:
            frame.refuse(project, Reason.BEHIND_TIE, self._keys[project], phase=self.phase)

    def _pay_partly(self) -> None:
        """After the end: those who ended a list are funded apart when the money left covers the share of ``partial``."""
        purse = self.frame.purse.copy()
        for project in self._ended.values():
            room = purse.room(project)
            if covers(self.frame, purse, project) and self.scene().rival(project) is None:
                purse.take(project, room)
                self.frame.part_paid[project] = room
                self.frame.add_extra(project, Reason.PARTIAL, self._keys[project], covered=room)
