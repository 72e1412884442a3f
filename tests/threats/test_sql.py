"""Threat 13: an administrator edits or deletes rows of the box by SQL, guards lifted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from qatysu.ballots import logs, sequencing
from qatysu.bulletin.models import Entry
from qatysu.core.errors import Conflict
from qatysu.ledger.merkle import leaf_hash
from qatysu.motions import commands as motions
from qatysu.motions import queries
from qatysu.rounds.models import Round
from tests import counting, factories
from tests.threats.conftest import checked_alone, folder_of, lift_guards, publish, sql

CHANGES = {
    "the bytes of a sealed entry": "UPDATE bulletin_entry SET raw = leaf WHERE idx = 7",
    "another ballot with a fitting leaf": "copy",
    "a sealed entry deleted": "DELETE FROM bulletin_entry WHERE idx = 7",
    "the last entry deleted": "DELETE FROM bulletin_entry WHERE idx = 40",
    "two entries exchanged": "exchange",
    "the sealed head": "UPDATE bulletin_log SET root = '%s'" % ("0" * 64),
    "the head set back": "UPDATE bulletin_log SET size = 30, published_size = 30",
}


@pytest.fixture
def sealed(voting_round: Round, now: datetime) -> Round:
    """Forty published ballots."""
    for number in range(40):
        factories.cast(voting_round, f"voter {number}", ["1"] if number % 2 else ["2", "3"])
    publish(voting_round, now)
    return voting_round


def change(what: str) -> None:
    """Do it."""
    if CHANGES[what] == "exchange":
        for old, new in ((7, 1_000), (8, 7), (1_000, 8)):
            assert sql("UPDATE bulletin_entry SET idx = %s WHERE idx = %s", new, old) == 1
        return
    if CHANGES[what] != "copy":
        assert sql(CHANGES[what]) >= 1
        return
    raw = bytes(Entry.objects.get(idx=8).raw)
    forged = raw.replace(b'"n":1', b'"n":2')
    assert sql("UPDATE bulletin_entry SET raw = %s, leaf = %s WHERE idx = 7", forged, leaf_hash(forged)) == 1


@pytest.mark.parametrize("what", CHANGES)
def test_threat_13_nothing_is_signed_any_more_and_everybody_is_told(sealed: Round, now: datetime, what: str) -> None:
    before = (folder_of(sealed) / "checkpoint").read_bytes()
    lift_guards()
    change(what)
    motions.watch(now + timedelta(hours=2))
    log = logs.log_of(sealed)
    assert log.refused_code
    if log.refused_code != "log_behind":
        factories.cast(sealed, "a later voter", ["1"])
    sequencing.tick(now + timedelta(days=2))
    assert (folder_of(sealed) / "checkpoint").read_bytes() == before
    assert queries.box_findings(sealed) == [log.refused_code]
    text = Client().get("/en/khromtau/demo/verify/").content.decode()
    assert 'role="alert" aria-labelledby="box-found"' in text
    assert checked_alone(sealed) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ballots_ballot SET choices = '[\"2\"]' WHERE choices = '[\"1\"]'",
        "DELETE FROM ballots_ballot WHERE choices = '[\"1\"]'",
    ],
)
def test_threat_13_private_choices_that_were_changed_are_never_opened(
    sealed: Round, now: datetime, statement: str
) -> None:
    """The public box does not hold them: what shows it is the commitment, at the latest when the ballots are opened."""
    lift_guards()
    assert sql(statement) == 20
    with pytest.raises(Conflict) as refused:
        counting.open_all(sealed, now)
    assert refused.value.reason == "choices_differ"
    assert checked_alone(sealed) == []
