"""The trail."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Deed(models.Model):
    """One deed of a person or of the system. A database trigger refuses UPDATE and DELETE."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=40)
    #: ``<city>-<round>`` or ``<city>`` or '' for the installation.
    place = models.CharField(max_length=82, blank=True)
    #: ``proposals.proposal:17`` and the like; never a person's data.
    target = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("place", "-at"), name="deed_place"),
            models.Index(fields=("target",), name="deed_target"),
        )
