"""A person's own page, data and erasure."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from qatysu.audit.models import Deed
from qatysu.core.regulation import Role, Stage
from qatysu.identity.accounts import RESIDENCE_TEXT
from qatysu.identity.commands import open_account
from qatysu.identity.contact import parse_contact
from qatysu.identity.models import Account, Consent
from qatysu.outbox.commands import enqueue
from qatysu.outbox.models import Message
from qatysu.places.models import City
from qatysu.proposals.models import Follow, MergeOffer, Proposal, State, TeamMember
from qatysu.proposals.notices import circle
from qatysu.rounds.queries import is_staff
from qatysu.vault import unseal
from tests import factories

pytestmark = pytest.mark.django_db
PHONE = "+77011234542"


@pytest.fixture
def person(city: City) -> Account:
    return factories.make_account("Асель Н.", city=city, phone=PHONE)


@pytest.fixture
def browser(person: Account) -> Client:
    return factories.client_for(person, verified=False)


@pytest.mark.parametrize("path", ["", "profile/", "export/", "erase/"])
def test_strangers_are_sent_to_sign_in(city: City, path: str) -> None:
    assert Client().get(f"/en/cabinet/{path}").url.startswith("/en/sign-in/?next=")


def test_own_ideas_stand_with_state_and_next_step(browser: Client, person: Account, city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.IDEAS)
    draft = factories.make_proposal(round_, state=State.DRAFT, author=person, title="Жарық")
    factories.make_proposal(round_, state=State.SUBMITTED, author=person, title="Саябақ")
    factories.make_proposal(round_, state=State.DRAFT, title="Чужой черновик")
    page = browser.get("/en/cabinet/").content.decode()
    assert "You have 2 ideas in work" in page
    assert "Next step: Finish the draft and submit it" in page
    assert f"/en/cabinet/ideas/{draft.token}/what/" in page
    assert "Саябақ" in page
    assert "Чужой черновик" not in page
    assert "/en/khromtau/demo/propose/" in page


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_row(browser: Client, person: Account, city: City, state: State) -> None:
    round_ = factories.make_round(city, stage=Stage.VOTING)
    target = factories.make_proposal(round_) if state == State.MERGED else None
    factories.make_proposal(round_, state=state, author=person, title="Бір жоба", merged_into=target)
    assert "Бір жоба" in browser.get("/en/cabinet/").content.decode()


def test_followed_projects_are_listed(browser: Client, person: Account, city: City) -> None:
    project = factories.make_proposal(factories.make_round(city), title="Бөтен жоба")
    Follow.objects.create(proposal=project, account=person, at=timezone.now())
    assert "Бөтен жоба" in browser.get("/en/cabinet/").content.decode()


def test_a_followed_project_shows_no_step_of_its_captain(browser: Client, person: Account, city: City) -> None:
    project = factories.make_proposal(factories.make_round(city), state=State.ADMITTED, title="Бөтен жоба")
    Follow.objects.create(proposal=project, account=person, at=timezone.now())
    page = browser.get("/en/cabinet/").content.decode()
    assert "Бөтен жоба" in page
    assert "Tell people about your project" not in page


def test_the_next_step_fits_the_place_in_the_team_and_the_calendar(
    browser: Client, person: Account, city: City
) -> None:
    draft = factories.make_proposal(factories.make_round(city, stage=Stage.IDEAS), state=State.DRAFT)
    TeamMember.objects.create(proposal=draft, account=person, role=TeamMember.Role.MEMBER, joined_at=timezone.now())
    page = browser.get("/en/cabinet/").content.decode()
    assert "Next step: Help to finish the draft" in page
    assert "The captain of the team submits the proposal." in page


def test_a_draft_left_behind_asks_for_nothing(browser: Client, person: Account, city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.VOTING)
    factories.make_proposal(round_, state=State.DRAFT, author=person)
    page = browser.get("/en/cabinet/").content.decode()
    assert "Ideas are not collected now" in page
    assert "Next step: Vote" in page


def test_lists_take_as_many_queries_for_three_as_for_one(
    browser: Client, person: Account, city: City, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    round_, counts = factories.make_round(city), []
    for _ in range(2):
        factories.make_proposal(round_, author=person)
        project = factories.make_proposal(round_)
        Follow.objects.create(proposal=project, account=person, at=timezone.now())
        with CaptureQueriesContext(connection) as captured:
            browser.get("/en/cabinet/")
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_staff_find_the_studio(city: City) -> None:
    page = factories.client_for(factories.make_staff(Role.COACH, city)).get("/en/cabinet/").content.decode()
    assert "/en/studio/" in page
    assert "Coach of the Project Centre" in page


def test_the_year_of_birth_is_written_as_the_form_takes_it(browser: Client) -> None:
    assert 'value="1980"' in browser.get("/en/cabinet/profile/").content.decode()


def test_profile_is_stored_and_the_page_goes_on_in_the_new_language(browser: Client, person: Account) -> None:
    form = {"name": "  Асель \u202e Нур\n", "language": "ru"}
    response = browser.post("/en/cabinet/profile/", form)
    assert response.url == "/ru/cabinet/profile/"
    person.refresh_from_db()
    assert (person.name, person.language, person.wants_messages) == ("Асель Нур", "ru", False)


@pytest.mark.parametrize("form", [{"name": "a" * 81, "language": "ru"}, {"name": "a", "language": "de"}])
def test_profile_says_what_is_wrong(browser: Client, person: Account, form: dict[str, str]) -> None:
    assert browser.post("/en/cabinet/profile/", form).status_code == 422
    person.refresh_from_db()
    assert person.name == "Асель Н."


def test_declaration_is_stored_with_the_version_of_its_text(browser: Client, person: Account, city: City) -> None:
    form = {"city": city.slug, "birth_year": "1990", "agrees": "1"}
    assert browser.post("/en/cabinet/residence/", form).status_code == 302
    person.refresh_from_db()
    assert (person.city, person.birth_year) == (city, 1990)
    consent = Consent.objects.get(account=person)
    assert (consent.kind, consent.version, consent.is_given) == ("residence", RESIDENCE_TEXT, True)


@pytest.mark.parametrize(
    "change",
    [
        {"agrees": None}, {"birth_year": "90"}, {"birth_year": "٣٣٣٣"}, {"birth_year": "2999"}, {"birth_year": ""},
        {"city": "nowhere"}, {"city": None},
    ],
)  # fmt: skip
def test_declaration_says_what_is_missing(browser: Client, city: City, change: dict[str, str | None]) -> None:
    form: dict[str, Any] = {"city": city.slug, "birth_year": "1990", "agrees": "1"} | change
    response = browser.post("/en/cabinet/residence/", {key: value for key, value in form.items() if value is not None})
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert Consent.objects.count() == 0


def test_export_holds_everything_about_the_person_and_nobody_else(browser: Client, person: Account, city: City) -> None:
    round_ = factories.make_round(city)
    factories.make_proposal(round_, author=person, title="Менікі")
    factories.make_proposal(round_, title="Бөтен")
    enqueue(
        channel="sms", address=PHONE, subject="Хабар", body="мәтін", dedupe_key="x", now=timezone.now(), account=person
    )
    response = browser.get("/en/cabinet/export/")
    assert "attachment" in response["Content-Disposition"]
    data = json.loads(response.content)
    assert data["profile"]["phone"] == PHONE
    assert data["profile"]["name"] == "Асель Н."
    assert [idea["title"] for idea in data["ideas"]] == ["Менікі"]
    assert data["messages"][0]["subject"] == "Хабар"
    assert "Бөтен" not in response.content.decode()


def test_erasing_needs_the_box(browser: Client, person: Account) -> None:
    assert browser.post("/en/cabinet/erase/", {}).status_code == 422
    person.refresh_from_db()
    assert person.is_active


def erase(browser: Client, person: Account) -> None:
    assert browser.post("/en/cabinet/erase/", {"understood": "1"}).status_code == 302
    person.refresh_from_db()


def test_erasing_wipes_what_tells_who_the_person_is(browser: Client, person: Account, city: City) -> None:
    round_ = factories.make_round(city)
    factories.make_proposal(round_, state=State.DRAFT, author=person)
    public = factories.make_proposal(round_, author=person)
    Follow.objects.create(proposal=public, account=person, at=timezone.now())
    enqueue(
        channel="sms", address=PHONE, subject="Хабар", body="мәтін", dedupe_key="x", now=timezone.now(), account=person
    )
    erase(browser, person)
    assert (person.name, person.phone_sealed, person.city, person.birth_year) == ("", None, None, None)
    assert (person.is_active, person.erased_at is not None) == (False, True)
    assert list(Proposal.objects.all()) == [public]
    assert Follow.objects.count() == 0
    message = Message.objects.get()
    assert (unseal(message.address_sealed), unseal(message.body_sealed), message.subject) == ("", "", "")
    assert browser.get("/en/cabinet/").status_code == 302
    assert Deed.objects.filter(action="erase_account").count() == 1


def test_an_erased_person_comes_back_as_the_same_voter(browser: Client, person: Account) -> None:
    voter, phone_hash = person.public_id, person.phone_hash
    erase(browser, person)
    assert person.phone_hash == phone_hash
    again = open_account(contact=parse_contact(PHONE), language="kk", now=timezone.now())
    assert (again.public_id, again.name, again.declared_at, again.is_active) == (voter, "", None, True)


def test_erasing_ends_roles(city: City) -> None:
    coach = factories.make_staff(Role.COACH, city)
    erase(factories.client_for(coach), coach)
    Account.objects.filter(pk=coach.pk).update(is_active=True, erased_at=None)
    coach.refresh_from_db()
    assert not is_staff(coach, today=timezone.now().date() + timedelta(days=1))
    assert not is_staff(coach, today=timezone.now().date())


def test_who_wants_no_messages_gets_none_about_projects_followed(person: Account, city: City) -> None:
    project = factories.make_proposal(factories.make_round(city))
    Follow.objects.create(proposal=project, account=person, at=timezone.now())
    assert set(circle(project)) == {project.author, person}
    Account.objects.update(wants_messages=False)
    assert circle(project) == [project.author]


def test_offers_to_merge_wait_on_the_page_of_the_captain_asked(browser: Client, person: Account, city: City) -> None:
    round_ = factories.make_round(city)
    mine, other = factories.make_proposal(round_, author=person), factories.make_proposal(round_)
    offer = MergeOffer.objects.create(
        source=other, target=mine, offered_by=other.author, source_agreed_at=timezone.now()
    )
    assert f"/en/cabinet/merges/{offer.pk}/" in browser.get("/en/cabinet/").content.decode()
    asking = factories.client_for(other.author, verified=False)
    assert f"/en/cabinet/merges/{offer.pk}/" not in asking.get("/en/cabinet/").content.decode()
