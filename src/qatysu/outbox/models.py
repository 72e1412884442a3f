"""A message waiting to be sent, or sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One message to one address. The address and the text are sealed: codes travel here."""

    class Channel(models.TextChoices):
        """How it travels."""

        SMS = "sms", "SMS"
        EMAIL = "email", "e-mail"

    class State(models.TextChoices):
        """Where it is."""

        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    address_sealed = models.BinaryField()
    subject = models.CharField(max_length=200, blank=True)
    body_sealed = models.BinaryField()
    #: Headers that thread letters (Message-ID, In-Reply-To, …); for e-mail alone.
    headers = models.JSONField(default=dict, blank=True)
    #: The same event told to the same person has the same key, hence is told once.
    dedupe_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    #: Not sent after this instant. Set for codes, whose text is also wiped after a day.
    expires_at = models.DateTimeField(null=True, blank=True)
    #: The text and the address were wiped.
    wiped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("send_after",), condition=Q(state="waiting"), name="message_waiting"),)
