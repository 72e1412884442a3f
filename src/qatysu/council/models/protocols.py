"""Protocols with their signatures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from qatysu.core.collegial_states import ProtocolState

_PERSON = settings.AUTH_USER_MODEL


class Protocol(models.Model):
    """The protocol of one meeting: facts as they were, with the secretary's own words. Frozen ones never change."""

    meeting = models.OneToOneField("council.Meeting", on_delete=models.PROTECT, related_name="protocol")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ProtocolState], default=ProtocolState.DRAFT)
    #: ``<number of the meeting>/<year>`` unless the secretary gives another one; unique in the round.
    number = models.CharField(max_length=40)
    round = models.ForeignKey("rounds.Round", on_delete=models.PROTECT, related_name="council_protocols")
    #: Everything the document says (``council.protocol_content``), canonical; '' words are the secretary's.
    content = models.JSONField(default=dict)
    #: SHA-256 (hex) of the canonical JSON of ``content`` once the text is fixed.
    digest = models.CharField(max_length=64, blank=True)
    made_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    frozen_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("round", "made_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="protocol_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(digest=""), name="protocol_fixed_has_digest"
            ),
        )


class Signature(models.Model):
    """A signature under the fixed text: a scan, or a CMS container made with an electronic digital signature."""

    class Kind(models.TextChoices):
        """How it was signed."""

        SCAN = "scan", "scan of the signed paper"
        CMS = "cms", "electronic digital signature"

    class Checked(models.TextChoices):
        """What a verifier service said of a CMS container."""

        NOT_ASKED = "not_asked", "no verifier is set up"
        VALID = "valid", "valid"
        INVALID = "invalid", "invalid"
        UNREACHABLE = "unreachable", "the verifier did not answer"

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="signatures")
    seat = models.ForeignKey("council.Seat", on_delete=models.PROTECT, related_name="signatures")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    file = models.ForeignKey("files.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: The CMS container, DER.
    container = models.BinaryField(null=True, blank=True)
    #: SHA-256 of the text that was signed: a signature to another text falls away.
    digest = models.CharField(max_length=64)
    checked = models.CharField(max_length=12, choices=Checked.choices, default=Checked.NOT_ASKED)
    #: Who signed as the verifier read it: name, certificate's serial and term; no IIN.
    signer = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField()
    #: A signature to a text that was mended afterwards.
    void_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("protocol", "at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("protocol", "seat"), condition=Q(void_at__isnull=True), name="signature_once"),
            models.CheckConstraint(
                condition=(Q(kind="scan") & Q(file__isnull=False)) | (Q(kind="cms") & Q(container__isnull=False)),
                name="signature_is_there",
            ),
            models.CheckConstraint(condition=Q(void_at__isnull=True) | ~Q(void_reason=""), name="signature_void_why"),
        )
