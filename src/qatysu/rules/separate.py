"""Items that share no limit that can bind are chosen apart: budgets of districts that make up the whole budget, for one."""

from __future__ import annotations

from collections.abc import Sequence

from qatysu.rules.knapsack import Best, Knapsack, Work


class Separate:
    """The same question as ``Knapsack``, asked of every group of items that hang together."""

    def __init__(self, values: Sequence[int], weights: Sequence[Sequence[int]], caps: Sequence[int]) -> None:
        """Raises Invalid("too_hard") when a sum is larger than a machine word holds."""
        rows = [k for k in range(len(caps)) if not _implied(k, weights, caps)]
        self._groups = _together(len(values), [weights[k] for k in rows])
        self._sacks = []
        for items in self._groups:
            held = [k for k in rows if any(weights[k][i] for i in items)]
            own = [[weights[k][i] for i in items] for k in held]
            self._sacks.append(Knapsack([values[i] for i in items], own, [caps[k] for k in held]))
        self._known: dict[tuple[int, tuple[int, ...], tuple[int, ...]], Best | None] = {}

    def best(self, work: Work, *, fixed: Sequence[int] = (), banned: Sequence[int] = (), above: int = -1) -> Best | None:
        """As ``Knapsack.best``."""
        asked = [(n, _inside(items, fixed), _inside(items, banned)) for n, items in enumerate(self._groups)]
        new = [key for key in asked if key not in self._known]
        last = new.pop() if new else None
        for n, held, out in new:
            self._known[n, held, out] = self._sacks[n].best(work, fixed=held, banned=out)
        found = [(n, self._known[n, held, out]) for n, held, out in asked if (n, held, out) != last]
        chosen = [(n, best) for n, best in found if best is not None]
        if len(chosen) < len(found):
            return None
        if last is not None:
            n, held, out = last
            need = above - sum(best.value for _, best in chosen)
            best_last = self._sacks[n].best(work, fixed=held, banned=out, above=max(need, -1))
            if best_last is None:
                return None
            if need < 0:
                self._known[last] = best_last
            chosen.append((n, best_last))
        items = sorted(self._groups[n][i] for n, best in chosen for i in best.items)
        value = sum(best.value for _, best in chosen)
        return Best(value, tuple(items)) if value > above else None


def _inside(items: Sequence[int], some: Sequence[int]) -> tuple[int, ...]:
    """Places in ``items`` of ``some``, sorted."""
    wanted = set(some)
    return tuple(place for place, item in enumerate(items) if item in wanted)


def _implied(row: int, weights: Sequence[Sequence[int]], caps: Sequence[int]) -> bool:
    """Whether all items fit the limit; for the first, also whether the other limits keep their items within it."""
    if sum(weights[row]) <= caps[row]:
        return True
    if row:
        return False
    whole, covered = weights[0], set[int]()
    most = 0
    for other, cap in zip(weights[1:], caps[1:], strict=True):
        members = [i for i, weight in enumerate(other) if weight and weight == whole[i]]
        most += min(cap, sum(whole[i] for i in members if i not in covered))
        covered.update(members)
    return most + sum(weight for i, weight in enumerate(whole) if i not in covered) <= caps[0]


def _together(count: int, weights: Sequence[Sequence[int]]) -> list[list[int]]:
    """Items in groups: two that weigh in one limit are in one group."""
    root = list(range(count))

    def top(item: int) -> int:
        while root[item] != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for row in weights:
        members = [i for i, weight in enumerate(row) if weight]
        for item in members[1:]:
            root[top(item)] = top(members[0])
    groups: dict[int, list[int]] = {}
    for item in range(count):
        groups.setdefault(top(item), []).append(item)
    return list(groups.values())
