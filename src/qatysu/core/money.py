"""Money is whole tenge in ``int``."""

from __future__ import annotations

from fractions import Fraction

NNBSP = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"


def grouped(number: int) -> str:
    """Digits in groups of three, split by a narrow no-break space: ``61 040 000``."""
    sign = MINUS if number < 0 else ""
    return sign + f"{abs(number):,}".replace(",", NNBSP)


def tenge(amount: int) -> str:
    """``61 040 000 ₸``, whole tenge, as tables show it."""
    return f"{grouped(amount)}{NBSP}₸"


def share(part: int, whole: int) -> Fraction | None:
    """``part / whole`` exactly, or ``None`` when there is nothing to divide by."""
    return Fraction(part, whole) if whole else None


def percent(value: Fraction | None, digits: int = 2) -> str:
    """``4,16 %`` with at most ``digits`` decimals, rounded half up; a dash when unknown."""
    if value is None:
        return "—"
    scale = 10**digits
    scaled = (value * 100 * scale * 2 + 1) // 2
    whole, rest = divmod(int(scaled), scale)
    tail = str(rest).zfill(digits).rstrip("0") if digits else ""
    return f"{grouped(whole)}{',' + tail if tail else ''}{NBSP}%"
