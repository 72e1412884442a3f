"""What "fits" means: every sum of money that winners may not exceed, as one list (docs/outcome-rules.md, Limits)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from qatysu.core.errors import Invalid
from qatysu.rules.model import Election
from qatysu.rules.params import Params

#: More different sets of payers than this would make too many sums; no real round has so many.
MOST_PAYER_SETS = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """Winners among ``members`` (indices of projects) may cost at most ``amount`` minor units together.
    ``kind``: total, category, district, funders."""

    kind: str
    name: str
    members: frozenset[int]
    amount: int


@dataclass(frozen=True, slots=True)
class Lack:
    """The limit that a project exceeds most: what is left in it and what is missing, minor units."""

    limit: Limit
    left: int
    missing: int


def limits_of(election: Election, params: Params, budget: int, *, with_parts: bool = True) -> tuple[Limit, ...]:
    """All limits, the total first. ``with_parts=False`` leaves out those of categories and districts."""
    everything = frozenset(range(len(election.projects)))
    found = [Limit("total", "", everything, budget)]
    if with_parts and params.parts == "category":
        for name, amount in election.category_budgets.items():
            found.append(Limit("category", name, frozenset(i for i in everything if name in election.projects[i].categories), amount))
    if with_parts and params.parts == "district":
        for name, amount in election.district_budgets.items():
            found.append(Limit("district", name, frozenset(i for i in everything if election.projects[i].district == name), amount))
    return (*found, *_funders(election))


def _funders(election: Election) -> list[Limit]:
    if not election.funders:
        return []
    payers = [frozenset(k for k, f in enumerate(election.funders) if f.pays_for(p)) for p in election.projects]
    kinds = sorted(set(payers), key=sorted)
    if len(kinds) > MOST_PAYER_SETS:
        raise Invalid("funders_many", text=f"funders split the projects into more than {MOST_PAYER_SETS} kinds")
    unions = {frozenset().union(*chosen) for size in range(1, len(kinds) + 1) for chosen in combinations(kinds, size)}
    found = []
    for union in sorted(unions, key=sorted):
        members = frozenset(i for i, who in enumerate(payers) if who <= union)
        name = " + ".join(election.funders[k].name for k in sorted(union))
        found.append(Limit("funders", name, members, sum(election.funders[k].amount for k in union)))
    return found


class Purse:
    """Money left of every limit while winners are chosen."""

    def __init__(self, limits: Sequence[Limit], costs: Sequence[int]) -> None:
        """``costs`` of all projects, minor units."""
        self.limits = tuple(limits)
        self._costs = costs
        self._left = [limit.amount for limit in self.limits]
        self._of = [[k for k, limit in enumerate(self.limits) if i in limit.members] for i in range(len(costs))]

    @property
    def left(self) -> int:
        """Money left of the total."""
        return self._left[0]

    def limits_with(self, project: int) -> Sequence[int]:
        """Places in ``limits`` of those that ``project`` belongs to; 0, the total, is always one."""
        return self._of[project]

    def narrowest(self, project: int) -> int:
        """Place in ``limits`` of the one with the least money left for ``project``, the first among equals."""
        return min(self._of[project], key=lambda k: self._left[k])

    def room(self, project: int) -> int:
        """The highest price at which ``project`` would fit, minor units."""
        return min(self._left[k] for k in self._of[project])

    def fits(self, project: int) -> bool:
        """Whether ``project`` fits."""
        return self._costs[project] <= self.room(project)

    def lack(self, project: int) -> Lack | None:
        """The limit that ``project`` exceeds most (the first of the list among equals); None when it fits."""
        worst = self.narrowest(project)
        missing = self._costs[project] - self._left[worst]
        return Lack(self.limits[worst], self._left[worst], missing) if missing > 0 else None

    def pay(self, project: int) -> None:
        """Take the cost of ``project`` from every limit it belongs to; it must fit."""
        self.take(project, self._costs[project])

    def take(self, project: int, amount: int) -> None:
        """Take ``amount`` from every limit that ``project`` belongs to."""
        for k in self._of[project]:
            self._left[k] -= amount

    def fits_all(self, projects: Iterable[int]) -> bool:
        """Whether all ``projects`` fit together."""
        left = list(self._left)
        for project in projects:
            for k in self._of[project]:
                left[k] -= self._costs[project]
        return min(left) >= 0

    def copy(self) -> Purse:
        """Another purse with the same money."""
        other = object.__new__(Purse)
        other.limits, other._costs, other._of, other._left = self.limits, self._costs, self._of, list(self._left)
        return other

    def with_price(self, project: int, cost: int) -> Purse:
        """Another purse with the same money, in which ``project`` costs ``cost``."""
        other = self.copy()
        other._costs = [cost if i == project else price for i, price in enumerate(self._costs)]
        return other
