"""Several organisers issue certificates at once: every person gets one, and no number is missing or given twice."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.ballots.test_races import python

pytestmark = pytest.mark.race
PROCESSES, TEAMS = 3, 4

PREPARE = """
import json, sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from qatysu.coaching.models import Work
from qatysu.core.regulation import Role
from tests import factories
from tests.coaching import rooms
round_ = rooms.make_sessions(factories.make_city("parallel"))
lead = rooms.staff(Role.CENTRE_LEAD, round_)
people = []
for _ in range(int(sys.argv[1])):
    room = rooms.make_room(round_)
    Work.objects.filter(workspace=room).update(state="accepted", decided_at=timezone.now(), decided_by=lead)
    people += [room.proposal.author_id, rooms.join(room.proposal).pk]
print(json.dumps([round_.pk, lead.pk, people]))
"""
ISSUE = """
import json, sys, django
django.setup()
from django.utils import timezone
from qatysu.coaching.commands.learning import issue_certificates
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
round_pk, lead_pk, people = json.loads(sys.argv[1])
round_, lead = Round.objects.get(pk=round_pk), Account.objects.get(pk=lead_pk)
made = []
for pk in people:
    made += issue_certificates(actor=lead, round_=round_, accounts=[pk], now=timezone.now())
made += issue_certificates(actor=lead, round_=round_, accounts=None, now=timezone.now())
print(json.dumps([[row.number, row.account_id] for row in made]))
"""


def test_parallel_issuing_leaves_no_gap_and_no_double(place: Any) -> None:
    round_pk, lead, people = json.loads(python(place, "-c", PREPARE, str(TEAMS)))
    with ThreadPoolExecutor(PROCESSES) as pool:
        orders = [people, people[::-1], people[3:] + people[:3]]
        runs = [pool.submit(python, place, "-c", ISSUE, json.dumps([round_pk, lead, order])) for order in orders]
        made = [row for run in runs for row in json.loads(run.result())]
    assert sorted(number for number, _person in made) == list(range(1, 2 * TEAMS + 1))
    assert sorted(person for _number, person in made) == sorted(people)
