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
from qatysu.tally.models import ImportedBallot, ImportedElection

#: Running counts of a live round are this old at most, in seconds.
LIVE_AGE_S = 5
_IN_FORCE = """
SELECT b.choices, COUNT(*) FROM ballots_participation p
JOIN ballots_ballot b ON b.round_id = p.round_id AND b.handle = p.handle AND b.attempt = p.attempt
WHERE p.round_id = %s GROUP BY b.choices
"""


#: Channel of votes that were cast elsewhere.
FILE_CHANNEL = "file"
Choices = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Count:
    """``votes`` by project code (every project of the slate, zero included), ``ballots`` in force, sum of choices."""

    votes: dict[str, int]
    ballots: int
    marks: int


def imported(round_: Round) -> ImportedElection | None:
    """Where the ballots came from when they were not cast here; None for a round of our own. One query."""
    return ImportedElection.objects.filter(round=round_).first()


def count(round_: Round) -> Count:
    """Count the ballots in force: of each voter the latest. A constant number of queries."""
    votes: Counter[str] = Counter()
    in_force = 0
    for choices, times in _distinct(round_, imported(round_)):
        in_force += times
        for code, _points in choices:
            votes[code] += times
    codes = [entry.code for entry in ballots.entries(round_)]
    return Count({code: votes.get(code, 0) for code in codes}, in_force, sum(votes.values()))


def profile(round_: Round, codes: Sequence[str], source: ImportedElection | None = None) -> Profile:
    """Distinct ballots in force with the number of voters who cast each; projects are indices into ``codes`` (the slate,
    in its order). ``source``: what ``imported`` says. One query. The distinct ballots are in the order of their choices,
    which tells nothing of voters.
    """
    places = {code: place for place, code in enumerate(codes)}
    found = sorted((sorted((places[c], points) for c, points in choices), times) for choices, times in _distinct(round_, source))
    return Profile.build(([p for p, _ in marks], [points for _, points in marks], times) for marks, times in found)


def _distinct(round_: Round, source: ImportedElection | None) -> Iterator[tuple[Choices, int]]:
    """Choices with their points of the ballots in force, each with its number of voters."""
    if source is not None:
        for text, times in ImportedBallot.objects.filter(election=source).values_list("choices", "times"):
            yield json.loads(text), times
        return
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, [round_.pk])
        for text, times in cursor.fetchall():
            yield [(code, 1) for code in json.loads(text)], int(times)


def turnout(round_: Round) -> int:
    """Number of people who voted, here or in the imported election."""
    source = imported(round_)
    return ballots.turnout(round_) if source is None else source.voters


def turnout_by_channel(round_: Round) -> dict[str, int]:
    """Voters by channel; sums to ``turnout``."""
    source = imported(round_)
    return ballots.turnout_by_channel(round_) if source is None else {FILE_CHANNEL: source.voters}


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
