"""Ballots from before there were logs are carried over, and their round can be given a log."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from qatysu.ballots import commands, keys, queries, sequencing
from qatysu.ballots.logs import log_of, storage_of
from qatysu.ballots.models import Ballot, Slate
from qatysu.bulletin.models import Entry, Log
from qatysu.core.errors import Conflict
from qatysu.ledger.leaf import cast_entry
from qatysu.ledger.merkle import leaf_hash
from qatysu.ledger.notes import VerifierKey
from qatysu.verify.checking import verify
from tests import factories

HIDDEN = "c" * 64


def migrate(target: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


@pytest.fixture
def at_the_newest_afterwards(transactional_db: None) -> Iterator[None]:
    yield
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("at_the_newest_afterwards")
def test_ballots_of_before_keep_what_they_say_and_get_the_hash_of_their_entry() -> None:
    old = migrate(("ballots", "0001_initial"))
    city = old.get_model("places", "City").objects.create(
        slug="khromtau", name_kk="Х", name_ru="Х", name_en="K", time_zone="Asia/Aqtobe", south=50, west=58, north=51, east=59
    )
    round_ = old.get_model("rounds", "Round").objects.create(
        city=city, slug="y2020", title_kk="a", title_ru="b", title_en="c", created_at=timezone.now()
    )
    handle = "a" * 32
    old.get_model("ballots", "Participation").objects.create(round=round_, handle=handle, attempt=2, channel="web")
    old.get_model("ballots", "Ballot").objects.create(
        id=uuid.uuid4(), round=round_, handle=handle, attempt=2, choices='["1"]', commitment=HIDDEN
    )
    new = migrate(("ballots", "0005_log_guards"))
    ballot = new.get_model("ballots", "Ballot").objects.get()
    assert (ballot.handle, ballot.attempt, ballot.choices) == (handle, 2, '["1"]')
    assert bytes(ballot.leaf) == leaf_hash(cast_entry(handle, 2, HIDDEN))
    assert new.get_model("ballots", "Participation").objects.get().attempt == 2


def without_guards(*statements: str) -> None:
    """Run statements that no program may: what a round from before looks like."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("SELECT sql, name FROM sqlite_master WHERE type = 'trigger'")
            kept = cursor.fetchall()
            for _sql, name in kept:
                cursor.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            for sql, _name in kept:
                cursor.execute(sql)


@pytest.fixture
def before_logs(city: Any) -> Any:
    """A round in voting whose ballots were cast before there were logs."""
    round_ = factories.make_voting_round(city, cadence="event")
    for voter in "abc":
        factories.cast(round_, voter, ["1"])
    without_guards("UPDATE ballots_slate SET log_id = NULL", "DELETE FROM bulletin_entry", "DELETE FROM bulletin_log")
    for kind in ("log", "vkey", "promise"):
        keys.path_of(str(round_), kind).unlink()
    return round_


@pytest.mark.django_db
def test_a_round_from_before_takes_no_ballot_until_it_has_a_log(before_logs: Any) -> None:
    with pytest.raises(Conflict, match="no_log"):
        factories.cast(before_logs, "d", ["1"])
    leaves = {bytes(leaf) for leaf in Ballot.objects.values_list("leaf", flat=True)}
    assert commands.adopt_log(round=before_logs, now=timezone.now()) == 3
    assert {bytes(leaf) for leaf in Entry.objects.filter(is_voters=True).values_list("leaf", flat=True)} == leaves
    factories.cast(before_logs, "d", ["1"])
    log = log_of(before_logs)
    assert sequencing.seal_now(log, timezone.now()) == 5
    assert verify(storage_of(log), VerifierKey.parse(log.vkey)).is_good
    assert queries.standing(before_logs, "a").idx is not None


@pytest.mark.django_db
def test_a_log_is_adopted_once(before_logs: Any) -> None:
    commands.adopt_log(round=before_logs, now=timezone.now())
    with pytest.raises(Conflict, match="log_exists"):
        commands.adopt_log(round=before_logs, now=timezone.now())
    assert (Log.objects.count(), Slate.objects.filter(log=None).count()) == (1, 0)
