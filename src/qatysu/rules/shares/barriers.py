"""What keeps a project out of a run of equal shares besides money of its supporters: limits of parts and funders, conflicts."""

from __future__ import annotations

from qatysu.rules.frame import Frame
from qatysu.rules.limits import Lack, Limit


class Barriers:
    """Money left of every limit but the total, and winners, in one run."""

    def __init__(self, frame: Frame) -> None:
        """Nothing is bought yet."""
        self._frame = frame
        self._limits: tuple[Limit, ...] = tuple(limit for limit in frame.purse.limits if limit.kind != "total")
        self._left = [limit.amount for limit in self._limits]

    def copy(self) -> Barriers:
        """The same moment, apart."""
        other = object.__new__(Barriers)
        other._frame, other._limits, other._left = self._frame, self._limits, list(self._left)
        return other

    def pay(self, project: int) -> None:
        """Take the cost of a winner."""
        for place, limit in enumerate(self._limits):
            if project in limit.members:
                self._left[place] -= self._frame.costs[project]

    def lack(self, project: int) -> Lack | None:
        """The limit that the project exceeds most, if any."""
        cost, worst = self._frame.costs[project], None
        for limit, left in zip(self._limits, self._left, strict=True):
            if project in limit.members and cost > left and (worst is None or left < worst.left):
                worst = Lack(limit, left, cost - left)
        return worst

    def bar(self, project: int, won: list[int]) -> bool:
        """Whether the project can no longer be bought beside ``won``."""
        return self._frame.rival(project, won) is not None or (bool(self._limits) and self.lack(project) is not None)

    def all_pass(self, projects: tuple[int, ...]) -> bool:
        """Whether all of ``projects`` can still be bought together."""
        if any(self._frame.rival(a, projects) is not None for a in projects):
            return False
        together = self.copy()
        for project in projects:
            together.pay(project)
        return all(left >= 0 for left in together._left)
