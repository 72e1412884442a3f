"""Who decides what: the page says what the regulation grants, and organisers can be written to."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from django.utils import translation

from qatysu.core.regulation import Role, Stage
from qatysu.motions.people import roles_of_action
from qatysu.places.models import City, Organiser
from qatysu.rounds.models import Round
from qatysu.web.queries_powers import _POWERS, powers
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(city: City, now: datetime) -> Round:
    for position, (name, roles) in enumerate((("Akimat", ["akimat_approver"]), ("Council", ["chair", "expert", "secretary"])), 1):
        Organiser.objects.create(
            city=city, position=position, name_kk=name, name_ru=name, name_en=name, role_kk="р", role_ru="р", role_en="part",
            roles=roles, email=f"{name.lower()}@example.org",
        )  # fmt: skip
    return factories.fresh(factories.make_round(city, stage=Stage.IDEAS, now=now))


def test_every_decision_has_somebody_and_second_people_are_others(round_: Round) -> None:
    for power in _POWERS:
        assert roles_of_action(power.action), power.what
        if power.second is not None:
            assert roles_of_action(power.second), power.what


def test_organisers_are_named_where_their_people_decide(round_: Round) -> None:
    with translation.override("en"):
        page = powers(round_)
        named = {str(row.what): [each.name_en for each in row.first.organisers] for row in page.powers}
        amend = next(row for row in page.powers if str(row.what) == "Amend frozen rules")
        decides = {each.name_en: {str(what) for what in whats} for each, whats in page.organisers}
    assert named["Admit a project to the vote, or not"] == ["Council"]
    assert amend.second is not None
    assert {each.name_en for each in amend.second.organisers} == {"Akimat", "Council"}
    assert "Approve the normative documents" in decides["Akimat"]
    assert "Vote" not in decides["Council"]


def test_everybody_reads_it(round_: Round) -> None:
    page = Client().get("/en/khromtau/demo/powers/").content.decode()
    assert "mailto:akimat@example.org" in page
    assert "Who decides what" in page
    assert "/en/khromtau/demo/powers/" in Client().get("/en/khromtau/demo/").content.decode()


def test_an_organiser_is_changed_by_its_own_town_only(round_: Round, city: City) -> None:
    lead = factories.make_staff(Role.COORDINATOR, city)
    client, row = factories.client_for(lead), Organiser.objects.get(name_en="Akimat")
    path = "/en/studio/khromtau/edit/"
    fields = {f"o{row.pk}-{name}": value for name, value in {
        "name_kk": "Әкімдік", "name_ru": "Акимат", "name_en": "Akimat", "role_kk": "б", "role_ru": "и", "role_en": "initiator",
        "phone": "+7 700 000 00 01", "email": "a@example.org", "site": "", "roles": ["akimat_officer", "akimat_approver"],
    }.items()}  # fmt: skip
    bad = client.post(path, fields | {"form": f"o{row.pk}", f"o{row.pk}-email": "not an address"})
    assert bad.status_code == 422
    assert "not an address" in bad.content.decode()
    assert client.post(path, fields | {"form": f"o{row.pk}"}).status_code == 302
    row.refresh_from_db()
    assert (row.phone, row.roles) == ("+7 700 000 00 01", ["akimat_approver", "akimat_officer"])
    other = factories.make_city("aksu")
    foreign = Organiser.objects.create(
        city=other, position=1, name_kk="а", name_ru="а", name_en="a", role_kk="а", role_ru="а", role_en="a"
    )
    theirs = {key.replace(f"o{row.pk}", f"o{foreign.pk}"): value for key, value in fields.items()}
    client.post(path, theirs | {"form": f"o{foreign.pk}"})
    foreign.refresh_from_db()
    assert foreign.phone == ""
