"""Opinions of units and answers of teams stay as they were given."""

from django.db import migrations

from qatysu.vault.triggers import guarded, install


class Migration(migrations.Migration):
    dependencies = [("council", "0002_guards")]

    operations = [
        install(
            guarded("council_unitopinion", "UPDATE", "OLD.answered_at IS NOT NULL", "qatysu:council:opinion_kept"),
            guarded("council_unitopinion", "DELETE", "", "qatysu:council:opinion_kept"),
            guarded("council_inquiry", "UPDATE", "OLD.answered_at IS NOT NULL", "qatysu:council:inquiry_kept"),
            guarded("council_inquiry", "DELETE", "", "qatysu:council:inquiry_kept"),
        )
    ]
