"""What operators do beside the portal of a test: ``python -m tests.strangers.operator TASK ...`` in the environment of its place."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from qatysu.ballots import logs, queries  # noqa: E402
from qatysu.ballots.models import Ballot, Participation  # noqa: E402
from qatysu.bulletin import commands as bulletin  # noqa: E402
from qatysu.bulletin.models import Entry  # noqa: E402
from qatysu.core.regulation import Role, Stage  # noqa: E402
from qatysu.ledger.entries import decode  # noqa: E402
from qatysu.results import commands as results  # noqa: E402
from qatysu.results import opening  # noqa: E402
from qatysu.rounds.models import Membership, Round  # noqa: E402
from qatysu.rules.model import Verdict  # noqa: E402
from tests import factories  # noqa: E402

Fact = object


def prepare(codes: str, attempts: str) -> Fact:
    """An empty database with a round that votes and publishes at once; returns so many one-time codes."""
    call_command("migrate", verbosity=0)
    round_ = factories.make_voting_round(
        factories.make_city(), max_attempts=int(attempts), max_choices=2, cadence="event", tie="id", threshold_votes=1
    )
    return factories.make_codes(round_, int(codes))


def look() -> Fact:
    """What the database holds: numbers of rows, leaf hashes in the order of the log, choices in force by their number."""
    round_ = _round()
    log = logs.log_of(round_)
    placed = Entry.objects.filter(log=log).exclude(idx=None).order_by("idx")
    attempts = dict(Participation.objects.values_list("handle", "attempt"))
    in_force = [row for row in Ballot.objects.values_list("handle", "attempt", "choices") if attempts[row[0]] == row[1]]
    return {
        "voters": len(attempts), "ballots": Ballot.objects.count(), "attempts": sum(attempts.values()),
        "choices": dict(Counter(choices for _, _, choices in in_force)),
        "size": log.size, "published": log.published_size, "waiting": Entry.objects.filter(log=log, idx=None).count(),
        "casts": [bytes(leaf).hex() for leaf in placed.filter(is_voters=True).values_list("leaf", flat=True)],
        "kinds": dict(Counter(decode(bytes(raw))["t"] for raw in placed.values_list("raw", flat=True))),
        "indexes": list(placed.values_list("idx", flat=True)) == list(range(log.size)),
        "fingerprints": len(list(queries.fingerprints(round_))),
    }


def self_check() -> Fact:
    """What a whole comparison of rows and files finds."""
    log = logs.log_of(_round())
    return bulletin.self_check(log, logs.storage_of(log))


def end_voting() -> Fact:
    """The calendar moves on to the time of audit: the worker closes the box by itself."""
    factories.move_to(_round(), Stage.AUDIT, timezone.now())
    return True


def open_ballots() -> Fact:
    """The time of audit is over and the coordinator opens the ballots; returns how many."""
    factories.move_to(_round(), Stage.RESULTS, timezone.now())
    return opening.open_ballots(actor=_coordinator(), round=_round(), now=timezone.now())


def declare() -> Fact:
    """The coordinator counts; returns the winners."""
    outcome = results.declare(actor=_coordinator(), round=_round(), now=timezone.now())
    won = outcome.lines.filter(verdict__in=(Verdict.FUNDED, Verdict.EXTRA)).order_by("place")
    return list(won.values_list("entry__code", flat=True))


def _round() -> Round:
    return factories.fresh(Round.objects.get())


def _coordinator() -> object:
    return Membership.objects.select_related("account").filter(role=Role.COORDINATOR).earliest("pk").account


if __name__ == "__main__":
    tasks: dict[str, Callable[..., Fact]] = {
        task.__name__: task for task in (prepare, look, self_check, end_voting, open_ballots, declare)
    }
    sys.stdout.write(json.dumps(tasks[sys.argv[1]](*sys.argv[2:])) + "\n")
