"""Sign-in without a browser: ask for a code and read it from the outbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from qatysu.identity import codes
from qatysu.identity.contact import Contact, parse_contact
from qatysu.outbox.models import Message
from qatysu.vault import unseal

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
PHONE = "+7 701 123 45 42"
NONCE = "nonce-of-this-browser"


@pytest.fixture
def contact() -> Contact:
    return parse_contact(PHONE)


def newest_code() -> str:
    """Digits of the newest message."""
    body = unseal(Message.objects.order_by("-pk")[0].body_sealed)
    found = re.search(r"\d{6}", body)
    assert found is not None
    return found.group()


def other_than(code: str) -> str:
    """Six digits that are surely wrong."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def ask(db: None, contact: Contact) -> Callable[..., str]:
    """``ask(now=…, nonce=…, ip=…)`` sends a code and returns it."""

    def send(now: datetime = NOW, nonce: str = NONCE, ip: str = "10.0.0.1", to: Contact = contact) -> str:
        codes.request_code(contact=to, nonce=nonce, ip=ip, language="ru", now=now)
        return newest_code()

    return send


@pytest.fixture
def enter(db: None, contact: Contact) -> Callable[..., Any]:
    """``enter(code, now=…)`` signs in and returns the account."""

    def post(code: str, now: datetime = NOW, nonce: str = NONCE, ip: str = "10.0.0.1", to: Contact = contact) -> Any:
        return codes.sign_in(contact=to, nonce=nonce, ip=ip, code=code, language="ru", now=now)

    return post


@pytest.fixture
def browser() -> Client:
    return Client()
