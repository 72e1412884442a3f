"""Reading, returning, accepting: what the Centre's page does and what it refuses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from qatysu.coaching import commands
from qatysu.coaching.models import CannedRemark, Remark, Work, Workspace, WorkState
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
from tests import factories

from . import rooms
from .test_centre_board import at, hand_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(coach: Account) -> Client:
    return factories.client_for(coach)


def write(work: Work, captain: Account, now: datetime, raw: dict[str, Any] | None = None) -> Work:
    """Everything the module asks for, or ``raw``."""
    raw = raw or rooms.FULL[work.module.slug]
    return commands.save_work(actor=captain, work=work, base=work.version, raw=raw, now=now, new_id=rooms.ids()).work


@pytest.fixture
def handed(annotation: Work, captain: Account, now: datetime) -> Work:
    write(annotation, captain, now - timedelta(hours=3))
    commands.submit_work(actor=captain, work=annotation, now=now - timedelta(hours=2))
    return rooms.work_in(annotation.workspace, "annotation")


def page_of(work: Work) -> str:
    room = work.workspace
    return at("centre_review", room.proposal.round, code=room.proposal.code, module=work.module.slug)


def test_answers_are_read_beside_places_for_remarks(browser: Client, handed: Work) -> None:
    page = browser.get(page_of(handed)).content.decode()
    assert "Аулада қараңғы." in page
    assert 'name="remark.problem"' in page
    assert 'name="remark."' in page


def test_return_with_remarks_and_read_what_changed(
    browser: Client, handed: Work, captain: Account, now: datetime
) -> None:
    sent = {
        "do": "return",
        "version": handed.version,
        "remark.problem": "Қай көше?",
        "remark.": "Жақсы бастама",
        "remark.people": " ",
    }
    assert browser.post(page_of(handed), sent).status_code == 302
    work = rooms.work_in(handed.workspace, "annotation")
    assert work.state == WorkState.RETURNED
    assert set(work.remarks.values_list("field", "text")) == {("problem", "Қай көше?"), ("", "Жақсы бастама")}

    later = now + timedelta(hours=1)
    write(work, captain, later, {"problem": "Абай көшесінде қараңғы."})
    commands.submit_work(actor=captain, work=work, now=later)
    page = browser.get(page_of(handed)).content.decode()
    assert "What has changed since your answer" in page
    assert "<ins>" in page


def test_a_return_without_a_remark_is_refused_and_keeps_the_page(browser: Client, handed: Work) -> None:
    answer = browser.post(page_of(handed), {"do": "return", "version": handed.version})
    assert answer.status_code == 422
    assert "Write at least one remark" in answer.content.decode()
    assert rooms.work_in(handed.workspace, "annotation").state == WorkState.SUBMITTED


def test_accepting_over_open_remarks_asks_first(browser: Client, handed: Work, coach: Account, now: datetime) -> None:
    commands.add_remark(actor=coach, work=handed, field="problem", text="Неше шам?", language="kk", now=now)
    asked = browser.post(page_of(handed), {"do": "accept", "version": handed.version, "remark.people": "Дәлірек"})
    assert asked.status_code == 409
    assert "Accept in spite of remarks?" in asked.content.decode()
    assert "Дәлірек" in asked.content.decode()
    assert rooms.work_in(handed.workspace, "annotation").state == WorkState.SUBMITTED

    done = browser.post(page_of(handed), {"do": "accept!", "version": handed.version, "remark.people": "Дәлірек"})
    assert done.status_code == 302
    assert rooms.work_in(handed.workspace, "annotation").state == WorkState.ACCEPTED
    assert Remark.objects.filter(resolved_at=None).count() == 0
    assert Remark.objects.count() == 2


def test_accepting_without_remarks_is_one_click(browser: Client, handed: Work) -> None:
    assert browser.post(page_of(handed), {"do": "accept", "version": handed.version}).status_code == 302
    assert rooms.work_in(handed.workspace, "annotation").state == WorkState.ACCEPTED


def test_nobody_decides_on_a_version_that_was_not_read(browser: Client, handed: Work) -> None:
    answer = browser.post(page_of(handed), {"do": "accept", "version": handed.version - 1})
    assert answer.status_code == 409
    assert rooms.work_in(handed.workspace, "annotation").state == WorkState.SUBMITTED


def test_a_ready_remark_is_put_in_without_a_script(browser: Client, handed: Work, round: Round) -> None:
    texts = {"text_kk": "Дереккөзі қайда?", "text_ru": "Где источник?"}
    ready = CannedRemark.objects.create(round=round, module=handed.module, **texts)
    elsewhere = rooms.work_in(handed.workspace, "technical").module
    other = CannedRemark.objects.create(round=round, module=elsewhere, **texts)
    sent = {"do": "canned:problem", "canned.problem": ready.pk, "remark.problem": "Бұрынғы", "remark.people": "Неше?"}
    page = browser.post(page_of(handed), sent).content.decode()
    expected = "Дереккөзі қайда?" if handed.workspace.proposal.language == "kk" else "Где источник?"
    assert f"Бұрынғы\n{expected}</textarea>" in page
    assert "Неше?</textarea>" in page
    assert not Remark.objects.exists()
    untouched = browser.post(page_of(handed), sent | {"canned.problem": other.pk}).content.decode()
    assert "Бұрынғы</textarea>" in untouched


def test_estimates_are_shown_with_sums_and_doubts(
    browser: Client, technical: Work, captain: Account, now: datetime
) -> None:
    write(technical, captain, now, {"estimate": [rooms.line(source=""), rooms.line(item="Шам", price="1000")]})
    page = browser.get(page_of(technical)).content.decode()
    assert "where is the price from?" in page
    assert "Cost of the project" in page
    assert "Шам" in page


def test_the_next_in_the_queue_is_offered(browser: Client, handed: Work, round: Round, now: datetime) -> None:
    second = rooms.make_room(round)
    hand_in(second, "annotation", now - timedelta(days=1))
    assert (
        at("centre_review", round, code=second.proposal.code, module="annotation")
        in browser.get(page_of(handed)).content.decode()
    )


def test_remarks_while_the_team_writes(browser: Client, annotation: Work) -> None:
    assert browser.post(page_of(annotation), {"do": "remark", "remark.problem": "Кеңес"}).status_code == 302
    assert browser.post(page_of(annotation), {"do": "remark"}).status_code == 422
    assert Remark.objects.get().text == "Кеңес"
    assert rooms.work_in(annotation.workspace, "annotation").state == WorkState.OPEN


@pytest.mark.parametrize("role", [Role.EXPERT, Role.COORDINATOR, Role.CONSULTANT])
def test_readers_of_the_centre_decide_nothing(role: Role, handed: Work, round: Round) -> None:
    reader = factories.client_for(rooms.staff(role, round))
    assert reader.get(page_of(handed)).status_code == 200
    answer = reader.post(page_of(handed), {"do": "accept", "version": handed.version})
    assert rooms.work_in(handed.workspace, "annotation").state == WorkState.SUBMITTED or role == Role.CONSULTANT
    assert answer.status_code in (302, 403)


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "explode"},
        {"do": "return", "version": "x", "remark.problem": "a"},
        {"do": "return", "remark.unknown": "a"},
        {"do": "remark", "remark.problem": "я" * 2001},
        {"do": "canned:", "canned.": "9" * 40},
        {"do": "canned:\0"},
        {"do": "remark", "remark.problem": "<script>alert(1)</script>\0"},
    ],
)
def test_hostile_input_never_fails(browser: Client, handed: Work, sent: dict[str, str]) -> None:
    answer = browser.post(page_of(handed), sent)
    assert answer.status_code in (200, 302, 409, 422)
    assert b"<script>alert" not in browser.get(page_of(handed)).content
    assert rooms.work_in(handed.workspace, "annotation").state == WorkState.SUBMITTED


def test_the_page_asks_few_queries_whatever_the_history(
    browser: Client, handed: Work, coach: Account, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for n in range(20):
        commands.add_remark(actor=coach, work=handed, field="problem", text=f"{n}", language="kk", now=now)
    with django_assert_max_num_queries(45):
        assert browser.get(page_of(handed)).status_code == 200


def test_an_absent_team_or_module_is_a_404(browser: Client, round: Round, room: Workspace) -> None:
    assert browser.get(at("centre_review", round, code="999", module="annotation")).status_code == 404
    assert browser.get(at("centre_review", round, code=room.proposal.code, module="nothing")).status_code == 404
