"""What the voters have left while projects are bought: as floats with a bound on their error, and exactly on demand.

Every voter has ``share`` minus price x units of each project that he supports and that was bought, or nothing when that is
below zero: so the money of any group is a few whole head-counts times the exact prices. Floats with their bound leave out
work; what they cannot tell apart is computed again in fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from qatysu.rules.shares.voters import Floats, Ints, Supporters, Voters

EPS = 2.0**-52
#: Share of the money of a voter that the error bound may reach before the floats are made again from exact prices.
COARSE = 2.0**-37


@dataclass(slots=True)
class Price:
    """Price per unit lies in ``low``..``high``; ``exact`` once it was needed."""

    low: float
    high: float
    exact: Fraction | None = None


@dataclass(slots=True, eq=False)
class Bought:
    """A purchase: ``poor`` gave all they had (those who had nothing are left out); ``weight``: heads x units of the others."""

    by: Supporters
    poor: Ints
    weight: int
    exact: Fraction | None


class Money:
    """Money of each distinct ballot's voters in one run."""

    def __init__(self, voters: Voters, share: Fraction) -> None:
        """``share``: what every voter starts with, minor units."""
        self.voters, self.share = voters, share
        self._most = float(share)
        self.left = np.full(len(voters.times), self._most)
        self._errors = np.full(len(voters.times), EPS * self._most)
        self.error = EPS * self._most
        self.broke = np.zeros(len(voters.times), bool)
        self.bought: list[Bought] = []
        self._known: dict[tuple[tuple[int, int], ...], Fraction] = {}

    def copy(self) -> Money:
        """The same moment, apart."""
        other = object.__new__(Money)
        other.voters, other.share, other._most, other.error = self.voters, self.share, self._most, self.error
        other.left, other.broke, other.bought = self.left.copy(), self.broke.copy(), list(self.bought)
        other._errors, other._known = self._errors.copy(), {}
        return other

    def price(self, by: Supporters, least: float) -> Price | None:
        """Price of a project now; it is known to be at least ``least``. None when its supporters hold too little."""
        left = self.left[by.ballots]
        held = by.heads * left
        total, rounding = float(held.sum()), (len(left) + 16) * EPS
        margin = by.many * self.error + rounding * (total + by.cost)
        if total < by.cost - margin or (total < by.cost + margin and self.hold(by) < by.cost):
            return None
        ratio = left if by.units is None else left / by.units
        price, weight = least, -1.0
        while True:
            poor = (ratio < price).astype(np.float64)
            rich = by.weight - float(by.weights @ poor)
            if rich <= 0:
                exact = self._exact(by, Price(least, float(ratio.max()) * (1 + 4 * EPS) + self.error))[0]
                return Price(float(exact) * (1 - EPS), float(exact) * (1 + EPS), exact)
            if rich == weight:
                break
            weight = rich
            price = max(price, (by.cost - float(held @ poor)) / rich)
        slack = by.many * self.error + rounding * by.cost
        around = 4 * EPS * price
        return Price(price - slack / weight - around, price + slack + around)

    def hold(self, by: Supporters) -> Fraction:
        """Exactly what the supporters hold together, minor units."""
        return self._sum(by.ballots[~self.broke[by.ballots]], len(self.bought))

    def exact_price(self, by: Supporters, price: Price) -> Fraction:
        """The exact price per unit; ``price`` holds it from then on."""
        if price.exact is None:
            price.exact = self._exact(by, price)[0]
        return price.exact

    def buy(self, by: Supporters, price: Price) -> None:
        """Take the money from the supporters."""
        left, rounding = self.left[by.ballots], (len(by.ballots) + 16) * EPS
        units = 1.0 if by.units is None else by.units
        live = ~self.broke[by.ballots]
        poor, rich = self._sides(left, units, live, price)
        exact, weight = price.exact, 0
        if bool((live & ~poor & ~rich).any()):
            exact, gone = self._exact(by, price)
            poor, rich = gone, live & ~gone
        if exact is None:
            weight = int(by.weights[rich].sum())
            pays = (by.cost - float(by.heads[poor] @ left[poor])) / weight
            unsure = float(by.heads[poor] @ self._errors[by.ballots[poor]])
            doubt = (1.001 * unsure + rounding * by.cost) / weight + 2 * EPS * pays
        else:
            pays = float(exact)
            doubt = EPS * pays
        self.left[by.ballots] = np.where(rich, left - pays * units, 0.0)
        self.broke[by.ballots[poor]] = True
        errors = np.where(rich, self._errors[by.ballots] + (doubt * units + 2 * EPS * self._most), 0.0)
        self._errors[by.ballots] = errors
        self.error = max(self.error, float(errors.max()))
        self.bought.append(Bought(by, by.ballots[poor], weight, exact))
        self._known = {}
        if self.error > COARSE * self._most:
            self._refresh()

    def can_pay_all(self, projects: list[tuple[Supporters, Fraction]]) -> bool:
        """Whether everybody who supports two or more of ``projects`` (with exact prices per unit) has enough for all he supports.

        Those who have nothing pay nothing.
        """
        due, named = np.zeros(len(self.left)), np.zeros(len(self.left), np.int64)
        for by, price in projects:
            due[by.ballots] += float(price) * (1.0 if by.units is None else by.units)
            named[by.ballots] += 1
        several = (named > 1) & ~self.broke
        slack = self.error + 4 * (len(projects) + 2) * EPS * (self._most + due)
        if bool((several & (due > self.left + slack)).any()):
            return False
        prices = {by.project: price for by, price in projects}
        for ballot in np.flatnonzero(several & (due >= self.left - slack)).tolist():
            owed = sum((prices[p] * units for p, units in self.voters.on_ballot(ballot) if p in prices), Fraction(0))
            if owed > self._one(ballot):
                return False
        return True

    def settle(self) -> None:
        """Make the price of every purchase exact, in order."""
        for place, one in enumerate(self.bought):
            if one.exact is None:
                one.exact = (one.by.cost - self._sum(one.poor, place)) / one.weight

    def _sides(self, left: Floats, units: Floats | float, live: Ints, price: Price) -> tuple[Ints, Ints]:
        """Who surely has less than the payment, who surely has more."""
        slack = self.error + 4 * EPS * self._most
        return live & (left + slack < price.low * units), live & (left - slack > price.high * units)

    def _sum(self, ballots: Ints, purchases: int) -> Fraction:
        """Exact money of all voters of ``ballots``, none of them broke, after the first purchases."""
        total = int(self.voters.times[ballots].sum()) * self.share
        if not len(ballots) or not purchases:
            return total
        self._settle_before(purchases)
        weights = self.voters.weights_of(ballots)
        for one in self.bought[:purchases]:
            count = int(weights[one.by.project])
            if count and one.exact is not None:
                total -= count * one.exact
        return total

    def _settle_before(self, purchases: int) -> None:
        if any(one.exact is None for one in self.bought[:purchases]):
            self.settle()

    def _one(self, ballot: int) -> Fraction:
        """Exact money of one voter of ``ballot``, who is not broke."""
        prices = {one.by.project: one.exact for one in self.bought}
        paid = tuple((p, units) for p, units in self.voters.on_ballot(ballot) if p in prices)
        if paid not in self._known:
            self._settle_before(len(self.bought))
            prices = {one.by.project: one.exact for one in self.bought}
            self._known[paid] = self.share - sum(((prices[p] or 0) * units for p, units in paid), Fraction(0))
        return self._known[paid]

    def _exact(self, by: Supporters, price: Price) -> tuple[Fraction, Ints]:
        """The exact price per unit and who gives all that he has for it (those who are broke left out).

        Whoever is taken as rich without being so makes the price too low, so it rises to the true one.
        """
        live = ~self.broke[by.ballots]
        units = 1.0 if by.units is None else by.units
        poor, rich = self._sides(self.left[by.ballots], units, live, price)
        paid = self._sum(by.ballots[poor], len(self.bought))
        weight = int(by.weights[live & ~poor].sum())
        open_ = [(i, self._one(int(by.ballots[i])), self._units(by, i)) for i in np.flatnonzero(live & ~poor & ~rich).tolist()]
        while True:
            exact = (by.cost - paid) / weight
            below = [(i, money, u) for i, money, u in open_ if money < exact * u]
            if not below:
                break
            open_ = [one for one in open_ if one[1] >= exact * one[2]]
            for i, money, u in below:
                paid, weight = paid + int(by.heads[i]) * money, weight - int(by.heads[i]) * u
                poor[i] = True
        for i, money, u in open_:
            poor[i] = money == exact * u
        return exact, poor

    @staticmethod
    def _units(by: Supporters, place: int) -> int:
        return 1 if by.units is None else int(by.units[place])

    def _refresh(self) -> None:
        """Floats again from exact prices."""
        self.settle()
        voters, prices = self.voters, np.zeros(self.voters.size)
        for one in self.bought:
            prices[one.by.project] = float(one.exact or 0)
        paid = np.bincount(voters.rows, prices[voters.projects] * voters.units, len(voters.times))
        self.left = np.where(self.broke, 0.0, self._most - paid)
        self.error = (len(self.bought) + 4) * EPS * self._most
        self._errors.fill(self.error)
