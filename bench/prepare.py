"""Make a voting round with fifty projects and a file of voters who are about to confirm; print the addresses as JSON.

Each line of ``voters.txt`` is what one browser sends: the session (one-time code typed, five projects chosen), the masked
token of the form and the form's own token.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  # reason: after setup
from django.contrib.sessions.backends.signed_cookies import SessionStore  # noqa: E402  # reason: after setup
from django.core.management import call_command  # noqa: E402  # reason: after setup
from django.middleware.csrf import _mask_cipher_secret  # noqa: E402  # reason: after setup
from django.utils import timezone  # noqa: E402  # reason: after setup

SECRET = "a" * 32


def main() -> None:
    """Prepare."""
    call_command("migrate", verbosity=0)
    from tests import factories

    from qatysu.ballots import commands

    city = factories.make_city(f"bench{os.getpid()}")
    round_ = factories.make_voting_round(city, now=timezone.now(), projects=50, max_choices=5)
    count = int(sys.argv[1])
    lines = []
    for number, code in enumerate(commands.issue_codes(actor=None, round=round_, count=count, now=timezone.now())):
        session = SessionStore()
        session[f"pass:{round_.pk}"] = f"code:{commands.code_hash(round_, code)}"
        session[f"choice:{round_.pk}"] = [str(number % 46 + i) for i in range(1, 6)]
        session.save()
        lines.append(f"{session.session_key} {_mask_cipher_secret(SECRET)} {secrets.token_urlsafe(16)}")
    Path(os.environ["BENCH_FOLDER"], "voters.txt").write_text("\n".join(lines) + "\n")
    base = f"/ru/{city.slug}/{round_.slug}/"
    addresses = {
        "confirm": f"{base}ballot/confirm/",
        "round": base,
        "projects": f"{base}projects/",
        "project": f"{base}projects/7/",
    }
    print(json.dumps(addresses | {"cookie": settings.SESSION_COOKIE_NAME}))


main()
