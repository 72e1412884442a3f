"""Welfare: every set of projects, one by one."""

from __future__ import annotations

from itertools import combinations

from tests.pure.reference.world import World


def allowed(world: World, chosen: tuple[str, ...]) -> bool:
    """Whether all of them can win together."""
    won: list[str] = []
    for i in chosen:
        if world.conflict(i, won) or not world.fits(i, won):
            return False
        won.append(i)
    return True


def welfare(world: World) -> None:
    """The rule."""
    answer = world.answer
    able = [i for i in sorted(world.alive) if world.key[i] > 0]
    sets = [s for size in range(len(able) + 1) for s in combinations(able, size) if allowed(world, s)]
    most = max(sum(world.key[i] for i in s) for s in sets)
    best = [frozenset(s) for s in sets if sum(world.key[i] for i in s) == most]
    always, ever = frozenset.intersection(*best), frozenset().union(*best)
    tied = ever - always
    if tied:
        answer.ties.append(("rule", tied))
        order = world.order(tied)
        if order is None:
            answer.winners = sorted(always)
            world.stop_at("rule", tied, always)
            for i in world.alive:
                if i not in ever:
                    answer.reasons[i] = {"not_in_best_set", "no_support", "behind_tie", "does_not_fit", "conflict"}
            return
        best.sort(key=lambda s: [i not in s for i in order])
    answer.winners = sorted(best[0])
    for i in world.alive:
        if i not in best[0]:
            answer.reasons[i] = {"not_in_best_set", "does_not_fit", "conflict"} if world.key[i] > 0 else {"no_support"}
