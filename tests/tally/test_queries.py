"""Ballots as the rules read them: from the published log; counters beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qatysu.ballots import logs
from qatysu.ballots.models import Ballot
from qatysu.core.errors import Conflict
from qatysu.places.models import City
from qatysu.results.queries import election
from qatysu.rounds.models import Round
from qatysu.tally import published
from qatysu.tally.queries import count, profile
from tests import counting, factories

pytestmark = pytest.mark.django_db
CODES = ["1", "2", "3"]


def ballots_of(round_: Round) -> list[tuple[list[int], list[int], int]]:
    found = profile(round_, CODES)
    starts, projects, points = found.starts.tolist(), found.projects.tolist(), found.points.tolist()
    pairs = zip(pairwise(starts), found.times.tolist(), strict=True)
    return [(projects[a:b], points[a:b], n) for (a, b), n in pairs]


def test_equal_ballots_are_joined_and_only_the_last_of_a_voter_counts(voting_round: Round, now: datetime) -> None:
    for voter, choices in (("a", ["1", "2"]), ("b", ["2", "1"]), ("c", ["3"]), ("d", ["1"]), ("c", ["2"])):
        factories.cast(voting_round, voter, choices)
    counting.open_all(voting_round, now)
    assert ballots_of(voting_round) == [([0], [1], 1), ([0, 1], [1, 1], 2), ([1], [1], 1)]
    assert profile(voting_round, CODES).ballots == count(voting_round).ballots == 4


def test_an_empty_box_is_an_election_without_voters(voting_round: Round, now: datetime) -> None:
    found = election(counting.open_all(voting_round, now))
    assert (found.voters, found.profile.votes(3)) == (0, (0, 0, 0))


def test_votes_of_the_profile_are_the_votes_counted(voting_round: Round, now: datetime) -> None:
    for voter in range(7):
        factories.cast(voting_round, str(voter), [CODES[voter % 3], CODES[(voter + voter // 3 + 1) % 3]][: 1 + voter % 2])
    counting.open_all(voting_round, now)
    assert dict(zip(CODES, profile(voting_round, CODES).votes(3), strict=True)) == count(voting_round).votes


def test_nothing_is_read_from_a_box_before_it_is_closed_and_opened(voting_round: Round, now: datetime) -> None:
    factories.cast(voting_round, "a", ["1"])
    counting.seal(voting_round, now)
    with pytest.raises(Conflict, match="not_closed"):
        profile(voting_round, CODES)
    counting.close(voting_round, now)
    with pytest.raises(Conflict) as refused:
        profile(voting_round, CODES)
    assert (refused.value.reason, refused.value.params) == ("not_opened", {"missing": 1})


def test_the_outcome_is_read_from_the_log_whatever_the_database_says(voting_round: Round, now: datetime) -> None:
    factories.cast(voting_round, "a", ["1"])
    counting.open_all(voting_round, now)
    with CaptureQueriesContext(connection) as found:
        assert profile(voting_round, CODES).votes(3) == (1, 0, 0)
    assert not any(Ballot._meta.db_table in query["sql"] for query in found)
    assert len(found) <= 3


def test_the_number_of_queries_does_not_grow_with_the_voters(voting_round: Round) -> None:
    counts = []
    for voters in (1, 9):
        for voter in range(voters):
            factories.cast(voting_round, f"{voters}-{voter}", [CODES[voter % 3]])
        with CaptureQueriesContext(connection) as found:
            count(voting_round)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_replay_is_remembered_until_the_checkpoint_changes(
    voting_round: Round, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.cast(voting_round, "a", ["1"])
    counting.seal(voting_round, now)
    log, reads = logs.log_of(voting_round), []
    plain: Callable[..., object] = published.verify
    monkeypatch.setattr(published, "verify", lambda *a, **k: reads.append(1) or plain(*a, **k))
    assert published.read(log).voters == published.read(log).voters == 1
    assert len(reads) == 1
    published.read(log, anew=True)
    factories.cast(voting_round, "b", ["1"])
    counting.seal(voting_round, now)
    assert published.read(log).voters == 2
    assert len(reads) == 3


def test_live_votes_are_called_counters_that_the_opening_proves(city: City, now: datetime) -> None:
    live = factories.make_voting_round(city, now=now, counts_mode="live")
    sealed = factories.make_voting_round(city, now=now, counts_mode="sealed", slug="sealed")
    factories.cast(live, "a", ["1"])
    said = "Live counters. They are proved when the ballots are opened."
    for path in ("projects/", "projects/1/"):
        assert said in Client().get(f"/en/khromtau/{live.slug}/{path}").text
        assert said not in Client().get(f"/en/khromtau/{sealed.slug}/{path}").text
