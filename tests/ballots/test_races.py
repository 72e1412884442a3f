"""Parallel processes vote for the same people (PEERS T1-T3, T5, T7, T9, T18; LEDGER threat 1), on SQLite or PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests import places_of_their_own
from tests.ballots.racer import VOTERS

pytestmark = pytest.mark.race
PROCESSES = 4

PREPARE = """
import sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from qatysu.core.regulation import Role
from tests import factories
round_ = factories.make_voting_round(factories.make_city(), now=timezone.now(), max_attempts=int(sys.argv[1]), max_choices=2)
factories.make_staff(Role.COMMISSION, round_.city)
print(round_.pk)
"""
LOOK = """
import sys, json, django
django.setup()
from qatysu.rounds.models import Round
from qatysu.ballots.models import Ballot, Participation
from qatysu.bulletin.models import Entry
from qatysu.ballots import queries
from qatysu.tally.queries import count
round_ = Round.objects.select_related("constitution").get()
c = count(round_)
attempts = list(Participation.objects.values_list("attempt", flat=True))
print(json.dumps({"ballots": Ballot.objects.count(), "voters": queries.turnout(round_), "counted": c.ballots, "marks": c.marks,
    "attempts": sum(attempts), "most": max(attempts, default=0), "entries": Entry.objects.filter(is_voters=True).count()}))
"""
CLOSE = """
import django
django.setup()
from django.utils import timezone
from qatysu.core.regulation import Stage
from qatysu.rounds.commands import close_stage_now
from qatysu.rounds.models import Membership, Round
from qatysu.ballots.models import Ballot
round_ = Round.objects.select_related("city", "constitution").get()
chief = Membership.objects.select_related("account").filter(role="coordinator").first().account
second = Membership.objects.select_related("account").filter(role="commission").first().account
why = "Closed while people vote"
close_stage_now(actor=chief, second=second, round_=round_, stage=Stage.VOTING, reason=why, now=timezone.now())
print(Ballot.objects.count())
"""


def python(env, *arguments):
    """The last line that a process of the place printed."""
    return places_of_their_own.python(env, *arguments)[-1]


def race(env, round_id, task):
    """Run the processes at once; returns what became of all casts together."""
    with ThreadPoolExecutor(PROCESSES) as pool:
        runs = [
            pool.submit(python, env, "-m", "tests.ballots.racer", round_id, task, str(seed))
            for seed in range(PROCESSES)
        ]
        total: Counter[str] = Counter()
        for run in runs:
            total.update(json.loads(run.result()))
    return total


@pytest.mark.parametrize("way", ["plain", "batched"])
def test_threat_1_one_person_one_ballot_whatever_the_processes(place, way):
    round_id = python(place, "-c", PREPARE, "1")
    total = race(place, round_id, way)
    assert total == {"stored": VOTERS, "already_voted": VOTERS * (PROCESSES - 1)}
    facts = json.loads(python(place, "-c", LOOK))
    assert facts == {
        "ballots": VOTERS,
        "voters": VOTERS,
        "counted": VOTERS,
        "marks": 2 * VOTERS,
        "attempts": VOTERS,
        "most": 1,
        "entries": VOTERS,
    }


def test_re_voting_counts_the_last_and_never_passes_the_limit(place):
    round_id = python(place, "-c", PREPARE, "3")
    total = race(place, round_id, "batched")
    assert total == {"stored": 3 * VOTERS, "already_voted": VOTERS * (PROCESSES - 3)}
    facts = json.loads(python(place, "-c", LOOK))
    assert facts == {
        "ballots": 3 * VOTERS,
        "voters": VOTERS,
        "counted": VOTERS,
        "marks": 2 * VOTERS,
        "attempts": 3 * VOTERS,
        "most": 3,
        "entries": 3 * VOTERS,
    }


def test_the_same_form_from_all_processes_is_one_ballot(place):
    round_id = python(place, "-c", PREPARE, "5")
    total = race(place, round_id, "batched-same-form")
    assert total == {"stored": VOTERS, "same": VOTERS * (PROCESSES - 1)}


@pytest.mark.parametrize("way", ["plain", "batched"])
def test_threat_11_no_ballot_is_stored_after_the_close_has_returned(place, way):
    round_id = python(place, "-c", PREPARE, "5")
    with ThreadPoolExecutor(PROCESSES + 1) as pool:
        runs = [
            pool.submit(python, place, "-m", "tests.ballots.racer", round_id, way, str(s)) for s in range(PROCESSES)
        ]
        at_close = int(pool.submit(python, place, "-c", CLOSE).result())
        total: Counter[str] = Counter()
        for run in runs:
            total.update(json.loads(run.result()))
    facts = json.loads(python(place, "-c", LOOK))
    assert facts["ballots"] == at_close == total["stored"]
    assert total["stored"] + total["stage_closed"] == VOTERS * PROCESSES
