"""Make a voting round with fifty projects and a cookie file of many voters; print the addresses as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  # reason: after setup
from django.contrib.sessions.backends.signed_cookies import SessionStore  # noqa: E402  # reason: after setup
from django.core.management import call_command  # noqa: E402  # reason: after setup
from django.utils import timezone  # noqa: E402  # reason: after setup


def main() -> None:
    """Prepare."""
    call_command("migrate", verbosity=0)
    from tests import factories

    from qatysu.ballots import commands

    city = factories.make_city(f"bench{os.getpid()}")
    round_ = factories.make_voting_round(city, now=timezone.now(), projects=50, max_choices=5, max_attempts=1)
    count = int(sys.argv[1])
    lines = []
    for code in commands.issue_codes(actor=None, round=round_, count=count, now=timezone.now()):
        session = SessionStore()
        session[f"pass:{round_.pk}"] = f"code:{commands.code_hash(round_, code)}"
        session.save()
        lines.append(session.session_key)
    Path(os.environ["BENCH_FOLDER"], "cookies.txt").write_text("\n".join(lines) + "\n")
    base = f"/ru/{city.slug}/{round_.slug}/"
    addresses = {
        "confirm": f"{base}ballot/confirm/",
        "round": base,
        "projects": f"{base}projects/",
        "project": f"{base}projects/7/",
    }
    print(json.dumps(addresses | {"cookie": settings.SESSION_COOKIE_NAME}))


main()
