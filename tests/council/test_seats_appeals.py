"""Seats with their roles, and appeals of teams."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from qatysu.core.collegial import SeatRole
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.collegial_states import AppealState, MatterState, SeatState
from qatysu.core.errors import Conflict, Frozen, Invalid, NotAllowed
from qatysu.core.regulation import Role
from qatysu.council import commands, queries
from qatysu.council.models import Appeal, Decision, Matter, Verdict
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Constitution
from qatysu.rounds.queries import roles_of
from tests import factories
from tests.council import holding
from tests.council.holding import Council
from tests.council.test_deciding import REFUSAL

pytestmark = pytest.mark.django_db
WHY = "Жер учаскесі қалаға өткізілді, құжаты бар."


def name(council: Council, now: datetime, **more: Any) -> Any:
    """Another seat."""
    values: dict[str, Any] = {
        "actor": council.coordinator, "round_": council.round, "account": factories.make_account("Жаңа Мүше"),
        "role": SeatRole.MEMBER, "since_on": now.date(), "until_on": None, "basis": "Order No. 2", "now": now,
    }  # fmt: skip
    return commands.name_seat(**values | more)


def test_a_seat_gives_the_role_and_its_end_takes_it(council: Council, now: datetime) -> None:
    seat = name(council, now)
    assert Role.EXPERT in roles_of(seat.account, council.round, now.date())
    assert seat not in queries.seats_of(council.round, now.date())
    commands.accept_seat(actor=seat.account, seat=seat, now=now)
    assert seat in queries.seats_of(council.round, now.date())
    commands.end_seat(actor=council.coordinator, seat=seat, reason="The term is over", now=now)
    seat.refresh_from_db()
    assert seat.state == SeatState.ENDED
    assert Role.EXPERT not in roles_of(seat.account, council.round, (now + timedelta(days=1)).date())


def test_nobody_accepts_a_seat_for_another(council: Council, now: datetime) -> None:
    seat = name(council, now)
    with pytest.raises(NotAllowed, match="not_yours"):
        commands.accept_seat(actor=council.coordinator, seat=seat, now=now)
    commands.decline_seat(actor=seat.account, seat=seat, now=now)
    assert name(council, now, account=seat.account).pk != seat.pk


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"role": SeatRole.CHAIR}, "two_chairs"),
        ({"role": SeatRole.SUBSTITUTE}, "seat_stand_in"),
        ({"deputy": 0}, "seat_deputy"),
        ({"basis": ""}, "text_needed"),
    ],
)
def test_a_seat_that_cannot_be_is_refused(council: Council, now: datetime, more: dict[str, Any], code: str) -> None:
    with pytest.raises((Invalid, Conflict), match=code):
        name(council, now, **more)


def test_a_term_ends_after_it_begins_and_a_person_has_one_seat(council: Council, now: datetime) -> None:
    with pytest.raises(Invalid, match="seat_term"):
        name(council, now, until_on=(now - timedelta(days=9)).date())
    with pytest.raises(Conflict, match="seat_taken"):
        name(council, now, account=council.members[0].account)
    with pytest.raises(NotAllowed):
        name(council, now, actor=council.keeper)


def test_a_suspended_seat_neither_votes_nor_counts(council: Council, now: datetime) -> None:
    commands.suspend_seat(actor=council.coordinator, seat=council.members[0], reason="Long absence", now=now)
    assert len(queries.seats_of(council.round, now.date())) == 4
    commands.restore_seat(actor=council.coordinator, seat=council.members[0], now=now)
    assert len(queries.seats_of(council.round, now.date())) == 5


def test_interests_are_told_by_the_member_alone(council: Council, now: datetime) -> None:
    seat = council.members[0]
    told = commands.tell_interest(actor=seat.account, seat=seat, kind=InterestKind.EMPLOYER, detail="ТОО «Свет»", now=now)
    with pytest.raises(NotAllowed):
        commands.end_interest(actor=council.keeper, interest=told, now=now)
    commands.end_interest(actor=seat.account, interest=told, now=now)
    told.refresh_from_db()
    assert told.ended_at == now
    with pytest.raises(Invalid, match="interest_kind"):
        commands.tell_interest(actor=seat.account, seat=seat, kind=InterestKind.AUTHOR, detail="x y z", now=now)


@pytest.fixture
def refused(council: Council, ready: Any, now: datetime) -> Decision:
    """A project that was not admitted."""
    ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    holding.decided(council, Matter.objects.get(), Verdict.NOT_ADMIT, now, **REFUSAL)
    return Decision.objects.select_related("matter__proposal__author").get()


def captain_of(decision: Decision) -> Any:
    assert decision.matter.proposal is not None
    return decision.matter.proposal.author


def test_an_appeal_is_heard_again_and_won(council: Council, refused: Decision, now: datetime) -> None:
    appeal = commands.file_appeal(actor=captain_of(refused), decision=refused, text=WHY, language="kk", now=now)
    commands.take_appeal(actor=council.keeper, appeal=appeal, now=now)
    matter = Matter.objects.get()
    assert matter.state == MatterState.REOPENED
    assert Proposal.objects.get().state == State.READY
    holding.decided(council, matter, Verdict.ADMIT, now)
    appeal.refresh_from_db()
    assert (appeal.state, Proposal.objects.get().state) == (AppealState.UPHELD, State.ADMITTED)


def test_the_decision_after_an_appeal_is_the_last_word(council: Council, refused: Decision, now: datetime) -> None:
    appeal = commands.file_appeal(actor=captain_of(refused), decision=refused, text=WHY, language="kk", now=now)
    commands.take_appeal(actor=council.keeper, appeal=appeal, now=now)
    holding.decided(council, Matter.objects.get(), Verdict.NOT_ADMIT, now, **REFUSAL)
    appeal.refresh_from_db()
    last = Decision.objects.get(turn=2)
    assert (appeal.state, last.appeal_until) == (AppealState.DISMISSED, None)
    with pytest.raises(Conflict, match="appeal_not_possible"):
        commands.file_appeal(actor=captain_of(refused), decision=last, text=WHY, language="kk", now=now)


def test_an_appeal_comes_in_time_from_the_captain_and_once(council: Council, refused: Decision, now: datetime) -> None:
    values: dict[str, Any] = {"decision": refused, "text": WHY, "language": "kk"}
    with pytest.raises(NotAllowed):
        commands.file_appeal(actor=factories.make_account(), now=now, **values)
    with pytest.raises(Invalid, match="text_needed"):
        commands.file_appeal(actor=captain_of(refused), now=now, **values | {"text": "Why?"})
    assert refused.appeal_until is not None
    with pytest.raises(Conflict, match="appeal_late"):
        commands.file_appeal(actor=captain_of(refused), now=refused.appeal_until, **values)
    commands.file_appeal(actor=captain_of(refused), now=now, **values)
    with pytest.raises(Conflict, match="appeal_filed"):
        commands.file_appeal(actor=captain_of(refused), now=now, **values)


def test_an_appeal_is_refused_with_words_in_both_languages_or_taken_back(
    council: Council, refused: Decision, now: datetime
) -> None:
    appeal = commands.file_appeal(actor=captain_of(refused), decision=refused, text=WHY, language="kk", now=now)
    with pytest.raises(Invalid, match="text_needed"):
        commands.refuse_appeal(actor=council.keeper, appeal=appeal, answer_kk="Мерзімі өтті.", answer_ru="", now=now)
    commands.refuse_appeal(actor=council.keeper, appeal=appeal, answer_kk="Мерзімі өтті.", answer_ru="Срок вышел.", now=now)
    assert (Matter.objects.get().state, Appeal.objects.get().state) == (MatterState.DECIDED, AppealState.REFUSED)


def test_a_frozen_ballot_hears_no_appeal(council: Council, refused: Decision, now: datetime) -> None:
    appeal = commands.file_appeal(actor=captain_of(refused), decision=refused, text=WHY, language="kk", now=now)
    Constitution.objects.filter(round=council.round).update(frozen_at=now)
    with pytest.raises(Frozen, match="slate_frozen"):
        commands.take_appeal(actor=council.keeper, appeal=appeal, now=now)
    commands.withdraw_appeal(actor=captain_of(refused), appeal=appeal, now=now)
    assert Matter.objects.get().state == MatterState.DECIDED
