"""A process that gives voices of one seat, again and again, until somebody was first: for the test of races."""

from __future__ import annotations

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402  # reason: after setup

from qatysu.core.errors import Conflict  # noqa: E402  # reason: after setup
from qatysu.council import commands  # noqa: E402  # reason: after setup
from qatysu.council.models import Poll, Seat  # noqa: E402  # reason: after setup

poll, voice, given = Poll.objects.select_related("item__meeting").get(), sys.argv[1], 0
for seat in Seat.objects.select_related("account").order_by("pk"):
    try:
        commands.cast_voice(actor=seat.account, poll=poll, seat=seat, voice=voice, now=timezone.now())
        given += 1
    except Conflict:
        pass
sys.stdout.write(f"{given}\n")
