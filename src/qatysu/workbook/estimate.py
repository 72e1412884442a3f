"""Money of a project: lines, their sum, the reserve, and what is left below the cap. Whole tenge in ``int``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Line = Mapping[str, Any]
#: A price above this many times the typical one deserves a question.
FAR_ABOVE = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """Sums in whole tenge. ``left`` below the cap after the reserve; negative when it is over."""

    total: int
    reserve: int
    with_reserve: int
    cap: int
    left: int

    @property
    def is_over(self) -> bool:
        """True when sum and reserve together are above the cap."""
        return self.left < 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something to ask about a line (from 1): no_source, no_price, no_quantity, no_item, far_above, twice."""

    line: int
    row: str
    code: str


def amount(line: Line) -> int:
    """Quantity (thousandths) times price (tenge), half a tenge rounded up; 0 while one of them is missing."""
    return ((line.get("quantity") or 0) * (line.get("price") or 0) + 500) // 1000


def total(lines: Sequence[Line]) -> int:
    """Sum of the rounded amounts, so that the sum is what a reader adds up."""
    return sum(amount(line) for line in lines)


def standing(lines: Sequence[Line], cap: int, reserve_percent: int) -> Standing:
    """Sum, reserve (rounded up to a whole tenge) and what is left below ``cap``."""
    whole = total(lines)
    reserve = -(-whole * reserve_percent // 100)
    return Standing(whole, reserve, whole + reserve, cap, cap - whole - reserve)


def doubts(lines: Sequence[Line], typical: Mapping[str, int]) -> tuple[Doubt, ...]:
    """What a coach would ask, line by line; ``typical`` has prices by item in small letters."""
    found, seen = [], set()
    for number, line in enumerate(lines, 1):
        row, item = str(line.get("id", "")), str(line.get("item") or "").strip().lower()
        for code, is_so in (
            ("no_item", not item),
            ("no_quantity", not line.get("quantity")),
            ("no_price", not line.get("price")),
            ("no_source", bool(line.get("price")) and not line.get("source") and not line.get("file")),
            ("far_above", item in typical and (line.get("price") or 0) > FAR_ABOVE * typical[item]),
            ("twice", bool(item) and (item, line.get("price")) in seen),
        ):
            if is_so:
                found.append(Doubt(number, row, code))
        seen.add((item, line.get("price")))
    return tuple(found)
