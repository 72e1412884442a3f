"""Where an organiser answers, and which roles its people hold."""

from __future__ import annotations

from django.db import migrations, models

from qatysu.vault.triggers import rebuilding


class Migration(migrations.Migration):
    """Adds the columns."""

    dependencies = [("places", "0001_initial")]

    operations = rebuilding(
        migrations.AddField("organiser", "phone", models.CharField(blank=True, default="", max_length=40), preserve_default=False),
        migrations.AddField("organiser", "email", models.EmailField(blank=True, default="", max_length=254), preserve_default=False),
        migrations.AddField("organiser", "site", models.URLField(blank=True, default=""), preserve_default=False),
        migrations.AddField("organiser", "roles", models.JSONField(blank=True, default=list)),
    )
