"""The Centre at a glance: who may look, who waits, who may leave, and how much it costs to ask."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from qatysu.coaching import commands
from qatysu.coaching.centre_words import headline, waited
from qatysu.coaching.models import Module, Work, Workspace, WorkState
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import factories

from . import rooms

pytestmark = pytest.mark.django_db


def at(name: str, round_: Round, **more: str) -> str:
    with translation.override("en"):
        return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


def hand_in(room: Workspace, slug: str, when: datetime) -> Work:
    """The work as if it had been handed in ``when``."""
    Work.objects.filter(workspace=room, module__slug=slug).update(state=WorkState.SUBMITTED, submitted_at=when)
    return rooms.work_in(room, slug)


@pytest.fixture
def browser(coach: Account) -> Client:
    return factories.client_for(coach)


def test_the_queue_is_by_waiting_time_and_the_headline_counts_it(
    browser: Client, round: Round, room: Workspace, now: datetime
) -> None:
    second = rooms.make_room(round, title="Екінші жоба")
    hand_in(room, "annotation", now - timedelta(hours=5))
    hand_in(second, "annotation", now - timedelta(days=4))

    page = browser.get(at("centre_board", round)).content.decode().replace("\xa0", " ").replace("\u2060", "")

    assert "Two teams wait for an answer" in page
    queue = page[page.index('id="qu"') : page.index('id="rk"')]
    assert queue.index("Екінші жоба") < queue.index(room.proposal.title)
    assert "4 days" in queue
    assert "5 h" in queue
    assert at("centre_review", round, code=second.proposal.code, module="annotation") in queue


@pytest.mark.parametrize("count", [0, 1, 9, 10, 25])
def test_headlines(count: int) -> None:
    with translation.override("en"):
        words = {0: "Nobody waits", 1: "One team waits", 9: "Nine teams wait", 10: "10 teams wait", 25: "25 teams wait"}
        assert headline(count).startswith(words[count])


def test_waiting_times_in_words() -> None:
    with translation.override("en"):
        assert [waited(timedelta(hours=h)) for h in (0, 1, 47, 48, 80)] == ["now", "1 h", "47 h", "2 days", "3 days"]


def test_the_board_asks_the_same_number_of_queries_for_three_and_for_thirty_teams(
    browser: Client, round: Round, now: datetime
) -> None:
    counts = []
    for wanted in (3, 30):
        while round.proposals.count() < wanted:
            made = rooms.make_room(round, coach=rooms.staff(Role.COACH, round) if wanted == 30 else None)
            hand_in(made, "annotation", now - timedelta(hours=made.pk))
        browser.get(at("centre_board", round))
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(at("centre_board", round)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_full_column_shows_twelve_and_leads_to_the_rest(browser: Client, round: Round) -> None:
    for n in range(14):
        rooms.make_room(round, title=f"Жоба нөмірі {n}")
    page = browser.get(at("centre_board", round)).content.decode()
    board = page[page.index('class="board') :]
    assert board.count('class="slip') == 12
    assert "?column=annotation#pi" in board
    listed = browser.get(at("centre_board", round), {"column": "annotation"}).content.decode()
    assert "14 teams found" in listed


def test_filters_narrow_the_list(browser: Client, round: Round, room: Workspace, coach: Account, now: datetime) -> None:
    other = rooms.make_room(round, title="Басқа жоба")
    hand_in(other, "annotation", now - timedelta(hours=3))
    url = at("centre_board", round)

    def found(**asked: str) -> str:
        page = browser.get(url, asked).content.decode()
        return page[page.index('id="pi"') : page.index('id="ld"')]

    assert "Басқа жоба" not in found(show="mine")
    assert room.proposal.title in found(show="mine")
    assert "Басқа жоба" in found(show="waiting")
    assert room.proposal.title not in found(show="waiting")
    assert "Басқа жоба" in found(coach="none")
    assert room.proposal.title not in found(coach="none")
    assert room.proposal.title in found(coach=str(coach.pk))
    assert "Басқа жоба" in found(q="басқа")
    assert room.proposal.title not in found(q="басқа")
    assert "Басқа жоба" in found(q=f"№ {other.proposal.code}")
    assert "No team fits" in found(q="<script>alert(1)</script>")


@pytest.mark.parametrize("asked", [{"page": "-1"}, {"page": "9" * 30}, {"coach": "x\0"}, {"show": "?"}, {"q": "\0'\""}])
def test_hostile_filters_never_fail(browser: Client, round: Round, room: Workspace, asked: dict[str, str]) -> None:
    assert browser.get(at("centre_board", round), asked).status_code == 200


def test_a_team_at_risk_is_named_with_reason_and_advice(
    browser: Client, round: Round, room: Workspace, now: datetime
) -> None:
    Workspace.objects.filter(pk=room.pk).update(touched_at=now - timedelta(days=13), opened_at=now - timedelta(days=20))
    page = browser.get(at("centre_board", round)).content.decode()
    risk = page[page.index('id="rk"') : page.index('id="pi"')]
    assert "silent for 13 days" in risk
    assert "Call or write" in risk


def test_a_round_without_a_course_offers_the_standard_one(city: City) -> None:
    round_ = factories.fresh(factories.make_round(city, slug="empty"))
    Module.objects.filter(round=round_).delete()
    lead, coach = rooms.staff(Role.CENTRE_LEAD, round_), rooms.staff(Role.COACH, round_)
    page = factories.client_for(lead).get(at("centre_board", round_)).content.decode()
    assert "Install the standard course" in page
    assert (
        "Install the standard course"
        not in factories.client_for(coach).get(at("centre_board", round_)).content.decode()
    )

    factories.client_for(coach).post(at("centre_install", round_))
    assert not Module.objects.filter(round=round_).exists()
    for _again in range(2):
        assert factories.client_for(lead).post(at("centre_install", round_)).status_code == 302
    assert Module.objects.filter(round=round_).exists()


def test_strangers_find_no_centre(round: Round, room: Workspace, captain: Account) -> None:
    aksu = factories.make_city("aksu", name_en="Aksu")
    foreign = factories.make_staff(Role.CENTRE_LEAD, aksu)
    assert factories.client_for(foreign).get(at("centre_board", round)).status_code == 404
    assert factories.client_for(captain).get(at("centre_board", round)).status_code in (302, 403)
    assert factories.client_for(rooms.staff(Role.FUNDER, round)).get(at("centre_board", round)).status_code == 404


def test_the_list_of_rounds(browser: Client, round: Round, room: Workspace, now: datetime) -> None:
    hand_in(room, "annotation", now)
    with translation.override("en"):
        page = browser.get(reverse("centre")).content.decode()
    assert at("centre_board", round) in page
    assert "1 waits for the Centre" in page
    funder = factories.client_for(rooms.staff(Role.FUNDER, round))
    with translation.override("en"):
        assert at("centre_board", round) not in funder.get(reverse("centre")).content.decode()


def test_who_has_left_is_counted(browser: Client, round: Round, room: Workspace, coach: Account, now: datetime) -> None:
    commands.record_dropout(actor=coach, workspace=room, reason_code="silent", reason_text="Жауап жоқ", now=now)
    rooms.make_room(round)
    page = browser.get(at("centre_board", round)).content.decode()
    assert "have left" in page
    assert "<small>of 2</small>" in page
