"""Quizzes and certificates: as many tries as one likes, and nothing demanded that takes being there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pypdfium2
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from qatysu.coaching import certificate_print
from qatysu.coaching.commands import learning as commands
from qatysu.coaching.models import Attendance, Certificate, Event, Module, QuizAttempt, Workspace, WorkState
from qatysu.coaching.queries import learning
from qatysu.core.errors import Invalid, NotAllowed, NotFound, TooMany
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.rounds.models import Round
from qatysu.web.person_data import erase_person, export_person
from tests import factories

from . import rooms
from .test_events import address
from .test_talk_notes import url

pytestmark = pytest.mark.django_db

RIGHT = {"one": "a", "two": "b", "three": "a", "four": "b"}


def question(id_: str, answer: str) -> dict[str, Any]:
    options = [{"id": key, "label": rooms.words(f"{id_} {key}")} for key in ("a", "b")]
    return {
        "id": id_,
        "question": rooms.words(f"Сұрақ {id_}?"),
        "options": options,
        "answer": answer,
        "why": rooms.words(f"Себебі {id_}."),
    }


@pytest.fixture
def module(round: Round) -> Module:
    found = Module.objects.get(round=round, slug="annotation")
    found.quiz = [question(key, answer) for key, answer in RIGHT.items()]
    found.save()
    return found


def take(actor: Account, room: Workspace, module: Module, now: datetime, **answers: str) -> QuizAttempt:
    return commands.take_quiz(actor=actor, workspace=room, module=module, answers=answers, now=now)


def test_three_quarters_pass_and_the_best_try_counts(
    captain: Account, room: Workspace, module: Module, now: datetime
) -> None:
    assert learning.needed(4) == 3
    half = take(captain, room, module, now, one="a", two="b")
    good = take(captain, room, module, now, **RIGHT | {"four": "a"})
    take(captain, room, module, now, one="b")

    assert (half.right, half.total, half.is_passed) == (2, 4, False)
    assert good.is_passed
    assert learning.best_of(module, captain) == good


def test_unknown_answers_are_left_out_and_none_at_all_is_refused(
    captain: Account, room: Workspace, module: Module, now: datetime
) -> None:
    tried = take(captain, room, module, now, one="a", two="zzz", nothing="a")
    assert tried.answers == {"one": "a"}
    with pytest.raises(Invalid, match="quiz_empty"):
        take(captain, room, module, now, two="<script>")


def test_only_the_team_is_tested(coach: Account, room: Workspace, round: Round, module: Module, now: datetime) -> None:
    with pytest.raises(NotAllowed, match="team_only"):
        take(coach, room, module, now, **RIGHT)
    with pytest.raises(NotAllowed):
        take(rooms.make_room(round).proposal.author, room, module, now, **RIGHT)


def test_a_module_without_a_quiz_or_of_another_round_has_none(
    captain: Account, room: Workspace, round: Round, city: City, module: Module, now: datetime
) -> None:
    with pytest.raises(NotFound):
        take(captain, room, Module.objects.get(round=round, slug="technical"), now, **RIGHT)
    foreign = Module.objects.get(round=rooms.make_sessions(city, "other"), slug="annotation")
    foreign.quiz = module.quiz
    with pytest.raises(NotFound):
        take(captain, room, foreign, now, **RIGHT)
    assert factories.client_for(captain).get(url("workspace_quiz", room, module="technical")).status_code == 404


def test_a_machine_that_tries_all_answers_is_slowed(
    captain: Account, room: Workspace, module: Module, now: datetime
) -> None:
    for _ in range(commands.TRIES.most):
        take(captain, room, module, now, one="a")
    with pytest.raises(TooMany):
        take(captain, room, module, now, one="a")


def test_a_try_is_never_changed(captain: Account, room: Workspace, module: Module, now: datetime) -> None:
    tried = take(captain, room, module, now, one="a")
    with pytest.raises(DatabaseError), transaction.atomic():
        QuizAttempt.objects.filter(pk=tried.pk).update(right=4, is_passed=True)


def test_answers_are_told_only_after_sending_and_only_to_the_person(
    captain: Account, mate: Account, room: Workspace, module: Module
) -> None:
    browser, page = factories.client_for(captain), url("workspace_quiz", room, module="annotation")
    before = browser.get(page).content.decode()
    assert "Себебі" not in before
    assert before.count('type="radio"') == 8
    assert before.count("<fieldset") == 4

    sent = browser.post(page, {f"q-{key}": value for key, value in (RIGHT | {"two": "a"}).items()})
    after = browser.get(sent["Location"].split("#")[0]).content.decode()

    assert "Себебі two." in after
    assert after.count("status--ok") == 3
    attempt = QuizAttempt.objects.get()
    assert factories.client_for(mate).get(f"{page}?attempt={attempt.pk}").status_code == 404
    assert "status--" not in factories.client_for(mate).get(page).content.decode()


def test_an_anonymous_person_is_asked_to_sign_in_and_another_team_finds_nothing(
    room: Workspace, round: Round, module: Module
) -> None:
    page = url("workspace_quiz", room, module="annotation")
    assert Client().get(page).status_code == 302
    assert factories.client_for(rooms.make_room(round).proposal.author).get(page).status_code == 404


def test_the_centre_sees_the_results_of_a_team_and_the_mates_do_not(
    captain: Account, mate: Account, coach: Account, room: Workspace, module: Module, now: datetime
) -> None:
    take(captain, room, module, now, **RIGHT)
    page = url("workspace_quiz", room, module="annotation")
    assert captain.name in factories.client_for(coach).get(page).content.decode()
    assert captain.name not in factories.client_for(mate).get(page).content.decode()
    assert [(one.account, one.tries) for one in learning.results_of(room, module)] == [(captain, 1), (mate, 0)]


def test_an_empty_quiz_form_is_answered_in_words(captain: Account, room: Workspace, module: Module) -> None:
    answer = factories.client_for(captain).post(url("workspace_quiz", room, module="annotation"), {}, follow=True)
    assert 'role="alert"' in answer.content.decode()


# Certificates


@pytest.fixture
def lead(round: Round) -> Account:
    return rooms.staff(Role.CENTRE_LEAD, round, "Гүлнар А.")


def accept(room: Workspace, by: Account, now: datetime, slug: str = "annotation") -> None:
    work = rooms.work_in(room, slug)
    work.state, work.decided_at, work.decided_by = WorkState.ACCEPTED, now, by
    work.save()


def issue(actor: Account, round_: Round, now: datetime, *accounts: Account) -> tuple[Certificate, ...]:
    chosen = [account.pk for account in accounts] or None
    return commands.issue_certificates(actor=actor, round_=round_, accounts=chosen, now=now)


def test_a_certificate_tells_what_was_done_at_that_moment(
    captain: Account,
    mate: Account,
    coach: Account,
    lead: Account,
    room: Workspace,
    round: Round,
    module: Module,
    now: datetime,
) -> None:
    accept(room, coach, now)
    take(captain, room, module, now, **RIGHT)
    take(captain, room, module, now, **RIGHT)
    event = Event.objects.create(
        round=round,
        title_kk="К",
        title_ru="В",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        created_by=coach,
        changed_at=now,
    )
    Attendance.objects.create(event=event, account=captain, marked_by=coach, at=now)

    made = {row.account: row for row in issue(lead, round, now)}

    assert made[captain].facts == {
        "code": room.proposal.code, "title": room.proposal.title,
        "titles": {"kk": room.proposal.title}, "modules": 1, "of_modules": 2,
        "is_ready": False, "quizzes": 1, "of_quizzes": 1, "events": 1,
    }  # fmt: skip
    assert made[mate].facts["events"] == 0  # the team counts: nobody has to come
    assert {row.number for row in made.values()} == {1, 2}
    assert Message.objects.filter(dedupe_key__startswith="certificate:").count() == 2


def test_only_earned_certificates_are_issued_each_once_and_to_people_with_a_name(
    captain: Account, mate: Account, lead: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    nothing_yet = rooms.make_room(round)
    mate.name = ""
    mate.save()
    assert issue(lead, round, now) == ()
    accept(room, coach, now)

    assert [row.account for row in issue(lead, round, now, captain, mate, nothing_yet.proposal.author, lead)] == [
        captain
    ]
    assert issue(lead, round, now) == ()
    mate.name = "Марат Бек"
    mate.save()
    assert [(row.account, row.number, row.name) for row in issue(lead, round, now)] == [(mate, 2, "Марат Бек")]


def test_a_ready_project_earns_too_and_the_farther_team_of_a_person_counts(
    captain: Account, lead: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    second = rooms.make_room(round, author=captain)
    second.proposal.state = State.WITHDRAWN
    second.proposal.save()
    accept(second, coach, now)
    (one,) = [one for one in learning.participants(round) if one.account == captain]
    assert (one.room, one.modules, one.has_earned) == (second, 1, True)


@pytest.mark.parametrize("role", [Role.COACH, Role.CONSULTANT, Role.EXPERT])
def test_others_do_not_issue(room: Workspace, round: Round, now: datetime, role: Role) -> None:
    person = rooms.staff(role, round)
    with pytest.raises(NotAllowed):
        issue(person, round, now)
    assert factories.client_for(person).get(address("centre_certificates", round)).status_code == 404


def test_the_page_issues_for_those_ticked_and_for_all(
    captain: Account, mate: Account, lead: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    accept(room, coach, now)
    browser, page = factories.client_for(lead), address("centre_certificates", round)
    assert browser.get(page).content.decode().count('name="person"') == 2
    browser.post(page, {"act": "chosen"})
    browser.post(page, {"act": "chosen", "person": ["x", "9" * 30]})
    assert Certificate.objects.count() == 0
    browser.post(page, {"act": "chosen", "person": str(captain.pk)})
    assert Certificate.objects.get().account == captain
    browser.post(page, {"act": "all"})
    assert Certificate.objects.count() == 2


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_person_prints_it_and_nobody_else(
    captain: Account,
    mate: Account,
    lead: Account,
    coach: Account,
    room: Workspace,
    round: Round,
    now: datetime,
    language: str,
) -> None:
    accept(room, coach, now)
    row = next(row for row in issue(lead, round, now) if row.account == captain)
    with translation.override(language):
        pdf = reverse("certificate_pdf", kwargs={"pk": row.pk, "language": language})

    body = factories.client_for(captain).get(pdf).content
    text = pypdfium2.PdfDocument(body)[0].get_textpage().get_text_range()

    assert captain.name in text
    assert certificate_print.number_of(row) in text
    assert f"/{language}/{round.city.slug}/{round.slug}/certificates/{row.number}/".encode() in body
    assert factories.client_for(mate).get(pdf).status_code == 404
    assert factories.client_for(lead).get(pdf).status_code == 200
    assert factories.client_for(captain).get(pdf.replace(f"{language}.pdf", "en.pdf")).status_code == 404
    assert Client().get(pdf).status_code == 302


def test_everybody_may_check_a_number_and_learns_no_name(
    captain: Account, lead: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    captain.name = "Лаура Сейткали"
    captain.save()
    accept(room, coach, now)
    (row,) = issue(lead, round, now)

    page = Client().get(address("certificate_check", round, number=row.number)).content.decode()

    assert "Сейткали" not in page
    assert "Л." in page
    assert certificate_print.number_of(row) in page
    assert "noindex" in page
    for number in (0, 99, 10**30):
        assert Client().get(address("certificate_check", round, number=number)).status_code == 404
    round.is_public = False
    round.save()
    assert Client().get(address("certificate_check", round, number=row.number)).status_code == 404


def test_who_erases_the_account_leaves_a_number_without_a_name(
    captain: Account, lead: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    accept(room, coach, now)
    issue(lead, round, now)
    assert [one["number"] for one in export_person(captain, now)["sessions"]["certificates"]] == [1]

    erase_person(actor=captain, now=now)

    assert Certificate.objects.get().name == ""
    assert Client().get(address("certificate_check", round, number=1)).status_code == 200


def test_the_list_costs_the_same_however_many_people_there_are(
    lead: Account, coach: Account, round: Round, module: Module, now: datetime
) -> None:
    counts = set()
    for number in (1, 6):
        for _ in range(number):
            room = rooms.make_room(round)
            accept(room, coach, now)
            take(room.proposal.author, room, module, now, **RIGHT)
        with CaptureQueriesContext(connection) as captured:
            learning.participants(round)
        counts.add(len(captured))
    assert counts == {7}
