"""One process of a race: casts for many voters at once, through the command, and prints what became of each.

Run as ``python -m tests.ballots.racer ROUND_ID TASK SEED``; DATABASE_URL, QATYSU_DATA and QATYSU_SECRET_KEY come from the test.
"""

from __future__ import annotations

import json
import os
import random
import sys
from concurrent.futures import ThreadPoolExecutor

VOTERS = 60


def main() -> None:
    """Cast in a random order from several threads; print one JSON line of counts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
    import django

    django.setup()
    from django.db import connection

    from qatysu.ballots import commands, writer
    from qatysu.core.errors import QatysuError
    from qatysu.rounds.models import Round

    round_id, task, seed = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    round_ = Round.objects.select_related("city", "constitution").get(pk=round_id)
    chance = random.Random(seed)
    if task.startswith("batched"):
        writer.start()

    def cast(voter: int) -> str:
        token = f"form-{voter}" if task.endswith("same-form") else ""
        try:
            choices = ["1", "2"] if token else chance.sample(["1", "2", "3"], 2)
            stored = commands.cast_ballot(round=round_, voter_id=f"voter-{voter}", choices=choices, form_token=token)
        except QatysuError as refusal:
            return refusal.code
        finally:
            connection.close() if not task.startswith("batched") else None
        return "stored" if stored.is_new else "same"

    order = chance.sample(range(VOTERS), VOTERS)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(cast, order))
    print(json.dumps({answer: answers.count(answer) for answer in set(answers)}))  # noqa: T201  # reason: read by the test


if __name__ == "__main__":
    main()
