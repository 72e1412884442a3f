"""Votes per project and the ballots that rules read.

The outcome is computed from the published log of a round, where every ballot is open (``tally.published``); running counts are
counters over stored ballots, and nothing is decided by them. Rounds that were held elsewhere have their file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection

from qatysu.ballots import queries as ballots
from qatysu.core.errors import Conflict
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.queries import calendar
from qatysu.rules.model import Profile
from qatysu.tally import published
from qatysu.tally.models import ImportedBallot, ImportedElection

#: Running counts of a live round are this old at most, in seconds.
LIVE_AGE_S = 5
_IN_FORCE = """
SELECT b.choices, COUNT(*) FROM ballots_participation p
JOIN ballots_ballot b ON b.round_id = p.round_id AND b.handle = p.handle AND b.attempt = p.attempt
WHERE p.round_id = %s AND NOT EXISTS (
    SELECT 1 FROM ballots_judgement j
    WHERE j.round_id = p.round_id AND j.handle = p.handle AND j.attempt = p.attempt AND j.kind = 'annul' AND NOT EXISTS (
        SELECT 1 FROM ballots_judgement k
        WHERE k.round_id = j.round_id AND k.handle = j.handle AND k.attempt = j.attempt AND k.id > j.id
    )
)
GROUP BY b.choices
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
    """Counters over the stored ballots in force: of each voter the latest, unless it is annulled. A constant number of queries.

    Of a round of our own this is a running number for pages and a second opinion for the gates, never the outcome.
    """
    source = imported(round_)
    votes: Counter[str] = Counter()
    in_force = 0
    for choices, times in _of_file(source) if source is not None else _stored(round_):
        in_force += times
        for code, _points in choices:
            votes[code] += times
    codes = [entry.code for entry in ballots.entries(round_)]
    return Count({code: votes.get(code, 0) for code in codes}, in_force, sum(votes.values()))


def profile(round_: Round, codes: Sequence[str], source: ImportedElection | None = None) -> Profile:
    """Distinct ballots that count with the number of voters who cast each; projects are indices into ``codes`` (the slate, in its
    order). ``source``: what ``imported`` says; without one the published log is read. The distinct ballots are in the order of
    their choices, which tells nothing of voters. Raises Conflict: see ``published.log_of``, ``not_closed`` and ``not_opened``
    (``missing``).
    """
    places = {code: place for place, code in enumerate(codes)}
    rows = _of_file(source) if source is not None else _of_log(round_)
    found = sorted((sorted((places[c], points) for c, points in choices), times) for choices, times in rows)
    return Profile.build(([p for p, _ in marks], [points for _, points in marks], times) for marks, times in found)


def _of_file(source: ImportedElection) -> Iterator[tuple[Choices, int]]:
    """Choices with their points, each with its number of voters."""
    for text, times in ImportedBallot.objects.filter(election=source).values_list("choices", "times"):
        yield json.loads(text), times


def _of_log(round_: Round) -> Iterator[tuple[Choices, int]]:
    box = published.read(published.log_of(round_))
    if not box.is_closed:
        raise Conflict("not_closed")
    if box.unopened:
        raise Conflict("not_opened", missing=box.unopened)
    for choices, times in box.ballots.items():
        yield [(code, 1) for code in choices], times


def _stored(round_: Round) -> Iterator[tuple[Choices, int]]:
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
