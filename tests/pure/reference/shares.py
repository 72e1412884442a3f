"""The Method of Equal Shares, run after run, every way to settle its ties.

Source: D. Peters, G. Pierczyński, P. Skowron, "Proportional Participatory Budgeting with Additive Utilities", NeurIPS 2021.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tests.pure.reference.lists import Walk, pool
from tests.pure.reference.world import World

# Runs follow runs in one tree, which is as deep as all their purchases.
sys.setrecursionlimit(50_000)

#: More runs than this are a slip of the generator.
MOST_RUNS = 2000

Money = tuple[Fraction, ...]
Sets = frozenset[frozenset[str]]


def price(cost: int, holds: Sequence[tuple[Fraction, int]]) -> Fraction | None:
    """Smallest rho for which supporters, each paying min(money, rho x utility), reach ``cost``; None when they cannot."""
    if sum(money for money, _ in holds) < cost or not holds:
        return None
    # Who pays all that he has is who has least per utility: try each number of such people.
    poorest = sorted(holds, key=lambda pair: pair[0] / pair[1])
    paid, utility = Fraction(0), sum(u for _, u in poorest)
    for money, u in poorest:
        rho = (cost - paid) / utility
        if rho * u <= money:
            return rho
        paid, utility = paid + money, utility - u
    raise AssertionError("they hold enough")


@dataclass(frozen=True)
class State:
    """A moment: which run, what each voter has left, who has won in this run, who won in the run before."""

    run: int
    money: Money
    won: tuple[str, ...]
    before: tuple[str, ...] | None


class Shares:
    """The computation as a tree that forks at ties."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.completion = world.params.completion
        self.memo: dict[object, Sets] = {}

    def utility(self, i: str, voter: int) -> int:
        """What ``voter`` gets from ``i``."""
        kind = self.world.params.utility
        return {"cost": self.world.cost[i], "cardinality": 1, "score": self.world.voters[voter][i]}[kind]

    def start(self, run: int, before: tuple[str, ...] | None) -> State:
        """The first moment of a run."""
        n = len(self.world.voters)
        money = Fraction(self.world.budget, n) + run * self.world.params.step * self.world.scale if n else Fraction(0)
        return State(run, (money,) * n, (), before)

    def open(self, won: Sequence[str]) -> list[str]:
        """Supported projects that more money of the voters could still buy."""
        world = self.world
        left = [i for i in world.alive if i not in won and world.supporters[i] and not world.conflict(i, won)]
        return [i for i in left if world.fits(i, won, total=False)]

    def next(self, state: State) -> tuple[Fraction, list[str]] | None:
        """The lowest price and those that have it."""
        prices: dict[str, Fraction] = {}
        for i in self.open(state.won):
            holds = [(state.money[v], self.utility(i, v)) for v in self.world.supporters[i]]
            rho = price(self.world.cost[i], holds)
            if rho is not None:
                prices[i] = rho
        if not prices:
            return None
        lowest = min(prices.values())
        return lowest, sorted(i for i, rho in prices.items() if rho == lowest)

    def buy(self, state: State, i: str, rho: Fraction) -> State:
        """The moment after ``i`` was bought."""
        money = list(state.money)
        for v in self.world.supporters[i]:
            money[v] -= min(money[v], rho * self.utility(i, v))
        return State(state.run, tuple(money), (*state.won, i), state.before)

    def close(self, state: State) -> State | tuple[str, ...]:
        """At the end of a run: the first moment of the next one, or the winners."""
        world = self.world
        if self.completion in ("none", "utilitarian"):
            return state.won
        if sum(world.cost[i] for i in state.won) > world.budget:
            assert state.before is not None
            return state.before
        still = self.open(state.won)
        if not still or (self.completion == "add1e" and not any(world.fits(i, state.won) for i in still)):
            return state.won
        assert state.run < MOST_RUNS
        return self.start(state.run + 1, state.won)

    def reach(self, state: State) -> Sets:
        """Every set of winners that choices at ties from here on can lead to."""
        before = None if state.before is None else frozenset(state.before)
        name = (state.run, state.money, frozenset(state.won), before)
        if name not in self.memo:
            found = self.next(state)
            if found is None:
                after = self.close(state)
                self.memo[name] = self.reach(after) if isinstance(after, State) else frozenset({frozenset(after)})
            else:
                rho, tied = found
                sets: set[frozenset[str]] = set()
                for i in tied:
                    sets |= self.reach(self.buy(state, i, rho))
                self.memo[name] = frozenset(sets)
        return self.memo[name]

    def go(self) -> bool:
        """Fills winners and ties; False when it ended at a tie that nobody has settled."""
        answer, state = self.world.answer, self.start(0, None)
        while True:
            answer.runs = state.run + 1
            found = self.next(state)
            if found is None:
                after = self.close(state)
                if not isinstance(after, State):
                    answer.winners = list(after)
                    return True
                state = after
                continue
            rho, tied = found
            choice = tied[0]
            if len(tied) > 1:
                order = self.world.order(tied)
                decisive = len({self.reach(self.buy(state, i, rho)) for i in tied}) > 1
                if decisive:
                    answer.ties.append(("rule", frozenset(tied)))
                if decisive and order is None:
                    certain = frozenset.intersection(*self.reach(state))
                    answer.winners = [i for i in state.won if i in certain]
                    self.world.stop_at("rule", tied, certain)
                    return False
                choice = order[0] if order else tied[0]
            state = self.buy(state, choice, rho)


def equal_shares(world: World) -> None:
    """The rule with its completions and its comparison."""
    shares, answer = Shares(world), world.answer
    if not shares.go():
        if world.params.completion not in ("utilitarian", "add1u"):
            world.without_supporters()
        return
    for i in world.alive:
        if world.conflict(i, answer.winners):
            answer.reasons[i] = {"conflict"}
        elif not world.supporters[i]:
            answer.reasons[i] = {"no_support"}
        elif not world.fits(i, answer.winners, total=False):
            answer.reasons[i] = {"does_not_fit"}
        else:
            answer.reasons[i] = {"supporters_lack"}
    if world.params.completion in ("add1u", "utilitarian") and not pool(world, "completion", parts=True):
        return
    if world.params.comparison == "votes":
        compare(world)


def compare(world: World) -> None:
    """With rule votes: what more voters like better wins."""
    mine, ties = list(world.answer.winners), list(world.answer.ties)
    world.answer.winners = []
    walk = Walk(world, "rule", {i: world.key[i] for i in world.alive})
    state = walk.go(world.alive)
    if state is None:
        return
    other = list(state.won)
    better = worse = 0
    for voter in world.voters:
        here = sum(world.cost[i] for i in mine if i in voter)
        there = sum(world.cost[i] for i in other if i in voter)
        better, worse = better + (there > here), worse + (there < here)
    if better > worse:
        for i, why in state.why:
            world.answer.reasons[i] = {why}
    else:
        world.answer.winners, world.answer.ties = mine, ties
