"""``qatysu codes``: one-time voting codes on standard output."""

from __future__ import annotations

import csv
import sys

from django.utils import timezone

from qatysu.ballots.commands import issue_codes
from qatysu.core.codes import written
from qatysu.core.errors import QatysuError
from qatysu.rounds.models import Round

MOST = 100_000


def find_round(name: str) -> Round:
    """The round called ``<city>-<round>``; either part may hold hyphens. Raises SystemExit, listing what there is."""
    rounds = {str(round_): round_ for round_ in Round.objects.select_related("city", "constitution")}
    if name not in rounds:
        known = ", ".join(sorted(rounds)) or "none yet"
        raise SystemExit(f"There is no round {name!r}. Rounds here: {known}.")
    return rounds[name]


def issue(name: str, count: int) -> int:
    """Print a CSV with the column ``code``; 0, or 1 with the reason on standard error."""
    if not 1 <= count <= MOST:
        sys.stderr.write(f"--count must lie between 1 and {MOST}.\n")
        return 1
    round_ = find_round(name)
    try:
        codes = issue_codes(actor=None, round=round_, count=count, now=timezone.now())
    except QatysuError as refusal:
        sys.stderr.write(f"No codes were issued for {name}: {refusal.reason}.\n")
        return 1
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(["code"])
    rows.writerows([written(code)] for code in codes)
    sys.stdout.flush()
    return 0
