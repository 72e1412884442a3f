"""On SQLite rows of the box get their random key as their number: until now a hidden number kept the order of voting."""

from __future__ import annotations

from django.db import migrations

import qatysu.ballots.models
from qatysu.vault.fields import RandomKeyField
from qatysu.vault.triggers import rebuilding


def _key() -> RandomKeyField:
    return RandomKeyField(default=qatysu.ballots.models.random_key, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    """Makes the tables anew on SQLite; changes nothing on PostgreSQL."""

    dependencies = [("ballots", "0005_log_guards"), ("bulletin", "0003_rows_by_chance")]

    operations = [
        *rebuilding(
            migrations.AlterField("participation", "id", _key()),
            migrations.AlterField("ballot", "id", _key()),
        ),
    ]
