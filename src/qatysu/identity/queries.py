"""Reads about accounts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from qatysu.identity.contact import Contact
from qatysu.identity.models import Account, Channel
from qatysu.vault import unseal

DEMO_SUFFIX = "@demo.qatysu.example"
_MOST_DEMO_ACCOUNTS = 200


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that the sign-in page of a demonstration offers, with its address in clear (an invented one)."""

    account: Account
    address: str


def contact_of(account: Account) -> Contact | None:
    """The address that reaches a person, the phone number first; None for an erased account."""
    if account.phone_sealed:
        return Contact(Channel.SMS, unseal(account.phone_sealed))
    if account.email_sealed:
        return Contact(Channel.EMAIL, unseal(account.email_sealed))
    return None


def account_by_contact(contact: Contact) -> Account | None:
    """The account that signs in with ``contact``; for staff pages, never for a page that tells strangers."""
    return Account.objects.filter(Q(phone_hash=contact.hash) | Q(email_hash=contact.hash)).first()


def demo_accounts() -> tuple[DemoAccount, ...]:
    """Active accounts whose e-mail address ends with ``@demo.qatysu.example``, in order of creation."""
    rows = Account.objects.filter(is_active=True, email_sealed__isnull=False).order_by("pk")[:_MOST_DEMO_ACCOUNTS]
    found = (DemoAccount(row, unseal(row.email_sealed or b"")) for row in rows)
    return tuple(item for item in found if item.address.endswith(DEMO_SUFFIX))


def is_demo_account(account: Account) -> bool:
    """True for an account with an invented address of the demonstration."""
    return bool(account.email_sealed) and unseal(account.email_sealed or b"").endswith(DEMO_SUFFIX)
