"""States as a table: what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from qatysu.core.errors import IllegalMove

S = TypeVar("S", bound=str)


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S]):
    """A directed graph of states. ``moves`` maps each state to the states that may follow."""

    initial: S
    moves: Mapping[S, frozenset[S]]

    def allows(self, old: S, new: S) -> bool:
        """True when ``old`` -> ``new`` is an edge of the table."""
        return new in self.moves.get(old, frozenset())

    def check(self, old: S, new: S) -> None:
        """Raises IllegalMove unless ``old`` -> ``new`` is an edge of the table."""
        if not self.allows(old, new):
            raise IllegalMove(f"{old} -> {new}", old=old, new=new)
