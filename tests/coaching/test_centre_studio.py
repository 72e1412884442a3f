"""Where the organisers' pages meet the sessions, and the materials of lessons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qatysu.coaching import commands
from qatysu.coaching.models import Lesson, LessonFile, Module, Passport, Workspace
from qatysu.core.regulation import Role, Stage
from qatysu.files.commands import accept_upload
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Round
from tests import factories

from . import rooms
from .test_centre_board import at
from .test_centre_review import write
from .test_centre_team import PDF

pytestmark = pytest.mark.django_db


def decide(browser: Client, proposal: Proposal, verb: str) -> Any:
    return browser.post(at("studio_proposal", proposal.round, code=proposal.code), {"decision": verb})


def test_beginning_a_session_opens_the_room(coach: Account, round: Round) -> None:
    texts = {"problem": rooms.LONG, "solution": rooms.LONG}
    proposal = factories.make_proposal(round, state=State.ACCEPTED, **texts)
    browser = factories.client_for(coach)
    assert decide(browser, proposal, "session").status_code == 302
    room = Workspace.objects.get(proposal=proposal)
    assert (room.proposal.state, room.works.count()) == (State.IN_SESSIONS, 2)
    page = browser.get(at("studio_proposal", round, code=proposal.code)).content.decode()
    assert at("centre_team", round, code=proposal.code) in page


def test_a_round_without_a_course_goes_on_as_before(city: City) -> None:
    round_ = factories.fresh(factories.make_round(city, stage=Stage.SESSIONS))
    proposal = factories.make_proposal(round_, state=State.ACCEPTED, problem=rooms.LONG, solution=rooms.LONG)
    decide(factories.client_for(rooms.staff(Role.COACH, round_)), proposal, "session")
    proposal.refresh_from_db()
    assert proposal.state == State.IN_SESSIONS
    assert not Workspace.objects.exists()


def test_ready_from_the_studio_needs_and_makes_the_passport(
    coach: Account, captain: Account, room: Workspace, now: datetime
) -> None:
    browser = factories.client_for(coach)
    answer = browser.post(
        at("studio_proposal", room.proposal.round, code=room.proposal.code), {"decision": "ready"}, follow=True
    )
    assert "The project is not complete yet" in answer.content.decode()
    assert not Passport.objects.exists()
    for slug in ("annotation", "technical"):
        work = write(rooms.work_in(room, slug), captain, now)
        commands.submit_work(actor=captain, work=work, now=now)
        commands.accept_work(actor=coach, work=work, now=now)
    decide(browser, room.proposal, "ready")
    assert Passport.objects.get().workspace == room
    assert Proposal.objects.get(pk=room.proposal_id).state == State.READY


def test_the_studio_mentions_a_missing_course_and_leads_to_the_centre(round: Round) -> None:
    browser = factories.client_for(rooms.staff(Role.COORDINATOR, round))
    page = browser.get(at("studio_round", round)).content.decode()
    assert "The round has no course yet" not in page
    assert at("centre_board", round) in page
    Module.objects.filter(round=round).delete()
    for name in ("studio_round", "studio_check"):
        assert "The round has no course yet" in browser.get(at(name, round)).content.decode()


def test_who_may_not_see_the_centre_gets_no_link(round: Round) -> None:
    page = factories.client_for(rooms.staff(Role.FUNDER, round)).get(at("studio_round", round)).content.decode()
    assert at("centre_board", round) not in page


def test_materials_of_lessons(round: Round, captain: Account, coach: Account, city: City, now: datetime) -> None:
    module = Module.objects.filter(round=round).first()
    lesson = Lesson.objects.create(module=module, position=1, slug="one", title_kk="Бір", title_ru="Один")
    stored = accept_upload(owner=coach, upload=SimpleUploadedFile("sample.pdf", PDF), now=now)
    LessonFile.objects.create(lesson=lesson, file=stored, title_kk="Үлгі", title_ru="Образец")
    url = at("lesson_file", round, public_id=stored.public_id)
    assert factories.client_for(captain, verified=False).get(url).status_code == 200
    assert Client().get(url).status_code == 302
    other = rooms.make_sessions(city, "other")
    assert factories.client_for(captain).get(at("lesson_file", other, public_id=stored.public_id)).status_code == 404
    Round.objects.filter(pk=round.pk).update(is_public=False)
    assert factories.client_for(captain).get(url).status_code == 404
