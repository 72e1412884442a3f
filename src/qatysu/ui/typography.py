"""No line ends in a lonely little word or number (DESIGN 4)."""

from __future__ import annotations

import re

NBSP = "\u00a0"
_LITTLE = re.compile(r"(?<![^\s«(\u00a0])([^\W\d_]{1,2}) (?=\S)")
_NUMBER_SIGN = re.compile(r"№ ?(?=\d)")
_NUMBER_NOUN = re.compile(r"(\d) (?=[^\W\d_]{3})")
_DASH = re.compile(r" (?=[—–] )")


def bind(text: str) -> str:
    """``text`` with no-break spaces after one- and two-letter words, after «№» and numbers, and before a dash."""
    text = _NUMBER_SIGN.sub(f"№{NBSP}", text)
    text = _NUMBER_NOUN.sub(rf"\1{NBSP}", text)
    text = _LITTLE.sub(rf"\1{NBSP}", text)
    return _DASH.sub(NBSP, text)


def initials(name: str) -> str:
    """``М. Б.`` of a person's name: how people appear until they choose otherwise (DESIGN 8)."""
    return NBSP.join(f"{part[0].upper()}." for part in name.split()[:2])
