"""A database of before keeps its rows, its fingerprints and its guards when the constitution learns more rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

BEFORE = ("rounds", "0002_frozen_constitution")
AFTER = ("rounds", "0003_every_rule")


def migrate(target: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([target])
    return MigrationExecutor(connection).loader.project_state([target]).apps


def to_the_newest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def triggers() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT event_object_table, trigger_name FROM information_schema.triggers")
        else:
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        return set(cursor.fetchall())


def write_frozen_round(apps: Any) -> int:
    city = apps.get_model("places", "City").objects.create(
        slug="khromtau", name_kk="Х", name_ru="Х", name_en="K", time_zone="Asia/Aqtobe", south=50, west=58, north=51, east=59
    )
    now = timezone.now()
    round_ = apps.get_model("rounds", "Round").objects.create(
        city=city, slug="y2020", title_kk="a", title_ru="b", title_en="c", created_at=now
    )
    names = {"name_kk": "a", "name_ru": "b", "name_en": "c"}
    apps.get_model("rounds", "Funder").objects.create(round=round_, position=1, amount_tenge=5, **names)
    apps.get_model("rounds", "Category").objects.create(round=round_, slug="parks", position=1, **names)
    apps.get_model("rounds", "Constitution").objects.create(
        round=round_, preset="khromtau-2020", cap_tenge=5, frozen_at=now, digest="0" * 64
    )
    return int(round_.pk)


@pytest.fixture
def at_the_newest_afterwards(transactional_db: None) -> Iterator[None]:
    yield
    to_the_newest()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("at_the_newest_afterwards")
def test_widening_the_rules_keeps_rows_and_guards_of_all_tables() -> None:
    newest = triggers()
    old = migrate(BEFORE)
    before = triggers()
    kept = {guard for guard in newest if guard[0].startswith(("rounds_", "ballots_", "audit_")) and "amendment" not in guard[1]}
    assert kept <= before
    number = write_frozen_round(old)

    new = migrate(AFTER)

    assert triggers() == before
    constitution = new.get_model("rounds", "Constitution").objects.get(round_id=number)
    assert (constitution.rule, constitution.rule_params, constitution.tie) == ("votes", {}, "refuse")
    assert new.get_model("rounds", "Funder").objects.get(round_id=number).categories == []
    assert new.get_model("rounds", "Category").objects.get(round_id=number).budget_tenge is None
    changes = {
        "constitution": ("Constitution", {"rule_params": {"fit": "stop"}}),
        "constitution again": ("Constitution", {"tie": "id"}),
        "funder": ("Funder", {"categories": ["parks"]}),
        "category": ("Category", {"budget_tenge": 1}),
    }
    for model, change in changes.values():
        with pytest.raises(IntegrityError, match="qatysu:frozen:"), transaction.atomic():
            new.get_model("rounds", model).objects.filter(round_id=number).update(**change)
    to_the_newest()
    assert triggers() == newest
