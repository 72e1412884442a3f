"""What tells that the ballot box was touched: the banner and the hourly look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from qatysu.ballots import logs
from qatysu.ballots.models import Judgement
from qatysu.bulletin.models import Entry, Log
from qatysu.config import log_commands
from qatysu.identity.models import Account
from qatysu.motions import commands, queries
from qatysu.motions.kinds import Kind
from qatysu.motions.models import BoxCheck
from qatysu.rounds.models import Round, StagePause
from qatysu.rounds.queries import stage_row
from qatysu.vault.triggers import append_only, guarded
from qatysu.web import jobs
from tests import factories

from .people import ask_voting, handle_of


def by_hand(sql: str, *values: Any, table: str = "") -> None:
    """What somebody with the rights of the database's owner can do: lift the guards, then write."""
    with connection.cursor() as cursor:
        if table:
            frozen = guarded(table, "UPDATE", "", f"qatysu:frozen:{table.partition('_')[2]}")
            for guard in (*append_only(table), frozen):
                for statement in guard.drop_sql(connection.vendor):
                    cursor.execute(statement)
        cursor.execute(sql, values)


def test_a_healthy_box_has_no_findings(round_: Round) -> None:
    assert queries.box_findings(round_) == []


@pytest.mark.parametrize(
    ("table", "change", "finding"),
    [
        ("ballots_slateentry", "cost_tenge = cost_tenge + 1", "projects"),
        ("ballots_slateentry", "title = 'Other'", "projects"),
        ("ballots_slate", "max_choices = 3", "limits"),
        ("ballots_slate", "max_attempts = 4", "limits"),
        ("ballots_slate", "key_digest = '" + "0" * 64 + "'", "key"),
        ("rounds_funder", "amount_tenge = amount_tenge + 1", "rules"),
        ("rounds_category", "slug = slug || 'x'", "rules"),
        ("rounds_roundstage", "closes_at = closes_at", ""),
    ],
)
def test_what_the_manifest_fixes_and_somebody_edits_is_found(round_: Round, table: str, change: str, finding: str) -> None:
    by_hand(f"UPDATE {table} SET {change}", table=table)
    assert queries.box_findings(round_) == ([finding] if finding else [])


def test_a_pause_that_nobody_agreed_to_is_found(round_: Round, now: datetime) -> None:
    row = stage_row(round_, "voting")
    StagePause.objects.create(stage=row, from_at=now + timedelta(seconds=2))
    assert queries.box_findings(round_) == ["window"]


def test_a_judgement_beside_the_log_is_found(round_: Round) -> None:
    Judgement.objects.create(round=round_, handle=handle_of(round_, "anna"), attempt=1, kind="annul", reason="other", leaf=b"0" * 32)
    assert queries.box_findings(round_) == ["annulments"]


def test_a_refused_log_comes_first(round_: Round) -> None:
    Log.objects.update(refused_code="log_differs", refused_text="row 3")
    assert queries.box_findings(round_) == ["log_differs"]


def test_a_round_without_a_log_has_no_findings(round_: Round) -> None:
    by_hand("UPDATE ballots_slate SET log_id = NULL", table="ballots_slate")
    assert queries.box_findings(factories.fresh(round_)) == []
    assert queries.amended_window(round_) is None
    assert queries.annulments(round_).made == 0


def test_the_watch_looks_once_an_hour(round_: Round, now: datetime) -> None:
    assert commands.watch(now) == 1
    assert commands.watch(now + timedelta(minutes=59)) == 0
    assert commands.watch(now + timedelta(minutes=60)) == 1
    check = queries.last_check(logs.log_of(round_))
    assert check is not None
    assert (check.findings, check.checked_at) == ([], now + timedelta(minutes=60))


def test_the_watch_finds_what_was_changed_and_the_log_is_marked(round_: Round, now: datetime) -> None:
    log = logs.log_of(round_)
    for path in (logs.settings.LOG_ROOT / logs.name_of(log)).rglob("000.p/*"):
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert commands.watch(now) == 1

    log.refresh_from_db()
    assert log.refused_code == "log_differs"
    assert queries.box_findings(round_) == ["log_differs"]
    assert BoxCheck.objects.get().findings


def test_the_watch_tells_of_moved_dates(round_: Round, now: datetime) -> None:
    row = stage_row(round_, "voting")
    type(row).objects.filter(pk=row.pk).update(closes_at=row.closes_at + timedelta(days=1))
    commands.watch(now)
    assert BoxCheck.objects.get().findings == ["window"]


def test_while_the_sequencer_works_the_watch_waits(round_: Round, now: datetime) -> None:
    storage = logs.storage_of(logs.log_of(round_))
    with storage.writer():
        assert commands.watch(now) == 0
    assert commands.watch(now + timedelta(seconds=1)) == 1


def test_the_window_follows_the_log_not_our_tables(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    """An old backup forgets motion, act and calendar; the log, once recovered, does not."""
    before = stage_row(round_, "voting")
    commands.confirm(actor=member, motion=ask_voting(round_, lead, now, Kind.VOTING_CLOSE), now=now)
    type(before).objects.filter(pk=before.pk).update(closes_at=before.closes_at)

    assert Entry.objects.filter(is_voters=False).count() == 2
    assert queries.box_findings(round_) == ["window"]




def test_a_storage_that_is_away_is_tried_again(round_: Round, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OSError("no route to the storage")

    with monkeypatch.context() as broken:
        broken.setattr(commands.bulletin, "self_check", away)
        assert commands.watch(now) == 0
    assert commands.watch(now + timedelta(seconds=5)) == 1


def test_the_worker_looks_at_the_boxes(round_: Round, now: datetime) -> None:
    assert jobs.tick(now).checked >= 1
    assert jobs.tick(now).checked == 0


def test_after_a_recovery_the_calendar_follows_the_log(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    before = stage_row(round_, "voting")
    day = (before.closes_at + timedelta(days=3)).date()
    for kind, more in ((Kind.VOTING_EXTEND, {"last_day": day}), (Kind.VOTING_PAUSE, {})):
        asked = ask_voting(factories.fresh(round_), lead, now + timedelta(seconds=2), kind, **more)
        commands.confirm(actor=member, motion=asked, now=now + timedelta(seconds=2))
    extended = stage_row(round_, "voting").closes_at
    assert commands.follow_log(round_=round_, now=now) is False

    # An old backup knows neither of the two.
    type(before).objects.filter(pk=before.pk).update(closes_at=before.closes_at)
    StagePause.objects.all().delete()
    assert queries.box_findings(round_) == ["window"]
    assert commands.follow_log(round_=round_, now=now) is True
    assert queries.box_findings(round_) == []
    assert stage_row(round_, "voting").closes_at == extended
    assert StagePause.objects.filter(until_at=None).count() == 1


def test_the_operators_recovery_mends_the_calendar(round_: Round) -> None:
    row = stage_row(round_, "voting")
    type(row).objects.filter(pk=row.pk).update(closes_at=row.closes_at - timedelta(days=1))
    log = logs.log_of(round_)
    log_commands.bring_back(log, log_commands.vkey_of(logs.name_of(log), None))
    assert queries.box_findings(round_) == []
