"""Seal the log of the newest round and print what is stored and published of it."""

from __future__ import annotations

import json
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402  # reason: after setup

from qatysu.ballots import logs, queries, sequencing  # noqa: E402  # reason: after setup
from qatysu.bulletin.commands import self_check  # noqa: E402  # reason: after setup
from qatysu.rounds.models import Round  # noqa: E402  # reason: after setup
from qatysu.tally.queries import count  # noqa: E402  # reason: after setup

round_ = Round.objects.select_related("city", "constitution").order_by("-pk")[0]
log = logs.log_of(round_)
started = time.perf_counter()
sequencing.seal_now(log, timezone.now())
took = time.perf_counter() - started
log.refresh_from_db()
print(
    json.dumps(
        {
            "ballots": queries.ballots_stored(round_),
            "voters": queries.turnout(round_),
            "counted": count(round_).ballots,
            "published": log.published_size - 1,  # all but the manifest
            "sealing_s": took,
            "findings": len(self_check(log, logs.storage_of(log))),
        }
    )
)
