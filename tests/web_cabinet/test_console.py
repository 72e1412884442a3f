"""What is done on the console of the machine: first roles, a lost second factor."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from qatysu.audit.models import Deed
from qatysu.core.regulation import Role
from qatysu.identity.contact import parse_contact
from qatysu.identity.queries import account_by_contact
from qatysu.places.models import City
from qatysu.rounds.queries import city_roles
from tests import factories

pytestmark = pytest.mark.django_db
BOSS = "boss@example.kz"


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_an_empty_installation_gets_its_first_coordinator() -> None:
    assert "b···@example.kz is coordinator in khromtau" in run("appoint", BOSS, "khromtau", "--name", "Хромтау")
    city = City.objects.get(slug="khromtau", name_kk="Хромтау")
    account = account_by_contact(parse_contact(BOSS))
    assert city_roles(account, city.pk, timezone.now().date()) == {Role.COORDINATOR}
    assert Deed.objects.filter(action="appoint", actor=None, place="khromtau").count() == 1


def test_appointing_twice_or_wrongly_is_refused(city: City) -> None:
    run("appoint", BOSS, city.slug)
    for words in ((BOSS, city.slug), ("nobody", city.slug), (BOSS, "studio"), (BOSS, "Bad Slug")):
        with pytest.raises(CommandError, match="Refused"):
            run("appoint", *words)
    assert City.objects.count() == 1


def test_a_lost_second_factor_is_forgotten_with_all_sessions(city: City) -> None:
    coach = factories.make_account(email="coach@example.kz")
    browser = factories.client_for(coach)
    assert browser.get("/en/cabinet/").status_code == 200
    run("forget_second_factor", "coach@example.kz")
    assert TOTPDevice.objects.count() == 0
    assert browser.get("/en/cabinet/").status_code == 302
    with pytest.raises(CommandError):
        run("forget_second_factor", "stranger@example.kz")
    with pytest.raises(CommandError):
        run("forget_second_factor", "???")
