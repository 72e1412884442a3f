"""Opening, changing, leaving and erasing an account."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from qatysu.audit.commands import record
from qatysu.core.errors import Invalid, NotAllowed
from qatysu.identity.contact import Contact
from qatysu.identity.models import Account, Channel, Consent, Language
from qatysu.outbox.commands import forget
from qatysu.vault import seal

#: Raised whenever the text of the declaration in ``web/cabinet_profile.html`` changes.
RESIDENCE_TEXT = "2026-11"
LONGEST_NAME = 80


def open_account(*, contact: Contact, language: str, now: datetime, name: str = "") -> Account:
    """The account of a contact that was just proved; made when new, empty again when it had been erased.

    Raises NotAllowed('blocked') for an account that the organisers closed.
    """
    field = "phone" if contact.channel is Channel.SMS else "email"
    with transaction.atomic():
        account, created = Account.objects.get_or_create(
            **{f"{field}_hash": contact.hash},
            defaults={f"{field}_sealed": seal(contact.value), "language": language, "name": name, "created_at": now},
        )
        if account.erased_at is not None:
            # The person came back: same keyed hash, hence the same single vote, but none of the old data.
            Account.objects.filter(pk=account.pk).update(
                **{f"{field}_sealed": seal(contact.value)},
                is_active=True,
                erased_at=None,
                language=language,
                created_at=now,
            )
            account.refresh_from_db()
        if not account.is_active:
            raise NotAllowed("blocked")
        if created:
            record(actor=account, action="open_account", now=now, target=f"identity.account:{account.pk}")
    return account


def clean_name(text: str) -> str:
    """A person's name as written, without control signs and runs of spaces. Raises Invalid when too long."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(" " if ch.isspace() else ch for ch in composed if unicodedata.category(ch) not in {"Cf", "Cs"})
    kept = "".join(ch for ch in kept if unicodedata.category(ch) != "Cc")
    name = " ".join(kept.split())
    if len(name) > LONGEST_NAME:
        raise Invalid("name_long", field="name", most=LONGEST_NAME)
    return name


def change_profile(*, actor: Account, name: str, language: str, wants_messages: bool, now: datetime) -> Account:
    """Store name, language and whether messages are wanted. Raises Invalid."""
    if language not in Language.values:
        raise Invalid("language", field="language")
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=actor.pk)
        account.name, account.language, account.wants_messages = clean_name(name), language, wants_messages
        account.save(update_fields=["name", "language", "wants_messages"])
        record(actor=account, action="change_profile", now=now, target=f"identity.account:{account.pk}")
    return account


def declare_residence(*, actor: Account, city: Any, birth_year: int | None, agrees: bool, now: datetime) -> Account:
    """Store that the person lives in ``city`` and is of age, with the version of the text agreed to.

    Raises Invalid('not_agreed' | 'birth_year' | 'city').
    """
    if city is None:
        raise Invalid("city", field="city")
    if birth_year is None or not 1900 <= birth_year <= now.year - 5:
        raise Invalid("birth_year", field="birth_year")
    if not agrees:
        raise Invalid("not_agreed", field="agrees")
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=actor.pk)
        account.city, account.birth_year, account.declared_at = city, birth_year, now
        account.save(update_fields=["city", "birth_year", "declared_at"])
        Consent.objects.create(
            account=account, kind=Consent.Kind.RESIDENCE, version=RESIDENCE_TEXT, language=account.language, at=now
        )
        record(
            actor=account,
            action="declare_residence",
            now=now,
            place=city.slug,
            target=f"identity.account:{account.pk}",
            version=RESIDENCE_TEXT,
        )
    return account


def sign_out_everywhere(*, actor: Account, now: datetime) -> None:
    """End every session of the account: those cookies carry an older epoch."""
    with transaction.atomic():
        Account.objects.filter(pk=actor.pk).update(session_epoch=F("session_epoch") + 1)
        record(actor=actor, action="sign_out_everywhere", now=now, target=f"identity.account:{actor.pk}")


def erase_account(*, actor: Account, now: datetime) -> None:
    """Wipe what tells who the person is and close the account.

    What stays: the keyed hash of the phone or e-mail address (a tombstone, useless without the installation's key), so
    that the same person cannot vote twice in a round by erasing and coming back; public proposals and comments, without
    a name; ballots, which never held one. The trail keeps deeds by number of account.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=actor.pk)
        account.name, account.phone_sealed, account.email_sealed = "", None, None
        account.city, account.birth_year, account.declared_at, account.last_login = None, None, None, None
        account.is_active, account.erased_at = False, now
        account.session_epoch += 1
        account.save()
        TOTPDevice.objects.filter(user=account).delete()
        StaticDevice.objects.filter(user=account).delete()
        forget(account=account, now=now)
        record(actor=account, action="erase_account", now=now, target=f"identity.account:{account.pk}")
