"""``qatysu log``: sentences and outcomes of each act. Restored backups are in tests/threats/test_restore.py."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection

from qatysu.ballots import logs, sequencing
from qatysu.ballots.models import Participation
from qatysu.ballots.recovering import Bringing, Search, kind_of
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.recovering import Kind
from qatysu.config import cli, log_commands
from qatysu.ledger.leaf import canonical_choices, commitment, nonce
from qatysu.rounds.models import Round
from tests import counting, factories
from tests.threats import old_database
from tests.threats.old_database import without_guards

pytestmark = pytest.mark.django_db
NAME = "khromtau-demo"
Capture = pytest.CaptureFixture[str]
LogCommand = Callable[..., int]


@pytest.fixture
def log() -> LogCommand:
    """``log("seal", NAME)`` as ``qatysu log seal NAME``."""
    return lambda *words: log_commands.run(cli._parser().parse_args(["log", *words]))


def test_the_list_tells_what_is_published_and_what_waits(voting_round: Round, log: LogCommand, now: datetime, capsys: Capture) -> None:
    factories.cast(voting_round, "code:a", ["1"])
    log("list")
    assert capsys.readouterr().out == f"{NAME}: 0 published, 2 waiting; entries wait for the next batch\n"
    assert log("seal", NAME) == 0
    assert "2 entries newly published, 2 in all" in capsys.readouterr().err
    sequencing.tick(now)
    log("list")
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{NAME}: 2 published, 0 waiting; all is published"
    assert second.startswith("heads: ")


def test_a_name_that_is_no_log_is_answered_with_those_there_are(voting_round: Round, log: LogCommand) -> None:
    with pytest.raises(SystemExit, match=f"There is no log 'nothing'. Logs here: {NAME}"):
        log("check", "nothing")


def test_a_check_names_entries_that_wait(voting_round: Round, log: LogCommand, capsys: Capture) -> None:
    counting.seal(voting_round)
    made = factories.cast(voting_round, "code:a", ["1"])
    assert log("check", NAME) == 0
    said = capsys.readouterr().err
    assert "1 entries wait to be published" in said
    assert made.leaf.hex() in said


def test_a_changed_row_is_found_marks_the_log_and_the_mark_is_lifted_only_when_it_is_mended(
    voting_round: Round, log: LogCommand, capsys: Capture
) -> None:
    for voter in "abc":
        factories.cast(voting_round, f"code:{voter}", ["1"])
    counting.seal(voting_round)
    row = Entry.objects.filter(is_voters=True).first()
    assert row is not None
    good = bytes(row.raw)
    bad = good.replace(b'"n":1', b'"n":2')
    for raw, status in ((bad, 1), (good, 0)):
        with without_guards(), connection.cursor() as cursor:
            cursor.execute("UPDATE bulletin_entry SET raw = %s WHERE id = %s", [raw, row.pk])
        assert log("check", NAME) == status
        assert log("lift", NAME) == status
    said = capsys.readouterr().err
    assert "other bytes than its leaf hash says" in said
    assert "the mark stays until this is mended" in said
    assert "it is signed again" in said
    log("list")
    assert "all is published" in capsys.readouterr().out


def test_a_marked_log_says_why_in_the_list_and_when_sealing(voting_round: Round, log: LogCommand, capsys: Capture) -> None:
    counting.seal(voting_round)
    Log.objects.update(refused_code="log_differs", refused_text="a row was changed")
    factories.cast(voting_round, "code:a", ["1"])
    log("list")
    assert "REFUSES to sign (log_differs): a row was changed" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="not signed any more: a row was changed"):
        log("seal", NAME)


def test_voters_that_somebody_removed_from_the_tables_are_found_and_brought_back(
    voting_round: Round, log: LogCommand, capsys: Capture
) -> None:
    for voter in "abc":
        factories.cast(voting_round, f"code:{voter}", ["1", "2"])
    counting.seal(voting_round)
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ballots_ballot")
        cursor.execute("DELETE FROM ballots_participation")
    assert log("check", NAME) == 1
    assert f"3 voters of sealed ballots do not count as having voted. Run: qatysu log recover {NAME}" in capsys.readouterr().err
    assert log("recover", NAME) == 0
    assert "3 voters count again as having voted; the choices of 3 ballots were found again" in capsys.readouterr().err
    assert log("check", NAME) == 0
    assert set(voting_round.ballots.values_list("choices", flat=True)) == {'["1","2"]'}


def test_the_log_of_heads_is_recovered_too(voting_round: Round, log: LogCommand, now: datetime, capsys: Capture) -> None:
    sequencing.tick(now)  # begins it
    heads = logs.find_log("heads")
    assert heads is not None
    kept = old_database.take()
    factories.cast(voting_round, "code:a", ["1"])
    counting.seal(voting_round)
    sequencing._tell_heads(logs.log_of(voting_round))
    sequencing.seal_now(heads, now)
    before = old_database.counted()
    old_database.put_back(kept)
    assert log("recover", "heads") == 0
    assert log("recover", NAME) == 0
    assert old_database.counted() == before
    assert log("check", "heads") == 0
    assert "heads: the database had 0 entries, 1 are published; 1 were brought back" in capsys.readouterr().err


def test_kinds_of_entries_are_told_from_their_bytes() -> None:
    handle = "0" * 32
    assert kind_of(b'{"b":"%s","h":"%s","n":1,"t":"cast","v":1}' % (handle.encode(), b"1" * 64)) is Kind.VOTERS
    assert kind_of(b'{"entries":1,"handles":1,"t":"close","v":1}') is Kind.CLOSING
    assert kind_of(b"vote.example.kz/log/town\n12\nAAAA\n") is Kind.ACT


CODES = [str(number) for number in range(1, 18)]


def search(most: int = 3, limit: int = 250_000) -> Search:
    return Search("vote.example.kz/log/town", b"o" * 32, CODES, 1, most, limit)


def hidden(found: Search, choices: list[str]) -> str:
    return commitment(found.origin, "a" * 32, 2, nonce(found.key, "a" * 32, 2), canonical_choices(choices))


def test_every_choice_of_up_to_three_of_seventeen_is_found_among_833() -> None:
    found = search()
    assert len(found._possible) == 833
    for choices in (["1"], ["17"], ["2", "10"], ["9", "16", "17"]):
        assert found.find("a" * 32, 2, hidden(found, choices)) == canonical_choices(choices)
    assert found.find("a" * 32, 2, hidden(found, ["99"])) is None
    assert found.find("b" * 32, 2, hidden(found, ["1"])) is None
    assert found.is_whole


def test_a_search_is_bounded_and_says_so() -> None:
    found = search(most=17, limit=1_000)
    assert (len(found._possible), found.is_whole) == (1_000, False)
    assert found.find("a" * 32, 2, hidden(found, ["3", "4"])) is not None
    assert found.find("a" * 32, 2, hidden(found, CODES)) is None


def test_a_thousand_lost_ballots_are_searched_within_seconds() -> None:
    found = search()
    began = time.perf_counter()
    for _ in range(1_000):
        assert found.find("a" * 32, 2, hidden(found, ["99"])) is None  # the longest search
    assert time.perf_counter() - began < 20


def test_a_ballot_whose_choice_is_not_found_still_counts_as_cast(voting_round: Round, now: datetime) -> None:
    factories.cast(voting_round, "code:a", ["1"])
    counting.seal(voting_round)
    slate = voting_round.slate
    with without_guards(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM ballots_ballot")
        cursor.execute("DELETE FROM ballots_participation")
    bringing = Bringing(slate, b"another key than the one that was", now)
    bringing.complete()
    handle = Participation.objects.get().handle
    assert (bringing.voters, bringing.ballots, bringing.unknown) == (1, 0, [(handle, 1)])
