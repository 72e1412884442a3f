"""A stored file."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """An upload after inspection: images are re-encoded WebP without metadata, documents are downloads only."""

    class Kind(models.TextChoices):
        """What it is after sniffing."""

        IMAGE = "image", "image"
        DOCUMENT = "document", "document"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=80)
    #: Path below the media root; images also have ``<stem>.thumb.webp`` beside it.
    path = models.CharField(max_length=120, unique=True)
    size_bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
