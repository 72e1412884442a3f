"""Many submissions of one author at once, from several processes: the limit and the numbers hold."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.ballots.test_races import python

pytestmark = pytest.mark.race
PROCESSES = 3

PREPARE = """
import json, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from qatysu.core.regulation import Stage
from tests import factories
from tests.proposals.conftest import complete
city = factories.make_city("parallel")
round_ = factories.make_round(city, stage=Stage.IDEAS, now=timezone.now(), proposals_per_author=2)
author = factories.make_account(city=city)
print(json.dumps([complete(round_, author).pk for _ in range(6)]))
"""
SUBMIT = """
import json, sys, django
django.setup()
from django.utils import timezone
from qatysu.core.errors import QatysuError
from qatysu.proposals import commands
from qatysu.proposals.models import Proposal
answers = []
for pk in json.loads(sys.argv[1]):
    draft = Proposal.objects.get(pk=pk)
    try:
        answers.append(commands.submit_proposal(actor=draft.author, proposal=draft, now=timezone.now()).number)
    except QatysuError as error:
        answers.append(error.reason)
print(json.dumps(answers))
"""


def test_parallel_submissions_keep_the_limit_and_the_numbers(place: Any) -> None:
    keys = json.loads(python(place, "-c", PREPARE))
    with ThreadPoolExecutor(PROCESSES) as pool:
        # Every draft is submitted by two processes: a double click on two machines.
        parts = [keys[:4], keys[2:], keys[4:] + keys[:2]]
        runs = [pool.submit(python, place, "-c", SUBMIT, json.dumps(part)) for part in parts]
        answers = [answer for run in runs for answer in json.loads(run.result())]
    assert {a for a in answers if isinstance(a, int)} == {1, 2}
    assert {a for a in answers if isinstance(a, str)} == {"author_limit"}
