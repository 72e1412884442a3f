"""What the next project of a list meets, and whether the order of tied projects matters there (docs/outcome-rules.md, Ties)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from qatysu.rules.frame import Frame
from qatysu.rules.limits import Purse

#: States of the search in ``_ends_vary``; a real list needs a handful.
MOST_STATES = 5_000
#: Limits whose lack ends only the list of their own members; any other ends the whole list.
OF_PARTS = ("category", "district")

_Ends = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of a list: the money left, the winners so far, and ``ended``: place of a limit in ``purse.limits`` ->
    the project that ended the list of its members. ``stops``: whether what does not fit ends a list at all.
    """

    frame: Frame
    purse: Purse
    won: tuple[int, ...]
    ended: Mapping[int, int]
    stops: bool

    def ender(self, project: int) -> int | None:
        """The project that ended the list of ``project``; None while it goes on."""
        found = [self.ended[k] for k in self.purse.limits_with(project) if k in self.ended]
        return found[0] if found else None

    def rival(self, project: int) -> int | None:
        """The first winner that ``project`` conflicts with, if any."""
        return next((w for w in self.won if self.frame.in_conflict(project, w)), None)

    def is_open(self, project: int) -> bool:
        """Whether only money can refuse ``project``."""
        return self.ender(project) is None and self.rival(project) is None

    def takes(self, project: int) -> bool:
        """Whether ``project`` wins when it is the next."""
        return self.purse.fits(project) and self.is_open(project)


def list_ended_by(purse: Purse, project: int) -> int:
    """Place of the limit whose list ``project``, which does not fit, ends: 0 for the whole list."""
    worst = purse.narrowest(project)
    return worst if purse.limits[worst].kind in OF_PARTS else 0


def covers(frame: Frame, purse: Purse, project: int) -> bool:
    """Whether the money left covers the share of the cost that ``partial`` asks for."""
    share = frame.params.partial
    return share is not None and purse.room(project) >= share * frame.costs[project]


def order_matters(scene: Scene, tied: Sequence[int]) -> tuple[bool, bool]:
    """Whether two orders of ``tied`` differ in which of them are funded or, with ``stops``, in which lists end (and, with
    ``partial``, in who ends one and would be paid); and whether that is proved (False: taken for granted).

    Let A be those who would win as the first. Each must win in every order, so A must fit together without conflicts. The
    others never win. Under ``stops`` one of them in front ends a list, which must hold nobody of A; then what is left for
    that list never changes, and only which lists end can still depend on the order.
    """
    able = [p for p in tied if scene.is_open(p)]
    first = [p for p in able if scene.purse.fits(p)]
    if not scene.purse.fits_all(first) or any(scene.frame.in_conflict(a, b) for a, b in combinations(first, 2)):
        return True, True
    misfits = [p for p in able if not scene.purse.fits(p)]
    if not scene.stops or not misfits:
        return False, True
    ends = {p: list_ended_by(scene.purse, p) for p in misfits}
    if any(end in scene.purse.limits_with(p) for end in ends.values() for p in first):
        return True, True
    later = scene.purse.copy()
    for p in first:
        later.pay(p)
    passed = {m for m in misfits if any(scene.frame.in_conflict(m, p) for p in first)}
    if any(list_ended_by(later, m) != ends[m] for m in misfits if m not in passed):
        return True, len(misfits) == 1
    return _ends_vary(scene, ends, passed)


def _ends_vary(scene: Scene, ends: Mapping[int, int], passed: Iterable[int]) -> tuple[bool, bool]:
    """Whether orders of those who do not fit end different lists. ``passed`` end none when their rival comes first."""
    kinds = {
        (frozenset(scene.purse.limits_with(m)), end, m if covers(scene.frame, scene.purse, m) else -1, m in passed)
        for m, end in ends.items()
    }
    start: _Ends = frozenset()
    seen, stack, finals = {start}, [start], set()
    while stack:
        state = stack.pop()
        closed = {end for end, _ in state}
        waiting = [kind for kind in kinds if closed.isdisjoint(kind[0])]
        if all(may_pass for *_, may_pass in waiting):
            finals.add(state)
            if len(finals) > 1:
                return True, True
        if len(seen) > MOST_STATES:
            return True, False
        for _, end, payee, _ in waiting:
            after = state | {(end, payee)}
            if after not in seen:
                seen.add(after)
                stack.append(after)
    return False, True
