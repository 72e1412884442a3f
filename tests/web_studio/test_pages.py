"""Every page of the organisers opens for the right people only, and asks the database the same number of times for 1 and 3."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qatysu.core.regulation import Role, Stage
from qatysu.places.models import City
from qatysu.proposals.models import Comment, CommentReport, State
from qatysu.rounds.models import Round
from tests import factories

ROUND_PAGES = (
    "studio_round", "studio_basics", "studio_money", "studio_rules", "studio_categories",
    "studio_calendar", "studio_check", "studio_copy",
    "studio_proposals", "studio_moderation", "studio_slate", "studio_codes", "studio_voting", "studio_results", "studio_trail",
)


def at(name: str, round_: Round, **more: object) -> str:
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


@pytest.mark.parametrize("name", ROUND_PAGES)
@pytest.mark.parametrize("stage", [Stage.IDEAS, Stage.VOTING, Stage.AUDIT])
def test_page_opens_for_the_coordinator(studio: Client, city: City, name: str, stage: Stage) -> None:
    round_ = factories.make_round(city, stage=stage)

    response = studio.get(at(name, round_))

    assert response.status_code == 200
    assert response.content.count(b"<h1>") == 1
    assert response.content.count(b"btn--gold") <= 1
    assert b"style=" not in response.content


@pytest.mark.parametrize("name", ROUND_PAGES)
def test_page_of_a_foreign_city_is_absent(name: str, round_: Round) -> None:
    other = factories.make_city("aksu")
    stranger = factories.client_for(factories.make_staff(Role.COORDINATOR, other))

    assert stranger.get(at(name, round_)).status_code == 404


@pytest.mark.parametrize("name", ROUND_PAGES)
def test_page_needs_the_second_factor(city: City, name: str, round_: Round) -> None:
    half = factories.client_for(factories.make_staff(Role.COORDINATOR, city), verified=False)
    resident = factories.client_for(factories.make_account(city=city))

    assert half.get(at(name, round_)).status_code == 302
    assert resident.get(at(name, round_)).status_code == 403


def test_mentor_has_no_desk(city: City, round_: Round) -> None:
    mentor = factories.client_for(factories.make_staff(Role.MENTOR, city))

    assert mentor.get(at("studio_round", round_)).status_code == 403


def test_city_and_list_pages_open(studio: Client, city: City, round_: Round) -> None:
    for url in (
        reverse("studio"), reverse("studio_city_new"), reverse("studio_city", kwargs={"city_slug": city.slug}),
        reverse("studio_round_new", kwargs={"city_slug": city.slug}),
        at("studio_calendar_act", round_, stage="ideas", kind="extend"),
    ):
        assert studio.get(url).status_code == 200


def test_city_of_others_is_absent_and_an_expert_may_not_edit(studio: Client, city: City) -> None:
    factories.make_city("aksu")
    expert = factories.client_for(factories.make_staff(Role.EXPERT, city))

    assert studio.get(reverse("studio_city", kwargs={"city_slug": "aksu"})).status_code == 404
    assert expert.get(reverse("studio_city", kwargs={"city_slug": city.slug})).status_code == 403


@pytest.mark.parametrize("name", ["studio_proposals", "studio_round", "studio_moderation", "studio_slate", "studio_trail"])
def test_lists_ask_as_often_for_three_as_for_one(
    studio: Client, round_: Round, name: str, django_assert_max_num_queries: object
) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            proposal = factories.make_proposal(round_, state=State.ADMITTED)
            comment = Comment.objects.create(
                proposal=proposal, author=factories.make_account(), language="kk", text="Сөз", at=proposal.created_at
            )
            CommentReport.objects.create(comment=comment, account=factories.make_account(), at=proposal.created_at)
        counts.append(_queries(studio, at(name, round_)))

    assert counts[0] == counts[1]


def test_own_rounds_ask_as_often_for_three_as_for_one(studio: Client, city: City, round_: Round) -> None:
    factories.make_proposal(round_)
    before = _queries(studio, reverse("studio"))
    for slug in ("second", "third"):
        factories.make_proposal(factories.make_round(city, stage=Stage.IDEAS, slug=slug))

    assert _queries(studio, reverse("studio")) == before


def _queries(client: Client, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)
