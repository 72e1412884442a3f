"""What each cast needs of a public round, kept in the process for a few seconds.

Safe because nothing decisive is in it: slate and limits are frozen for ever, and the window is checked by the database's
clock when the ballot is stored. Without it half of the time of a vote would go into reading the same rows again.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from qatysu.ballots.box import Box, box_of
from qatysu.core.errors import NotFound
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

KEEP_S = 5.0
#: While one request reads a round anew the others go on with what was kept, for so long at most.
READ_S = 1.0
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
    """The booth of a public round, at most ``KEEP_S + READ_S`` old. Raises NotFound when there is none, or no frozen slate."""
    found = kept_booth(city_slug, round_slug)
    if found is not None:
        return found
    try:
        round_ = get_round(city_slug, round_slug)
        booth = Booth(round_, box_of(round_))
    except NotFound:
        with _lock:
            _kept.pop((city_slug, round_slug), None)
        raise
    with _lock:
        _kept[city_slug, round_slug] = (time.monotonic() + KEEP_S, booth)
    return booth


def kept_booth(city_slug: str, round_slug: str) -> Booth | None:
    """The booth if it is at hand and fresh; asks no database.

    Of many who come when it is due to be read anew, one gets None and reads it; the others take the old one for a moment.
    """
    key, now = (city_slug, round_slug), time.monotonic()
    found = _kept.get(key)
    if found is None or found[0] > now:
        return found and found[1]
    with _lock:
        found = _kept.get(key)
        if found is None or found[0] > now:
            return found and found[1]
        _kept[key] = (now + READ_S, found[1])
    return None


def forget() -> None:
    """Read everything anew (tests, a reset of the demonstration)."""
    with _lock:
        _kept.clear()
