"""What the database itself refuses about the Council, on either database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from qatysu.council import commands
from qatysu.council.models import Decision, Matter, Poll, PollVote, Verdict
from qatysu.proposals import commands as proposals
from qatysu.proposals.models import State
from qatysu.vault.triggers import refused_by
from tests.council import holding
from tests.council.holding import Council

pytestmark = pytest.mark.django_db


def refused(sql: str, *params: object) -> str:
    """Name of the guard that refuses a statement; the attempt is undone."""
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return refused_by(error.value)


@pytest.fixture
def decided(council: Council, ready: Any, now: datetime) -> Decision:
    """A project that was admitted by a vote."""
    ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    holding.decided(council, Matter.objects.get(), Verdict.ADMIT, now)
    return Decision.objects.get()


@pytest.mark.parametrize(
    ("sql", "guard"),
    [
        ("UPDATE council_decision SET verdict = 'not_admit'", "qatysu:council:decision_kept"),
        ("UPDATE council_decision SET text_ru = 'x'", "qatysu:council:decision_kept"),
        ("DELETE FROM council_decision", "qatysu:council:decision_kept"),
        ("UPDATE council_poll SET outcome = 'not_adopted'", "qatysu:council:poll_kept"),
        ("DELETE FROM council_poll", "qatysu:council:poll_kept"),
        ("UPDATE council_pollvote SET voice = 'against'", "qatysu:append_only:council_pollvote"),
        ("DELETE FROM council_pollvote", "qatysu:append_only:council_pollvote"),
        ("DELETE FROM council_seat", "qatysu:council:seat_kept"),
        ("DELETE FROM council_meeting", "qatysu:council:meeting_kept"),
        ("DELETE FROM council_attendance", "qatysu:council:attendance_kept"),
    ],
)
def test_what_was_decided_stays(decided: Decision, sql: str, guard: str) -> None:
    assert refused(sql) == guard


def test_no_voice_comes_after_the_count(decided: Decision, council: Council, now: datetime) -> None:
    vote = PollVote.objects.filter(poll=decided.poll).first()
    assert vote is not None
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        PollVote.objects.create(
            poll=decided.poll, seat=vote.seat, voice="for", at=now, entered_by=council.keeper
        )
    assert refused_by(error.value) == "qatysu:council:poll_closed"


def test_a_project_does_not_pass_by_the_council(council: Council, ready: Any, now: datetime) -> None:
    proposal = ready()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        proposals.admit_proposal(actor=council.chair.account, proposal=proposal, now=now)
    assert refused_by(error.value) == "qatysu:gate:council_decides"
    assert refused("UPDATE proposals_proposal SET state = 'admitted' WHERE id = %s", proposal.pk) == "qatysu:gate:council_decides"
    proposal.refresh_from_db()
    assert proposal.state == State.READY


def test_a_decision_opens_the_gate_once(decided: Decision, council: Council, now: datetime) -> None:
    proposal = decided.matter.proposal
    assert proposal is not None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE proposals_proposal SET state = 'ready' WHERE id = %s", [proposal.pk])
    assert refused("UPDATE proposals_proposal SET state = 'admitted' WHERE id = %s", proposal.pk) == "qatysu:gate:council_decides"


def test_an_open_question_keeps_its_words(council: Council, ready: Any, now: datetime) -> None:
    ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    matter = Matter.objects.get()
    holding.put(council, holding.sitting(council, [matter], now), matter, Verdict.ADMIT, now)
    assert refused("UPDATE council_poll SET verdict = 'merge'") == "qatysu:council:poll_kept"
    assert Poll.objects.get().verdict == Verdict.ADMIT


def test_a_frozen_protocol_stays(council: Council, decided: Decision, now: datetime) -> None:
    protocol = holding.recorded(decided.poll.item.meeting, now)
    assert refused("UPDATE council_protocol SET number = 'x' WHERE id = %s", protocol.pk) == "qatysu:council:protocol_kept"
    assert refused("UPDATE council_protocol SET state = 'draft' WHERE id = %s", protocol.pk) == "qatysu:council:protocol_kept"
    assert refused("DELETE FROM council_protocol WHERE id = %s", protocol.pk) == "qatysu:council:protocol_kept"
