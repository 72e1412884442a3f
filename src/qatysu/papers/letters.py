"""People's text made fit for print: whatever somebody typed, each letter left has a form in our fonts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
UNKNOWN = "\ufffd"  # drawn as an empty box
#: A run of letters longer than this gets places to break at; the longest ordinary Kazakh words are shorter.
LONGEST_WORD, STEP = 24, 8
_BOUND = re.compile(r"(?<=№) (?=\d)|(?<=\d) (?=[₸%]|[^\W\d_]{1,2}(?:[.,;)²³]|\s|$))")
_SPACES = {"\t": " ", "\u2028": "\n", "\u2029": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\u2007": "\u00a0"}


@cache
def coverage() -> frozenset[int]:
    """Code points that every printed face has."""
    found: set[int] = set()
    for line in (FONTS / "coverage.txt").read_text().split():
        first, last = line.split("-")
        found.update(range(int(first, 16), int(last, 16) + 1))
    return frozenset(found)


def printable(text: str) -> str:
    """``text`` with only letters that can be printed; lines end in ``\\n``.

    Left out: control and direction characters, emoji and other pictures. Forms of covered letters become those letters
    (``ﬁ`` → ``fi``); accents without a letter of their own are dropped; letters of other scripts become empty boxes, so that
    a reader sees that something stood there.
    """
    normal = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(map(_letter, normal))


def pliant(text: str, longest: int = LONGEST_WORD) -> str:
    """``text`` with places to break inside of words that a narrow column could not hold: of letters with a soft hyphen."""
    return re.sub(rf"[^\s\u200b\u00ad]{{{longest + 1},}}", lambda found: _broken(found.group()), text)


def bound(text: str) -> str:
    """``text`` with no-break spaces where a line must not end: after «№», before ₸, %, and a short unit that follows a number."""
    return _BOUND.sub("\u00a0", text)


def short(text: str, most: int) -> str:
    """``text`` on one line, cut at a word to at most ``most`` characters with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    head = line[: most - 1]
    at_word = head.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > most // 2 else head).rstrip(" ,;:.–—-") + "…"


def paragraphs(text: str) -> list[str]:
    """The lines of ``text`` that hold something."""
    return [line.strip() for line in printable(text).split("\n") if line.strip()]


def _broken(word: str) -> str:
    joint = "\u00ad" if word.isalpha() else "\u200b"
    return joint.join(word[at : at + STEP] for at in range(0, len(word), STEP))


@cache
def _letter(letter: str) -> str:
    letter = _SPACES.get(letter, letter)
    if letter == "\n" or ord(letter) in coverage():
        return letter
    kind = unicodedata.category(letter)
    if kind == "Zs":
        return " "
    if kind[0] == "C" or kind in ("So", "Sk", "Mn", "Me"):
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    if plain != letter and all(ord(one) in coverage() for one in plain):
        return plain
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if ord(base) in coverage() else UNKNOWN
