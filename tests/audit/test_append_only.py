"""The trail and other guarded tables refuse in the database itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from qatysu.audit.commands import record
from qatysu.audit.models import Deed
from qatysu.vault.triggers import append_only, guarded, install, refused_by

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE audit_deed SET action = 'x'", "DELETE FROM audit_deed"])
def test_trail_refuses_change_and_removal(sql: str) -> None:
    deed = record(actor=None, action="test", now=NOW, place="khromtau")
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert refused_by(caught.value) == "qatysu:append_only:audit_deed"
    assert Deed.objects.get(pk=deed.pk).action == "test"


@pytest.mark.django_db
def test_trail_takes_no_actor_that_is_nobody() -> None:
    assert record(actor=object(), action="test", now=NOW).actor is None


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_both_vendors_get_a_statement_for_each_guard(vendor: str) -> None:
    for guard in append_only("audit_deed"):
        assert any(guard.message in sql for sql in guard.create_sql(vendor))
        assert all(sql.startswith("DROP") for sql in guard.drop_sql(vendor))


def test_guard_names_are_stable_and_short() -> None:
    assert [guard.name for guard in append_only("audit_deed")] == [
        "qatysu_append_only_audit_deed_update",
        "qatysu_append_only_audit_deed_delete",
    ]


def test_message_must_have_the_stable_form() -> None:
    with pytest.raises(ValueError, match="qatysu"):
        guarded("t", "UPDATE", "", "it's no good")


def test_two_guards_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        install(guarded("t", "UPDATE", "1 = 1", "qatysu:x:y"), guarded("t", "UPDATE", "2 = 2", "qatysu:x:y"))


def test_foreign_errors_have_no_guard() -> None:
    assert refused_by(IntegrityError("UNIQUE constraint failed")) == ""
