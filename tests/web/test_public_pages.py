"""Public pages: they answer, cost a fixed number of queries, and keep a sealed round sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qatysu.core.regulation import Role, Stage
from qatysu.places.models import City
from qatysu.proposals.models import State, Translation
from qatysu.rounds.models import CalendarAct, Round
from tests import factories

PAGES = (
    "", "khromtau/", "khromtau/demo/", "khromtau/demo/projects/", "khromtau/demo/projects/1/", "khromtau/demo/results/",
    "khromtau/demo/documents/", "khromtau/demo/works/", "khromtau/demo/news/",
)  # fmt: skip


def queries_of(path: str) -> int:
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert Client().get(path).status_code == 200
    return len(found)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_a_public_page_answers_in_each_language(voting_round: Round, language: str, page: str) -> None:
    response = Client().get(f"/{language}/{page}")
    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert "style=" not in response.text
    assert "<script" not in response.text


@pytest.mark.parametrize("stage", list(Stage))
def test_the_round_answers_in_each_stage(round_at: Callable[..., Round], stage: Stage) -> None:
    round_ = round_at(stage)
    factories.make_proposal(round_)
    for page in ("", "projects/", "results/", "documents/"):
        assert Client().get(f"/ru/khromtau/demo/{page}").status_code == 200


def test_lists_cost_the_same_queries_for_one_and_three_projects(city: City, now: datetime) -> None:
    counts = []
    for projects in (1, 3):
        slug = f"r{projects}"
        round_ = factories.make_voting_round(city, now=now, projects=projects, slug=slug, max_choices=1)
        for proposal in round_.proposals.all():
            Translation.objects.create(proposal=proposal, language="ru", title="Площадка")
        counts.append([queries_of(f"/ru/khromtau/{slug}/{page}") for page in ("", "projects/", "projects/1/")])
    assert counts[0] == counts[1]
    assert counts[0][0] <= 14
    assert counts[0][1] <= 14


def test_a_second_reader_gets_the_page_from_the_cache(voting_round: Round) -> None:
    Client().get("/ru/khromtau/demo/projects/")
    with CaptureQueriesContext(connection) as found:
        response = Client().get("/ru/khromtau/demo/projects/")
    assert len(found) == 1
    again = Client().get("/ru/khromtau/demo/projects/", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert not response.cookies


def test_a_change_of_the_round_is_seen_at_once(voting_round: Round) -> None:
    Client().get("/en/khromtau/demo/")
    voting_round.proposals.update(title="Changed")
    Round.objects.filter(pk=voting_round.pk).update(version=voting_round.version + 1)
    assert "Changed" in Client().get("/en/khromtau/demo/").text


def test_a_page_of_a_signed_in_person_is_never_shared(voting_round: Round, city: City) -> None:
    account = factories.make_account("Зарина Оспанова", city=city)
    response = factories.client_for(account).get("/ru/khromtau/demo/")
    assert "Зарина" in response.text
    assert "Зарина" not in Client().get("/ru/khromtau/demo/").text


def test_a_hidden_round_is_seen_by_its_staff_only(
    voting_round: Round, city: City, client_for: Callable[..., Client]
) -> None:
    Round.objects.update(is_public=False)
    staff = factories.make_staff(Role.COORDINATOR, city)
    assert client_for(staff).get("/ru/khromtau/demo/projects/").status_code == 200
    assert Client().get("/ru/khromtau/demo/projects/").status_code == 404
    assert "/khromtau/demo/" not in Client().get("/ru/khromtau/").text


VOTERS = 37


def test_a_sealed_round_shows_turnout_and_no_count(
    voting_round: Round, client_for: Callable[..., Client], city: City
) -> None:
    for number in range(VOTERS):
        factories.cast(voting_round, f"voter {number}", ["2"])
    staff = client_for(factories.make_staff(Role.COORDINATOR, city))
    front = Client().get("/en/khromtau/demo/").text
    assert f"<dd>{VOTERS}</dd>" in front
    for client in (Client(), staff):
        for page in ("projects/", "projects/2/", "results/", "projects/?order=-cost"):
            cache.clear()
            text = client.get(f"/en/khromtau/demo/{page}").text
            assert f">{VOTERS}<" not in text
            assert f"{VOTERS} vote" not in text


def test_a_live_round_shows_the_count_of_each_project(city: City, now: datetime) -> None:
    round_ = factories.make_voting_round(city, now=now, counts_mode="live")
    factories.cast(round_, "first", ["2"])
    factories.cast(round_, "second", ["2", "1"])
    text = Client().get("/en/khromtau/demo/projects/?order=number").text
    assert [text.count("2 votes"), text.count("1 vote<"), text.count("0 votes")] == [1, 1, 1]
    assert "Votes so far" in Client().get("/en/khromtau/demo/projects/2/").text


def test_a_draft_is_nobodys_page(round_at: Callable[..., Round]) -> None:
    round_ = round_at(Stage.IDEAS)
    factories.make_proposal(round_, state=State.DRAFT, title="Secret draft", number=7)
    for path in ("projects/", "projects/?state=all", "projects/?q=secret", ""):
        assert "Secret draft" not in Client().get(f"/en/khromtau/demo/{path}").text
    assert Client().get("/en/khromtau/demo/projects/7/").status_code == 404


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("", ["1", "2"]), ("?cost=low", ["1"]), ("?cost=high", ["2"]), ("?category=sport", ["2"]), ("?category=nothing", []),
        ("?order=-cost", ["2", "1"]), ("?state=out", []), ("?page=99&cost=%00&order=x", ["1", "2"]), ("?q=zzz", []),
    ],
)  # fmt: skip
def test_filters_narrow_the_list(round_at: Callable[..., Round], query: str, codes: list[str]) -> None:
    round_ = round_at(Stage.IDEAS)
    factories.make_proposal(round_, cost_tenge=1_500_000)
    factories.make_proposal(round_, cost_tenge=9_000_000, category=round_.categories.get(slug="sport"))
    text = Client().get(f"/en/khromtau/demo/projects/{query}").text
    found = [part.split("/")[0] for part in text.split('<h3><a href="/en/khromtau/demo/projects/')[1:]]
    assert found == codes


def test_long_lists_have_pages(round_at: Callable[..., Round], city: City) -> None:
    round_ = round_at(Stage.IDEAS)
    author = factories.make_account(city=city)
    for _ in range(51):
        factories.make_proposal(round_, author=author)
    first = Client().get("/en/khromtau/demo/projects/?order=number").text
    second = Client().get("/en/khromtau/demo/projects/?order=number&page=2").text
    assert [text.count('class="prow"') for text in (first, second)] == [50, 1]
    assert "order=number&amp;page=2" in first


def test_a_text_without_translation_is_marked_and_says_its_language(round_at: Callable[..., Round]) -> None:
    round_ = round_at(Stage.IDEAS)
    factories.make_proposal(round_, title="Алаң", language="kk")
    text = Client().get("/en/khromtau/demo/projects/1/").text
    assert '<h1 lang="kk">' in text
    assert "there is no translation yet" in text
    assert "Not translated yet" in Client().get("/en/khromtau/demo/projects/").text


def test_peoples_text_is_escaped(round_at: Callable[..., Round]) -> None:
    round_ = round_at(Stage.IDEAS)
    factories.make_proposal(round_, title="<script>1</script>", problem="<img src=x>", address="<i>")
    for page in ("", "projects/", "projects/1/"):
        text = Client().get(f"/en/khromtau/demo/{page}").text
        assert "<script>1" not in text
        assert "<img src=x>" not in text


def test_an_extension_is_shown_with_its_reason(voting_round: Round, city: City, now: datetime) -> None:
    stage = voting_round.stages.get(stage=Stage.VOTING)
    CalendarAct.objects.create(
        stage=stage, kind="extend", reason="Power cut in the town", old_closes_at=now, new_closes_at=now + timedelta(days=2),
        actor=factories.make_staff(Role.COORDINATOR, city), at=now,
    )  # fmt: skip
    assert "Power cut in the town" in Client().get("/en/khromtau/demo/").text


@pytest.mark.parametrize(("chosen", "back"), [("dark", "/ru/"), ("light", "/kk/khromtau/"), ("", "/en/")])
def test_the_theme_is_kept_without_a_script(db: None, chosen: str, back: str) -> None:
    client = Client()
    response = client.post("/theme/", {"theme": chosen, "next": back})
    assert response["Location"] == back
    assert client.cookies["theme"].value == chosen
    assert Client().get("/theme/").status_code == 405


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_the_theme_form_leads_nowhere_else(db: None, away: str) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": away})["Location"] == "/"


def test_a_dark_page_is_not_given_to_readers_of_the_light_one(voting_round: Round) -> None:
    dark = Client()
    dark.cookies["theme"] = "dark"
    link = 'theme-dark.css">'
    assert link in dark.get("/ru/").text
    assert link not in Client().get("/ru/").text


def test_a_citys_colours_are_linked_and_served(voting_round: Round, city: City) -> None:
    assert "/brand/" not in Client().get("/ru/khromtau/").text
    City.objects.update(brand={"brand-deep": "#102f4a"})
    cache.clear()
    assert '<link rel="stylesheet" href="/brand/khromtau.css">' in Client().get("/ru/khromtau/demo/").text
    response = Client().get("/brand/khromtau.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "--brand-deep: #102f4a;" in response.text
    assert Client().get("/brand/nowhere.css").status_code == 404


def test_results_are_hidden_before_publication(voting_round: Round) -> None:
    text = Client().get("/en/khromtau/demo/results/").text
    assert "The results are not there yet" in text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/en/nowhere/", 404, "There is no such city here"), ("/en/khromtau/nothing/", 404, "There is no such round"),
        ("/en/khromtau/demo/projects/999/", 404, "There is no such project"), ("/en/a/b/c/d/", 404, "There is no such page"),
    ],
)  # fmt: skip
def test_what_is_absent_is_said_in_words(voting_round: Round, path: str, status: int, words: str) -> None:
    response: Any = Client().get(path)
    assert response.status_code == status
    assert words in response.text


def test_rules_are_generated_from_the_constitution(voting_round: Round) -> None:
    text = " ".join(Client().get("/en/khromtau/demo/documents/").text.split())
    assert "The voter chooses from 1 to 2 projects." in text
    assert voting_round.constitution.digest in text


def test_robots_stay_out_of_personal_pages(db: None) -> None:
    response = Client().get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /*/cabinet/" in response.text


def test_a_signed_in_person_can_follow_and_write(
    round_at: Callable[..., Round], city: City, client_for: Callable[..., Client]
) -> None:
    factories.make_proposal(round_at(Stage.IDEAS))
    text = client_for(factories.make_account(city=city)).get("/en/khromtau/demo/projects/1/").text
    assert 'action="/en/khromtau/demo/projects/1/follow/"' in text
    assert 'action="/en/khromtau/demo/projects/1/comment/"' in text
    anonymous = Client().get("/en/khromtau/demo/projects/1/")
    assert "csrfmiddlewaretoken" not in anonymous.text
    assert "/en/sign-in/?next=/en/khromtau/demo/projects/1/" in anonymous.text
