"""Second factor of staff, recovery codes, throttling."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from qatysu.audit.models import Deed
from qatysu.core.regulation import Role
from qatysu.identity.access import SECOND_FACTOR_KEY
from qatysu.places.models import City
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/en/sign-in/second-factor/"


def token_of(device: TOTPDevice, ahead: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift + ahead)
    totp.time = time.time()
    return f"{totp.token():06d}"


@pytest.fixture
def browser(city: City) -> Client:
    account = factories.make_staff(Role.COORDINATOR, city)
    TOTPDevice.objects.all().delete()
    return factories.client_for(account, verified=False)


def test_a_visitor_signs_in_first(city: City) -> None:
    assert Client().get(URL).url.startswith("/en/sign-in/?next=")


def test_looking_at_the_page_changes_nothing(browser: Client) -> None:
    assert browser.get(URL).status_code == 200
    assert TOTPDevice.objects.count() == 0


def enrol(browser: Client) -> Any:
    browser.post(URL, {"start": "1"})
    return browser.post(URL, {"token": token_of(TOTPDevice.objects.get()), "next": "/en/studio/"})


def test_enrolment_shows_a_picture_a_key_and_ten_codes_once(browser: Client) -> None:
    browser.post(URL, {"start": "1"})
    page = browser.get(URL).content.decode()
    assert "<svg" in page
    assert "style=" not in page
    response = browser.post(URL, {"token": token_of(TOTPDevice.objects.get()), "next": "/en/studio/"})
    shown = response.content.decode()
    assert StaticToken.objects.count() == 10
    assert all(f"<b>{row.token}</b>" in shown for row in StaticToken.objects.all())
    assert 'href="/en/studio/"' in shown
    again = browser.get(URL).content.decode()
    assert not any(row.token in again for row in StaticToken.objects.all())
    assert Deed.objects.filter(action="enrol_second_factor").count() == 1


def test_a_confirmed_app_cannot_be_replaced_by_a_thief_of_the_session(browser: Client) -> None:
    enrol(browser)
    key = TOTPDevice.objects.get().key
    thief = factories.client_for(TOTPDevice.objects.get().user, verified=False)
    assert thief.post(URL, {"start": "1"}).status_code == 422
    assert TOTPDevice.objects.get().key == key


def test_staff_pages_open_after_the_code_only(browser: Client, city: City) -> None:
    factories.make_round(city)
    people = "/en/studio/khromtau/demo/people/"
    enrol(browser)
    device = TOTPDevice.objects.get()
    fresh = factories.client_for(device.user, verified=False)
    assert fresh.get(people).url.startswith(URL)
    TOTPDevice.objects.update(last_t=-1)
    response = fresh.post(URL, {"token": token_of(device), "next": people})
    assert response.url == people
    assert fresh.get(people).status_code == 200


def test_a_code_of_the_app_works_once(browser: Client) -> None:
    enrol(browser)
    device = TOTPDevice.objects.get()
    assert browser.post(URL, {"token": token_of(device)}).status_code == 422


def test_a_recovery_code_works_once(browser: Client) -> None:
    enrol(browser)
    code = StaticToken.objects.first()
    assert code is not None
    assert browser.post(URL, {"token": f" {code.token.upper()} "}).status_code == 302
    assert browser.post(URL, {"token": code.token}).status_code == 422
    assert Deed.objects.filter(action="use_recovery_code").count() == 1


def test_wrong_codes_are_throttled(browser: Client) -> None:
    enrol(browser)
    assert browser.post(URL, {"token": "000000"}).status_code in {422, 302}
    TOTPDevice.objects.update(throttling_failure_count=6)
    response = browser.post(URL, {"token": "000000"})
    assert response.status_code == 429
    assert "Wait a little" in response.content.decode()


def test_next_stays_on_our_site(browser: Client) -> None:
    browser.post(URL, {"start": "1"})
    token = token_of(TOTPDevice.objects.get())
    page = browser.post(URL, {"token": token, "next": "https://evil.example/"}).content.decode()
    assert "evil.example" not in page


def test_the_hint_exists_for_demonstration_accounts_only(browser: Client, city: City, settings: Any) -> None:
    settings.DEMO = True
    browser.post(URL, {"start": "1"})
    assert token_of(TOTPDevice.objects.get()) not in browser.get(URL).content.decode()


def test_many_newcomers_may_use_one_demonstration_account(city: City, settings: Any) -> None:
    settings.DEMO = True
    account = factories.make_account("Дана", email="coordinator@demo.qatysu.example")
    hint: Callable[[Client], str] = lambda page: page.get(URL).context["demo_token"]  # noqa: E731
    first = factories.client_for(account, verified=False)
    TOTPDevice.objects.all().delete()
    first.post(URL, {"start": "1"})
    assert first.post(URL, {"token": hint(first)}).status_code == 200
    for _ in range(5):
        other = factories.client_for(account, verified=False)
        assert other.post(URL, {"token": hint(other)}).status_code == 302


def test_a_second_factor_of_yesterday_is_asked_for_again(staff):
    client = factories.client_for(staff(Role.COORDINATOR))
    assert client.get("/ru/studio/").status_code == 200
    yesterday = int((timezone.now() - timedelta(hours=13)).timestamp())
    factories.put_session(client, **{SECOND_FACTOR_KEY: yesterday})
    assert "/sign-in/second-factor/" in client.get("/ru/studio/")["Location"]
