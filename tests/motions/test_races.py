"""Two people confirm one motion at once, in processes of their own: one entry, one judgement, one of them is told."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.places_of_their_own import python

pytestmark = pytest.mark.race
PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils import timezone
from qatysu.core.regulation import Role
from qatysu.motions.kinds import Kind
from tests import factories
from tests.motions.people import ask, ask_voting, handle_of
now = timezone.now()
city = factories.make_city()
round_ = factories.make_voting_round(city, now=now)
lead = factories.make_staff(Role.COORDINATOR, city)
people = [factories.make_staff(Role.COMMISSION, city).pk for _ in range(4)]
factories.cast(round_, "anna", ["1"])
ask(round_, lead, now, handle=handle_of(round_, "anna"))
ask_voting(round_, lead, now, Kind.VOTING_PAUSE)
print(people)
"""
CONFIRM = """
import sys, json, time, django
django.setup()
from django.utils import timezone
from qatysu.core.errors import QatysuError
from qatysu.identity.models import Account
from qatysu.motions import commands
from qatysu.motions.models import Motion
actor, start = Account.objects.get(pk=int(sys.argv[1])), float(sys.argv[2])
found = []
motions = list(Motion.objects.order_by("pk"))
time.sleep(max(0, start - time.time()))
for motion in motions:
    try:
        found.append(commands.confirm(actor=actor, motion=motion, now=timezone.now()).state)
    except QatysuError as refusal:
        found.append(refusal.reason)
print(json.dumps(found))
"""
LOOK = """
import json, django
django.setup()
from qatysu.ballots.models import Judgement
from qatysu.bulletin.models import Entry
from qatysu.motions import queries
from qatysu.motions.models import Motion
from qatysu.rounds.models import CalendarAct, Round
round_ = Round.objects.select_related("city", "constitution").get()
print(json.dumps([Entry.objects.filter(is_voters=False).count(), Judgement.objects.count(), CalendarAct.objects.count(),
    list(Motion.objects.order_by("pk").values_list("state", flat=True)), queries.box_findings(round_)]))
"""


def said(place: dict[str, str], text: str, *words: object) -> list[Any]:
    return json.loads(python(place, "-c", text, *words)[-1])  # type: ignore[no-any-return]  # reason: written by this file


def test_two_people_who_confirm_at_once_write_one_entry(place: dict[str, str]) -> None:
    people = said(place, PREPARE)
    start = str(time.time() + 6)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda pk: said(place, CONFIRM, pk, start), people))

    for each in zip(*answers, strict=True):
        assert sorted(each) == ["confirmed", "motion_decided", "motion_decided", "motion_decided"]
    assert said(place, LOOK) == [3, 1, 1, ["confirmed", "confirmed"], []]
