"""Elections that were held elsewhere and came as a file. Their ballots never enter the box (docs/decisions/0006)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qatysu.rules.model import Kind


class ImportedElection(models.Model):
    """Where the ballots of an imported round come from. Append-only."""

    round = models.OneToOneField("rounds.Round", on_delete=models.PROTECT, related_name="imported")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    #: ``rules.model.Kind``: type of the ballots.
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    #: META of the file as written.
    meta = models.JSONField(default=dict)
    #: Code of a project -> its id in the file.
    file_ids = models.JSONField(default=dict)
    #: Code -> 0..3 as the column ``selected`` says; empty when the file has none.
    selected = models.JSONField(default=dict)
    #: Code -> slugs of all its categories; code -> its district; district -> its budget.
    categories = models.JSONField(default=dict)
    districts = models.JSONField(default=dict)
    district_budgets = models.JSONField(default=dict)
    voters = models.PositiveIntegerField()
    imported_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="importedelection_known_kind"
            ),
        )


class ImportedBallot(models.Model):
    """A distinct ballot of an imported election with the number of voters who cast it. Append-only; holds no person."""

    election = models.ForeignKey(ImportedElection, on_delete=models.PROTECT, related_name="ballots")
    #: JSON: pairs of code and points.
    choices = models.TextField()
    times = models.PositiveIntegerField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(times__gte=1), name="importedballot_times"),)
