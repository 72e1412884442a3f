"""Parallel processes vote for the same people (PEERS T1-T3, T5, T7, T9, T18; LEDGER threat 1), on SQLite or PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection

from tests.ballots.racer import VOTERS

pytestmark = pytest.mark.race
HERE = Path(__file__).resolve().parents[2]
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
from qatysu.ballots import queries
from qatysu.tally.queries import count
round_ = Round.objects.select_related("constitution").get()
c = count(round_)
attempts = list(Participation.objects.values_list("attempt", flat=True))
print(json.dumps({"ballots": Ballot.objects.count(), "voters": queries.turnout(round_), "counted": c.ballots, "marks": c.marks,
    "attempts": sum(attempts), "most": max(attempts, default=0)}))
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


@pytest.fixture
def place(tmp_path):
    """Environment of a database of its own, of the same kind as the suite runs on."""
    env = {**os.environ, "QATYSU_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "qatysu.config.settings"}
    env |= {"QATYSU_SECRET_KEY": "race" * 20, "PYTHONPATH": str(HERE), "QATYSU_DEMO": "0"}
    if connection.vendor != "postgresql":
        env["DATABASE_URL"] = ""
        yield env
        return
    base = django_settings.DATABASES["default"]
    name = f"race_{os.getpid()}_{time.monotonic_ns()}"
    parts = {"host": base["HOST"], "port": base["PORT"], "user": base["USER"], "password": base["PASSWORD"]}
    info = psycopg.conninfo.make_conninfo("", **{key: value for key, value in parts.items() if value})
    with psycopg.connect(info, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    query = f"?host={base['HOST']}" if str(base["HOST"]).startswith("/") else ""
    net = "" if query else f"{base['HOST']}:{base['PORT'] or 5432}"
    port = f"&port={base['PORT']}" if query and base["PORT"] else ""
    user = f"{base['USER']}:{base['PASSWORD']}@" if base["PASSWORD"] else f"{base['USER']}@" if base["USER"] else ""
    env["DATABASE_URL"] = f"postgresql://{user}{net}/{name}{query}{port}"
    yield env
    with psycopg.connect(info, dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def python(env, *arguments):
    done = subprocess.run([sys.executable, *arguments], env=env, cwd=HERE, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip().splitlines()[-1]


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
def test_one_person_one_ballot_whatever_the_processes(place, way):
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
    }


def test_the_same_form_from_all_processes_is_one_ballot(place):
    round_id = python(place, "-c", PREPARE, "5")
    total = race(place, round_id, "batched-same-form")
    assert total == {"stored": VOTERS, "same": VOTERS * (PROCESSES - 1)}


@pytest.mark.parametrize("way", ["plain", "batched"])
def test_no_ballot_is_stored_after_the_close_has_returned(place, way):
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
