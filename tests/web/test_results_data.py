"""The results for machines: JSON with reasons, files to count again, and a page that computes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.results import commands
from qatysu.rounds.models import Round
from qatysu.rules.pb import checking, reading
from qatysu.web.queries_outcome import Comparison, OtherRule
from tests import counting
from tests.results.conftest import counted as counted  # reason: a fixture
from tests.results.test_rules import COSTS, VOTES

Make = Callable[..., Round]
API = "/api/v1/rounds/khromtau-{slug}/results{ending}"
PAGE = "/{language}/khromtau/{slug}/results/"


@pytest.fixture
def published(counted: Make, staff: Callable[[Role], Account], now: datetime) -> Make:
    """``counted`` with published results."""

    def make(costs: list[int] = COSTS, votes: list[list[str]] = VOTES, **rules: object) -> Round:
        round_ = counted(costs, votes, **rules)
        coordinator, chair = staff(Role.COORDINATOR), staff(Role.CHAIR)
        counting.declare(coordinator, round_, now)
        counting.publish(coordinator, chair, round_, now)
        return round_

    return make


def plain(text: str) -> str:
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").split())


def test_json_tells_rule_winners_and_why_in_three_languages(published: Make) -> None:
    published(rule="equal-shares", rule_params={"utility": "cost", "completion": "none"})
    data = Client().get(API.format(slug="demo", ending="")).json()
    assert (data["rule"], data["params"]["completion"], data["ties"], data["decisions"]) == ("equal-shares", "none", [], [])
    assert data["winners"] == [line["code"] for line in data["projects"] if line["verdict"] == "funded"]
    for line in data["projects"]:
        assert set(line["explanation"]) == {"kk", "ru", "en"}
        assert len(set(line["explanation"].values())) == 3
    lost = next(line for line in data["projects"] if line["code"] == "2")
    assert (lost["reason"], lost["verdict"]) == ("supporters_lack", "not_funded")


def test_every_answer_of_results_is_described(published: Make) -> None:
    published()
    described = Client().get("/api/v1/openapi.json").json()
    schemas = described["components"]["schemas"]
    data = Client().get(API.format(slug="demo", ending="")).json()
    assert set(data) == set(schemas["Results"]["required"])
    assert {name for line in data["projects"] for name in line} == set(schemas["Line"]["required"])
    assert {"/rounds/{name}/results.pb", "/rounds/{name}/results.csv"} <= set(described["paths"])


def test_files_are_offered_once_results_are_published(published: Make) -> None:
    published()
    found = Client().get(API.format(slug="demo", ending=".pb"))
    assert found["Content-Disposition"] == 'attachment; filename="khromtau-demo.pb"'
    file = reading.read_bytes(found.content)
    assert list(checking.check(file)) == []
    assert file.election.voters == len(VOTES)
    table = Client().get(API.format(slug="demo", ending=".csv"))
    assert table.content.startswith(b"\xef\xbb\xbfplace,code,")
    assert len(list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))) == len(COSTS) + 1
    page = Client().get(PAGE.format(language="en", slug="demo")).text
    assert all(API.format(slug="demo", ending=ending) in page for ending in (".pb", ".csv"))


@pytest.mark.parametrize("ending", [".pb", ".csv"])
def test_files_are_not_there_before_publication(
    counted: Make, staff: Callable[[Role], Account], now: datetime, ending: str, client_for: Callable[..., Client]
) -> None:
    round_, coordinator = counted(COSTS, VOTES), staff(Role.COORDINATOR)
    address = API.format(slug="demo", ending=ending)
    counting.declare(coordinator, round_, now)
    commands.approve(actor=staff(Role.CHAIR), round=round_, protocol_number="7", now=now)
    for client in (Client(), client_for(coordinator)):
        answer = client.get(address)
        assert (answer.status_code, answer.json()) == (404, {"error": "not_found", "what": "results"})
    assert address not in client_for(coordinator).get(PAGE.format(language="en", slug="demo")).text


@pytest.mark.parametrize("ending", [".pb", ".csv"])
def test_a_file_that_is_known_is_not_sent_again(published: Make, ending: str) -> None:
    published()
    address = API.format(slug="demo", ending=ending)
    first = Client().get(address)
    with CaptureQueriesContext(connection) as found:
        again = Client().get(address, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert not any("ballots_ballot" in query["sql"] for query in found)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_computes_nothing(published: Make, language: str) -> None:
    """Everything was stored when votes were counted: no request reads who voted for what."""
    published()
    with CaptureQueriesContext(connection) as found:
        text = Client().get(PAGE.format(language=language, slug="demo")).text
    assert 'id="other"' in text
    choices = [query["sql"] for query in found if "b.choices" in query["sql"]]
    assert choices == []


def test_the_page_costs_the_same_for_few_and_many_projects(published: Make) -> None:
    counts = []
    for slug, size in (("few", 2), ("many", 9)):
        published([1_000_000 + i for i in range(size)], [[str(i + 1)] for i in range(size) for _ in range(size - i)], slug=slug)
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            assert Client().get(PAGE.format(language="ru", slug=slug)).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_the_page_compares_rules_in_words_and_figures(published: Make) -> None:
    published()
    text = plain(Client().get(PAGE.format(language="en", slug="demo")).text)
    section = text.partition('id="other"')[2].partition("</section>")[0]
    assert "For comparison only: the result is that of the rules of the round." in section
    assert "6 of 10 people" in section
    assert "60 %" in section
    assert "15 000 000 ₸" in section
    assert "Would win:" in section
    assert section.index("By votes") < section.index("Method of Equal Shares")


def test_the_page_tells_step_by_step_how_it_was_counted(published: Make) -> None:
    round_ = published()
    text = plain(Client().get(PAGE.format(language="en", slug="demo")).text)
    title = round_.slate.entries.get(code="1").title
    assert f"1. {title}: 6 votes, costs 9 000 000 ₸, 15 000 000 ₸ left → funded, 6 000 000 ₸ left" in text
    assert "it is passed over, the next one is tried" in text


def test_a_tie_and_its_decision_are_told(counted: Make, staff: Callable[[Role], Account], now: datetime) -> None:
    coordinator, chair = staff(Role.COORDINATOR), staff(Role.CHAIR)
    round_ = counted([8_000_000, 8_000_000], [["1"], ["2"]])
    counting.declare(coordinator, round_, now)
    counting.decide_tie(chair, round_, ["2", "1"], "Lot drawn in public", now)
    counting.publish(coordinator, chair, round_, now)
    text = plain(Client().get(PAGE.format(language="en", slug="demo")).text)
    assert "This decides who wins. People decided the order." in text
    assert "Lot drawn in public" in text
    data = Client().get(API.format(slug="demo", ending="")).json()
    assert data["decisions"] == [{"order": ["2", "1"], "reason": "Lot drawn in public"}]
    assert [(tie["projects"], tie["settled_by"]) for tie in data["ties"]] == [(["1", "2"], "decision")]


def test_the_studio_explains_an_open_tie_of_any_rule(
    counted: Make, staff: Callable[[Role], Account], now: datetime, client_for: Callable[..., Client]
) -> None:
    coordinator, chair = staff(Role.COORDINATOR), staff(Role.CHAIR)
    rule = {"rule": "equal-shares", "rule_params": {"utility": "cardinality", "completion": "none"}}
    round_ = counted([6_000_000, 6_000_000, 7_000_000, 7_000_000], [["1", "2"]] * 2 + [["3", "4"]] * 2, **rule)
    counting.declare(coordinator, round_, now)
    studio = "/en/studio/khromtau/demo/results/"
    client = client_for(chair)
    text = plain(client.get(studio).text)
    assert "A tie between the projects № 1, 2 decides who is funded." in text
    assert "Which goes first decides who wins. People have to decide." in text
    client.post(studio, {"verb": "tie", "tie-order": "2 1", "tie-reason": "Lot drawn in public"})
    assert "A tie between the projects № 3, 4 decides who is funded." in plain(client.get(studio).text)
    client.post(studio, {"verb": "tie", "tie-order": "3, 4", "tie-reason": "Lot drawn in public"})
    assert "The result is on its way into the public log." in plain(client.get(studio).text)
    counting.seal(round_, now)
    text = plain(client.get(studio).text)
    assert "Every check is passed" in text
    assert 'id="other"' in text


def other(name: str, *, gained: tuple[str, ...] = (), binding: bool = False, notes: tuple[str, ...] = ()) -> OtherRule:
    return OtherRule(
        name=name, difference="", is_binding=binding, winners=2, spent_tenge=10, with_winner=1, voters=2, share=None,
        width="50%", cost_per_vote="5", gained=gained, lost=(), notes=notes, parts=(),
    )  # fmt: skip


def test_rules_that_agree_with_each_other_are_one_row() -> None:
    rules = (
        other("Votes", binding=True),
        other("Shares", gained=("Well", "Park"), notes=("slow",)),
        other("Density", gained=("Park", "Well")),
    )
    compared = Comparison("", (*rules, other("Welfare"), other("Phragmén", gained=("Well",))), ())
    assert [row.name for row in compared.distinct] == ["Votes", "Shares; Density", "Phragmén"]
    assert [row.notes for row in compared.distinct] == [(), ("slow",), ()]
    assert compared.same == ("Welfare",)
