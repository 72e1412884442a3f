"""Counters in the database: neither a restart nor a new code resets them (LEDGER threats 3 and 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from qatysu.core.errors import TooMany
from qatysu.identity.models import RateCount
from qatysu.vault import keyed_hash

#: Many newcomers share the listed accounts of a demonstration.
DEMO_FACTOR = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` events in ``window_s`` seconds, counted from the first of them."""

    name: str
    most: int
    window_s: int

    def allowed(self) -> int:
        """``most``, or more of it in a demonstration."""
        return self.most * (DEMO_FACTOR if settings.DEMO else 1)


SEND_PAUSE = Limit("send-pause", 1, 30)
SEND_ADDRESS = Limit("send-address", 5, 3600)
#: A mobile carrier puts a whole district behind one address.
SEND_NETWORK = Limit("send-network", 60, 3600)
TRY_ADDRESS = Limit("try-address", 10, 3600)
TRY_NETWORK = Limit("try-network", 100, 3600)
#: Wrong one-time voting codes from one network; twelve signs cannot be guessed, this only slows noise down.
TRY_VOTING_CODE = Limit("try-voting-code", 200, 3600)


def send_budget() -> Limit:
    """What the installation may send in a day, whoever asks (QATYSU_CODES_PER_DAY)."""
    return Limit("send-budget", settings.CODES_PER_DAY, 86_400)


def key_of(limit: Limit, who: str) -> str:
    """Key of the counter: a keyed hash, so that no address is stored."""
    return keyed_hash("rate", f"{limit.name}:{who}")


def take(pairs: Sequence[tuple[Limit, str]], *, now: datetime) -> None:
    """Count one event for each (limit, whom). Raises TooMany, and counts none of them, when one is used up.

    Rows are locked in the order of the keys, hence two callers never wait for each other.
    """
    with transaction.atomic():
        for key, limit in sorted(((key_of(limit, who), limit) for limit, who in pairs), key=itemgetter(0)):
            RateCount.objects.get_or_create(key=key, defaults={"window_started_at": now})
            row = RateCount.objects.filter(key=key)
            row.filter(window_started_at__lte=now - timedelta(seconds=limit.window_s)).update(
                count=0, window_started_at=now
            )
            if not row.filter(count__lt=limit.allowed()).update(count=F("count") + 1):
                raise TooMany(limit.name, retry_after_s=_left_s(row.get(), limit, now))


def give_back(pairs: Sequence[tuple[Limit, str]]) -> None:
    """Uncount one event for each: the try was right, only failures count."""
    keys = sorted(key_of(limit, who) for limit, who in pairs)
    for key in keys:
        RateCount.objects.filter(key=key).update(count=Greatest(F("count") - 1, 0))


def wait_s(limit: Limit, who: str, *, now: datetime) -> int:
    """Whole seconds until ``limit`` allows one more event; 0 when it does now."""
    row = RateCount.objects.filter(key=key_of(limit, who)).first()
    if row is None or row.count < limit.allowed():
        return 0
    is_over = row.window_started_at + timedelta(seconds=limit.window_s) <= now
    return 0 if is_over else _left_s(row, limit, now)


def _left_s(row: RateCount, limit: Limit, now: datetime) -> int:
    ends = row.window_started_at + timedelta(seconds=limit.window_s)
    return max(1, int((ends - now).total_seconds() + 0.999))
