"""Ask for a sign-in code, and spend it (LEDGER threats 2 to 5).

Asking never looks an account up, so a known and an unknown address cause the same work and the same answer.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from qatysu.core.codes import normalise_digits
from qatysu.core.errors import Invalid
from qatysu.identity import limits
from qatysu.identity.accounts import open_account
from qatysu.identity.address import network_of
from qatysu.identity.contact import Contact
from qatysu.identity.models import Account, SignInCode
from qatysu.outbox.commands import deliver_soon, enqueue
from qatysu.vault import keyed_hash

LIFE = timedelta(minutes=5)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class CodeState:
    """What the code page tells: tries left of the newest code, seconds until another may be sent."""

    tries_left: int
    resend_in_s: int
    is_alive: bool


def new_nonce() -> str:
    """What ties a code to the browser that asked for it; goes into the session."""
    return secrets.token_urlsafe(18)


def request_code(*, contact: Contact, nonce: str, ip: str, language: str, now: datetime) -> None:
    """Send a new code to ``contact``; the older ones of this browser end. Raises TooMany when a limit is reached."""
    digits = f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        limits.take(
            [
                (limits.SEND_PAUSE, contact.hash),
                (limits.SEND_ADDRESS, contact.hash),
                (limits.SEND_NETWORK, network_of(ip)),
                (limits.send_budget(), ""),
            ],
            now=now,
        )
        _codes(contact, nonce).filter(used_at=None, expires_at__gt=now).update(expires_at=now)
        code = SignInCode.objects.create(
            address_hash=contact.hash,
            code_hash=_code_hash(contact, nonce, digits),
            session_hash=_session_hash(nonce),
            sent_at=now,
            expires_at=now + LIFE,
        )
        subject, body = _letter(digits, language)
        key = f"code:{code.pk}"
        enqueue(
            channel=contact.channel.value,
            address=contact.value,
            subject=subject,
            body=body,
            dedupe_key=key,
            now=now,
            expires_at=code.expires_at,
        )
        deliver_soon(dedupe_key=key, now=now)


def sign_in(*, contact: Contact, nonce: str, ip: str, code: str, language: str, now: datetime) -> Account:
    """The account of ``contact``, opened now when it is new. Raises Invalid with reason 'code_format' (not six digits),
    'code_wrong' (``tries_left``) or 'code_over' (spent, too old, out of tries, another browser); TooMany.
    """
    digits = normalise_digits(code)
    if not digits:
        raise Invalid("code_format", field="code")
    counted = [(limits.TRY_ADDRESS, contact.hash), (limits.TRY_NETWORK, network_of(ip))]
    limits.take(counted, now=now)
    with transaction.atomic():
        tries_left = _spend(contact, nonce, digits, now)
        if tries_left is None:
            limits.give_back(counted)
            return open_account(contact=contact, language=language, now=now)
    if tries_left == 0:
        raise Invalid("code_over", field="code")
    raise Invalid("code_wrong", field="code", tries_left=tries_left)


def code_state(*, contact: Contact, nonce: str, now: datetime) -> CodeState:
    """State of the newest code that this browser asked for."""
    code = _codes(contact, nonce).order_by("-pk").first()
    alive = code is not None and code.used_at is None and code.expires_at > now and code.tries < MOST_TRIES
    tries = MOST_TRIES - code.tries if code is not None and alive else 0
    return CodeState(tries, limits.wait_s(limits.SEND_PAUSE, contact.hash, now=now), alive)


def _spend(contact: Contact, nonce: str, digits: str, now: datetime) -> int | None:
    """None when this call spent the code, else how many tries are left.

    The try is paid for before the comparison, by one conditional UPDATE; so parallel posts cannot have more than five.
    """
    code = _codes(contact, nonce).order_by("-pk").first()
    if code is None:
        return 0
    alive = SignInCode.objects.filter(pk=code.pk, used_at=None, expires_at__gt=now)
    if not alive.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return 0
    if compare_digest(code.code_hash, _code_hash(contact, nonce, digits)) and alive.update(used_at=now):
        return None
    code.refresh_from_db()
    return 0 if code.used_at else MOST_TRIES - code.tries


def _codes(contact: Contact, nonce: str) -> QuerySet[SignInCode]:
    return SignInCode.objects.filter(address_hash=contact.hash, session_hash=_session_hash(nonce))


def _session_hash(nonce: str) -> str:
    return keyed_hash("code-session", nonce)


def _code_hash(contact: Contact, nonce: str, digits: str) -> str:
    return keyed_hash("code", f"{contact.hash}:{nonce}:{digits}")


def _letter(digits: str, language: str) -> tuple[str, str]:
    with override(language):
        subject = _("Your code to sign in to Qatysu")
        body = _("Code: %(code)s. It is valid for 5 minutes. Tell it to nobody: staff never ask for it.")
    return subject, body % {"code": digits}
