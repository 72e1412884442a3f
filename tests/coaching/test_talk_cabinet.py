"""What the sessions put on a person's own page."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qatysu.coaching.commands import talking as commands
from qatysu.coaching.models import Certificate, Event, Task, Workspace
from qatysu.coaching.queries.cabinet import for_cabinet
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
from tests import factories

from . import rooms
from .test_talk_notes import HOSTILE, say

pytestmark = pytest.mark.django_db


def test_tasks_calls_the_next_meeting_and_certificates_are_there(
    captain: Account, mate: Account, coach: Account, room: Workspace, round: Round, now: datetime
) -> None:
    say(captain, room, f"@{mate.name} {HOSTILE}", now)
    commands.add_task(actor=captain, workspace=room, text="Бағаны тап", assignee=mate.pk, due_on=now.date(), now=now)
    for days in (3, 1):
        start = now + timedelta(days=days)
        Event.objects.create(
            round=round, title_kk=f"{days} күннен соң", title_ru="В", starts_at=start, ends_at=start + timedelta(hours=1),
            created_by=coach, changed_at=now,
        )  # fmt: skip
    Certificate.objects.create(
        round=round, account=mate, number=1, name=mate.name, facts={}, issued_at=now, issued_by=coach
    )

    found = for_cabinet(mate, now)
    page = factories.client_for(mate).get("/kk/cabinet/").content.decode()

    assert [chore.task.text for chore in found.tasks] == ["Бағаны тап"]
    assert [call.note.author for call in found.calls] == [captain]
    assert found.coming is not None
    assert found.coming.event.title_kk == "1 күннен соң"
    assert len(found.certificates) == 1
    assert "Бағаны тап" in page
    assert "<script>alert" not in page


def test_somebody_of_no_team_sees_nothing_of_it(room: Workspace, now: datetime) -> None:
    stranger = factories.make_account()
    assert for_cabinet(stranger, now).is_empty
    assert 'id="together"' not in factories.client_for(stranger).get("/kk/cabinet/").content.decode()


def test_who_has_left_the_team_sees_its_words_no_more(
    captain: Account, mate: Account, room: Workspace, now: datetime
) -> None:
    say(captain, room, f"@{mate.name} құпия", now)
    commands.add_task(actor=captain, workspace=room, text="Іс", assignee=mate.pk, due_on=None, now=now)
    room.proposal.team.filter(account=mate).delete()
    assert for_cabinet(mate, now).is_empty


def test_it_costs_the_same_however_much_there_is(captain: Account, mate: Account, round: Round, now: datetime) -> None:
    counts = set()
    for number in (1, 5):
        for _ in range(number):
            room = rooms.make_room(round, author=captain)
            mate_too = rooms.join(room.proposal)
            say(mate_too, room, f"@{captain.name} сөз", now)
            Task.objects.create(workspace=room, text="Іс", assignee=captain, author=captain, at=now)
        with CaptureQueriesContext(connection) as captured:
            for_cabinet(captain, now)
        counts.add(len(captured))
    assert len(counts) == 1, counts
    assert counts.pop() <= 5
