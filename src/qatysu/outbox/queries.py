"""Reads of the outbox: for the demonstration only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from qatysu.core.errors import NotFound
from qatysu.outbox.models import Message
from qatysu.vault import unseal


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in clear."""

    channel: str
    address: str
    subject: str
    body: str
    created_at: datetime
    state: str


def newest_letters(limit: int = 50) -> tuple[Letter, ...]:
    """The newest messages in clear. Raises NotFound outside a demonstration."""
    if not settings.DEMO:
        raise NotFound("outbox")
    rows = Message.objects.filter(wiped_at=None).order_by("-created_at", "-pk")[:limit]
    return tuple(
        Letter(m.channel, unseal(m.address_sealed), m.subject, unseal(m.body_sealed), m.created_at, m.state)
        for m in rows
    )
