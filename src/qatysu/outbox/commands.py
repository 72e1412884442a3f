"""Enqueue a message in the transaction of the event it tells; deliver and wipe it later."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q

from qatysu.outbox.backends import NotSent, send, uses_network
from qatysu.outbox.models import Message
from qatysu.vault import seal, unseal

log = logging.getLogger("qatysu.outbox")
MOST_TRIES = 6
#: A claimed message that nobody marked as sent (the process died) is tried again after this time.
LEASE = timedelta(minutes=5)
#: Codes are wiped after a day, everything else after three months.
CODES_KEPT = timedelta(hours=24)
OTHERS_KEPT = timedelta(days=90)


def enqueue(
    *,
    channel: str,
    address: str,
    subject: str,
    body: str,
    dedupe_key: str,
    now: datetime,
    account: Any = None,
    expires_at: datetime | None = None,
    headers: Mapping[str, str] | None = None,
) -> bool:
    """Store one message to be sent by the worker. Returns False when the same event was already told to this address.

    ``expires_at`` marks a code: it is not sent later than that, and its text is wiped after a day. ``headers`` of a letter are
    those that ``backends.THREADING`` names; others are not sent.
    """
    _, created = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "account": account,
            "channel": channel,
            "address_sealed": seal(address),
            "subject": subject[:200],
            "body_sealed": seal(body),
            "headers": dict(headers or {}),
            "created_at": now,
            "send_after": now,
            "expires_at": expires_at,
        },
    )
    return created


def deliver_soon(*, dedupe_key: str, now: datetime) -> None:
    """Deliver one message right after the present transaction where that needs no network.

    Else it is the worker's, within two seconds: a slow mail server must not hold the threads that answer people.
    """

    def attempt() -> None:
        found = Message.objects.filter(dedupe_key=dedupe_key, state=Message.State.WAITING).first()
        if found is not None and not uses_network(found.channel) and _claim(found, now):
            _deliver(found, now)

    transaction.on_commit(attempt, robust=True)


def deliver_waiting(*, now: datetime, limit: int = 50) -> int:
    """Deliver up to ``limit`` messages that are due. Returns how many were sent.

    A message is claimed by one conditional UPDATE before it is sent, so several workers never send the same one; only a
    process that dies between sending and marking can cause a repetition, after ``LEASE``.
    """
    due = Message.objects.filter(state=Message.State.WAITING, send_after__lte=now).order_by("send_after", "pk")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        claimed = [message for message in due[:limit] if _claim(message, now)]
    return sum(_deliver(message, now) for message in claimed)


def purge(*, now: datetime) -> int:
    """Wipe texts and addresses past their time. Returns how many messages were wiped."""
    old = Q(expires_at__isnull=False, created_at__lt=now - CODES_KEPT) | Q(created_at__lt=now - OTHERS_KEPT)
    return _wipe(Message.objects.filter(old), now)


def forget(*, account: Any, now: datetime) -> int:
    """Wipe every message to ``account`` and stop those not yet sent. Returns how many there were."""
    return _wipe(Message.objects.filter(account=account), now)


def _wipe(messages: Any, now: datetime) -> int:
    with transaction.atomic():
        messages.filter(state=Message.State.WAITING).update(state=Message.State.FAILED)
        empty = seal("")
        return int(
            messages.filter(wiped_at=None).update(address_sealed=empty, body_sealed=empty, subject="", headers={}, wiped_at=now)
        )


def _claim(message: Message, now: datetime) -> bool:
    """True for the one process that may send ``message`` now."""
    mine = Message.objects.filter(
        pk=message.pk, state=Message.State.WAITING, tries=message.tries, send_after=message.send_after
    )
    return bool(mine.update(tries=F("tries") + 1, send_after=now + LEASE))


def _deliver(message: Message, now: datetime) -> int:
    row = Message.objects.filter(pk=message.pk, state=Message.State.WAITING)
    if message.expires_at is not None and message.expires_at <= now:
        row.update(state=Message.State.FAILED)
        return 0
    tries = message.tries + 1
    try:
        send(message.channel, unseal(message.address_sealed), message.subject, unseal(message.body_sealed), message.headers)
    except NotSent as error:
        log.warning("message %s not sent at try %s: %s", message.pk, tries, error)
        last = tries >= MOST_TRIES or error.is_final
        wait = timedelta(seconds=30 * 4 ** (tries - 1))
        row.update(state=Message.State.FAILED if last else Message.State.WAITING, send_after=now + wait)
        return 0
    return row.update(state=Message.State.SENT, sent_at=now)
