"""Every way of writing an address gives one identity; what is no address is refused with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory

from qatysu.core.errors import Invalid
from qatysu.identity.address import client_ip, network_of
from qatysu.identity.contact import parse_contact, unpack
from qatysu.identity.models import Channel


@pytest.mark.parametrize(
    "text",
    [
        "+77011234542",
        "8 701 123 45 42",
        "87011234542",
        "7 (701) 123-45-42",
        "  +7 701 123 45 42 ",
        "７０１１２３４５４２",
    ],
)
def test_one_phone_however_written(text: str) -> None:
    contact = parse_contact(text)
    assert (contact.channel, contact.value, contact.masked) == (Channel.SMS, "+77011234542", "+7 701 ···-··-42")


@pytest.mark.parametrize("text", ["Asel@Example.KZ", " asel@example.kz", "ASEL@EXAMPLE.kz\n"])
def test_one_address_however_written(text: str) -> None:
    contact = parse_contact(text)
    assert (contact.channel, contact.value, contact.masked) == (Channel.EMAIL, "asel@example.kz", "a···@example.kz")


def test_domain_in_kazakh_letters_is_kept_as_idna() -> None:
    assert parse_contact("asel@пошта.қаз").value == "asel@xn--80a1acn3a.xn--80ao21a"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "contact"), ("   ", "contact"), ("Асель", "contact"), ("a\x00b@example.kz", "contact"),
        ("a@b", "email"), ("@example.kz", "email"), ("a@@example.kz", "email"), ("a b@example.kz", "email"),
        ("a@example.kz\r\nBcc: x@y.kz", "contact"), ("әсел@example.kz", "email"), ("a@" + "x" * 300 + ".kz", "email"),
        ("123", "phone"), ("+7 912 345 67 89", "phone"), ("+44 7911 123456", "phone"), ("9" * 300, "phone"),
        ("+7 7132 54 12 34", "phone"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_contact(text)
    assert (caught.value.reason, caught.value.field) == (reason, "identifier")


def test_packed_contact_does_not_show_the_address() -> None:
    contact = parse_contact("+77011234542")
    assert "1234542" not in contact.packed()
    assert unpack(contact.packed()) == contact


def test_phone_and_email_hashes_never_meet() -> None:
    assert parse_contact("+77011234542").hash != parse_contact("77011234542@example.kz").hash


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 2.2.2.2", "2.2.2.2"),
        (2, "6.6.6.6, 2.2.2.2, 3.3.3.3", "2.2.2.2"),
        (2, "2.2.2.2", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "<script>", ""),
    ],
)
def test_address_comes_from_our_own_proxy(settings: Any, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1")
    assert client_ip(request) == expected


def test_a_household_of_ipv6_is_one_network() -> None:
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::2")
    assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1"
    assert network_of("") == "unknown"
