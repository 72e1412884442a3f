"""The database has the last word: what the models promise stands in it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

OURS = [model for model in apps.get_models() if model.__module__.startswith("qatysu.")]
KEPT = {
    "ballots_ballot": {"INSERT", "UPDATE", "DELETE"}, "ballots_participation": {"UPDATE", "DELETE"},
    "ballots_slate": {"UPDATE", "DELETE"}, "ballots_slateentry": {"INSERT", "UPDATE", "DELETE"},
    "ballots_votingcode": {"UPDATE", "DELETE"}, "audit_deed": {"UPDATE", "DELETE"},
    "rounds_constitution": {"UPDATE", "DELETE"}, "rounds_calendaract": {"UPDATE", "DELETE"},
    "bulletin_entry": {"INSERT", "UPDATE", "DELETE"}, "bulletin_log": {"UPDATE", "DELETE"},
}


@pytest.mark.django_db
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_constraints_of_the_model_exist_by_name(model: type) -> None:
    promised = {constraint.name for constraint in model._meta.constraints}  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        there = set(connection.introspection.get_constraints(cursor, model._meta.db_table))  # type: ignore[attr-defined]
    assert promised - there == set()


@pytest.mark.django_db
def test_guards_exist() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT event_object_table, event_manipulation FROM information_schema.triggers")
            rows = cursor.fetchall()
        else:
            cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            rows = [(table, sql.split(" BEFORE ")[1].split()[0]) for table, sql in cursor.fetchall()]
    there: dict[str, set[str]] = {}
    for table, event in rows:
        there.setdefault(table, set()).add(event)
    assert {table: events - there.get(table, set()) for table, events in KEPT.items() if events - there.get(table, set())} == {}
