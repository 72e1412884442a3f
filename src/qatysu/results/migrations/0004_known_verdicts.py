"""Only verdicts and reasons that the rules give; an imported outcome needs no protocol of ours."""

from django.db import migrations, models
from django.db.models import Q

_VERDICTS = ["funded", "extra", "not_funded", "withdrawn", "undecided"]
_REASONS = [
    "selected", "partial", "other_money", "withdrawn", "excluded", "below_threshold", "conflict", "does_not_fit", "after_stop",
    "no_support", "supporters_lack", "not_in_best_set", "tied", "behind_tie",
]


class Migration(migrations.Migration):
    dependencies = [("results", "0003_old_outcomes")]
    operations = [
        migrations.RemoveField("outcome", "tie_reason"),
        migrations.RemoveConstraint("outcome", "outcome_approved_with_protocol"),
        migrations.AddConstraint(
            "outcome",
            models.CheckConstraint(
                condition=Q(state="provisional") | Q(is_imported=True) | (Q(approved_at__isnull=False) & ~Q(protocol_number="")),
                name="outcome_approved_with_protocol",
            ),
        ),
        migrations.AddConstraint(
            "outcomeline", models.CheckConstraint(condition=Q(verdict__in=_VERDICTS), name="outcomeline_known_verdict")
        ),
        migrations.AddConstraint(
            "outcomeline", models.CheckConstraint(condition=Q(reason__in=_REASONS), name="outcomeline_known_reason")
        ),
    ]
