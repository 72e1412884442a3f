"""Advice from outside the team and the Centre: experts beforehand, specialists by a link."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

_PERSON = settings.AUTH_USER_MODEL


class SpecialistInvite(models.Model):
    """A link by which one specialist sees one project and answers one question; the token itself is never stored."""

    workspace = models.ForeignKey("coaching.Workspace", on_delete=models.PROTECT, related_name="invites")
    name = models.CharField(max_length=120)
    organisation = models.CharField(max_length=160)
    question = models.CharField(max_length=2000)
    language = models.CharField(max_length=2, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")])
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("workspace", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("at")), name="specialistinvite_lasts"),
        )


class Opinion(models.Model):
    """What an expert recommends, or a specialist answers. A later one of the same person follows the earlier."""

    class Kind(models.TextChoices):
        """Who gives it."""

        EXPERT = "expert", "expert"
        SPECIALIST = "specialist", "specialist"

    class Verdict(models.TextChoices):
        """The short of it."""

        FINE = "fine", "fine"
        MEND = "mend", "mend"
        STOP = "stop", "stop"

    workspace = models.ForeignKey("coaching.Workspace", on_delete=models.PROTECT, related_name="opinions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    account = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    invite = models.ForeignKey(
        SpecialistInvite, null=True, blank=True, on_delete=models.PROTECT, related_name="opinions"
    )
    verdict = models.CharField(max_length=4, choices=Verdict.choices)
    language = models.CharField(max_length=2, choices=[("kk", "kk"), ("ru", "ru"), ("en", "en")])
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("workspace", "at", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="opinion_says_something"),
            models.CheckConstraint(
                condition=(Q(kind="expert") & Q(account__isnull=False) & Q(invite__isnull=True))
                | (Q(kind="specialist") & Q(account__isnull=True) & Q(invite__isnull=False)),
                name="opinion_of_somebody",
            ),
        )
