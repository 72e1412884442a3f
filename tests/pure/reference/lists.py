"""Walking down a list: by votes, by votes per cost, what is left in the pool, utilitarian completion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, permutations

from tests.pure.reference.world import World

#: Winners, and those that are funded in part.
End = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True)
class State:
    """Winners in order, lists that have ended ("total" is the whole one), those that ended them, and why others lost."""

    won: tuple[str, ...]
    ended: frozenset[str] = frozenset()
    enders: tuple[str, ...] = ()
    why: tuple[tuple[str, str], ...] = ()


@dataclass
class Walk:
    """One walk. ``stop``: whether what does not fit ends a list. ``parts``: whether limits of parts hold."""

    world: World
    phase: str
    key: Mapping[str, Fraction | int]
    stop: bool = False
    parts: bool = True

    def over(self, i: str, state: State) -> str:
        """Why ``i`` is passed over without looking at money, or ''."""
        if self.world.conflict(i, state.won):
            return "conflict"
        mine = {f"part {name}" for name, _, members in self.world.parts if i in members} | {"total"}
        return "after_stop" if mine & state.ended else ""

    def take(self, state: State, order: Sequence[str]) -> State:
        """The state after the projects of ``order``, one after the other."""
        for i in order:
            why = self.over(i, state)
            left = self.world.left(i, state.won, parts=self.parts)
            name, money = min(left, key=lambda pair: pair[1])
            if why:
                state = State(state.won, state.ended, state.enders, (*state.why, (i, why)))
            elif self.world.cost[i] <= money:
                state = State((*state.won, i), state.ended, state.enders, state.why)
            else:
                why_not = (*state.why, (i, "does_not_fit"))
                ended = {name if name.startswith("part ") else "total"} if self.stop else set()
                state = State(state.won, state.ended | ended, (*state.enders, i) if ended else (), why_not)
        return state

    def groups(self, ids: Sequence[str]) -> list[list[str]]:
        """Projects of equal key together, the highest first."""
        ranked = sorted(ids, key=lambda i: self.key[i], reverse=True)
        return [sorted(group) for _, group in groupby(ranked, key=lambda i: self.key[i])]

    def ends(self, state: State, groups: Sequence[Sequence[str]]) -> set[End]:
        """All sets of winners, and of those funded in part, that orders of tied projects can lead to."""
        if not groups:
            return {(frozenset(state.won), frozenset(self.in_part(state)))}
        states = {self.take(state, order) for order in permutations(groups[0])}
        return {end for after in states for end in self.ends(after, groups[1:])}

    def in_part(self, state: State) -> dict[str, int]:
        """Those that ended a list and are funded in part at the end, with what they take of the money left."""
        world, asked, found = self.world, self.world.params.partial, dict[str, int]()
        if asked is None:
            return {}
        for i in state.enders:
            rest = min(money for _, money in world.left(i, state.won, found))
            if rest >= asked * world.cost[i] and not world.conflict(i, (*state.won, *found)):
                found[i] = rest
        return found

    def go(self, ids: Sequence[str]) -> State | None:
        """The walk; None when it ended at a tie that nobody has settled."""
        world, answer = self.world, self.world.answer
        state = State(tuple(answer.winners))
        groups = self.groups(ids)
        for n, group in enumerate(groups):
            tied = [i for i in group if not self.over(i, state)]
            by_id = tuple(sorted(tied))
            decisive = len(tied) > 1 and self.decides(state, by_id, groups[n + 1 :])
            order = world.order(tied) if decisive else world.order(tied) or by_id
            if decisive:
                answer.ties.append((self.phase, frozenset(tied)))
            if order is None:
                answer.winners = list(state.won)
                world.stop_at(self.phase, tied, self.sure(state, by_id, groups[n + 1 :]))
                for i, why in state.why:
                    # Who ended a list may yet be funded in part.
                    answer.reasons[i] = {"behind_tie"} if i in state.enders and self.in_part(State(state.won, enders=(i,))) else {why}
                return None
            passed = tuple((i, self.over(i, state)) for i in group if i not in tied)
            state = self.take(State(state.won, state.ended, state.enders, state.why + passed), order)
        answer.winners = list(state.won)
        return state

    def decides(self, state: State, tied: Sequence[str], later: Sequence[Sequence[str]]) -> bool:
        """Whether orders of ``tied`` can lead to other winners of this walk, or to others funded in part."""
        after = {self.take(state, order) for order in permutations(tied)}
        if len({frozenset(s.won) for s in after}) > 1:
            return True
        same = len({(s.ended, s.enders) for s in after}) == 1
        return not same and len({frozenset(self.ends(s, later)) for s in after}) > 1

    def sure(self, state: State, tied: Sequence[str], later: Sequence[Sequence[str]]) -> frozenset[str]:
        """Winners of this phase whatever the order."""
        return frozenset.intersection(*(won for won, _ in self.ends(state, [tied, *later])))


def by_list(world: World, *, density: bool) -> None:
    """Rules votes and density."""
    answer, stop = world.answer, world.params.fit == "stop" and not density
    key = {i: Fraction(world.key[i], world.cost[i]) if density else Fraction(world.key[i]) for i in world.alive}
    walk = Walk(world, "rule", key, stop)
    state = walk.go(world.alive)
    if state is None:
        return
    for i, why in state.why:
        answer.reasons[i] = {why}
    world.part_paid = walk.in_part(state)
    for i in world.part_paid:
        answer.reasons[i] = {"partial"}
        answer.extra.append(i)


def pool(world: World, phase: str, *, parts: bool) -> bool:
    """Falling key, passing over what does not fit; False when it ended at a tie that nobody has settled."""
    left = [i for i in world.alive if i not in world.answer.winners and i not in world.answer.extra]
    state = Walk(world, phase, {i: world.key[i] for i in left}, parts=parts).go(left)
    if state is None:
        return False
    for i, why in state.why:
        world.answer.reasons[i] = {why}
    return True
