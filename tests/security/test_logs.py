"""Nothing that identifies a person or opens a door is ever written to the log (SPEC 15)."""

from __future__ import annotations

import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from qatysu.outbox.models import Message
from qatysu.vault import unseal
from tests import factories
from tests.security.conftest import World

PHONE = "+77017654321"


def _sent_digits() -> str:
    newest = Message.objects.order_by("-pk").first()
    assert newest is not None
    found = re.search(r"\b\d{6}\b", unseal(newest.body_sealed))
    assert found is not None
    return found.group()


def test_signing_in_leaves_no_number_and_no_code_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Client()
    browser.post(reverse("sign_in"), {"identifier": PHONE})
    digits = _sent_digits()
    browser.post(reverse("sign_in_code"), {"code": "000000"})
    browser.post(reverse("sign_in_code"), {"code": digits})
    for secret in (PHONE, PHONE[2:], digits):
        assert secret not in caplog.text


def test_voting_with_a_code_leaves_nothing_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = factories.make_codes(world.voting)[0]
    place = {"city_slug": world.voting.city.slug, "round_slug": world.voting.slug}
    browser = Client()
    browser.post(reverse("round_sign_in_code", kwargs=place), {"code": code})
    browser.post(reverse("ballot", kwargs=place), {"choice": ["1", "2"]})
    for secret in (code, code.replace("-", "")):
        assert secret not in caplog.text
