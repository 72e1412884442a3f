"""One run of equal shares: the project of the lowest price is bought, again and again (docs/outcome-rules.md, Rules)."""

from __future__ import annotations

import heapq
from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

from qatysu.rules.frame import Frame
from qatysu.rules.shares.barriers import Barriers
from qatysu.rules.shares.money import EPS, Money, Price
from qatysu.rules.shares.voters import Voters
from qatysu.rules.variants import Choice


@dataclass(slots=True)
class Offer:
    """A project and its price now: per unit, and bounds of the price per utility."""

    project: int
    price: Price
    low: float
    high: float


class Buying:
    """A moment of one run. Prices never fall within a run: those known from before are lower bounds."""

    def __init__(self, frame: Frame, voters: Voters, share: Fraction) -> None:
        """``share``: what every voter starts with, minor units."""
        self._frame, self.voters = frame, voters
        self.money, self.barriers = Money(voters, share), Barriers(frame)
        self.won: list[int] = []
        self._least: list[tuple[float, int]] = [
            (by.cost / by.weight / by.unit * (1 - 4 * EPS), p) for p, by in voters.by_project.items()
        ]
        heapq.heapify(self._least)
        self._offers: dict[int, Offer] = {}

    def copy(self) -> Buying:
        """The same moment, apart."""
        other = object.__new__(Buying)
        other._frame, other.voters = self._frame, self.voters
        other.money, other.barriers = self.money.copy(), self.barriers.copy()
        other.won, other._least, other._offers = list(self.won), list(self._least), dict(self._offers)
        return other

    def name(self) -> Hashable:
        """Money depends on what was bought at which price alone, not on the order."""
        self.money.settle()
        return frozenset((one.by.project, one.exact) for one in self.money.bought)

    def next(self) -> Choice | None:
        """Those of the lowest price; one alone where floats show it."""
        offers = self._lowest()
        self._offers = {offer.project: offer for offer in offers}
        if len(offers) < 2:
            return Choice((offers[0].project,)) if offers else None
        by_project = self.voters.by_project
        exact = {p: self.money.exact_price(by_project[p], o.price) / by_project[p].unit for p, o in self._offers.items()}
        least = min(exact.values())
        tied = tuple(sorted(p for p, price in exact.items() if price == least))
        return Choice(tied, least, len(tied) > 1 and self._free(tied, least))

    def buy(self, project: int) -> None:
        """Buy one of the lowest price."""
        by = self.voters.by_project[project]
        offer = self._offers.get(project) or self._offer(project, by.cost / by.weight / by.unit * (1 - 4 * EPS))
        if offer is None:
            raise AssertionError("a project without a price cannot be bought")
        self.money.buy(by, offer.price)
        self.barriers.pay(project)
        self.won.append(project)
        self._offers = {}

    def _lowest(self) -> list[Offer]:
        """Offers among which the lowest is; the others keep their bounds."""
        found: list[Offer] = []
        high = float("inf")
        while self._least and self._least[0][0] <= high:
            low, project = heapq.heappop(self._least)
            if project in self.won or self.barriers.bar(project, self.won):
                continue
            offer = self._offer(project, low)
            if offer is not None:
                found.append(offer)
                high = min(high, offer.high)
        for offer in found:
            heapq.heappush(self._least, (offer.low, offer.project))
        return [offer for offer in found if offer.low <= high]

    def _offer(self, project: int, low: float) -> Offer | None:
        by = self.voters.by_project[project]
        price = self.money.price(by, low * by.unit * (1 - 4 * EPS))
        if price is None:
            return None
        return Offer(project, price, price.low / by.unit * (1 - 4 * EPS), price.high / by.unit * (1 + 4 * EPS))

    def _free(self, tied: tuple[int, ...], price: Fraction) -> bool:
        """Whether all of ``tied`` are bought at this price in any order.

        They are when nobody has to pay for two of them more than he has: then nobody pays less than price x utility for
        the second than he would for the first, so that the prices stay; and no other price is as low, for prices never
        fall. What is left is the same, for nobody's payments depend on the order.
        """
        if not self.barriers.all_pass(tied):
            return False
        return self.money.can_pay_all([(self.voters.by_project[p], price * self.voters.by_project[p].unit) for p in tied])
