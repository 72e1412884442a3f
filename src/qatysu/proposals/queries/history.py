"""What happened to a proposal, and how its text changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qatysu.proposals import reasons
from qatysu.proposals.models import Move, Proposal, State, Version
from qatysu.proposals.words import initials

_PIECES = re.compile(r"\s+|\w+|[^\w\s]")
#: Longer texts are compared line by line: difflib is quadratic.
_WORD_LIMIT = 1500
_TEXTS = ("title", "problem", "solution", "present_state", "address")
_FACTS = ("category", "cost_tenge", "language", "place")


@dataclass(frozen=True, slots=True)
class Event:
    """A change of state as pages show it."""

    state: str
    state_label: str
    mark: str
    at: datetime
    who: str
    reason: str
    reason_text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed between two versions."""

    field: str
    pieces: tuple[Piece, ...]


def history(proposal: Proposal) -> tuple[Event, ...]:
    """Changes of state in order, with who, when and why; one query."""
    return tuple(_event(move) for move in proposal.moves.select_related("actor").order_by("at", "pk"))


def _event(move: Move) -> Event:
    state = State(move.new)
    return Event(
        move.new,
        reasons.state_label(move.new),
        reasons.STATE_MARKS[state],
        move.at,
        initials(move.actor),
        reasons.label(move.new, move.reason_code),
        move.reason_text,
    )


def versions(proposal: Proposal) -> QuerySet[Version]:
    """Kept texts, the newest first."""
    return proposal.versions.select_related("actor").order_by("-revision")


def differences(old: Version, new: Version) -> tuple[Difference, ...]:
    """Fields that differ between two versions, word by word; facts as a whole."""
    a, b = _with_place(old.content), _with_place(new.content)
    found = []
    for field in (*_TEXTS, *_FACTS):
        before, after = str(a.get(field) or ""), str(b.get(field) or "")
        if before != after:
            pieces = compare(before, after) if field in _TEXTS else _whole(before, after)
            found.append(Difference(field, pieces))
    return tuple(found)


def _with_place(content: Mapping[str, Any]) -> dict[str, Any]:
    latitude, longitude = content.get("latitude"), content.get("longitude")
    return dict(content) | {"place": f"{latitude}, {longitude}" if latitude is not None else ""}


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Runs of equal, removed and added words; the equal and added runs together are ``after``."""
    split = (
        _PIECES.findall if max(len(before), len(after)) <= _WORD_LIMIT * 6 else lambda t: t.splitlines(keepends=True)
    )
    a, b = split(before), split(after)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(a[i1:i2])))
            continue
        pieces += _whole("".join(a[i1:i2]), "".join(b[j1:j2]))
    return tuple(pieces)


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    both = (Piece("removed", before), Piece("added", after))
    return tuple(piece for piece in both if piece.text)
