"""How often the ballots of a round are mixed and published. The default says what a fingerprint without it means."""

from __future__ import annotations

from django.db import migrations, models

from qatysu.vault.triggers import rebuilding


class Migration(migrations.Migration):
    """Adds the column and its constraint."""

    dependencies = [("rounds", "0003_every_rule")]

    operations = rebuilding(
        migrations.AddField(
            "constitution",
            "cadence",
            models.CharField(
                choices=[("event", "Every few seconds"), ("city", "Every ten minutes"), ("town", "Once a day")],
                default="city",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            "constitution",
            models.CheckConstraint(
                condition=models.Q(("cadence__in", ("event", "city", "town"))), name="constitution_known_cadence"
            ),
        ),
    )
