"""On SQLite rows of entries get their random key as their number: until now a hidden number kept the order of arrival."""

from __future__ import annotations

from django.db import migrations

from qatysu.vault.fields import RandomKeyField
from qatysu.vault.triggers import rebuilding


class Migration(migrations.Migration):
    """Makes the table anew on SQLite; changes nothing on PostgreSQL."""

    dependencies = [("bulletin", "0002_guards")]

    operations = [
        *rebuilding(migrations.AlterField("entry", "id", RandomKeyField(primary_key=True, serialize=False))),
    ]
