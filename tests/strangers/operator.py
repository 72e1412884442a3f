"""What operators do beside the portal of a test: ``python -m tests.strangers.operator TASK ...`` in the environment of its place."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from qatysu.ballots import commands as ballots  # noqa: E402
from qatysu.ballots import key_states, logs, queries  # noqa: E402
from qatysu.ballots.models import Ballot, Participation, Slate  # noqa: E402
from qatysu.bulletin import commands as bulletin  # noqa: E402
from qatysu.bulletin.models import Entry  # noqa: E402
from qatysu.core.codes import normalise_code  # noqa: E402
from qatysu.core.errors import Conflict  # noqa: E402
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


def cast_in_order(count: str) -> Fact:
    """So many votes with one-time codes, one after another; returns (code, voter id, handle, leaf hash), in the order of voting."""
    round_, made = _round(), []
    box = queries.box(round_)
    for code in factories.make_codes(round_, int(count)):
        voter_id = ballots.find_code(round_, normalise_code(code))
        stored = ballots.cast_ballot(round=round_, voter_id=voter_id, choices=["1"])
        made.append([code, voter_id, box.handle(voter_id), stored.leaf.hex()])
    return made


def people_vote(count: str) -> Fact:
    """Residents with accounts vote; returns (e-mail address, public number, keyed hash of the address, handle)."""
    round_, made = _round(), []
    box = queries.box(round_)
    for number in range(int(count)):
        address = f"resident.{number}@people.example"
        account = factories.make_account(f"Resident {number}", city=round_.city, email=address)
        voter_id = queries.account_voter_id(account)
        ballots.cast_ballot(round=round_, voter_id=voter_id, choices=["2"])
        made.append([address, str(account.public_id), account.email_hash, box.handle(voter_id)])
    return made


def rows() -> Fact:
    """Every row of every table, as texts; bytes in hex."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # reason: names from the database itself
            for row in cursor.fetchall():
                found.append([table, " ".join(bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in row)])
    return found


def lying() -> Fact:
    """Ways in which rows can lie in the database: name of the way, and handles or leaf hashes in that order."""
    ways, found = {"place": "rowid"}, {}
    if connection.vendor == "postgresql":
        ways = {"place": "ctid", "version": "xmin::text::bigint, ctid"}
    columns = {"ballots_participation": "handle", "ballots_ballot": "handle", "bulletin_entry": "leaf"}
    with connection.cursor() as cursor:
        for table, column in columns.items():
            for way, order in ways.items():
                cursor.execute(f"SELECT {column} FROM {table} ORDER BY {order}")  # reason: names from above
                found[f"{table} by {way}"] = [bytes(v).hex() if isinstance(v, bytes | memoryview) else v for (v,) in cursor.fetchall()]
    return found


def seal_key_away() -> Fact:
    """The round key leaves the server (the commission has its sheets)."""
    slate = Slate.objects.select_related("round__city", "log").get()
    key_states.seal(slate, timezone.now(), without_sheets=True)
    return True


def standing(voter_id: str) -> Fact:
    """What the program can tell of a voter's ballot: its state, or why it can tell nothing."""
    try:
        found = queries.standing(_round(), voter_id)
    except Conflict as refusal:
        return refusal.reason
    return str(found.state) if found is not None else None


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
    known = (
        prepare, look, self_check, cast_in_order, people_vote, rows, lying, seal_key_away, standing, end_voting, open_ballots, declare,
    )
    tasks: dict[str, Callable[..., Fact]] = {task.__name__: task for task in known}
    sys.stdout.write(json.dumps(tasks[sys.argv[1]](*sys.argv[2:])) + "\n")
