"""Invitations to staff roles, and their end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Role
from qatysu.identity.contact import parse_contact
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.places.models import City
from qatysu.rounds import invitations
from qatysu.rounds.models import Invitation, Membership, Round
from qatysu.vault import unseal
from tests import factories

pytestmark = pytest.mark.django_db
GUEST = parse_contact("guest@example.kz")
PEOPLE = "/en/studio/khromtau/demo/people/"


@pytest.fixture
def round_(city: City) -> Round:
    return factories.make_round(city)


@pytest.fixture
def boss(city: City) -> Account:
    return factories.make_staff(Role.COORDINATOR, city)


def invite(boss: Account, round_: Round, role: Role = Role.COACH, **more: Any) -> tuple[Invitation, str]:
    values: dict[str, Any] = {"contact": GUEST, "whole_city": False, "now": timezone.now()}
    return invitations.invite_staff(actor=boss, round_=round_, role=role, **values | more)


def test_an_invitation_becomes_a_role_once(boss: Account, round_: Round) -> None:
    invitation, token = invite(boss, round_)
    guest, second = factories.make_account(), factories.make_account()
    membership = invitations.accept_invitation(actor=guest, token=token, now=timezone.now())
    assert (membership.role, membership.round, membership.granted_by) == ("coach", round_, boss)
    for person in (guest, second):
        with pytest.raises(Conflict) as caught:
            invitations.accept_invitation(actor=person, token=token, now=timezone.now())
        assert caught.value.reason == "invitation_over"
    invitation.refresh_from_db()
    assert invitation.accepted_by == guest


def test_the_token_is_not_stored(boss: Account, round_: Round) -> None:
    _, token = invite(boss, round_)
    assert len(token) >= 43
    assert token not in str(Invitation.objects.values().get())
    assert token in unseal(Message.objects.get().body_sealed)


def test_an_invitation_ends_after_seven_days(boss: Account, round_: Round) -> None:
    _, token = invite(boss, round_)
    with pytest.raises(Conflict):
        invitations.accept_invitation(
            actor=factories.make_account(), token=token, now=timezone.now() + timedelta(days=7, seconds=1)
        )


def test_only_a_coordinator_invites(city: City, round_: Round) -> None:
    for actor in (factories.make_account(), factories.make_staff(Role.COACH, city)):
        with pytest.raises(NotAllowed):
            invite(actor, round_)


def test_a_coordinator_of_one_round_does_not_invite_to_the_city(city: City, round_: Round) -> None:
    bound = factories.make_staff(Role.COORDINATOR, city, round_)
    with pytest.raises(NotAllowed):
        invite(bound, round_, whole_city=True)
    assert invite(bound, round_)[0].round == round_


def test_a_coordinator_of_another_city_invites_nobody_here(round_: Round) -> None:
    stranger = factories.make_staff(Role.COORDINATOR, factories.make_city("aksu"))
    with pytest.raises(NotAllowed):
        invite(stranger, round_)


def test_nobody_accepts_an_own_invitation(boss: Account, round_: Round) -> None:
    _, token = invite(boss, round_, Role.CHAIR)
    with pytest.raises(NotAllowed):
        invitations.accept_invitation(actor=boss, token=token, now=timezone.now())


def test_residents_are_not_invited_to_be_residents(boss: Account, round_: Round) -> None:
    with pytest.raises(Invalid):
        invite(boss, round_, Role.RESIDENT)


def test_a_wrong_token_is_not_found() -> None:
    with pytest.raises(NotFound):
        invitations.accept_invitation(actor=factories.make_account(), token="x" * 43, now=timezone.now())


def test_a_role_ends_after_its_last_day(boss: Account, round_: Round, city: City) -> None:
    coach = factories.make_staff(Role.COACH, city, round_)
    row = Membership.objects.get(account=coach)
    now = timezone.now()
    with pytest.raises(Invalid):
        invitations.end_membership(
            actor=boss, round_=round_, membership_id=row.pk, until_on=row.from_on - timedelta(days=1), now=now
        )
    ended = invitations.end_membership(actor=boss, round_=round_, membership_id=row.pk, until_on=now.date(), now=now)
    assert ended.until_on == now.date()


def test_the_last_coordinator_stays(boss: Account, round_: Round) -> None:
    row, now = Membership.objects.get(account=boss), timezone.now()
    with pytest.raises(Conflict) as caught:
        invitations.end_membership(actor=boss, round_=round_, membership_id=row.pk, until_on=now.date(), now=now)
    assert caught.value.reason == "last_coordinator"


def test_roles_of_another_city_are_not_found(boss: Account, round_: Round) -> None:
    other = Membership.objects.get(account=factories.make_staff(Role.COACH, factories.make_city("aksu")))
    now = timezone.now()
    with pytest.raises(NotFound):
        invitations.end_membership(actor=boss, round_=round_, membership_id=other.pk, until_on=now.date(), now=now)


def test_the_people_page_invites_and_ends(boss: Account, round_: Round, city: City) -> None:
    coach = Membership.objects.get(account=factories.make_staff(Role.COACH, city, round_, name="<b>Коуч</b>"))
    browser = factories.client_for(boss)
    sent = browser.post(PEOPLE, {"identifier": "guest@example.kz", "role": "expert", "scope": "round"})
    assert sent.status_code == 302
    page = browser.get(PEOPLE).content.decode()
    assert "&lt;b&gt;Коуч" in page
    assert "g···@example.kz" in page
    assert browser.post(f"{PEOPLE}{coach.pk}/end/", {"until_on": "2026-99-99"}).status_code == 422
    today = timezone.now().date().isoformat()
    assert browser.post(f"{PEOPLE}{coach.pk}/end/", {"until_on": today}).status_code == 302
    coach.refresh_from_db()
    assert str(coach.until_on) == today


@pytest.mark.parametrize(
    "form", [{}, {"identifier": "x", "role": "coach"}, {"identifier": "a@b.kz", "role": "resident"}]
)
def test_the_people_page_says_what_is_wrong(boss: Account, round_: Round, form: dict[str, str]) -> None:
    response = factories.client_for(boss).post(PEOPLE, form)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_staff_without_the_right_see_no_people_page(city: City, round_: Round) -> None:
    assert factories.client_for(factories.make_staff(Role.COACH, city)).get(PEOPLE).status_code == 403


def test_the_link_leads_through_sign_in_to_the_role(boss: Account, round_: Round) -> None:
    invite(boss, round_)
    link = re.search(r"http://[^/]+(/\S+)", unseal(Message.objects.get().body_sealed))
    assert link is not None
    path = link.group(1).replace("/kk/", "/en/")
    guest = Client()
    page = guest.get(path).content.decode()
    assert f"?next={path.replace('/', '%2F')}" in page
    assert Membership.objects.filter(role="coach").count() == 0
    guest = factories.client_for(factories.make_account(), verified=False)
    assert "Accept the role" in guest.get(path).content.decode()
    assert guest.post(f"{path}accept/").url == "/en/cabinet/"
    assert "Coach of the Project Centre" in guest.get("/en/cabinet/").content.decode()
    assert guest.post(f"{path}accept/").status_code == 409
    assert Client().get("/en/invitation/unknown/").status_code == 404
