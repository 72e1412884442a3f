"""Numbers of a ``.pb`` file: money exact to its last decimal, whole numbers within bounds."""

from __future__ import annotations

import re
from typing import NamedTuple

from qatysu.rules.pb.model import PbError
from qatysu.rules.pb.source import shown

MOST_DIGITS = 15
MOST_DECIMALS = 6
MOST_POINT_DIGITS = 9
#: Minor units that any sum of a file may reach; int64 holds nine times as many.
LARGEST_AMOUNT = 10**18

_AMOUNT = re.compile(r"(\d{1,40})(?:\.(\d{0,40}))?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,40}", re.ASCII)


class Money(NamedTuple):
    """``digits`` / 10**``decimals`` units of the file."""

    digits: int
    decimals: int

    def minor(self, decimals: int) -> int:
        """In minor units of which 10**``decimals`` make one; ``decimals`` must not be fewer than its own."""
        return int(self.digits * 10 ** (decimals - self.decimals))


def money(text: str, what: str, line: int, *, above_zero: bool = False, keep_zeros: bool = False) -> Money:
    """The amount that ``text`` states; ``what`` names it in the error. Raises PbError.

    Zeros at the end of the decimals do not count unless ``keep_zeros``: the budget shows how fine the money of an election is.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        if re.fullmatch(r"\d+,\d+", text.strip(), re.ASCII):
            raise PbError(f"{what} has a decimal comma: {shown(text)}; write a point", line)
        least = "above 0" if above_zero else "of 0 or more"
        raise PbError(f"{what} is not a number {least}: {shown(text)}", line)
    units, decimals = match[1].lstrip("0"), match[2] or ""
    if not keep_zeros or len(decimals) > MOST_DECIMALS:
        decimals = decimals.rstrip("0")
    if len(units) + len(decimals) > MOST_DIGITS:
        raise PbError(f"{what} has more than {MOST_DIGITS} digits: {shown(text)}", line)
    if len(decimals) > MOST_DECIMALS:
        raise PbError(f"{what} has more than {MOST_DECIMALS} decimals: {shown(text)}", line)
    digits = int(units + decimals or "0")
    if above_zero and not digits:
        raise PbError(f"{what} is not a number above 0: {shown(text)}", line)
    return Money(digits, len(decimals))


def whole(text: str, what: str, line: int, *, negative: bool = False, digits: int = MOST_DIGITS) -> int:
    """The whole number that ``text`` states, 0 or more unless ``negative``. Raises PbError."""
    if _WHOLE.fullmatch(text.strip()) is None or (not negative and text.strip().startswith("-")):
        raise PbError(f"{what} is not a whole number{'' if negative else ' of 0 or more'}: {shown(text)}", line)
    if len(text.strip().lstrip("-0")) > digits:
        raise PbError(f"{what} has more than {digits} digits: {shown(text)}", line)
    return int(text)
