"""Second factor of staff: a code of an authenticator app (TOTP), or a recovery code.

Failed tries are throttled by django-otp: each doubles the wait.
"""

from __future__ import annotations

import io
import time
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.safestring import SafeString, mark_safe
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from qatysu.audit.commands import record
from qatysu.core.codes import normalise_digits
from qatysu.core.errors import Conflict, Invalid, TooMany
from qatysu.identity.models import Account
from qatysu.identity.queries import is_demo_account

RECOVERY_CODES = 10
#: Newcomers of a demonstration share an account: several of its codes may be used within one step of 30 s.
DEMO_TOLERANCE = 20


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the enrolment page shows: a QR code as SVG, and the same key for typing."""

    qr: SafeString
    key: str


def factor_of(account: Account) -> TOTPDevice | None:
    """The confirmed authenticator of an account."""
    return TOTPDevice.objects.filter(user=account, confirmed=True).order_by("pk").first()


def enrolment_of(account: Account) -> Enrolment | None:
    """The enrolment under way; None before it was started and after it was confirmed."""
    device = TOTPDevice.objects.filter(user=account, confirmed=False).order_by("pk").first()
    if device is None:
        return None
    key = b32encode(device.bin_key).decode()
    url = f"otpauth://totp/{quote(f'Qatysu:{account.name or account.public_id}')}"
    url += "?" + urlencode({"secret": key, "issuer": "Qatysu", "digits": device.digits, "period": device.step})
    svg = io.BytesIO()
    segno.make(url, error="m", micro=False).save(svg, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2)
    drawing = mark_safe(svg.getvalue().decode())  # noqa: S308  # reason: drawn here, holds no text of anybody
    return Enrolment(drawing, " ".join(key[i : i + 4] for i in range(0, len(key), 4)))


def start_enrolment(*, actor: Account, now: datetime) -> None:
    """Draw a key for a new authenticator. Raises Conflict('factor_exists') when one is confirmed already."""
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.pk)
        if factor_of(actor) is not None:
            raise Conflict("factor_exists")
        TOTPDevice.objects.filter(user=actor, confirmed=False).delete()
        tolerance = DEMO_TOLERANCE if _is_demo(actor) else 1
        TOTPDevice.objects.create(user=actor, name="totp", confirmed=False, tolerance=tolerance, created_at=now)


def confirm_enrolment(*, actor: Account, token: str, now: datetime) -> tuple[TOTPDevice, tuple[str, ...]]:
    """Confirm the authenticator by its first code. Returns it with the recovery codes, shown only this once.

    Raises Invalid('token_wrong'), TooMany, Conflict when there is nothing to confirm.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=actor, confirmed=False).order_by("pk").first()
        if device is None or factor_of(actor) is not None:
            raise Conflict("factor_exists")
        outcome = _verify(device, normalise_digits(token), now)
        if outcome is None:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            codes = _new_recovery_codes(actor)
            record(actor=actor, action="enrol_second_factor", now=now, target=f"identity.account:{actor.pk}")
    if outcome is not None:
        raise outcome
    return device, codes


def check_token(*, actor: Account, token: str, now: datetime) -> TOTPDevice | StaticDevice:
    """The device that accepts ``token`` (six digits, or a recovery code, which is then spent).

    Raises Invalid('token_wrong') or TooMany.
    """
    digits = normalise_digits(token)
    model: type[TOTPDevice | StaticDevice] = TOTPDevice if digits else StaticDevice
    typed = digits or "".join(token[:40].split()).replace("-", "").lower()
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=actor, confirmed=True).order_by("pk").first()
        outcome = Invalid("token_wrong", field="token") if device is None else _verify(device, typed, now)
        if outcome is None and not digits:
            record(actor=actor, action="use_recovery_code", now=now, target=f"identity.account:{actor.pk}")
    if outcome is not None:
        raise outcome
    return device


def forget_second_factor(*, account: Account, now: datetime) -> None:
    """Remove authenticator and recovery codes and end every session; done on the console of the machine only."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=account).delete()
        StaticDevice.objects.filter(user=account).delete()
        Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
        record(actor=None, action="forget_second_factor", now=now, target=f"identity.account:{account.pk}")


def demo_token(account: Account) -> str:
    """The code that works now for an account of the demonstration; '' for anybody else."""
    device = TOTPDevice.objects.filter(user=account).order_by("-confirmed", "pk").first() if _is_demo(account) else None
    if device is None:
        return ""
    for ahead in range(device.tolerance + 1):
        totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift + ahead)
        totp.time = time.time()
        if totp.t() > device.last_t:
            return f"{totp.token():0{device.digits}d}"
    return ""


def _is_demo(account: Account) -> bool:
    return settings.DEMO and is_demo_account(account)


def _verify(device: TOTPDevice | StaticDevice, token: str, now: datetime) -> Invalid | TooMany | None:
    """None when accepted; the refusal is returned, not raised, so that the throttle is stored."""
    allowed, detail = device.verify_is_allowed()
    if not allowed:
        until = (detail or {}).get("locked_until")
        wait_s = (until - now).total_seconds() if until else 1
        return TooMany("token_pause", retry_after_s=max(1, int(wait_s)))
    return None if device.verify_token(token) else Invalid("token_wrong", field="token")


def _new_recovery_codes(account: Account) -> tuple[str, ...]:
    StaticDevice.objects.filter(user=account).delete()
    device = StaticDevice.objects.create(user=account, name="recovery", confirmed=True)
    codes = tuple(StaticToken.random_token() for _ in range(RECOVERY_CODES))
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes
