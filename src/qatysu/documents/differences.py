"""What changed between two editions, line by line and in changed lines word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stayed (``same``), went (``del``) or came (``ins``)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either edition; ``kind`` is ``same``, ``del``, ``ins`` or ``change`` (then pieces of both)."""

    kind: str
    pieces: tuple[Piece, ...]


def differences(old: Sequence[str], new: Sequence[str]) -> tuple[Line, ...]:
    """All lines of both in the order of ``new``, what is gone before what came in its place."""
    return tuple(_lines(old, new))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Line("same", (Piece("same", line),)) for line in new[k:m])
            continue
        for before, after in zip_longest(old[i:j], new[k:m]):
            if before is None:
                yield Line("ins", (Piece("ins", after),))
            elif after is None:
                yield Line("del", (Piece("del", before),))
            else:
                yield Line("change", tuple(_pieces(before, after)))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    for kind, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(new[k:m]))
            continue
        if j > i:
            yield Piece("del", "".join(old[i:j]))
        if m > k:
            yield Piece("ins", "".join(new[k:m]))


def is_changed(lines: Sequence[Line]) -> bool:
    """Whether any line differs."""
    return any(line.kind != "same" for line in lines)
