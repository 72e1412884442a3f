"""A frozen constitution and the acts of the calendar never change, whatever program asks."""

from __future__ import annotations

from django.db import migrations

from qatysu.vault.triggers import append_only, guarded, install

FROZEN = "(SELECT frozen_at FROM rounds_constitution WHERE rounds_constitution.round_id = {row}.round_id) IS NOT NULL"


class Migration(migrations.Migration):
    """Installs the guards on SQLite and PostgreSQL."""

    dependencies = [("rounds", "0001_initial")]

    operations = [
        install(
            guarded("rounds_constitution", "UPDATE", "OLD.frozen_at IS NOT NULL", "qatysu:frozen:constitution"),
            guarded("rounds_constitution", "DELETE", "OLD.frozen_at IS NOT NULL", "qatysu:frozen:constitution"),
            guarded("rounds_funder", "INSERT", FROZEN.format(row="NEW"), "qatysu:frozen:funder"),
            guarded("rounds_funder", "UPDATE", FROZEN.format(row="OLD"), "qatysu:frozen:funder"),
            guarded("rounds_funder", "DELETE", FROZEN.format(row="OLD"), "qatysu:frozen:funder"),
            guarded("rounds_category", "INSERT", FROZEN.format(row="NEW"), "qatysu:frozen:category"),
            guarded("rounds_category", "UPDATE", FROZEN.format(row="OLD"), "qatysu:frozen:category"),
            guarded("rounds_category", "DELETE", FROZEN.format(row="OLD"), "qatysu:frozen:category"),
            guarded(
                "rounds_round",
                "UPDATE",
                "OLD.reserve_tenge <> NEW.reserve_tenge AND "
                "(SELECT frozen_at FROM rounds_constitution WHERE rounds_constitution.round_id = OLD.id) IS NOT NULL",
                "qatysu:frozen:reserve",
            ),
            *append_only("rounds_calendaract"),
        )
    ]
