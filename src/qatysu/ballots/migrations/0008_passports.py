"""The slate fixes which passport the Council admitted."""

from __future__ import annotations

from django.db import migrations, models

from qatysu.vault.triggers import rebuilding


class Migration(migrations.Migration):
    """Adds the column; slates of earlier rounds have none."""

    dependencies = [("ballots", "0007_quick_choices")]
    operations = rebuilding(
        migrations.AddField("slateentry", "passport", models.CharField(blank=True, default="", max_length=64), preserve_default=False)
    )
