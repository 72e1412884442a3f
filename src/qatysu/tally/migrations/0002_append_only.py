"""Imported ballots are never changed or deleted."""

from django.db import migrations

from qatysu.vault.triggers import append_only, install


class Migration(migrations.Migration):
    dependencies = [("tally", "0001_initial")]
    operations = [install(*append_only("tally_importedelection"), *append_only("tally_importedballot"))]
