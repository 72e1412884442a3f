"""A round with a Council asks it about ties and about the approval of the results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from qatysu.core.errors import Conflict
from qatysu.council.commands import close_poll
from qatysu.council.models import Decision, MatterKind, Verdict
from qatysu.results import asking, commands
from qatysu.results.models import Outcome
from tests import counting
from tests.council import holding

pytestmark = pytest.mark.django_db


@pytest.fixture
def tied(counted: Callable[..., Any], now: datetime) -> holding.Council:
    """Two projects of equal votes and room for one; the Council sits."""
    round_ = counted([8_000_000, 8_000_000], [["1"], ["2"]], threshold_votes=0)
    council = holding.seated(round_, now)
    counting.declare(council.coordinator, round_, now)
    return council


def test_a_round_with_a_council_takes_no_decision_from_elsewhere(tied: holding.Council, now: datetime) -> None:
    keeper = tied.keeper
    with pytest.raises(Conflict, match="council_decides"):
        commands.decide_tie(actor=keeper, round=tied.round, order=["2", "1"], reason="I say so", now=now)
    with pytest.raises(Conflict, match="council_decides"):
        commands.approve(actor=keeper, round=tied.round, protocol_number="7", now=now)


def test_the_council_decides_a_tie_and_approves_the_results(tied: holding.Council, now: datetime) -> None:
    keeper, round_ = tied.keeper, tied.round
    matter = asking.ask_about_tie(actor=keeper, round=round_, now=now)
    assert matter.payload["codes"] == ["1", "2"]
    assert matter.title_kk != matter.title_ru
    holding.decided(tied, matter, Verdict.CHOOSE, now, voice="2>1", options=["1>2", "2>1"])
    outcome = asking.carry_out_tie(actor=keeper, round=round_, now=now)
    counting.seal(round_, now)
    assert list(outcome.tie_decision) == ["2", "1"]
    assert [line.entry.code for line in outcome.lines.filter(verdict="funded")] == ["2"]

    approval = asking.ask_for_approval(actor=keeper, round=round_, now=now)
    meeting = holding.decided(tied, approval, Verdict.APPROVE, now)
    with pytest.raises(Conflict, match="protocol_not_frozen"):
        asking.carry_out_approval(actor=keeper, round=round_, now=now)
    holding.recorded(meeting, now, "№ 2-қ")
    approved = asking.carry_out_approval(actor=keeper, round=round_, now=now)
    assert (approved.state, approved.protocol_number) == (Outcome.State.APPROVED, "№ 2-қ")
    assert not Decision.objects.filter(applied_at=None).exists()


def test_a_decision_about_another_outcome_is_not_carried_out(tied: holding.Council, now: datetime) -> None:
    keeper, round_ = tied.keeper, tied.round
    matter = asking.ask_about_tie(actor=keeper, round=round_, now=now)
    holding.decided(tied, matter, Verdict.CHOOSE, now, voice="2>1", options=["1>2", "2>1"])
    Outcome.objects.filter(round=round_).update(digest="0" * 64)
    with pytest.raises(Conflict, match="council_not_decided"):
        asking.carry_out_tie(actor=keeper, round=round_, now=now)


def test_the_same_question_is_filed_once(tied: holding.Council, now: datetime) -> None:
    asking.ask_about_tie(actor=tied.keeper, round=tied.round, now=now)
    with pytest.raises(Conflict, match="matter_filed"):
        asking.ask_about_tie(actor=tied.keeper, round=tied.round, now=now)
    with pytest.raises(Conflict, match="open_tie"):
        asking.ask_for_approval(actor=tied.keeper, round=tied.round, now=now)


def test_a_split_council_leaves_the_tie_open(tied: holding.Council, now: datetime) -> None:
    matter = asking.ask_about_tie(actor=tied.keeper, round=tied.round, now=now)
    meeting = holding.sitting(tied, [matter], now, present=tied.seats[:4])
    poll = holding.put(tied, meeting, matter, Verdict.CHOOSE, now, options=["1>2", "2>1"])
    holding.vote(poll, dict(zip(tied.seats, ("1>2", "1>2", "2>1", "2>1"), strict=False)), now)
    assert close_poll(actor=tied.keeper, poll=poll, now=now).outcome == "tied"
    assert asking.decision_on(tied.round, MatterKind.TIE, Outcome.objects.get(round=tied.round)) is None
