"""How the Council decides. The defaults say what a fingerprint without them means."""

from __future__ import annotations

from django.db import migrations, models

from qatysu.vault.triggers import rebuilding

MAJORITIES = ("simple_of_votes", "share_of_votes", "absolute_of_present", "absolute_of_seats", "two_thirds_of_present")
RECUSALS = ("leaves_quorum", "stays_in_seats")


class Migration(migrations.Migration):
    """Adds the columns and their constraints."""

    dependencies = [("rounds", "0004_cadence")]

    operations = rebuilding(
        migrations.AddField("constitution", "council_quorum_least", models.PositiveSmallIntegerField(default=1)),
        migrations.AddField(
            "constitution",
            "council_majority",
            models.CharField(choices=[(name, name) for name in MAJORITIES], default="share_of_votes", max_length=24),
        ),
        migrations.AddField("constitution", "council_chair_breaks_ties", models.BooleanField(default=False)),
        migrations.AddField(
            "constitution",
            "council_recusal",
            models.CharField(choices=[(name, name) for name in RECUSALS], default="leaves_quorum", max_length=16),
        ),
        migrations.AddField("constitution", "council_remote_counts", models.BooleanField(default=True)),
        migrations.AddField("constitution", "council_correspondence", models.BooleanField(default=False)),
        migrations.AddConstraint(
            "constitution",
            models.CheckConstraint(
                condition=models.Q(("council_majority_percent__lte", 100), ("council_quorum_percent__lte", 100)),
                name="constitution_council_shares",
            ),
        ),
        migrations.AddConstraint(
            "constitution",
            models.CheckConstraint(
                condition=models.Q(("council_majority__in", list(MAJORITIES)), ("council_recusal__in", list(RECUSALS))),
                name="constitution_known_council",
            ),
        ),
    )
