"""A project on a frozen slate keeps its category: budgets of categories and funders' conditions decide by it who wins."""

from __future__ import annotations

from django.db import migrations

from qatysu.vault.triggers import guarded, install

_MOVED = "COALESCE(OLD.category_id, 0) <> COALESCE(NEW.category_id, 0)"
_ON_SLATE = "EXISTS (SELECT 1 FROM ballots_slateentry WHERE ballots_slateentry.proposal_id = OLD.id)"


class Migration(migrations.Migration):
    """Installs the guard on SQLite and PostgreSQL."""

    dependencies = [("ballots", "0002_guards"), ("proposals", "0001_initial")]

    operations = [install(guarded("proposals_proposal", "UPDATE", f"{_MOVED} AND {_ON_SLATE}", "qatysu:frozen:project_category"))]
