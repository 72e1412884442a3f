"""An old backup of the database put back under the files that were published since, as an operator does in need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from qatysu.motions import acts

TABLES = ("ballots_opening", "ballots_judgement", "ballots_ballot", "ballots_participation", "bulletin_entry")
_HEAD = ("size", "root", "edge", "published_size", "waiting_since", "refused_code", "refused_text", "frozen_at")
Kept = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@contextmanager
def without_guards() -> Iterator[None]:
    """Whoever owns the tables can lift their guards."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            cursor.execute(sql)


def rows(table: str, columns: str = "*") -> tuple[list[str], list[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table}")
        return [column[0] for column in cursor.description], cursor.fetchall()


def take() -> Kept:
    """What a backup of the database would hold of ballots and logs now."""
    return {table: rows(table) for table in TABLES} | {"bulletin_log": rows("bulletin_log", ", ".join(("id", *_HEAD)))}


def put_back(kept: Kept) -> None:
    """The database of the backup."""
    with without_guards(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
        for table in reversed(TABLES):
            names, values = kept[table]
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", values)
        assigned = ", ".join(f"{name} = %s" for name in _HEAD)
        for key, *head in kept["bulletin_log"][1]:
            cursor.execute(f"UPDATE bulletin_log SET {assigned} WHERE id = %s", [*head, key])
    acts.forget()


def counted() -> dict[str, list[tuple[Any, ...]]]:
    """What the tables of ballots and logs say, without keys of rows."""
    wanted = {
        "ballots_ballot": "handle, attempt, choices, leaf", "ballots_participation": "handle, attempt",
        "ballots_judgement": "handle, attempt, kind, reason, leaf", "bulletin_entry": "log_id, idx, leaf, raw, is_voters, is_closing",
    }  # fmt: skip
    found = {table: rows(table, columns)[1] for table, columns in wanted.items()}
    return {
        table: sorted(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in some)
        for table, some in found.items()
    }
