"""What was fetched from mailboxes."""

from __future__ import annotations

from django.db import models


class Mailbox(models.Model):
    """When a mailbox was looked into last; ``error`` is the kind of the last failure, never an address."""

    name = models.CharField(max_length=64, unique=True)
    checked_at = models.DateTimeField()
    error = models.CharField(max_length=80, blank=True)


class Letter(models.Model):
    """A letter that was taken up, or left out for a reason; each of them once."""

    class Outcome(models.TextChoices):
        """What became of it."""

        OPENED = "opened", "a new thread"
        ADDED = "added", "a message of a thread"
        AUTOMATIC = "automatic", "an automatic answer"
        BOUNCED = "bounced", "could not be delivered"
        OWN = "own", "our own letter"
        LIMITED = "limited", "too many of one sender"
        UNREADABLE = "unreadable", "could not be read"
        TOO_LARGE = "too_large", "too large"

    #: SHA-256 (hex) of mailbox and Message-ID, or of the whole letter where it has none.
    key = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    thread = models.ForeignKey("desk.Thread", null=True, blank=True, on_delete=models.PROTECT, related_name="letters")
    at = models.DateTimeField()
