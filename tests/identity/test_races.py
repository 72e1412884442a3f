"""Parallel posts of one code from several processes and threads (LEDGER threats 2 and 3)."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.ballots.test_races import python
from tests.identity.racer import THREADS

pytestmark = pytest.mark.race
PROCESSES = 3
CODES = 5

PREPARE = """
import json, re, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from qatysu.identity import codes
from qatysu.identity.contact import parse_contact
from qatysu.outbox.models import Message
from qatysu.vault import unseal
pairs = []
for n in range(5):
    phone = f"+7701000000{n}"
    codes.request_code(contact=parse_contact(phone), nonce="race", ip="10.0.0.1", language="en", now=timezone.now())
    body = unseal(Message.objects.order_by("-pk")[0].body_sealed)
    pairs.append((phone, re.search(r"[0-9]{6}", body).group()))
print(json.dumps(pairs))
"""
LOOK = """
import json, django
django.setup()
from qatysu.identity.models import Account, SignInCode
print(json.dumps([Account.objects.count(), sorted(SignInCode.objects.values_list("tries", flat=True))]))
"""


def race(env: dict[str, str], guess: str) -> Counter[str]:
    pairs = python(env, "-c", PREPARE)
    with ThreadPoolExecutor(PROCESSES) as pool:
        runs = [pool.submit(python, env, "-m", "tests.identity.racer", pairs, guess) for _ in range(PROCESSES)]
        return sum((Counter(json.loads(run.result())) for run in runs), Counter())


def test_one_of_many_posts_of_a_code_wins(place: Any) -> None:
    total = race(place, "right")
    assert total["signed in"] == CODES
    assert total["code_over"] + total["try-address"] == CODES * (PROCESSES * THREADS - 1)
    assert json.loads(python(place, "-c", LOOK))[0] == CODES


def test_parallel_guesses_have_five_tries_together(place: Any) -> None:
    total = race(place, "wrong")
    assert total["signed in"] == 0
    # Four times "wrong, so many left", the fifth ends the code.
    assert total["code_wrong"] == 4 * CODES
    assert json.loads(python(place, "-c", LOOK)) == [0, [5] * CODES]
