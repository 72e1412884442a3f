"""One team in the Centre: coach, leaving, readiness, experts, specialists, translations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from qatysu.audit.models import Deed
from qatysu.coaching import commands
from qatysu.coaching.models import Opinion, Passport, SpecialistInvite, Work, Workspace, WorkState, WorkTranslation
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Round
from tests import factories

from . import rooms
from .test_centre_board import at
from .test_centre_review import write

pytestmark = pytest.mark.django_db
TOKEN = "a-token-that-nobody-guesses-0123456789"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def browser(coach: Account) -> Client:
    return factories.client_for(coach)


@pytest.fixture
def lead(round: Round) -> Client:
    return factories.client_for(rooms.staff(Role.CENTRE_LEAD, round, "Сергей В."))


@pytest.fixture
def expert(round: Round) -> Client:
    return factories.client_for(rooms.staff(Role.EXPERT, round, "Ерлан Б."))


def of(name: str, room: Workspace, **more: Any) -> str:
    return at(name, room.proposal.round, code=room.proposal.code, **more)


def by_link(token: str = TOKEN) -> str:
    with translation.override("en"):
        return reverse("opinion", kwargs={"token": token})


@pytest.fixture
def asked(room: Workspace, coach: Account, now: datetime) -> SpecialistInvite:
    return commands.invite_specialist(
        actor=coach,
        workspace=room,
        name="Серік А.",
        organisation="Электр желілері",
        question="Қуат жете ме?",
        language="kk",
        days=14,
        token=TOKEN,
        now=now,
    )


def test_the_page_of_a_team(
    browser: Client, room: Workspace, annotation: Work, captain: Account, now: datetime
) -> None:
    write(annotation, captain, now)
    commands.submit_work(actor=captain, work=annotation, now=now)
    page = browser.get(of("centre_team", room)).content.decode()
    assert of("centre_review", room, module="annotation") in page
    assert "Нұрлан Ж." in page
    assert "A module was handed in" in page
    assert "is not accepted" in page


def test_a_coach_takes_a_free_team_and_the_lead_gives_it_to_another(
    browser: Client, lead: Client, room: Workspace, round: Round, coach: Account, captain: Account
) -> None:
    free = rooms.make_room(round)
    assert "Take this team" in browser.get(of("centre_team", free)).content.decode()
    browser.post(of("centre_assign", free), {"coach": "me"})
    free.refresh_from_db()
    assert free.coach == coach

    other = rooms.staff(Role.COACH, round, "Гүлнар А.")
    browser.post(of("centre_assign", free), {"coach": str(other.pk)})
    free.refresh_from_db()
    assert free.coach == coach
    for sent, expected in ((other.pk, other), (captain.pk, other), ("9" * 30, other), ("x", other), ("none", None)):
        lead.post(of("centre_assign", free), {"coach": sent})
        free.refresh_from_db()
        assert free.coach == expected


def test_leaving_needs_a_reason_and_a_tick(browser: Client, room: Workspace) -> None:
    for sent in (
        {"reason_code": "silent", "reason_text": "Үнсіз"},
        {"sure": "1", "reason_code": "no_such", "reason_text": "а"},
    ):
        browser.post(of("centre_dropout", room), sent)
        assert Proposal.objects.get(pk=room.proposal_id).state == State.IN_SESSIONS
    browser.post(of("centre_dropout", room), {"sure": "1", "reason_code": "silent", "reason_text": "Үнсіз"})
    gone = Proposal.objects.get(pk=room.proposal_id)
    assert (gone.state, gone.moves.last().reason_code) == (State.WITHDRAWN, "silent")  # type: ignore[union-attr]
    assert "has left the sessions" in browser.get(of("centre_team", room)).content.decode()


def test_ready_only_when_everything_is_accepted(
    browser: Client, room: Workspace, captain: Account, coach: Account, now: datetime
) -> None:
    browser.post(of("centre_ready", room))
    assert not Passport.objects.exists()
    for slug in ("annotation", "technical"):
        work = write(rooms.work_in(room, slug), captain, now)
        commands.submit_work(actor=captain, work=work, now=now)
        commands.accept_work(actor=coach, work=work, now=now)
    assert "Everything is here." in browser.get(of("centre_team", room)).content.decode()
    browser.post(of("centre_ready", room))
    assert Passport.objects.count() == 1
    assert Proposal.objects.get(pk=room.proposal_id).state == State.READY
    assert browser.get(of("centre_team", room)).status_code == 200


def test_an_expert_recommends_and_others_have_no_such_page(
    expert: Client, browser: Client, room: Workspace, annotation: Work, captain: Account, now: datetime
) -> None:
    write(annotation, captain, now)
    url = of("centre_opinion", room)
    assert browser.get(url).status_code == 404
    assert "Аулада қараңғы." in expert.get(url).content.decode()
    empty = expert.post(url, {"verdict": "mend", "text": "  "})
    assert empty.status_code == 422
    assert "Write a few words." in empty.content.decode()
    assert expert.post(url, {"verdict": "great", "text": "Жақсы"}).status_code == 422
    assert expert.post(url, {"verdict": "mend", "text": "Кабельді тереңірек"}).status_code == 302
    assert Opinion.objects.get().verdict == "mend"
    assert "Кабельді тереңірек" in browser.get(of("centre_team", room)).content.decode()


def test_a_link_is_shown_once_and_kept_nowhere(browser: Client, room: Workspace) -> None:
    sent = {"name": "Серік А.", "organisation": "АЭС", "question": "Қуат?", "language": "ru", "days": "7"}
    for wrong in ({"days": "0"}, {"days": "61"}, {"name": ""}, {"language": "xx"}, {"question": "я" * 2001}):
        assert browser.post(of("centre_invite", room), sent | wrong).status_code == 422
    page = browser.post(of("centre_invite", room), sent).content.decode()
    found = re.search(r"http://[^<\"]*/ru/opinion/([\w-]{40,})/", page)
    assert found is not None
    invite = SpecialistInvite.objects.get()
    assert found[1] not in str(invite.__dict__)
    assert not Deed.objects.filter(detail__icontains=found[1]).exists()
    assert found[1] not in browser.get(of("centre_team", room)).content.decode()
    assert Client().get(by_link(found[1])).status_code == 200


def test_a_specialist_reads_answers_and_is_thanked(
    asked: SpecialistInvite, annotation: Work, captain: Account, now: datetime
) -> None:
    write(annotation, captain, now)
    reader = Client()
    page = reader.get(by_link())
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]
    assert "Қуат жете ме?" in page.content.decode()
    assert "Аулада қараңғы." in page.content.decode()
    assert reader.post(by_link(), {"verdict": "fine"}).status_code == 422
    answer = reader.post(by_link(), {"verdict": "fine", "text": "Жетеді"}, follow=True)
    assert "Thank you" in answer.content.decode()
    assert Opinion.objects.get().invite == asked
    for _again in range(6):
        last = reader.post(by_link(), {"verdict": "stop", "text": "Қайта"})
    assert last.status_code == 409
    assert Opinion.objects.count() == 5


def test_links_that_do_not_work_look_the_same(
    asked: SpecialistInvite, browser: Client, room: Workspace, now: datetime
) -> None:
    reader = Client()

    def plain(token: str) -> tuple[int, str, str]:
        answer = reader.get(by_link(token))
        text = re.sub(r"value=\"[^\"]*\"|[a-z-]*token[\w-]*|/opinion/[\w-]*", "", answer.content.decode())
        return answer.status_code, answer["Referrer-Policy"], text

    unknown = plain("nobody-made-this")
    SpecialistInvite.objects.filter(pk=asked.pk).update(expires_at=now + timedelta(milliseconds=1))
    over = plain(TOKEN)
    SpecialistInvite.objects.filter(pk=asked.pk).update(expires_at=now + timedelta(days=3))
    assert reader.get(by_link()).status_code == 200
    browser.post(of("centre_revoke", room, pk=asked.pk))
    revoked = plain(TOKEN)
    assert unknown[:2] == over[:2] == revoked[:2] == (404, "no-referrer")
    assert unknown[2] == over[2] == revoked[2]
    assert room.proposal.title not in revoked[2]
    assert reader.post(by_link(), {"verdict": "fine", "text": "x"}).status_code == 404


def test_files_behind_a_link_are_of_that_project_alone(
    asked: SpecialistInvite, technical: Work, captain: Account, round: Round, now: datetime
) -> None:
    def keep(work: Work, who: Account) -> Any:
        upload = SimpleUploadedFile("offer.pdf", PDF, content_type="application/pdf")
        return commands.add_file(actor=who, work=work, field="offers", upload=upload, now=now).file

    mine = keep(technical, captain)
    other_captain = factories.make_account("Басқа К.", city=round.city)
    other = keep(rooms.work_in(rooms.make_room(round, author=other_captain), "technical"), other_captain)
    reader = Client()
    assert reader.get(f"{by_link()}files/{mine.public_id}/").status_code == 200
    assert reader.get(f"{by_link()}files/{other.public_id}/").status_code == 404
    assert reader.get(f"{by_link('wrong')}files/{mine.public_id}/").status_code == 404
    commands.revoke_invite(actor=asked.created_by, invite=asked, now=now)
    assert reader.get(f"{by_link()}files/{mine.public_id}/").status_code == 404


def test_texts_are_translated_side_by_side(browser: Client, annotation: Work, captain: Account, now: datetime) -> None:
    write(annotation, captain, now)
    room = annotation.workspace
    url = of("centre_translate", room, target="ru")
    assert "Аулада қараңғы." in browser.get(url).content.decode()
    key = f"t.{annotation.pk}.problem"
    assert browser.post(url, {key: "Во дворе темно."}).status_code == 302
    assert "1 of 1 texts" in browser.get(url).content.decode()

    write(rooms.work_in(room, "annotation"), captain, now, {"problem": "Аула өте қараңғы."})
    page = browser.get(url).content.decode()
    assert "has changed since" in page
    browser.post(url, {key: "Во дворе темно."})
    assert "has changed since" in browser.get(url).content.decode()
    browser.post(url, {key: "Во дворе темно.", f"ok.{annotation.pk}.problem": "1"})
    assert "the text has changed since" not in browser.get(url).content.decode()

    wrong = browser.post(url, {key: "я" * 20_001})
    assert wrong.status_code == 422
    browser.post(url, {key: ""})
    assert not WorkTranslation.objects.exists()


def test_translation_refuses_other_languages_and_other_people(browser: Client, expert: Client, room: Workspace) -> None:
    assert browser.get(of("centre_translate", room, target="en")).status_code == 404
    assert browser.get(of("centre_translate", room, target="x")).status_code == 404
    assert expert.get(of("centre_translate", room, target="ru")).status_code == 404


def test_another_towns_coach_finds_nothing(room: Workspace, asked: SpecialistInvite) -> None:
    foreign = factories.client_for(factories.make_staff(Role.COACH, factories.make_city("aksu", name_en="Aksu")))
    for name, more in (
        ("centre_team", {}),
        ("centre_review", {"module": "annotation"}),
        ("centre_opinion", {}),
        ("centre_invite", {}),
        ("centre_translate", {"target": "ru"}),
    ):
        assert foreign.get(of(name, room, **more)).status_code == 404, name
    for name, more in (
        ("centre_assign", {}),
        ("centre_dropout", {}),
        ("centre_ready", {}),
        ("centre_revoke", {"pk": asked.pk}),
    ):
        assert foreign.post(of(name, room, **more)).status_code == 404, name


def test_a_coach_does_not_decide_on_the_own_team(round: Round, now: datetime) -> None:
    coach = rooms.staff(Role.COACH, round)
    room = rooms.make_room(round, author=coach)
    work = write(rooms.work_in(room, "annotation"), coach, now)
    commands.submit_work(actor=coach, work=work, now=now)
    own = factories.client_for(coach)
    page = own.get(of("centre_review", room, module="annotation")).content.decode()
    assert "Nobody decides on the own project" in page
    answer = own.post(of("centre_review", room, module="annotation"), {"do": "accept", "version": work.version})
    assert answer.status_code == 403
    assert rooms.work_in(room, "annotation").state == WorkState.SUBMITTED
