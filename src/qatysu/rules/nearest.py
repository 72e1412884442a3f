"""The smallest change that would have turned the decision about a project of a list, all else equal: the fewest votes
(points) more, the highest lower price (docs/outcome-rules.md, What comes out).

A project that moves up meets the scene which the walk met there: nothing before it changes. The higher it stands, the more
money is left and the fewer lists have ended, so the place is found by halving. Only where it would stand in a tie is the
tie looked at: it counts only when every order of it funds the project.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from qatysu.rules.model import Phase, Reason, Verdict
from qatysu.rules.scene import Scene, order_matters
from qatysu.rules.walk import Stage, Walk

#: Projects times the largest group of equal keys: beyond it the places in ties would take too long to look at. Real elections
#: stay far below; a file with thousands of projects and few votes does not.
MOST_COMPARED = 1_000_000
_TURNED_BY_VOTES = (Reason.DOES_NOT_FIT, Reason.CONFLICT, Reason.AFTER_STOP)


def annotate(walk: Walk, *, per_cost: bool) -> None:
    """Write the smallest changes into the steps of ``walk.frame``. ``per_cost``: the list falls by votes per cost.

    Projects below the threshold keep the votes that lacked to it, and get the fact ``votes_to_win``. Nothing is claimed
    with ``leftover=pool``, where the rule has not the last word, nor where a tie took a search through the whole list, nor
    where far too many projects are tied (``MOST_COMPARED``).
    """
    frame = walk.frame
    compared = len(frame.projects) * max((len(stage.group) for stage in walk.stages), default=0)
    if frame.params.leftover == "pool" or walk.searched or compared > MOST_COMPARED:
        return
    nearest = _Nearest(walk, per_cost=per_cost)
    for place, step in enumerate(frame.steps):
        if step.verdict is Verdict.NOT_FUNDED and step.phase is Phase.RULE and step.reason in _TURNED_BY_VOTES:
            project = frame.index[step.project]
            votes, money = nearest.votes_needed(project), nearest.money_needed(project)
            frame.steps[place] = replace(step, missing_votes=votes, missing_money=money)
    for project in frame.below_threshold():
        votes = nearest.votes_needed(project)
        if votes:
            frame.note(project, votes_to_win=votes)


class _Nearest:
    def __init__(self, walk: Walk, *, per_cost: bool) -> None:
        self._walk, self._frame, self._stages, self._per_cost = walk, walk.frame, walk.stages, per_cost
        self._falling = [-stage.key for stage in walk.stages]
        refused = bool(walk.stages) and walk.stages[-1].refused
        self._end = None if refused else walk.scene()

    def votes_needed(self, project: int) -> int:
        """Fewest votes (points) more with which ``project`` wins whatever the order of ties; 0 when none suffice."""
        have, cost = self._frame.keys[project], self._frame.costs[project]
        least = have + max(1, self._frame.threshold_lack(have))
        top = least
        if self._stages:
            highest = self._stages[0].key * (cost if self._per_cost else 1)
            top = max(least, math.floor(highest) + 1)
        if not self._fits_behind(project, top, cost):
            return 0
        votes = _first(least, top, lambda v: self._fits_behind(project, v, cost))
        while not self._wins(project, votes, cost):
            votes += 1
        return votes - have

    def money_needed(self, project: int) -> int:
        """By how much a lower price would have been enough, minor units; 0 when no price above 0 is."""
        have, cost = self._frame.keys[project], self._frame.costs[project]
        if self._per_cost and have:
            found = self._price_in_list(project)
        else:
            found = next((c for c in self._prices_at_place(project) if c < cost and self._wins(project, have, c)), 0)
        return cost - found if found else 0

    def _price_in_list(self, project: int) -> int:
        """By density a lower price moves the project up as well."""
        have, cost = self._frame.keys[project], self._frame.costs[project]
        if cost == 1 or not self._fits_behind(project, have, 1):
            return 0
        price = -_first(1 - cost, -1, lambda c: self._fits_behind(project, have, -c))
        while price and not self._wins(project, have, price):
            price -= 1
        return price

    def _prices_at_place(self, project: int) -> list[int]:
        """Prices that may just be enough at its own place, the highest first: with what is left before its group, and
        after all others of it that win.
        """
        stage = self._stages[bisect_left(self._falling, -self._key(self._frame.keys[project], 1))]
        purse = stage.scene.purse.copy()
        prices = {purse.room(project)}
        others = [p for p in stage.group if p != project and stage.scene.takes(p)]
        if purse.fits_all(others):
            for other in others:
                purse.pay(other)
            prices.add(purse.room(project))
        return sorted((price for price in prices if price > 0), reverse=True)

    def _key(self, votes: int, cost: int) -> Fraction:
        return Fraction(votes, cost if self._per_cost else 1)

    def _fits_behind(self, project: int, votes: int, cost: int) -> bool:
        """Whether it would win as the last of those with an equal or higher key."""
        place = bisect_right(self._falling, -self._key(votes, cost))
        scene = self._stages[place].scene if place < len(self._stages) else self._end
        return scene is not None and _takes(scene, project, cost)

    def _wins(self, project: int, votes: int, cost: int) -> bool:
        """Whether it wins, with this key and cost, whatever the order of those that are tied with it."""
        key = self._key(votes, cost)
        place = bisect_left(self._falling, -key)
        if place == len(self._stages) or self._stages[place].key != key:
            return self._fits_behind(project, votes, cost)
        stage = self._stages[place]
        if not _takes(stage.scene, project, cost):
            return False
        tied = [p for p in stage.group if p != project and stage.scene.is_open(p)]
        return not tied or self._wins_tie(project, cost, stage, [*tied, project])

    def _wins_tie(self, project: int, cost: int, stage: Stage, tied: list[int]) -> bool:
        scene = replace(stage.scene, purse=stage.scene.purse.with_price(project, cost))
        later = [[p for p in behind.group if p != project] for behind in self._stages if behind.key < stage.key]
        return not order_matters(scene, tied, later).matters


def _takes(scene: Scene, project: int, cost: int) -> bool:
    return scene.purse.room(project) >= cost and scene.is_open(project)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The least number from ``low`` to ``high`` for which ``holds``; it holds for ``high`` and from the first one on."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
