"""Database triggers that refuse what no program may do, in the words of SQLite and of PostgreSQL.

Usage in a migration of its own (``0002_append_only.py``)::

    operations = [install(*append_only("audit_deed"))]
    operations = [install(guarded("t", "UPDATE", "OLD.frozen_at IS NOT NULL", "qatysu:frozen:constitution"))]

A refusal reaches Python as ``django.db.IntegrityError`` on both; :func:`refused_by` reads the stable name from it.
A condition is SQL over ``OLD`` and ``NEW``; it may hold sub-selects. Where the dialects differ, give ``pg_when`` too.
Trap: on SQLite a later ALTER of the table rebuilds it without its triggers, and fails when a trigger of another table names it:
put the operations of such a migration between ``*rebuilding(...)``.
TRUNCATE is not guarded: it is the right of the table's owner, and the role of the web processes does not need it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, migrations

_NAME = re.compile(r"qatysu:[a-z_]+:[a-z_0-9]+")


class Event(StrEnum):
    """What a row is about to suffer."""

    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: refuses ``event`` on a row of ``table`` with ``message`` where ``when`` holds ('' means always)."""

    table: str
    event: Event
    message: str
    when: str = ""
    pg_when: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.message):
            raise ValueError(f"{self.message!r} is not qatysu:<kind>:<thing>")

    @property
    def name(self) -> str:
        """Name of the trigger (and of its function), the same on both databases; at most 63 signs."""
        return f"{self.message.replace(':', '_')}_{self.event.lower()}"[-63:].lstrip("_")

    def create_sql(self, vendor: str) -> tuple[str, ...]:
        """Statements that create the trigger on ``vendor`` ('sqlite' or 'postgresql')."""
        if vendor == "sqlite":
            when = f" WHEN {self.when}" if self.when else ""
            return (
                f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" FOR EACH ROW{when} '
                f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END",
            )
        condition = self.pg_when or self.when or "TRUE"
        returned = "OLD" if self.event is Event.DELETE else "NEW"
        return (
            f'CREATE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS $qatysu$ BEGIN '
            f"IF {condition} THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = 'check_violation'; END IF; "
            f"RETURN {returned}; END $qatysu$",
            f'CREATE TRIGGER "{self.name}" BEFORE {self.event} ON "{self.table}" FOR EACH ROW '
            f'EXECUTE FUNCTION "{self.name}"()',
        )

    def drop_sql(self, vendor: str) -> tuple[str, ...]:
        """Statements that remove the trigger from ``vendor``; harmless when it is absent."""
        if vendor == "sqlite":
            return (f'DROP TRIGGER IF EXISTS "{self.name}"',)
        return (
            f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self.table}"',
            f'DROP FUNCTION IF EXISTS "{self.name}"()',
        )


def guarded(table: str, event: Event | str, when: str, message: str, *, pg_when: str = "") -> Guard:
    """Refuse ``event`` on rows of ``table`` where ``when`` holds. Raises ValueError for a message of another form."""
    return Guard(table, Event(event), message, when, pg_when)


def append_only(table: str) -> tuple[Guard, Guard]:
    """Refuse every UPDATE and DELETE on ``table`` with ``qatysu:append_only:<table>``."""
    message = f"qatysu:append_only:{table}"
    return guarded(table, Event.UPDATE, "", message), guarded(table, Event.DELETE, "", message)


def install(*guards: Guard, again: bool = False) -> migrations.RunPython:
    """A reversible migration step that creates ``guards`` anew, replacing those of the same name.

    ``again``: an earlier migration installed them already, so going back leaves them in place.
    Raises ValueError when two of them would share a name (same message for the same event).
    """
    if len({guard.name for guard in guards}) != len(guards):
        raise ValueError("two guards of one name")

    def forwards(_apps: Any, schema_editor: Any) -> None:
        vendor = schema_editor.connection.vendor
        for guard in guards:
            for sql in (*guard.drop_sql(vendor), *guard.create_sql(vendor)):
                schema_editor.execute(sql, params=None)

    def backwards(_apps: Any, schema_editor: Any) -> None:
        for guard in guards:
            for sql in guard.drop_sql(schema_editor.connection.vendor):
                schema_editor.execute(sql, params=None)

    return migrations.RunPython(forwards, migrations.RunPython.noop if again else backwards)


def rebuilding(*operations: Any) -> list[Any]:
    """``operations`` that alter tables, with every trigger of a SQLite database lifted before and put back as it was after.

    PostgreSQL alters tables in place and keeps its triggers; there nothing is done. Works in both directions, in one transaction.
    """
    kept: list[str] = []

    def lift(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            found = cursor.fetchall()
        kept[:] = [sql for _name, sql in found]
        for name, _sql in found:
            schema_editor.execute(f'DROP TRIGGER "{name}"', params=None)

    def put_back(_apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor != "sqlite":
            return
        for sql in kept:
            schema_editor.execute(sql, params=None)
        kept.clear()

    return [migrations.RunPython(lift, put_back), *operations, migrations.RunPython(put_back, lift)]


def refused_by(error: IntegrityError) -> str:
    """The stable name of the guard that raised ``error``; '' when it came from elsewhere."""
    found = _NAME.search(str(error))
    return found.group() if found else ""
