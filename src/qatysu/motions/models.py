"""Motions and their decisions. Database triggers (``motions/migrations``) refuse every change after the decision."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from qatysu.motions.kinds import Kind


class Motion(models.Model):
    """An act that needs two people: asked for by one with a protocol, decided by another."""

    class State(models.TextChoices):
        """Where the motion stands; the last three are final."""

        PROPOSED = "proposed", "waits for a second person"
        CONFIRMED = "confirmed", "confirmed"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "withdrawn by the proposer"

    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="motions")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    #: What it is about, so that only one motion waits about it: ``<handle>/<attempt>``, or the kind.
    target = models.CharField(max_length=40)
    #: ``{"b", "n"}`` of a ballot, ``{"last_day"}`` of an extension, ``{"values"}`` of rules; nothing of a voter, no choice.
    payload = models.JSONField(default=dict)
    #: A code of the manifest for judgements of ballots, '' otherwise.
    reason = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=500)
    #: Number of the protocol (``act`` in the log) and SHA-256 (hex) of the document.
    protocol = models.CharField(max_length=60)
    document = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: ``<role>-<membership id>``, as the log shows people.
    proposed_as = models.CharField(max_length=40)
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_as = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    #: Why it was declined.
    answer = models.CharField(max_length=500, blank=True)
    #: Leaf hash (hex) of the entry that was written; '' in a round that has no log.
    leaf = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="motion_two_people"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | Q(state="withdrawn", decided_by=None, decided_at__isnull=False)
                | Q(state__in=("confirmed", "declined"), decided_by__isnull=False, decided_at__isnull=False),
                name="motion_decision",
            ),
            models.CheckConstraint(condition=Q(leaf="") | Q(state="confirmed"), name="motion_entry_confirmed"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(protocol=""), name="motion_has_protocol"),
            models.UniqueConstraint(fields=("round", "target"), condition=Q(state="proposed"), name="motion_one_waiting"),
        )
        indexes = (models.Index(fields=("round", "state"), name="motion_round_state"),)


class BoxCheck(models.Model):
    """When a log was last compared with its files, and what was found."""

    log = models.OneToOneField("bulletin.Log", on_delete=models.PROTECT, related_name="box_check")
    checked_at = models.DateTimeField()
    findings = models.JSONField(default=list)
