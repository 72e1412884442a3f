"""Sign-in pages: same answers, own addresses only, sessions that end, hostile names."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from qatysu.identity import commands
from qatysu.identity.models import Account, RateCount
from tests.factories import make_account
from tests.identity.conftest import newest_code, other_than

pytestmark = pytest.mark.django_db
PHONE = "+7 701 123 45 42"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def sign_in(browser: Client, identifier: str = PHONE, next_: str = "") -> Any:
    browser.post("/en/sign-in/", {"identifier": identifier, "next": next_})
    return browser.post("/en/sign-in/code/", {"code": newest_code(), "next": next_})


def text_of(response: Any) -> str:
    """The page without tokens that differ each time."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode())


def test_a_newcomer_signs_in_with_a_phone(browser: Client) -> None:
    response = sign_in(browser)
    assert (response.status_code, response.url) == (302, "/en/cabinet/")
    assert browser.get("/en/cabinet/").status_code == 200


def test_a_newcomer_signs_in_with_an_address(browser: Client) -> None:
    assert sign_in(browser, "Asel@Example.kz").url == "/en/cabinet/"
    assert Account.objects.get().language == "en"


def test_pages_hold_a_form_with_labels(browser: Client) -> None:
    page = browser.get("/en/sign-in/").content.decode()
    assert '<label for="identifier">' in page
    assert "placeholder=" not in page


def test_a_wrong_address_is_told_beside_the_field(browser: Client) -> None:
    response = browser.post("/en/sign-in/", {"identifier": "asel@", "next": ""})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-invalid="true"' in page
    assert 'id="identifier-error"' in page
    assert 'value="asel@"' in page


def test_a_wrong_code_tells_how_many_tries_are_left(browser: Client) -> None:
    browser.post("/en/sign-in/", {"identifier": PHONE})
    response = browser.post("/en/sign-in/code/", {"code": other_than(newest_code())})
    assert response.status_code == 422
    assert "4 tries are left." in response.content.decode()


def test_a_second_code_at_once_is_refused_with_the_time(browser: Client) -> None:
    browser.post("/en/sign-in/", {"identifier": PHONE})
    response = browser.post("/en/sign-in/code/again/")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 30


def test_code_page_without_a_request_leads_to_the_first_step(browser: Client) -> None:
    assert browser.get("/en/sign-in/code/").url == "/en/sign-in/"
    assert browser.post("/en/sign-in/code/again/").url == "/en/sign-in/"


def test_threat_5_answers_for_known_and_unknown_addresses_are_identical() -> None:
    make_account(phone="+77011234542")
    pages = []
    for number in ("+77011234542", "+77017654342"):
        RateCount.objects.all().delete()
        browser = Client()
        sent = browser.post("/en/sign-in/", {"identifier": number})
        cache.clear()
        pages.append((sent.status_code, sent.url, text_of(browser.get("/en/sign-in/code/"))))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    "next_",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example/", "http:///evil.example", "javascript:alert(1)",
        "\x01//evil.example", "https://testserver@evil.example/", "/" + "a" * 600, "\thttps://evil.example",
    ],
)  # fmt: skip
def test_sign_in_does_not_redirect_to_other_sites(browser: Client, next_: str) -> None:
    assert sign_in(browser, next_=next_).url == "/en/cabinet/"


def test_sign_in_comes_back_to_a_page_of_ours(browser: Client) -> None:
    assert sign_in(browser, next_="/ru/khromtau/demo/sign-in/").url == "/ru/khromtau/demo/sign-in/"


@pytest.mark.parametrize("next_", ["/en/sign-in/", "/kk/sign-in/code/?next=/en/", "/ru/sign-out/"])
def test_sign_in_does_not_come_back_to_itself(browser: Client, next_: str) -> None:
    assert sign_in(browser, next_=next_).url == "/en/cabinet/"


# Threat 7


def test_threat_7_a_cookie_from_before_is_nobody_afterwards(browser: Client) -> None:
    browser.post("/en/sign-in/", {"identifier": PHONE})
    before = browser.cookies["sessionid"].value
    browser.post("/en/sign-in/code/", {"code": newest_code()})
    assert browser.cookies["sessionid"].value != before
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get("/en/cabinet/").status_code == 302


def test_threat_7_signing_out_everywhere_ends_a_stolen_cookie(browser: Client) -> None:
    sign_in(browser)
    thief = Client()
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    assert thief.get("/en/cabinet/").status_code == 200
    assert browser.post("/en/cabinet/sign-out-everywhere/").status_code == 302
    assert thief.get("/en/cabinet/").status_code == 302
    assert browser.get("/en/cabinet/").status_code == 302


def test_threat_7_a_blocked_account_is_out_at_once(browser: Client) -> None:
    sign_in(browser)
    Account.objects.update(is_active=False)
    assert browser.get("/en/cabinet/").status_code == 302


def test_session_cookie_holds_no_address(browser: Client) -> None:
    from django.core import signing  # reason: only this test opens the cookie

    browser.post("/en/sign-in/", {"identifier": PHONE})
    salt = "django.contrib.sessions.backends.signed_cookies"
    stored = signing.loads(browser.cookies["sessionid"].value, salt=salt)
    assert "1234542" not in str(stored)


def test_signing_out_needs_a_post(browser: Client) -> None:
    sign_in(browser)
    assert browser.get("/en/sign-out/").url == "/en/"
    assert browser.get("/en/cabinet/").status_code == 200
    assert browser.post("/en/sign-out/").status_code == 302
    assert browser.get("/en/cabinet/").status_code == 302


def test_forms_from_elsewhere_are_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/en/sign-in/", {"identifier": PHONE}).status_code == 403
    assert RateCount.objects.count() == 0


def test_hostile_names_are_escaped_everywhere(browser: Client, settings: Any) -> None:
    settings.DEMO = True
    account = make_account(HOSTILE[:80], email="role@demo.qatysu.example")
    shown = browser.get("/en/sign-in/").content.decode()
    browser.force_login(account, backend="qatysu.identity.backend.AccountBackend")
    for page in (shown, *(browser.get(path).content.decode() for path in ("/en/cabinet/", "/en/cabinet/profile/"))):
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_a_hostile_identifier_is_escaped(browser: Client) -> None:
    page = browser.post("/en/sign-in/", {"identifier": HOSTILE}).content.decode()
    assert "<script>alert" not in page


def test_demo_accounts_and_outbox_exist_in_a_demonstration_only(browser: Client, settings: Any) -> None:
    make_account("Дана", email="coordinator@demo.qatysu.example")
    assert "demo.qatysu" not in browser.get("/en/sign-in/").content.decode()
    assert browser.get("/en/outbox/").status_code == 404
    settings.DEMO = True
    assert "coordinator@demo.qatysu.example" in browser.get("/en/sign-in/").content.decode()
    browser.post("/en/sign-in/", {"identifier": "coordinator@demo.qatysu.example"})
    assert newest_code() in browser.get("/en/outbox/").content.decode()


def test_purge_removes_old_codes_and_counters(browser: Client) -> None:
    browser.post("/en/sign-in/", {"identifier": PHONE})
    assert commands.purge(now=timezone.now()) == 0
    assert commands.purge(now=timezone.now() + timedelta(days=3)) == 5
