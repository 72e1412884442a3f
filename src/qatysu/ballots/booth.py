"""What each cast needs of a public round, kept in the process for a few seconds.

Safe because nothing decisive is in it: slate and limits are frozen for ever, and the window is checked by the database's
clock when the ballot is stored. Without it half of the time of a vote would go into reading the same rows again.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from qatysu.ballots.box import Box, box_of
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

KEEP_S = 5.0
#: In the WSGI environment of a request whose ballot was cast already, and refused: what was raised. No client can send such a key.
CAST_FAILED = "qatysu.cast_failed"


@dataclass(frozen=True, slots=True)
class Booth:
    """A public round with its frozen ballot."""

    round: Round
    box: Box


_kept: dict[tuple[str, str], tuple[float, Booth]] = {}
_lock = threading.Lock()


def booth_of(city_slug: str, round_slug: str) -> Booth:
    """The booth of a public round, at most ``KEEP_S`` old. Raises NotFound when there is none, or no frozen slate."""
    found = kept_booth(city_slug, round_slug)
    if found is not None:
        return found
    round_ = get_round(city_slug, round_slug)
    booth = Booth(round_, box_of(round_))
    with _lock:
        _kept[city_slug, round_slug] = (time.monotonic() + KEEP_S, booth)
    return booth


def kept_booth(city_slug: str, round_slug: str) -> Booth | None:
    """The booth if it is at hand and fresh; asks no database."""
    found = _kept.get((city_slug, round_slug))
    return found[1] if found is not None and found[0] > time.monotonic() else None


def forget() -> None:
    """Read everything anew (tests, a reset of the demonstration)."""
    with _lock:
        _kept.clear()
