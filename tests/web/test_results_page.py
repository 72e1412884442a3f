"""The results page: figures with their denominators, reasons, and who may see it when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qatysu.ballots import commands as ballots
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.motions import commands as motions
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.rounds.models import Round
from tests import counting, factories
from tests.motions.people import ask, handle_of

PAGE = "/en/khromtau/{slug}/results/"


@pytest.fixture
def counted(city: City, now: datetime, staff: Callable[[Role], Account]) -> Callable[..., Round]:
    """A round that was counted: costs 10, 4 and 4 million, 15 million to spend, threshold of more than one vote."""

    def make(slug: str = "demo", projects: int = 3) -> Round:
        round_ = factories.make_round(
            city, stage=Stage.VOTING, now=now, slug=slug, threshold_votes=1, threshold_op="gt"
        )
        for cost in (10_000_000, 4_000_000, 4_000_000)[:projects]:
            factories.make_proposal(round_, state=State.ADMITTED, cost_tenge=cost)
        ballots.freeze_slate(actor=staff(Role.COORDINATOR), round=factories.fresh(round_), now=now)
        for voter, choices in (("a", ["1"]), ("b", ["1", "2"]), ("c", ["2", "1"])):
            factories.cast(factories.fresh(round_), voter, choices[:projects])
        counting.declare(staff(Role.COORDINATOR), counting.open_all(round_, now), now)
        return factories.fresh(round_)

    return make


def publish(round_: Round, staff: Callable[[Role], Account], now: datetime) -> None:
    counting.publish(staff(Role.COORDINATOR), staff(Role.CHAIR), round_, now)


def test_provisional_results_are_for_organisers_only(
    counted: Callable[..., Round], staff: Callable[[Role], Account], client_for: Callable[..., Client]
) -> None:
    counted()
    page = PAGE.format(slug="demo")
    assert "The results are not there yet" in Client().get(page).text
    text = client_for(staff(Role.COORDINATOR)).get(page).text
    assert "Provisional count" in text
    assert "2 projects of 3 won" in text


def test_published_results_explain_every_project(
    counted: Callable[..., Round], staff: Callable[[Role], Account], now: datetime
) -> None:
    round_ = counted()
    publish(round_, staff, now)
    text = " ".join(Client().get(PAGE.format(slug="demo")).text.replace("\u202f", " ").replace("\u00a0", " ").split())
    assert "2 projects of 3 won" in text
    assert "A project needs more than 1 vote. Projects are funded from most votes to fewest until the money is spent." in text
    assert "It got 3 votes. After it 5 000 000 ₸ were left." in text
    assert "For projects there were 15 000 000 ₸; the winners cost 14 000 000 ₸; 1 000 000 ₸ are left." in text
    assert "31 000 · town · 1 January 2020" in text
    assert "0.01 %" in text
    assert "№ 7" in text


def test_the_page_costs_the_same_for_one_and_three_projects(
    counted: Callable[..., Round], staff: Callable[[Role], Account], now: datetime
) -> None:
    counts = []
    for projects in (2, 3):
        publish(counted(f"r{projects}", projects), staff, now)
        cache.clear()
        with CaptureQueriesContext(connection) as found:
            assert "won" in Client().get(PAGE.format(slug=f"r{projects}")).text
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_project_tells_its_fate_once_it_is_published(
    counted: Callable[..., Round], staff: Callable[[Role], Account], now: datetime
) -> None:
    round_ = counted()
    before = Client().get("/en/khromtau/demo/projects/1/").text
    assert "Admitted to the vote" in before
    assert "3 votes" not in before
    publish(round_, staff, now)
    cache.clear()
    text = Client().get("/en/khromtau/demo/projects/1/").text
    assert "Won: 3 votes" in text
    listing = Client().get("/en/khromtau/demo/projects/").text
    assert [listing.count(">Won<"), listing.count(">Did not pass<")] == [2, 1]


def test_annulled_ballots_stand_beside_the_result_by_project(
    city: City, staff: Callable[[Role], Account], now: datetime
) -> None:
    """LEDGER 1.9: who annuls without seeing choices hurts nobody on purpose; afterwards everybody can look."""
    round_ = factories.make_voting_round(city, now=now, threshold_votes=0)
    for voter, choices in (("a", ["1"]), ("b", ["2"]), ("c", ["2", "3"])):
        factories.cast(round_, voter, choices)
    lead, member = staff(Role.COORDINATOR), staff(Role.COMMISSION)
    motions.confirm(actor=member, motion=ask(round_, lead, now, handle=handle_of(round_, "c")), now=now)
    counting.seal(round_, now)
    round_ = counting.open_all(round_, now, actor=lead)
    counting.declare(lead, round_, now)
    counting.publish(lead, staff(Role.CHAIR), round_, now)
    text = " ".join(Client().get(PAGE.format(slug="demo")).text.replace("\u202f", " ").replace("\u00a0", " ").split())
    section = text.partition('id="annul"')[2].partition("</section>")[0]
    assert "1 ballot is annulled" in section
    cells = [part.partition("<")[0] for part in section.split('<td class="n"')[1:] for part in [part.partition(">")[2]]]
    assert cells == ["1", "1", "1", "0", "0", "1"]
    assert "2 ballots were counted." in text
