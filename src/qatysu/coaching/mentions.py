"""Names in a text: ``@Name`` calls somebody of the room, everything else is just text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; ``is_name`` for an ``@Name`` of somebody in the room."""

    text: str
    is_name: bool = False


def named(text: str, people: Iterable[tuple[int, str]]) -> frozenset[int]:
    """Ids of the people whom ``text`` calls by full name, or by a first name that only one of them has."""
    known = _names(people)
    found: set[int] = set()
    for match in _found(text, known):
        found |= known.get(match.group(1).casefold(), frozenset())
    return frozenset(found)


def pieces(text: str, people: Iterable[tuple[int, str]]) -> tuple[Piece, ...]:
    """The text cut at the names it calls; joined they are the text again."""
    cut, at = [], 0
    for match in _found(text, _names(people)):
        if match.start() > at:
            cut.append(Piece(text[at : match.start()]))
        cut.append(Piece(match.group(0), True))
        at = match.end()
    return (*cut, Piece(text[at:])) if at < len(text) else tuple(cut)


def _names(people: Iterable[tuple[int, str]]) -> Mapping[str, frozenset[int]]:
    """Ids by what one may call them, in small letters. Two people of one name are both called by it."""
    rows = [(pk, " ".join(name.split())) for pk, name in people]
    full: dict[str, set[int]] = {}
    for pk, name in rows:
        if name:
            full.setdefault(name.casefold(), set()).add(pk)
    firsts = Counter(name.split()[0].casefold() for _, name in rows if name)
    for pk, name in rows:
        first = name.split()[0].casefold() if name else ""
        if first and firsts[first] == 1:
            full.setdefault(first, {pk})
    return {name: frozenset(ids) for name, ids in full.items()}


def _found(text: str, known: Mapping[str, frozenset[int]]) -> Iterable[re.Match[str]]:
    """Calls in the text, from left to right; the longest name wins, an address like a@name is none."""
    if "@" not in text or not known:
        return ()
    longest_first = sorted(known, key=len, reverse=True)
    words = "|".join(re.escape(name) for name in longest_first)
    return re.finditer(rf"(?<![\w@])@({words})(?!\w)", text, re.IGNORECASE)
