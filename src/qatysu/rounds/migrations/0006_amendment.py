"""Frozen rules change only together with an amendment of two people, and only those rules that do not touch votes."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

from qatysu.vault.triggers import append_only, guarded, install

#: Everything but ``digest`` and what ``rounds.amending.AMENDABLE`` names.
FIXED = (
    "id", "round_id", "preset", "min_cost_tenge", "cap_tenge", "cap_mrp", "mrp_tenge", "proposer_min_age", "proposals_per_author",
    "voter_min_age", "methods", "ballot_type", "min_choices", "max_choices", "ballot_order", "max_attempts", "counts_mode", "cadence",
    "rule", "rule_params", "tie", "threshold_votes", "threshold_op", "fit", "frozen_at",
)
CHANGED = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED)
BY_AMENDMENT = (
    "EXISTS (SELECT 1 FROM rounds_amendment a WHERE a.round_id = OLD.round_id AND a.old_digest = OLD.digest "
    "AND a.new_digest = NEW.digest AND a.number = (SELECT MAX(b.number) FROM rounds_amendment b WHERE b.round_id = OLD.round_id))"
)
#: An amendment starts from the rules as they are, and those are frozen.
OUT_OF_TURN = (
    "NOT EXISTS (SELECT 1 FROM rounds_constitution c WHERE c.round_id = NEW.round_id AND c.frozen_at IS NOT NULL "
    "AND c.digest = NEW.old_digest)"
)


class Migration(migrations.Migration):
    """The table, its guards, and the guard of the constitution with its one exception."""

    dependencies = [("rounds", "0005_council_rules"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            "Amendment",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("changes", models.JSONField()),
                ("old_text", models.TextField()),
                ("old_digest", models.CharField(max_length=64)),
                ("new_digest", models.CharField(max_length=64)),
                ("reason", models.CharField(max_length=500)),
                ("protocol", models.CharField(max_length=60)),
                ("document", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "round",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="rounds.round"),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "ordering": ("round", "number"),
                "constraints": (
                    models.UniqueConstraint(fields=("round", "number"), name="amendment_number_once"),
                    models.CheckConstraint(condition=~Q(proposed_by=F("confirmed_by")), name="amendment_two_people"),
                    models.CheckConstraint(condition=~Q(old_digest=F("new_digest")), name="amendment_changes_something"),
                    models.CheckConstraint(
                        condition=~Q(protocol="") & ~Q(document="") & ~Q(reason=""), name="amendment_has_protocol"
                    ),
                ),
            },
        ),
        install(
            *append_only("rounds_amendment"),
            guarded("rounds_amendment", "INSERT", OUT_OF_TURN, "qatysu:frozen:amendment"),
        ),
        install(
            guarded(
                "rounds_constitution", "UPDATE", f"OLD.frozen_at IS NOT NULL AND ({CHANGED} OR NOT {BY_AMENDMENT})",
                "qatysu:frozen:constitution",
            ),
            again=True,
        ),
        # On the way back the guard without an exception stands again, before the table that it would name is dropped.
        migrations.RunPython(
            migrations.RunPython.noop,
            install(guarded("rounds_constitution", "UPDATE", "OLD.frozen_at IS NOT NULL", "qatysu:frozen:constitution")).code,
        ),
    ]
