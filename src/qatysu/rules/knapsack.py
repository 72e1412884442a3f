"""The set of largest value under several limits, exactly.

Prices of the limits (Lagrange multipliers) give every item a reduced value and the whole a bound: a set that decides an
item against the sign of its reduced value loses that much of the bound. Sets that lose more than the gap between the bound
and a target cannot reach it; what remains is listed item by item, and a partial set is dropped when another has at least
its value and uses no more of any limit that still binds. The target starts near the bound and falls until a set is found.

Floats (prices, losses) only leave out sets that are too far away, with a margin above their error; values and limits are
integers. Sources: Nemhauser, Ullmann, "Discrete Dynamic Programming and Capital Allocation", 1969; Dembo, Hammer,
"A Reduction Algorithm for Knapsack Problems", 1980.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qatysu.core.errors import Invalid

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
#: Partial sets that one search may hold in all; beyond it gives up.
MOST_STATES = 3_000_000
#: Partial sets that are compared with each other where several limits bind.
MOST_COMPARED = 600
#: Rounds of setting the price of each limit in turn.
SWEEPS = 8
LARGEST_SUM = 2**60


class TooHard(Exception):
    """The search met its bound."""


@dataclass(slots=True)
class Work:
    """How many partial sets may still be listed."""

    left: int = MOST_STATES

    def take(self, states: int) -> None:
        """Count ``states``. Raises TooHard when it is too much."""
        self.left -= states
        if self.left < 0:
            raise TooHard


@dataclass(frozen=True, slots=True)
class Best:
    """A set of items and the sum of their values. ``items`` are sorted."""

    value: int
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is to be chosen when some items are fixed: ``free`` items that fit alone, ``caps`` left, ``value`` so far."""

    fixed: tuple[int, ...]
    value: int
    free: Ints
    caps: Ints


@dataclass(frozen=True, slots=True)
class _Bound:
    """``reduced`` value of each free item at these ``prices``; no set of them is worth more than ``top``."""

    prices: Floats
    reduced: Floats
    top: float

    @property
    def margin(self) -> float:
        """More than the error of a sum of losses."""
        return 1e-9 * (1 + self.top)

    def most(self, rest: _Rest) -> int:
        """No set is worth more."""
        return int(np.floor(rest.value + self.top + self.margin))


class Knapsack:
    """Items with ``values`` (0 or more); of each limit ``weights[k]`` of the chosen add up to at most ``caps[k]``."""

    def __init__(self, values: Sequence[int], weights: Sequence[Sequence[int]], caps: Sequence[int]) -> None:
        """Raises Invalid("too_hard") when a sum is larger than a machine word holds."""
        sums = [sum(row) for row in weights]
        if max([sum(values), *sums], default=0) > LARGEST_SUM:
            raise Invalid("too_hard", text="the numbers of this election are too large for the rule welfare")
        self.values = np.asarray(values, np.int64)
        self.weights = np.asarray(weights, np.int64).reshape(len(caps), len(values))
        self.caps = np.asarray([min(cap, total) for cap, total in zip(caps, sums, strict=True)], np.int64)

    def best(self, work: Work, *, fixed: Sequence[int] = (), banned: Sequence[int] = (), above: int = -1) -> Best | None:
        """The best set that holds all of ``fixed`` and none of ``banned``; None when there is none worth more than ``above``.

        Raises TooHard.
        """
        rest = self._rest(fixed, banned)
        if rest is None:
            return None
        bound = self._bound(rest)
        top = bound.most(rest)
        if top <= above:
            return None
        found = self._greedy(rest, bound)
        low = max(above + 1, found.value)
        for share in (256, 64, 16, 4, 1) if top > found.value else ():
            target = max(low, top - (top - low) // share)
            better = self._search(rest, bound, target, work)
            if better is not None:
                return better
        return found if found.value > above else None

    def highest_price(self, work: Work, item: int, banned: Sequence[int], above: int) -> int:
        """The most that ``item`` may weigh in the first limit so that a set with it is worth more than ``above``; 0 for none.
        Raises TooHard.
        """
        full, spare = int(self.caps[0]), 0

        def top(price: int) -> int:
            rest = self._rest([item], banned, price)
            return -1 if rest is None else self._bound(rest).most(rest)

        while True:
            # The bounds only say where to look: what fits beside a price includes everything lighter.
            limit = above + spare
            price = max(1, bisect_left(range(1, full + 1), True, key=lambda price: top(price) <= limit))
            rest = self._rest([item], banned, price)
            found = None if rest is None else self._search(rest, self._bound(rest), above + 1, work, lightest=True)
            if found is not None:
                return full - int(self.weights[0, [i for i in found.items if i != item]].sum())
            if price == 1:
                return 0
            spare = 4 * spare + 2

    def _rest(self, fixed: Sequence[int], banned: Sequence[int], price: int | None = None) -> _Rest | None:
        """``price``: another first weight of the only fixed item."""
        caps = self.caps - self.weights[:, list(fixed)].sum(axis=1)
        if price is not None:
            caps[0] = self.caps[0] - price
        if (caps < 0).any():
            return None
        may = (self.weights <= caps[:, None]).all(axis=0)
        may[[*fixed, *banned]] = False
        value = int(self.values[list(fixed)].sum())
        return _Rest(tuple(fixed), value, np.flatnonzero(may), caps)

    def _bound(self, rest: _Rest) -> _Bound:
        """Prices by setting each in turn to the best for the others (the ratio of the item at which the limit is full)."""
        values, weights = self.values[rest.free].astype(float), self.weights[:, rest.free].astype(float)
        prices = np.zeros(len(rest.caps))
        tight = np.flatnonzero(weights.sum(axis=1) > rest.caps)
        for _ in range(SWEEPS if len(tight) > 1 else 1):
            before = prices.copy()
            for k in tight:
                left = values - prices @ weights + prices[k] * weights[k]
                held = np.flatnonzero((weights[k] > 0) & (left > 0))
                ratios = left[held] / weights[k, held]
                order = np.argsort(-ratios, kind="stable")
                place = int(np.searchsorted(np.cumsum(weights[k, held][order]), rest.caps[k], side="right"))
                prices[k] = ratios[order[place]] if place < len(order) else 0.0
            if np.array_equal(before, prices):
                break
        reduced = values - prices @ weights
        return _Bound(prices, reduced, float(prices @ rest.caps + reduced[reduced > 0].sum()))

    def _greedy(self, rest: _Rest, bound: _Bound) -> Best:
        """A set that is allowed: by falling reduced value."""
        left, items, value = rest.caps.copy(), list(rest.fixed), rest.value
        for place in np.argsort(-bound.reduced, kind="stable"):
            item = int(rest.free[place])
            if (self.weights[:, item] <= left).all():
                left -= self.weights[:, item]
                items.append(item)
                value += int(self.values[item])
        return Best(value, tuple(sorted(items)))

    def _search(self, rest: _Rest, bound: _Bound, target: int, work: Work, *, lightest: bool = False) -> Best | None:
        """The best set worth at least ``target`` (``lightest``: that which uses least of the first limit), or None."""
        gap = rest.value + bound.top - target + bound.margin
        if gap < 0:
            return None
        sure = bound.reduced > gap
        caps = rest.caps - self.weights[:, rest.free[sure]].sum(axis=1)
        if (caps < 0).any():
            return None
        core = np.flatnonzero(np.abs(bound.reduced) <= gap)
        core = core[self._order(rest.free[core], bound.reduced[core])]
        layers = _Layers(self, rest.free[core], bound.reduced[core], bound.prices, caps, gap)
        fixed = (*rest.fixed, *(int(i) for i in rest.free[sure]))
        found = layers.run(work, target - int(self.values[list(fixed)].sum()), lightest=lightest)
        if found is None:
            return None
        items = (*fixed, *found)
        return Best(int(self.values[list(items)].sum()), tuple(sorted(items)))

    def _order(self, items: Ints, reduced: Floats) -> list[int]:
        """Items of the same limits together, so that limits end early; large losses first."""
        kinds = [tuple(self.weights[1:, item] == 0) for item in items]
        return sorted(range(len(items)), key=lambda n: (kinds[n], -abs(reduced[n]), n))


class _Layers:
    """Partial sets, item by item: ``value``, ``used`` (states x limits) and ``loss`` of each, and how it came about."""

    def __init__(self, sack: Knapsack, items: Ints, reduced: Floats, prices: Floats, caps: Ints, gap: float) -> None:
        self._items, self._reduced, self._prices, self._caps, self._gap = items, reduced, prices, caps, gap
        self._values, self._weights = sack.values[items], sack.weights[:, items].T
        self._behind = np.cumsum(self._weights[::-1], axis=0)[::-1]
        self._trail: list[tuple[Ints, NDArray[np.bool_]]] = []

    def run(self, work: Work, need: int, *, lightest: bool) -> tuple[int, ...] | None:
        """The items of the best (or lightest) set worth at least ``need``, or None. Raises TooHard."""
        value, used, loss = np.zeros(1, np.int64), np.zeros((1, len(self._caps)), np.int64), np.zeros(1)
        for n in range(len(self._items)):
            reduced = self._reduced[n]
            fits = np.flatnonzero((used + self._weights[n] <= self._caps).all(axis=1))
            work.take(len(value) + len(fits))
            parent = np.concatenate([np.arange(len(value)), fits])
            taken = np.arange(len(parent)) >= len(value)
            used = np.concatenate([used, used[fits] + self._weights[n]])
            loss = np.concatenate([loss + max(reduced, 0.0), loss[fits] + max(-reduced, 0.0)])
            value = np.concatenate([value, value[fits] + self._values[n]])
            behind = self._behind[n + 1] if n + 1 < len(self._items) else np.zeros_like(self._caps)
            idle = np.maximum(self._caps - used - behind, 0) @ self._prices
            near = np.flatnonzero(loss + idle <= self._gap)
            near = near[_undominated(value[near], used[near], self._caps, behind, lightest=lightest)]
            if not len(near):
                return None
            value, used, loss = value[near], used[near], loss[near]
            self._trail.append((parent[near], taken[near]))
        enough = np.flatnonzero(value >= need)
        if not len(enough):
            return None
        last = enough[np.argmin(used[enough, 0]) if lightest else np.argmax(value[enough])]
        return self._back(int(last))

    def _back(self, state: int) -> tuple[int, ...]:
        items = []
        for n in range(len(self._items) - 1, -1, -1):
            parent, taken = self._trail[n]
            if taken[state]:
                items.append(int(self._items[n]))
            state = int(parent[state])
        return tuple(items)


def _undominated(value: Ints, used: Ints, caps: Ints, behind: Ints, *, lightest: bool) -> Ints:
    """Places of the states that no other beats, counting only limits that can still bind (and the first, with ``lightest``):
    ``behind`` is what the items to come weigh together.
    """
    if len(value) < 2:
        return np.arange(len(value))
    binding = behind > caps - used.max(axis=0)
    binding[:1] |= lightest
    columns = np.flatnonzero(binding)
    if not len(columns):
        return np.asarray([int(np.argmax(value))])
    kept = used[:, columns]
    order: Ints = np.lexsort((-value, *kept.T[::-1]))
    if len(columns) == 1:
        highest = np.maximum.accumulate(value[order])
        better: NDArray[np.bool_] = np.concatenate([[True], value[order][1:] > highest[:-1]])
        return order[better]
    same = (kept[order][1:] == kept[order][:-1]).all(axis=1)
    order = order[np.concatenate([[True], ~same])]
    if len(order) > MOST_COMPARED:
        return order
    less = (kept[order][:, None, :] <= kept[order][None, :, :]).all(axis=2) & (value[order][:, None] >= value[order][None, :])
    np.fill_diagonal(less, False)
    return order[~less.any(axis=0)]
