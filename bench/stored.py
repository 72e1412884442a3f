"""Print what is stored in the newest round."""

from __future__ import annotations

import json

import django

django.setup()

from qatysu.ballots import queries  # noqa: E402  # reason: after setup
from qatysu.rounds.models import Round  # noqa: E402  # reason: after setup
from qatysu.tally.queries import count  # noqa: E402  # reason: after setup

round_ = Round.objects.select_related("city", "constitution").order_by("-pk")[0]
print(
    json.dumps(
        {"ballots": queries.ballots_stored(round_), "voters": queries.turnout(round_), "counted": count(round_).ballots}
    )
)
