"""Enqueue a message in the transaction of the event it tells."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.outbox.models import Message
from qatysu.vault import seal


def enqueue(
    *, channel: str, address: str, subject: str, body: str, dedupe_key: str, now: datetime, account: Any = None
) -> bool:
    """Store one message to be sent by the worker. Returns False when the same event was already told to this address."""
    _, created = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "account": account, "channel": channel, "address_sealed": seal(address), "subject": subject,
            "body_sealed": seal(body), "created_at": now, "send_after": now,
        },
    )
    return created
