"""Writes of this package that others may call."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from qatysu.identity.accounts import (
    change_profile,
    declare_residence,
    erase_account,
    open_account,
    sign_out_everywhere,
)
from qatysu.identity.codes import request_code, sign_in
from qatysu.identity.models import RateCount, SignInCode

__all__ = [
    "change_profile",
    "declare_residence",
    "erase_account",
    "open_account",
    "purge",
    "request_code",
    "sign_in",
    "sign_out_everywhere",
]


def purge(*, now: datetime) -> int:
    """Remove codes and counters that can no longer matter. Returns how many rows went."""
    with transaction.atomic():
        codes, _ = SignInCode.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()
        counts, _ = RateCount.objects.filter(window_started_at__lt=now - timedelta(days=2)).delete()
    return codes + counts
