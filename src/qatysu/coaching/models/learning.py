"""What people learnt and what they get for it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

_PERSON = settings.AUTH_USER_MODEL


class QuizAttempt(models.Model):
    """One try at the quiz of a module."""

    module = models.ForeignKey("coaching.Module", on_delete=models.PROTECT, related_name="attempts")
    account = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="quiz_attempts")
    right = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    is_passed = models.BooleanField()
    answers = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("module", "account", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(right__lte=F("total")) & Q(total__gte=1), name="quizattempt_counts"),
        )


class Certificate(models.Model):
    """A certificate of participation; ``facts`` say for what."""

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="certificates")
    account = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="certificates")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    facts = models.JSONField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "account"), name="certificate_once"),
            models.UniqueConstraint(fields=("round", "number"), name="certificate_number"),
        )
