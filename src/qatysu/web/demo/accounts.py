"""Accounts of the demonstration: one per role, and the synthetic authors."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django_otp.plugins.otp_totp.models import TOTPDevice

from qatysu.core.regulation import STAFF_ROLES, Role
from qatysu.identity.accounts import RESIDENCE_TEXT
from qatysu.identity.contact import Contact
from qatysu.identity.models import Account, Channel, Consent
from qatysu.identity.queries import DEMO_SUFFIX
from qatysu.identity.second_factor import DEMO_TOLERANCE
from qatysu.places.models import City
from qatysu.rounds.models import Membership
from qatysu.vault import seal
from qatysu.web.demo.people import INITIALS, ROLE_NAMES

#: Roles begin here, so that the acts of 2020 had somebody to do them.
SINCE = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One line of the start screen."""

    role: Role
    email: str
    name: str


def address_of(role: Role) -> str:
    """E-mail address of the account that holds ``role``; the domain can never exist (RFC 2606)."""
    return f"{role.value}{DEMO_SUFFIX}"


def accounts() -> list[DemoAccount]:
    """Accounts of the start screen, one per role, in the order shown. Needs no database."""
    return [DemoAccount(role, address_of(role), name) for role, (name, _) in ROLE_NAMES.items()]


def author_number(town: int, index: int) -> str:
    """A synthetic number in E.164: code 700 with zeros, in the manner of numbers kept for examples."""
    return f"+77000{town:02d}{index:04d}"


def make_role_accounts(cities: list[City], now: datetime) -> dict[Role, Account]:
    """Create the accounts of the start screen with their roles in every city and second factors for staff.

    Mentors and specialists need none, but every staff page asks: a visitor of the demonstration shall not meet an enrolment.
    """
    rows = {role: _role_account(role, cities[0], now) for role in ROLE_NAMES}
    Account.objects.bulk_create(rows.values())
    _write_consents(list(rows.values()))
    staff = [role for role in rows if role in STAFF_ROLES]
    Membership.objects.bulk_create(
        Membership(account=rows[role], role=role, city=city, from_on=SINCE) for role in staff for city in cities
    )
    TOTPDevice.objects.bulk_create(
        TOTPDevice(
            user=rows[role],
            name="totp",
            key=secrets.token_hex(20),
            confirmed=True,
            tolerance=DEMO_TOLERANCE,
            created_at=now,
        )
        for role in staff
    )
    return rows


def _role_account(role: Role, home: City, now: datetime) -> Account:
    name, language = ROLE_NAMES[role]
    contact = Contact(Channel.EMAIL, address_of(role))
    return Account(
        name=name,
        language=language,
        email_hash=contact.hash,
        email_sealed=seal(contact.value),
        created_at=now,
        city=home,
        declared_at=now,
        birth_year=1988,
    )


def make_authors(city: City, town: int, count: int, now: datetime) -> list[Account]:
    """Create ``count`` synthetic authors of a round, named by initials, declared to live in ``city``."""
    rows = []
    for index in range(count):
        contact = Contact(Channel.SMS, author_number(town, index + 1))
        made_at = now - timedelta(minutes=count - index)
        rows.append(
            Account(
                name=INITIALS[index],
                language="kk" if index % 3 == 1 else "ru",
                phone_hash=contact.hash,
                phone_sealed=seal(contact.value),
                created_at=made_at,
                city=city,
                declared_at=made_at,
                birth_year=1960 + (index * 7) % 40,
            )
        )
    Account.objects.bulk_create(rows)
    _write_consents(rows)
    return rows


def _write_consents(people: list[Account]) -> None:
    Consent.objects.bulk_create(
        Consent(
            account=person,
            kind=Consent.Kind.RESIDENCE,
            version=RESIDENCE_TEXT,
            language=person.language,
            at=person.created_at,
        )
        for person in people
    )
