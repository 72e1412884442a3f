"""A constitution may choose any outcome rule; categories have budgets, funders say what they pay for.

All columns have defaults that mean what was meant before, so rows and their fingerprints stay as they are.
"""

from __future__ import annotations

from django.db import migrations, models

from qatysu.vault.triggers import append_only, guarded, install, rebuilding

FROZEN = "(SELECT frozen_at FROM rounds_constitution WHERE rounds_constitution.round_id = {row}.round_id) IS NOT NULL"
RULES = ("votes", "density", "equal-shares", "phragmen", "welfare")
TIES = ("refuse", "id", "cheaper", "dearer")


class Migration(migrations.Migration):
    """Adds the columns and their constraints, and installs the guards of the altered tables anew."""

    dependencies = [("rounds", "0002_frozen_constitution")]

    operations = [
        *rebuilding(
            migrations.RemoveConstraint("constitution", "constitution_known_rule"),
            migrations.AlterField(
                "constitution",
                "rule",
                models.CharField(
                    choices=[
                        ("votes", "Most votes first"),
                        ("density", "Votes per cost"),
                        ("equal-shares", "Equal shares"),
                        ("phragmen", "Sequential Phragmén"),
                        ("welfare", "Most votes together"),
                    ],
                    default="votes",
                    max_length=20,
                ),
            ),
            migrations.AddField("constitution", "rule_params", models.JSONField(default=dict)),
            migrations.AddField(
                "constitution",
                "tie",
                models.CharField(
                    choices=[
                        ("refuse", "The Council decides"),
                        ("id", "The smaller code"),
                        ("cheaper", "The cheaper project"),
                        ("dearer", "The dearer project"),
                    ],
                    default="refuse",
                    max_length=10,
                ),
            ),
            migrations.AddField("funder", "categories", models.JSONField(default=list)),
            migrations.AddField("category", "budget_tenge", models.PositiveBigIntegerField(blank=True, null=True)),
            migrations.AddConstraint(
                "constitution",
                models.CheckConstraint(condition=models.Q(("rule__in", RULES)), name="constitution_known_rule"),
            ),
            migrations.AddConstraint(
                "constitution",
                models.CheckConstraint(condition=models.Q(("tie__in", TIES)), name="constitution_known_tie"),
            ),
            migrations.AddConstraint(
                "category",
                models.CheckConstraint(
                    condition=models.Q(("budget_tenge__isnull", True), ("budget_tenge__gt", 0), _connector="OR"),
                    name="category_budget_positive",
                ),
            ),
        ),
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
            again=True,
        ),
    ]
