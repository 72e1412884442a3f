"""Search over the choices at ties: to which winners can each of them lead? (docs/outcome-rules.md, Ties)"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol, TypeVar

#: Branches that the search at one tie follows, and all searches of one computation together.
MOST_BRANCHES, MOST_IN_ALL = 200, 2000

Winners = frozenset[int]
Order = Callable[[Iterable[int]], list[int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be bought next: several when they are exactly equal. ``key``: what they have in common, where it was
    needed exactly. ``free``: all of them are bought one after another whatever the order, with the same money left.
    """

    tied: tuple[int, ...]
    key: Fraction | None = None
    free: bool = False


Self = TypeVar("Self", bound="Moment")


class Moment(Protocol):
    """A state of a computation that buys one project after another. ``won``: in order."""

    won: list[int]

    def next(self) -> Choice | None:
        """What comes next; None at the end."""

    def buy(self, project: int) -> None:
        """Buy one of what came next."""

    def copy(self: Self) -> Self:
        """The same state, apart."""

    def name(self) -> Hashable:
        """Equal for states from which the same follows."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Sets of winners that were found; ``whole`` when there are no others."""

    sets: frozenset[Winners]
    whole: bool = True

    @staticmethod
    def join(several: Iterable[Ways]) -> Ways:
        """Everything that any of them leads to."""
        found = list(several)
        return Ways(frozenset().union(*(ways.sets for ways in found)), all(ways.whole for ways in found))

    @property
    def certain(self) -> Winners:
        """What wins in each of them."""
        return frozenset.intersection(*self.sets) if self.sets else frozenset()


@dataclass(frozen=True, slots=True)
class Fork:
    """A tie that was met after ``place`` purchases; ``ways``: where each choice leads (empty for a free tie)."""

    tied: tuple[int, ...]
    key: Fraction | None
    place: int
    ways: Mapping[int, Ways] = field(default_factory=dict)


def decisive(ways: Sequence[Ways]) -> tuple[bool, bool]:
    """Whether the choices lead to different winners, and whether that is proved. What is not proved counts as decisive."""
    if all(one.whole for one in ways):
        return len({one.sets for one in ways}) > 1, True
    return True, any(a.whole and not b.sets <= a.sets for a in ways for b in ways)


def chosen_wins(ways: Mapping[int, Ways]) -> bool:
    """Whether a choice was found that leads to winners without another of the choices: as what is bought wins (where one
    run decides), this alone proves the tie decisive.
    """
    return any(p not in winners for p in ways for other in ways.values() for winners in other.sets)


class Search:
    """Counts branches, so that a computation with very many ties ends as well."""

    def __init__(self, order: Order) -> None:
        """``order``: of tied projects, by the method of the constitution."""
        self._order = order
        self._in_all = self._branches = 0
        self._most = MOST_BRANCHES
        self._seen: dict[Hashable, Ways] = {}

    def forward(self, moment: Moment, until: int | None = None) -> list[Fork]:
        """Buy to the end (or until there are ``until`` winners), ties in order. Returns ties without their ways."""
        return [fork for fork, _ in self._follow(moment, until, keep=False)]

    def forks(self, moment: Moment) -> list[Fork]:
        """The same to the end, with the ways of every tie that is not free."""
        self._seen = {}
        met = self._follow(moment, None, keep=True)
        after, found = Ways(frozenset({frozenset(moment.won)})), list[Fork]()
        for fork, before in reversed(met):
            # From the last to the first: where the method's choice leads is known by then.
            ways: dict[int, Ways] = {}
            if before is not None:
                chosen = self._order(fork.tied)[0]
                ways = {p: after if p == chosen else self._after(before, p, len(fork.tied)) for p in fork.tied}
                after = Ways.join(ways.values())
            found.append(Fork(fork.tied, fork.key, fork.place, ways))
        return found[::-1]

    def _follow(self, moment: Moment, until: int | None, *, keep: bool) -> list[tuple[Fork, Moment | None]]:
        met: list[tuple[Fork, Moment | None]] = []
        while until is None or len(moment.won) < until:
            choice = moment.next()
            if choice is None:
                break
            first = choice.tied[0]
            if len(choice.tied) > 1:
                first = self._order(choice.tied)[0]
                before = moment.copy() if keep and not choice.free else None
                met.append((Fork(choice.tied, choice.key, len(moment.won)), before))
            if choice.free:
                self._buy_all(moment, choice, until)
            else:
                moment.buy(first)
        return met

    def _buy_all(self, moment: Moment, choice: Choice, until: int | None) -> None:
        rest = set(choice.tied)
        while rest and (until is None or len(moment.won) < until):
            project = self._order(rest)[0]
            moment.buy(project)
            rest.remove(project)

    def _after(self, before: Moment, project: int, choices: int) -> Ways:
        """Where a choice of the method's path leads; the choices of a tie get equal numbers of branches."""
        self._branches, self._most = 0, max(2, MOST_BRANCHES // choices)
        if self._in_all >= MOST_IN_ALL:
            return Ways(frozenset(), False)
        return self._ways(_bought(before, project))

    def _spent(self) -> bool:
        return self._branches >= self._most or self._in_all >= MOST_IN_ALL

    def _ways(self, moment: Moment) -> Ways:
        """Everything that can follow; where the bound is met, one way to go on."""
        self._branches, self._in_all = self._branches + 1, self._in_all + 1
        whole = True
        while (choice := moment.next()) is not None:
            if len(choice.tied) == 1:
                moment.buy(choice.tied[0])
            elif choice.free:
                self._buy_all(moment, choice, None)
            elif not self._spent():
                found = self._fork(moment, choice)
                return Ways(found.sets, found.whole and whole)
            else:
                whole = False
                moment.buy(self._order(choice.tied)[0])
        won = frozenset(moment.won)
        return Ways(frozenset({won}), whole)

    def _fork(self, moment: Moment, choice: Choice) -> Ways:
        name = moment.name()
        if name not in self._seen:
            several: list[Ways] = []
            for project in choice.tied:
                several.append(Ways(frozenset(), False) if several and self._spent() else self._ways(_bought(moment, project)))
            self._seen[name] = Ways.join(several)
        return self._seen[name]


def _bought(moment: Self, project: int) -> Self:
    """The moment after ``project`` was bought."""
    after = moment.copy()
    after.buy(project)
    return after
