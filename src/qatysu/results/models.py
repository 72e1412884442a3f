"""A declared outcome."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qatysu.rules.model import Reason, Verdict


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
    #: Rule and every parameter that it was computed with, as texts (``rules.params``).
    rule = models.CharField(max_length=20, default="votes")
    params = models.JSONField(default=dict, blank=True)
    #: Ties that the rule met, in order (``results.storing``).
    ties = models.JSONField(default=list, blank=True)
    #: Steps about projects on which a later step decided again; the last step of each project is its line.
    earlier_steps = models.JSONField(default=list, blank=True)
    #: Repetitions of equal shares with more money.
    runs = models.PositiveIntegerField(default=1)
    notes = models.JSONField(default=list, blank=True)
    #: Codes in the order that follows from all decisions of the Council on ties.
    tie_decision = models.JSONField(default=list, blank=True)
    #: Each decision by itself: ``{"order": [codes], "reason": text}``, the first one first.
    decisions = models.JSONField(default=list, blank=True)
    #: What other rules would have given (``results.comparing``); not binding.
    comparison = models.JSONField(default=dict, blank=True)
    #: What was counted: ``origin``, ``size`` and ``root`` of the published log, ``annulled`` ballots and their ``annulled_votes`` by
    #: project code. Empty where there was no log.
    box = models.JSONField(default=dict, blank=True)
    #: The ballots came from a file of another election; nobody approved the outcome here.
    is_imported = models.BooleanField(default=False)
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
                condition=Q(state="provisional")
                | Q(is_imported=True)
                | (Q(approved_at__isnull=False) & ~Q(protocol_number="")),
                name="outcome_approved_with_protocol",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="outcome_published_at"
            ),
        )


class OutcomeLine(models.Model):
    """What the rule decided about one project in the end: a stored ``rules.model.Step``."""

    outcome = models.ForeignKey(Outcome, on_delete=models.CASCADE, related_name="lines")
    entry = models.OneToOneField("ballots.SlateEntry", on_delete=models.PROTECT, related_name="line")
    place = models.PositiveSmallIntegerField()
    votes = models.PositiveIntegerField()
    #: Sum of points; the same as ``votes`` where ballots give none.
    score = models.PositiveBigIntegerField(default=0)
    #: ``rules.model.Verdict``, ``Reason`` and ``Phase``.
    verdict = models.CharField(max_length=20)
    reason = models.CharField(max_length=20, default="")
    phase = models.CharField(max_length=12, default="rule")
    #: What the rule compared, as an exact fraction such as ``7/3``; '' when it compared nothing.
    key_text = models.TextField(blank=True, default="")
    left_before_tenge = models.PositiveBigIntegerField()
    left_after_tenge = models.PositiveBigIntegerField()
    #: Votes that would have turned a refusal for lack of votes; 0 when votes were not the cause.
    missing_votes = models.PositiveIntegerField(default=0)
    missing_tenge = models.PositiveBigIntegerField(default=0)
    #: What else the sentence needs (``rules.model.Step.facts``).
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("outcome", "place")
        constraints = (
            models.UniqueConstraint(fields=("outcome", "place"), name="outcomeline_place"),
            models.CheckConstraint(
                condition=Q(left_after_tenge__lte=models.F("left_before_tenge")), name="outcomeline_money_falls"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[verdict.value for verdict in Verdict]), name="outcomeline_known_verdict"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=[reason.value for reason in Reason]), name="outcomeline_known_reason"
            ),
        )
