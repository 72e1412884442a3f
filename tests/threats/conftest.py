"""Means of an attacker inside, for tests of threats: guards lifted, rows changed by SQL; and what an observer has kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from qatysu.ballots import logs, sequencing
from qatysu.bulletin.models import Log
from qatysu.ledger.notes import VerifierKey
from qatysu.rounds.models import Round
from qatysu.verify.checking import Report, verify
from qatysu.verify.source import Folder
from qatysu.verify.standalone import verify as alone

BOX = ("bulletin_entry", "bulletin_log", "ballots_ballot", "ballots_participation", "ballots_judgement")


def lift_guards() -> None:
    """Whoever owns the tables can do this; the guards come back with the rollback at the end of the test."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in BOX:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        for name, table in cursor.fetchall():
            if table in BOX:
                cursor.execute(f'DROP TRIGGER "{name}"')


def sql(statement: str, *values: Any) -> int:
    """Run one statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def folder_of(round_: Round) -> Path:
    """The published files of the round's log."""
    return Path(settings.LOG_ROOT) / str(round_)


def publish(round_: Round, now: Any) -> Log:
    """Publish all that waits; returns the log."""
    log = logs.log_of(round_)
    sequencing.seal_now(log, now)
    return log


def checked(round_: Round, **more: Any) -> Report:
    """What ``qatysu verify`` says of the published files."""
    return verify(Folder(folder_of(round_)), VerifierKey.parse(logs.log_of(round_).vkey), **more)


def checked_alone(round_: Round) -> list[str]:
    """Faults that ``verify.py`` finds in the published files."""
    key = alone.read_key(logs.log_of(round_).vkey)
    return [fault["code"] for fault in alone.verify(Folder(folder_of(round_)).get, key)["faults"]]
