"""The Council's pages: the whole way through forms, who sees what, refusals that lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qatysu.core.collegial_interests import InterestKind
from qatysu.core.regulation import Role
from qatysu.council import commands
from qatysu.council.models import Appeal, Decision, Matter, Meeting, Poll, Protocol, Verdict
from qatysu.proposals.models import State
from qatysu.rounds.queries import zone_of
from tests import factories
from tests.council import holding
from tests.council.holding import Council
from tests.council.test_deciding import REFUSAL
from tests.council.test_protocols import PDF

pytestmark = pytest.mark.django_db
HOME = "/en/council/khromtau/demo/"


@pytest.fixture
def secretary(council: Council) -> Client:
    return factories.client_for(council.keeper)


@pytest.fixture
def member(council: Council) -> Client:
    return factories.client_for(council.members[0].account)


def post(client: Client, path: str, status: int = 302, **fields: Any) -> Any:
    answer = client.post(path, fields)
    assert answer.status_code == status, answer.content.decode()[-1500:]
    return answer


def when(round_: Any, moment: datetime) -> str:
    return moment.astimezone(zone_of(round_)).strftime("%Y-%m-%dT%H:%M")


def test_from_ready_projects_to_a_published_protocol(
    council: Council, ready: Callable[..., Any], secretary: Client, member: Client, now: datetime
) -> None:
    proposal = ready(title="Аула жарығы")
    post(secretary, HOME, do="collect")
    matter = Matter.objects.get()
    assert "Аула жарығы" in secretary.get(f"{HOME}meetings/new/").content.decode()
    post(
        secretary, f"{HOME}meetings/new/", starts=when(council.round, now), ends=when(council.round, now + timedelta(hours=2)),
        place="Akimat", matter=matter.pk,
    )  # fmt: skip
    room = f"{HOME}meetings/1/"
    post(secretary, room, do="call")
    post(secretary, room, do="open")
    for seat in council.seats:
        post(secretary, room, do="attend", seat=seat.pk, how="room")
    item = Meeting.objects.get().items.get()
    post(secretary, room, do="put", item=item.pk, verdict="admit")
    poll = Poll.objects.get()
    page = member.get(room).content.decode()
    assert "Your voice" in page
    post(member, room, do="voice", poll=poll.pk, seat=council.members[0].pk, voice="against", dissent="Too dear to keep")
    for seat in council.seats:
        if seat != council.members[0]:
            post(secretary, room, do="voice", poll=poll.pk, seat=seat.pk, voice="for")
    post(secretary, room, do="count", poll=poll.pk, item=item.pk)
    proposal.refresh_from_db()
    assert proposal.state == State.ADMITTED
    page = member.get(room).content.decode()
    assert "for 4, against 1, abstained 0" in page
    assert "Too dear to keep" in page
    post(secretary, room, do="minutes", item=item.pk, minutes="The architect agreed.")
    post(secretary, room, do="close")
    paper = f"{room}protocol/"
    assert "No protocol yet" in secretary.get(paper).content.decode()
    post(secretary, paper, do="draft")
    post(secretary, paper, do="fix")
    for seat in (council.chair, council.secretary):
        post(secretary, paper, do="sign", seat=seat.pk, file=SimpleUploadedFile("s.pdf", PDF))
    assert secretary.get(f"{paper}signatures/{council.chair.pk}/")["Content-Type"] == "application/pdf"
    post(secretary, paper, do="freeze")
    protocol = Protocol.objects.get()
    stranger = Client()
    assert stranger.get(f"/en/khromtau/demo/council/protocols/{protocol.pk}/").status_code == 404
    post(secretary, paper, do="publish")
    public = stranger.get(f"/en/khromtau/demo/council/protocols/{protocol.pk}/").content.decode()
    assert "The text is as it was signed" in public
    assert "The architect agreed." in public
    for name in ("kk.pdf", "ru.docx"):
        assert stranger.get(f"/en/khromtau/demo/council/protocols/{protocol.pk}/{name}").status_code == 200
    front = stranger.get("/en/khromtau/demo/council/").content.decode()
    assert council.chair.account.name in front
    assert "Admit to the vote" in front


def test_a_refused_draft_keeps_what_was_typed(council: Council, ready: Callable[..., Any], secretary: Client, now: datetime) -> None:
    ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    meeting = holding.sitting(council, [Matter.objects.get()], now)
    item = meeting.items.get()
    answer = post(
        secretary, f"{HOME}meetings/1/", 422, do="put", item=item.pk, verdict="not_admit", text_kk="Ұзақ мәтін",
        text_ru="Длинный текст",
    )  # fmt: skip
    page = answer.content.decode()
    assert "Ұзақ мәтін" in page
    assert "Длинный текст" in page
    assert "Choose at least one reason" in page


def test_the_pulse_loads_the_page_anew_when_a_question_is_put(
    council: Council, ready: Callable[..., Any], member: Client, now: datetime
) -> None:
    ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    matter = Matter.objects.get()
    meeting = holding.sitting(council, [matter], now)
    room = f"{HOME}meetings/1/"
    key = member.get(room).context["room"].key
    assert "HX-Refresh" not in member.get(room, {"pulse": key}, headers={"HX-Request": "true"})
    holding.put(council, meeting, matter, Verdict.ADMIT, now)
    assert member.get(room, {"pulse": key}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_an_appeal_through_the_pages(council: Council, ready: Callable[..., Any], secretary: Client, now: datetime) -> None:
    proposal = ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    holding.decided(council, Matter.objects.get(), Verdict.NOT_ADMIT, now, **REFUSAL)
    captain = factories.client_for(proposal.author)
    page = f"{HOME}appeals/{proposal.code}/"
    assert "Земля частная." in captain.get(page).content.decode()
    answer = post(captain, page, 422, text="No.")
    assert "No." in answer.content.decode()
    post(captain, page, text="The land was given to the town in May; the paper is attached to the project.")
    assert "paper is attached" in secretary.get(f"{HOME}matters/1/").content.decode()
    post(secretary, f"{HOME}matters/1/", do="take")
    assert Appeal.objects.get().state == "taken"
    assert Client().get(page).status_code == 302
    assert factories.client_for(factories.make_account()).get(page).status_code == 404


def test_seats_through_the_pages(council: Council, secretary: Client, member: Client) -> None:
    coordinator = factories.client_for(council.coordinator)
    person = factories.make_account("Жаңа Мүше", email="new@town.example")
    page = f"{HOME}seats/"
    fields: dict[str, Any] = {
        "do": "name", "role": "member", "since": "2026-01-01", "until": "", "basis": "Order No. 3", "votes": "yes",
    }  # fmt: skip
    assert "Nobody has signed in" in post(coordinator, page, 422, contact="nobody@town.example", **fields).content.decode()
    post(coordinator, page, contact="new@town.example", **fields)
    newcomer = factories.client_for(person)
    assert "Will you sit in the Council?" in newcomer.get(page).content.decode()
    seat = person.council_seats.get()
    post(member, page, 403, do="accept", seat=seat.pk)
    post(newcomer, page, do="accept", seat=seat.pk)
    post(newcomer, page, do="tell", seat=seat.pk, kind=InterestKind.RELATIVE.value, detail="Серік Ахметов")
    assert "Серік Ахметов" in secretary.get(page).content.decode()
    assert "Серік Ахметов" not in member.get(page).content.decode()
    post(secretary, page, 403, do="end", seat=seat.pk, reason="Because I say so")


@pytest.mark.parametrize("path", ["", "seats/", "meetings/new/", "meetings/1/", "meetings/1/protocol/", "matters/1/"])
def test_others_do_not_see_the_pages_of_the_council(
    council: Council, ready: Callable[..., Any], now: datetime, path: str
) -> None:
    ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    holding.decided(council, Matter.objects.get(), Verdict.ADMIT, now)
    editor = factories.client_for(factories.make_staff(Role.EDITOR, council.round.city))
    assert editor.get(HOME + path).status_code == 404
    assert Client().get(HOME + path).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_page_costs_the_same_for_many_matters(
    council: Council, ready: Callable[..., Any], secretary: Client, now: datetime, count: int
) -> None:
    for _ in range(count):
        ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    secretary.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        secretary.get(HOME)
    assert len(queries) == 14


def test_nothing_is_decided_by_an_address_that_is_not_there(council: Council, secretary: Client) -> None:
    for path in ("meetings/9/", "matters/9/", "meetings/9/protocol/"):
        assert secretary.get(HOME + path).status_code == 404
    post(secretary, HOME, 404, do="explode")
    post(secretary, HOME, 404, do="file", kind="coup")
    assert not Decision.objects.exists()
