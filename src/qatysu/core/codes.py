"""Codes that people type: written without letters that look alike, read forgivingly."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

#: 31 signs: no 0/O, 1/I/L. Twelve of them carry 59 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
VOTING_CODE_LENGTH = 12

# Cyrillic letters that look like Latin ones: people type what they see with the keyboard they have.
_LOOKALIKE = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")


def new_voting_code(choice: Callable[[str], str]) -> str:
    """Twelve signs drawn by ``choice`` (``secrets.choice`` at the edge), without dashes."""
    return "".join(choice(ALPHABET) for _ in range(VOTING_CODE_LENGTH))


def written(code: str) -> str:
    """The code as printed: ``ABCD-EFGH-JKMN``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def normalise_code(text: str) -> str:
    """The typed code in canonical form; empty when it cannot be one."""
    folded = unicodedata.normalize("NFKC", text[:64]).upper().translate(_LOOKALIKE)
    kept = "".join(ch for ch in folded if ch.isalnum())
    if len(kept) != VOTING_CODE_LENGTH or any(ch not in ALPHABET for ch in kept):
        return ""
    return kept


def normalise_digits(text: str, length: int = 6) -> str:
    """Digits of any script as ASCII; empty unless exactly ``length`` of them were typed."""
    kept = "".join(str(unicodedata.digit(ch)) for ch in text[:64] if ch.isdigit() and unicodedata.digit(ch, None) is not None)
    return kept if len(kept) == length else ""
