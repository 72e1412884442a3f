"""What the next project of a list meets, and whether the order of tied projects matters there (docs/outcome-rules.md, Ties)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from qatysu.rules.frame import Frame
from qatysu.rules.limits import Purse

#: Orders that the search for other outcomes looks at; only budgets of parts under ``fit=stop`` ever ask for it.
MOST_ORDERS = 20_000
#: Limits whose lack ends only the list of their own members; any other ends the whole list.
OF_PARTS = ("category", "district")

#: Winners and those paid partly.
Result = tuple[frozenset[int], frozenset[int]]


class TooManyOrders(Exception):
    """The search met its bound."""


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
        found = [self.ended[k] for k in self.purse.limits_with(project) if k in self.ended] if self.ended else []
        return found[0] if found else None

    def rival(self, project: int) -> int | None:
        """The first winner that ``project`` conflicts with, if any."""
        return self.frame.rival(project, self.won)

    def is_open(self, project: int) -> bool:
        """Whether only money can refuse ``project``."""
        return self.ender(project) is None and self.rival(project) is None

    def takes(self, project: int) -> bool:
        """Whether ``project`` wins when it is the next."""
        return self.purse.fits(project) and self.is_open(project)

    def after(self, order: Iterable[int]) -> Scene:
        """The scene when the projects of ``order`` have been decided one after the other."""
        now = Scene(self.frame, self.purse.copy(), self.won, dict(self.ended), self.stops)
        for project in order:
            if not now.is_open(project):
                continue
            if now.purse.fits(project):
                now.purse.pay(project)
                now = Scene(now.frame, now.purse, (*now.won, project), now.ended, now.stops)
            elif now.stops:
                now = Scene(now.frame, now.purse, now.won, {**now.ended, list_ended_by(now.purse, project): project}, now.stops)
        return now


def list_ended_by(purse: Purse, project: int) -> int:
    """Place of the limit whose list ``project``, which does not fit, ends: 0 for the whole list."""
    worst = purse.narrowest(project)
    return worst if purse.limits[worst].kind in OF_PARTS else 0


def covers(frame: Frame, purse: Purse, project: int) -> bool:
    """Whether the money left covers the share of the cost that ``partial`` asks for."""
    share = frame.params.partial
    return share is not None and purse.room(project) >= share * frame.costs[project]


def paid_partly(end: Scene) -> dict[int, int]:
    """Who of those that ended a list is paid at the ``end`` of it because the money left covers the share of ``partial``,
    and what they take of that money, minor units.
    """
    purse, found = end.purse.copy(), dict[int, int]()
    for project in end.ended.values():
        room = purse.room(project)
        if covers(end.frame, purse, project) and end.frame.rival(project, (*end.won, *found)) is None:
            purse.take(project, room)
            found[project] = room
    return found


@dataclass(frozen=True, slots=True)
class Order:
    """Whether it ``matters``; ``proved``: False when that is taken for granted; ``searched``: what comes later was looked at."""

    matters: bool
    proved: bool = True
    searched: bool = False


def order_matters(scene: Scene, tied: Sequence[int], later: Sequence[Sequence[int]]) -> Order:
    """Whether orders of ``tied``, which are all open, lead to other winners (with ``partial``: or to other projects paid
    partly). ``later``: the groups behind them.

    Let A be those who would win as the first. Each must win in every order, so A must fit together without conflicts. The
    others never win. Without stops that is all. With them, one of the others in front ends a list, which must hold nobody
    of A. What is left of that list's money then never changes: only which lists end can still depend on the order.
    """
    first = [p for p in tied if scene.purse.fits(p)]
    conflict = bool(scene.frame.groups) and any(scene.frame.in_conflict(a, b) for a, b in combinations(first, 2))
    if conflict or not scene.purse.fits_all(first):
        return Order(True)
    misfits = [p for p in tied if p not in first]
    if not scene.stops or not misfits:
        return Order(False)
    ends = {p: list_ended_by(scene.purse, p) for p in misfits}
    if any(end in scene.purse.limits_with(p) for end in ends.values() for p in first):
        return Order(True)
    if set(ends.values()) == {0}:  # and A is empty: the first ends the whole list
        return Order(len({frozenset(paid_partly(scene.after((p,)))) for p in misfits}) > 1)
    return _look_ahead(scene, tied, later)


def _look_ahead(scene: Scene, tied: Sequence[int], later: Sequence[Sequence[int]]) -> Order:
    """The same by trying: whether the outcomes that can still come differ between orders of ``tied``."""
    try:
        search = _Search(scene.frame)
        futures = {search.futures(after, later) for after in search.afters(scene, tied)}
    except TooManyOrders:
        return Order(True, proved=False, searched=True)
    return Order(len(futures) > 1, searched=True)


class _Search:
    """All outcomes that orders of tied projects can lead to. Raises TooManyOrders beyond ``MOST_ORDERS``."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.orders = frame, 0
        self._known: dict[tuple[object, ...], frozenset[Result]] = {}

    def afters(self, scene: Scene, group: Sequence[int]) -> list[Scene]:
        """The different scenes after the orders of ``group``."""
        tied = [p for p in group if scene.is_open(p)]
        found = {}
        self.orders += math.factorial(len(tied))
        if self.orders > MOST_ORDERS:
            raise TooManyOrders
        for order in permutations(tied):
            after = scene.after(order)
            found[frozenset(after.won), tuple(after.ended.items())] = after
        return list(found.values())

    def futures(self, scene: Scene, later: Sequence[Sequence[int]]) -> frozenset[Result]:
        """Outcomes that can come of ``scene``."""
        if not later:
            return frozenset({(frozenset(scene.won), frozenset(paid_partly(scene)))})
        state = (len(later), frozenset(scene.won), tuple(scene.ended.items()))
        if state not in self._known:
            ends = [self.futures(after, later[1:]) for after in self.afters(scene, later[0])]
            self._known[state] = frozenset().union(*ends)
        return self._known[state]
