"""A declared outcome."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Outcome(models.Model):
    """The outcome of a round as computed from its ballots, with the steps that led to it."""

    class State(models.TextChoices):
        """How far it has come."""

        PROVISIONAL = "provisional", "provisional"
        APPROVED = "approved", "approved"
        PUBLISHED = "published", "published"

    round = models.OneToOneField("rounds.Round", on_delete=models.PROTECT, related_name="outcome")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROVISIONAL)
    ballots = models.PositiveIntegerField()
    voters = models.PositiveIntegerField()
    budget_tenge = models.PositiveBigIntegerField()
    reserve_tenge = models.PositiveBigIntegerField()
    spent_tenge = models.PositiveBigIntegerField()
    #: Codes of projects in the order decided by the Council when a tie was decisive.
    tie_decision = models.JSONField(default=list, blank=True)
    tie_reason = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=64)
    protocol_number = models.CharField(max_length=40, blank=True)
    counted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(spent_tenge__lte=models.F("budget_tenge")), name="outcome_within_budget"
            ),
            models.CheckConstraint(
                condition=Q(state="provisional") | (Q(approved_at__isnull=False) & ~Q(protocol_number="")),
                name="outcome_approved_with_protocol",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="outcome_published_at"
            ),
        )


class OutcomeLine(models.Model):
    """What the rule decided about one project."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="lines")
    entry = models.OneToOneField("ballots.SlateEntry", on_delete=models.PROTECT, related_name="line")
    place = models.PositiveSmallIntegerField()
    votes = models.PositiveIntegerField()
    #: ``rules.model.Verdict``: funded, below_threshold, does_not_fit, after_stop, tied.
    verdict = models.CharField(max_length=20)
    left_before_tenge = models.PositiveBigIntegerField()
    left_after_tenge = models.PositiveBigIntegerField()
    #: Votes that would have turned a refusal for lack of votes; 0 when votes were not the cause.
    missing_votes = models.PositiveIntegerField(default=0)
    missing_tenge = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("outcome", "place")
        constraints = (
            models.UniqueConstraint(fields=("outcome", "place"), name="outcomeline_place"),
            models.CheckConstraint(
                condition=Q(left_after_tenge__lte=models.F("left_before_tenge")), name="outcomeline_money_falls"
            ),
        )
