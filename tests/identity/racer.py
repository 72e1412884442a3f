"""One process of a race for sign-in codes: ``python -m tests.identity.racer CODES GUESS``.

CODES is JSON of pairs (phone, code). With GUESS 'right' every thread posts the right code, with 'wrong' another one.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

THREADS = 4


def main() -> None:
    """Post each code from all threads at once; print one JSON line of counts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
    import django

    django.setup()
    from django.db import connection
    from django.utils import timezone

    from qatysu.core.errors import QatysuError
    from qatysu.identity import codes
    from qatysu.identity.contact import parse_contact

    pairs, guess = json.loads(sys.argv[1]), sys.argv[2]

    def post(pair: tuple[str, str]) -> str:
        phone, code = pair
        typed = code if guess == "right" else f"{(int(code) + 1) % 1_000_000:06d}"
        try:
            codes.sign_in(
                contact=parse_contact(phone), nonce="race", ip="10.0.0.1", code=typed, language="kk", now=timezone.now()
            )
        except QatysuError as refusal:
            return refusal.reason
        finally:
            connection.close()
        return "signed in"

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(post, [pair for pair in pairs for _ in range(THREADS)]))
    print(json.dumps({answer: answers.count(answer) for answer in set(answers)}))  # noqa: T201  # reason: read by the test


if __name__ == "__main__":
    main()
