"""Tasks: small steps with a person and a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from qatysu.coaching import commands as sessions
from qatysu.coaching.commands import talking as commands
from qatysu.coaching.models import Task, Work, Workspace
from qatysu.coaching.queries import talking
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.identity.models import Account
from qatysu.outbox.models import Message
from qatysu.rounds.models import Round
from tests import factories

from . import rooms
from .test_talk_notes import HOSTILE, url

pytestmark = pytest.mark.django_db


def add(
    actor: Account, room: Workspace, text: str, now: datetime, assignee: Account | None = None, due: date | None = None
) -> Task:
    pk = assignee.pk if assignee else None
    return commands.add_task(actor=actor, workspace=room, text=text, assignee=pk, due_on=due, now=now)


def test_own_tasks_come_first_and_then_by_day(captain: Account, mate: Account, room: Workspace, now: datetime) -> None:
    today = now.date()
    add(captain, room, "Кейін", now, mate, today + timedelta(days=9))
    add(captain, room, "Күнсіз", now)
    add(captain, room, "Ертең", now, mate, today + timedelta(days=1))
    add(mate, room, "Менікі", now, captain)

    found = talking.chores_of(room, captain, now)

    assert [chore.task.text for chore in found.mine] == ["Менікі"]
    assert [chore.task.text for chore in found.others] == ["Ертең", "Кейін", "Күнсіз"]


def test_a_task_that_is_late_says_so_in_words(captain: Account, room: Workspace, now: datetime) -> None:
    Task.objects.create(workspace=room, text="Кеше", due_on=now.date() - timedelta(days=3), author=captain, at=now)

    chore = talking.chores_of(room, captain, now).others[0]
    page = factories.client_for(captain).get(url("workspace_tasks", room)).content.decode()

    assert chore.late_by in (2, 3)  # the day is the city's
    assert 'class="late"' in page


def test_the_person_who_gets_a_task_is_told_and_nobody_else(
    captain: Account, mate: Account, room: Workspace, now: datetime
) -> None:
    mine = add(captain, room, "Өзім", now, captain)
    assert Message.objects.count() == 0

    commands.give_task(actor=captain, task=mine, assignee=mate.pk, due_on=None, now=now)
    assert list(Message.objects.values_list("account_id", flat=True)) == [mate.pk]


def test_a_stranger_or_a_wild_day_is_refused(captain: Account, room: Workspace, now: datetime) -> None:
    with pytest.raises(Invalid, match="assignee"):
        add(captain, room, "Кім?", now, factories.make_account())
    for day in (now.date() - timedelta(days=9), date(9999, 1, 1)):
        with pytest.raises(Invalid, match="due_on"):
            add(captain, room, "Қашан?", now, None, day)
    assert Task.objects.count() == 0


def test_done_and_not_done_after_all(captain: Account, mate: Account, room: Workspace, now: datetime) -> None:
    task = add(captain, room, "Іс", now)

    done = commands.finish_task(actor=mate, task=task, is_done=True, now=now)
    again = commands.finish_task(actor=captain, task=task, is_done=True, now=now)
    assert (done.done_by, again.done_by) == (mate, mate)
    with pytest.raises(Conflict, match="task_done"):
        commands.give_task(actor=captain, task=task, assignee=None, due_on=None, now=now)

    commands.finish_task(actor=captain, task=task, is_done=False, now=now)
    assert [chore.task for chore in talking.chores_of(room, captain, now).others] == [task]


def test_an_open_remark_is_offered_as_a_task_once(
    captain: Account, coach: Account, room: Workspace, annotation: Work, now: datetime
) -> None:
    remark = sessions.add_remark(
        actor=coach, work=annotation, field="problem", text="Неше адам?\n" + "а" * 400, language="kk", now=now
    )
    assert talking.chores_of(room, captain, now).suggested == (remark,)

    task = commands.task_of_remark(actor=captain, remark=remark, now=now)
    assert task == commands.task_of_remark(actor=captain, remark=remark, now=now)

    assert len(task.text) == commands.LONGEST_TASK
    assert talking.chores_of(room, captain, now).suggested == ()
    sessions.resolve_remark(actor=coach, remark=remark, now=now)
    with pytest.raises(Conflict, match="remark_resolved"):
        commands.task_of_remark(actor=captain, remark=remark, now=now)


def test_a_task_of_another_team_is_not_found(captain: Account, room: Workspace, round: Round, now: datetime) -> None:
    other = rooms.make_room(round)
    theirs = add(other.proposal.author, other, "Құпия", now)
    browser = factories.client_for(captain)

    assert browser.post(url("workspace_task", room, pk=theirs.pk), {"act": "done"}).status_code == 404
    assert browser.post(url("workspace_task", other, pk=theirs.pk), {"act": "done"}).status_code == 404
    theirs.workspace = room
    with pytest.raises(NotFound):
        commands.finish_task(actor=captain, task=theirs, is_done=True, now=now)
    assert Task.objects.get().done_at is None


def test_the_page_adds_finishes_and_gives(captain: Account, mate: Account, room: Workspace, now: datetime) -> None:
    browser = factories.client_for(captain)
    day = now.date() + timedelta(days=4)

    browser.post(url("workspace_tasks", room), {"text": HOSTILE, "assignee": mate.pk, "due_on": day.isoformat()})
    task = Task.objects.get()
    assert (task.assignee, task.due_on) == (mate, day)
    browser.post(url("workspace_task", room, pk=task.pk), {"act": "give", "assignee": "", "due_on": ""})
    task.refresh_from_db()
    assert (task.assignee, task.due_on) == (None, None)
    browser.post(url("workspace_task", room, pk=task.pk), {"act": "done"})
    page = browser.get(url("workspace_tasks", room)).content.decode()
    assert "<script>alert" not in page
    assert Task.objects.get().done_by == captain


@pytest.mark.parametrize(
    "sent", [{}, {"text": "Іс", "due_on": "31-31"}, {"text": "Іс", "assignee": "9" * 30}, {"text": "а" * 301}]
)
def test_a_wrong_form_is_answered_beside_the_form(captain: Account, room: Workspace, sent: dict[str, str]) -> None:
    answer = factories.client_for(captain).post(url("workspace_tasks", room), sent)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Task.objects.count() == 0


def test_tasks_cost_the_same_however_many_there_are(
    captain: Account, room: Workspace, now: datetime, django_assert_num_queries: object
) -> None:
    for number in (1, 30):
        for i in range(number):
            Task.objects.create(workspace=room, text=f"{i}", assignee=captain, author=captain, at=now)
        with django_assert_num_queries(3):  # type: ignore[operator]
            talking.chores_of(room, captain, now)
