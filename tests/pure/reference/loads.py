"""Sequential Phragmén with costs, every way to settle its ties.

Source: M. Brill et al., "Phragmén's Voting Methods and Justified Representation", Mathematical Programming 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.pure.reference.world import World

Sets = frozenset[frozenset[str]]


@dataclass(frozen=True)
class State:
    """Loads of the voters, and winners."""

    loads: tuple[Fraction, ...]
    won: tuple[str, ...]


class Loads:
    """The computation as a tree that forks at ties."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.memo: dict[object, Sets] = {}

    def next(self, state: State) -> tuple[Fraction, list[str]] | None:
        """The smallest load and those that would give it; None at the end."""
        world = self.world
        would: dict[str, Fraction] = {}
        for i in world.alive:
            who = world.supporters[i]
            if i in state.won or not who or world.conflict(i, state.won):
                continue
            if world.params.unaffordable == "skip" and not world.fits(i, state.won):
                continue
            would[i] = (world.cost[i] + sum((state.loads[v] for v in who), Fraction(0))) / len(who)
        if not would:
            return None
        least = min(would.values())
        tied = sorted(i for i, load in would.items() if load == least)
        return None if any(not world.fits(i, state.won) for i in tied) else (least, tied)

    def buy(self, state: State, i: str, load: Fraction) -> State:
        """The moment after ``i`` was bought."""
        who = set(self.world.supporters[i])
        return State(tuple(load if v in who else old for v, old in enumerate(state.loads)), (*state.won, i))

    def reach(self, state: State) -> Sets:
        """Every set of winners that choices at ties from here on can lead to."""
        name = (state.loads, frozenset(state.won))
        if name not in self.memo:
            found = self.next(state)
            if found is None:
                self.memo[name] = frozenset({frozenset(state.won)})
            else:
                least, tied = found
                self.memo[name] = frozenset().union(*(self.reach(self.buy(state, i, least)) for i in tied))
        return self.memo[name]


def phragmen(world: World) -> None:
    """The rule."""
    loads, answer = Loads(world), world.answer
    state = State((Fraction(0),) * len(world.voters), ())
    while (found := loads.next(state)) is not None:
        least, tied = found
        choice = tied[0]
        if len(tied) > 1:
            order = world.order(tied)
            decisive = len({loads.reach(loads.buy(state, i, least)) for i in tied}) > 1
            if decisive:
                answer.ties.append(("rule", frozenset(tied)))
            if decisive and order is None:
                answer.winners = list(state.won)
                world.stop_at("rule", tied, frozenset.intersection(*loads.reach(state)))
                world.without_supporters()
                return
            choice = order[0] if order else tied[0]
        state = loads.buy(state, choice, least)
    answer.winners = list(state.won)
    for i in world.alive:
        if i not in answer.winners:
            answer.reasons[i] = _why(world, i)


def _why(world: World, i: str) -> set[str]:
    """What is true of a project that was not bought."""
    if not world.supporters[i]:
        return {"no_support"}
    found = {"conflict"} if world.conflict(i, world.answer.winners) else set()
    if not world.fits(i, world.answer.winners):
        found.add("does_not_fit")
    if world.params.unaffordable == "stop" and "conflict" not in found:
        found.add("after_stop")
    return found
