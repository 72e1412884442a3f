"""SQLite rebuilt ``rounds_round`` for the notes and lost the guard of its reserve; it is installed anew."""

from __future__ import annotations

from django.db import migrations

from qatysu.vault.triggers import guarded, install


class Migration(migrations.Migration):
    """Replaces the guard of 0002 by the same one; nothing changes on PostgreSQL."""

    dependencies = [("rounds", "0003_round_note")]

    operations = [
        install(
            guarded(
                "rounds_round",
                "UPDATE",
                "OLD.reserve_tenge <> NEW.reserve_tenge AND "
                "(SELECT frozen_at FROM rounds_constitution WHERE rounds_constitution.round_id = OLD.id) IS NOT NULL",
                "qatysu:frozen:reserve",
            ),
        )
    ]
