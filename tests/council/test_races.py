"""Voices of one seat from several processes at once, and a count that closes while they come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.places_of_their_own import python

PREPARE = """
import django
django.setup()
from django.utils import timezone
from qatysu.core.regulation import Stage
from qatysu.council import commands
from qatysu.council.models import Matter, Verdict
from qatysu.proposals.models import State
from tests import factories
from tests.council import holding
now = timezone.now()
round_ = factories.fresh(factories.make_round(factories.make_city(), stage=Stage.COUNCIL, now=now))
council = holding.seated(round_, now)
factories.make_proposal(round_, state=State.READY)
commands.collect_matters(actor=council.keeper, round_=round_, now=now)
matter = Matter.objects.get()
holding.put(council, holding.sitting(council, [matter], now), matter, Verdict.ADMIT, now)
"""
LOOK = """
import django
django.setup()
from qatysu.council.models import PollVote
print(PollVote.objects.count(), PollVote.objects.values("seat").distinct().count())
"""


def test_of_many_processes_one_gives_the_voice_of_a_seat(place: dict[str, str]) -> None:
    python(place, "-c", PREPARE)
    voices = ("for", "against", "abstain", "for")
    with ThreadPoolExecutor(len(voices)) as pool:
        given = [pool.submit(python, place, "-m", "tests.council.racer", voice) for voice in voices]
        total = sum(int(each.result()[-1]) for each in given)
    assert total == 5
    assert python(place, "-c", LOOK)[-1] == "5 5"
