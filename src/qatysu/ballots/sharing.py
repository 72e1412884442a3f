"""The round key in the hands of the audit commission: three sheets of words, any two of which give it (SLIP-39).

Words are those of SLIP-39: a word is known by its first four letters, and each sheet has a checksum. One sheet alone says nothing
about the key.
"""

from __future__ import annotations

import difflib
import hashlib
import itertools
import re
from collections.abc import Sequence
from functools import cache

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from qatysu.core.errors import Invalid

SHEETS, NEEDED = 3, 2
#: Words of a sheet for a key of 32 bytes.
WORDS = 33
_NUMBERING = re.compile(r"[0-9]+[.):]?|[,;]")


def make_sheets(key: bytes) -> tuple[str, ...]:
    """Three sheets (33 words each, with spaces between) of a key of 32 bytes; every pair was tried out and gives the key.

    Raises RuntimeError when a pair does not: such sheets must never be handed out.
    """
    sheets = tuple(generate_mnemonics(1, [(NEEDED, SHEETS)], key)[0])
    for pair in itertools.combinations(sheets, NEEDED):
        if combine_mnemonics(list(pair)) != key:
            raise RuntimeError("two sheets do not give the key")
    return sheets


def read_sheet(text: str) -> str:
    """The words of a sheet as typed or scanned, in their canonical form.

    Numbers before the words, other spacing, capital letters and words cut after four letters are borne. Raises Invalid:
    ``sheet_length``, ``sheet_word`` (with its number and what may have been meant), ``sheet_checksum``.
    """
    typed = words_of(text)
    if not typed:
        raise Invalid("sheet_empty")
    words = [_word(word, number) for number, word in enumerate(typed, 1)]
    if len(words) != WORDS:
        raise Invalid("sheet_length", count=len(words), wanted=WORDS)
    sheet = " ".join(words)
    try:
        Share.from_mnemonic(sheet)
    except MnemonicError:
        raise Invalid("sheet_checksum") from None
    return sheet


def words_of(text: str) -> list[str]:
    """The words of a typed text, without the numbers before them; whatever they are."""
    return _NUMBERING.sub(" ", text.lower()).split()


@cache
def _known() -> dict[str, str]:
    """Every word, by itself and by its first four letters."""
    return {word[:4]: word for word in WORDLIST} | {word: word for word in WORDLIST}


def _word(typed: str, number: int) -> str:
    found = _known().get(typed)
    if found is None:
        near = difflib.get_close_matches(typed, WORDLIST, n=1, cutoff=0.5)
        raise Invalid("sheet_word", word=typed, number=number, near=near[0] if near else "")
    return found


def join_sheets(sheets: Sequence[str]) -> bytes:
    """The key of two sheets. Raises what ``read_sheet`` raises, and Invalid ``sheets_same`` or ``sheets_of_two_keys``."""
    read = [read_sheet(sheet) for sheet in sheets]
    if len(set(read)) < NEEDED:
        raise Invalid("sheets_same")
    try:
        return bytes(combine_mnemonics(read))
    except MnemonicError:
        raise Invalid("sheets_of_two_keys") from None


def key_of(sheets: Sequence[str], digest: str) -> bytes:
    """The round key with this SHA-256. Raises what ``join_sheets`` raises, and Invalid ``sheets_of_another_round``."""
    key = join_sheets(sheets)
    if hashlib.sha256(key).hexdigest() != digest:
        raise Invalid("sheets_of_another_round")
    return key
