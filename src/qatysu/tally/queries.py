"""Votes per project and the ballots that rules read: from stored ballots, never from counters."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection

from qatysu.ballots import queries as ballots
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.queries import calendar
from qatysu.rules.model import Profile

#: Running counts of a live round are this old at most, in seconds.
LIVE_AGE_S = 5
_IN_FORCE = """
SELECT b.choices, COUNT(*) FROM ballots_participation p
JOIN ballots_ballot b ON b.round_id = p.round_id AND b.handle = p.handle AND b.attempt = p.attempt
WHERE p.round_id = %s GROUP BY b.choices
"""


@dataclass(frozen=True, slots=True)
class Count:
    """``votes`` by project code (every project of the slate, zero included), ``ballots`` in force, sum of choices."""

    votes: dict[str, int]
    ballots: int
    marks: int


def count(round_: Round) -> Count:
    """Count the ballots in force: of each voter the latest. One query whatever the number of voters."""
    votes: Counter[str] = Counter()
    in_force = 0
    for choices, times in _distinct(round_):
        in_force += times
        for code in choices:
            votes[code] += times
    codes = [entry.code for entry in ballots.entries(round_)]
    return Count({code: votes.get(code, 0) for code in codes}, in_force, sum(votes.values()))


def profile(round_: Round, codes: Sequence[str]) -> Profile:
    """Distinct ballots in force with the number of voters who cast each; projects are indices into ``codes`` (the slate,
    in its order). One query. The distinct ballots are in the order of their choices, which tells nothing of voters.
    """
    places = {code: place for place, code in enumerate(codes)}
    found = ((sorted(places[code] for code in choices), times) for choices, times in _distinct(round_))
    return Profile.build((choices, None, times) for choices, times in sorted(found))


def _distinct(round_: Round) -> Iterator[tuple[list[str], int]]:
    """Choices of the ballots in force, each with its number of voters."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [round_.pk])
        for choices, times in cursor.fetchall():
            yield json.loads(choices), int(times)


def counts_are_public(round_: Round, now: datetime) -> bool:
    """Whether running counts may be shown now: in a live round from its opening on. Published results are another matter."""
    if round_.constitution.counts_mode != Constitution.Counts.LIVE:
        return False
    return any(v.stage is Stage.VOTING and v.state is not WindowState.BEFORE for v in calendar(round_, now))


def live_counts(round_: Round, now: datetime) -> dict[str, int] | None:
    """Votes by code for everybody in a live round, at most ``LIVE_AGE_S`` old; None when counts are not public."""
    if not counts_are_public(round_, now):
        return None
    key = f"live:{round_.pk}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = count(round_).votes
        cache.set(key, found, LIVE_AGE_S)
    return found
