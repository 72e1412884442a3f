"""Ballots in force as the rules read them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qatysu.results.queries import election
from qatysu.rounds.models import Round
from qatysu.tally.queries import count, profile
from tests import factories

pytestmark = pytest.mark.django_db
CODES = ["1", "2", "3"]


def ballots_of(round_: Round) -> list[tuple[list[int], list[int], int]]:
    found = profile(round_, CODES)
    starts, projects, points = found.starts.tolist(), found.projects.tolist(), found.points.tolist()
    pairs = zip(pairwise(starts), found.times.tolist(), strict=True)
    return [(projects[a:b], points[a:b], n) for (a, b), n in pairs]


def test_equal_ballots_are_joined_and_only_the_last_of_a_voter_counts(voting_round: Round) -> None:
    for voter, choices in (("a", ["1", "2"]), ("b", ["2", "1"]), ("c", ["3"]), ("d", ["1"]), ("c", ["2"])):
        factories.cast(voting_round, voter, choices)
    assert ballots_of(voting_round) == [([0], [1], 1), ([0, 1], [1, 1], 2), ([1], [1], 1)]
    assert profile(voting_round, CODES).ballots == count(voting_round).ballots == 4


def test_an_empty_box_is_an_election_without_voters(voting_round: Round) -> None:
    found = election(voting_round)
    assert (found.voters, found.profile.votes(3)) == (0, (0, 0, 0))


def test_votes_of_the_profile_are_the_votes_counted(voting_round: Round) -> None:
    for voter in range(7):
        factories.cast(voting_round, str(voter), [CODES[voter % 3], CODES[(voter + voter // 3 + 1) % 3]][: 1 + voter % 2])
    assert dict(zip(CODES, profile(voting_round, CODES).votes(3), strict=True)) == count(voting_round).votes


def test_the_number_of_queries_does_not_grow_with_the_voters(voting_round: Round) -> None:
    counts = []
    for voters in (1, 9):
        for voter in range(voters):
            factories.cast(voting_round, f"{voters}-{voter}", [CODES[voter % 3]])
        with CaptureQueriesContext(connection) as found:
            profile(voting_round, CODES)
        counts.append(len(found))
    assert counts == [1, 1]
