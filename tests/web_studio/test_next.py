"""The next step that a round asks for, from ideas to published results."""

from __future__ import annotations

import pytest
from django.utils import timezone

from qatysu.ballots import commands as ballots
from qatysu.core.errors import Conflict
from qatysu.core.regulation import Role, Stage
from qatysu.places.models import City
from qatysu.proposals import commands as proposals
from qatysu.proposals.models import State
from qatysu.results import commands as results
from qatysu.results.models import Outcome
from qatysu.results.queries import outcome_of
from qatysu.rounds import commands as rounds
from qatysu.rounds.models import Round
from qatysu.rounds.queries import works_in_studio
from qatysu.web.views.studio_next import next_step
from tests import counting, factories

pytestmark = pytest.mark.django_db


def url_of(round_: Round, stage: Stage, **counts: int) -> str:
    step = next_step(round_, stage, counts, [], outcome_of(round_))
    return "" if step is None else step.url.rstrip("/").rsplit("/", 1)[1]


def test_before_the_vote(city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.SESSIONS)

    assert url_of(round_, Stage.IDEAS) == ""
    assert url_of(round_, Stage.IDEAS, submitted=1) == "proposals"
    assert url_of(round_, Stage.SESSIONS, in_sessions=1) == "proposals"
    assert url_of(round_, Stage.CAMPAIGN, ready=1, admitted=2) == "proposals"
    assert url_of(round_, Stage.CAMPAIGN, admitted=2) == "slate"
    round_.constitution.frozen_at = timezone.now()
    assert url_of(round_, Stage.CAMPAIGN, admitted=2) == ("codes" if "code" in round_.constitution.methods else "")
    assert url_of(round_, Stage.VOTING) == "voting"


def test_a_late_result_is_still_counted_approved_and_published(city: City) -> None:
    round_ = factories.make_voting_round(city, threshold_votes=0)
    factories.cast(round_, "code:a", ["1"])
    now = timezone.now()
    factories.move_to(round_, Stage.WORKS, now)
    round_ = factories.fresh(round_)
    lead, chair = (factories.make_staff(role, city) for role in (Role.COORDINATOR, Role.CHAIR))

    assert url_of(round_, Stage.WORKS) == "results"
    counting.open_all(round_, now)
    factories.move_to(round_, Stage.WORKS, now)
    round_ = factories.fresh(round_)
    counting.declare(lead, round_, now)
    results.approve(actor=chair, round=round_, protocol_number="7", now=now)
    assert url_of(round_, Stage.WORKS) == "results"
    results.publish(actor=lead, round=round_, now=now)
    assert Outcome.objects.get().state == Outcome.State.PUBLISHED
    assert url_of(round_, Stage.WORKS) == ""


def test_the_council_decides_late_but_not_on_a_frozen_ballot(city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.CAMPAIGN)
    expert = factories.make_staff(Role.EXPERT, city)
    late, later = (factories.make_proposal(round_, state=State.READY) for _ in range(2))
    now = timezone.now()

    assert proposals.admit_proposal(actor=expert, proposal=late, now=now).state == State.ADMITTED
    type(round_.constitution).objects.update(frozen_at=now)
    with pytest.raises(Conflict, match="slate_frozen"):
        proposals.admit_proposal(actor=expert, proposal=later, now=now)


def test_the_campaign_ends_with_a_ballot_and_a_late_one_is_frozen_while_voting(city: City) -> None:
    round_ = factories.make_round(city, stage=Stage.CAMPAIGN)
    lead = factories.make_staff(Role.COORDINATOR, city)
    now = timezone.now()

    with pytest.raises(Conflict, match="no_slate"):
        rounds.close_stage_now(actor=lead, round_=round_, stage=Stage.CAMPAIGN, reason="Everything is ready", now=now)
    factories.move_to(round_, Stage.VOTING, now)
    factories.make_proposal(round_, state=State.ADMITTED)
    round_ = factories.fresh(round_)
    assert url_of(round_, Stage.VOTING, admitted=1) == "slate"
    assert ballots.freeze_slate(actor=lead, round=round_, now=now).entries.count() == 1
    assert url_of(factories.fresh(round_), Stage.VOTING, admitted=1) == "voting"


@pytest.mark.parametrize(("role", "page"), [(Role.CHAIR, "studio"), (Role.MENTOR, "cabinet")])
def test_staff_begin_in_the_studio(city: City, role: Role, page: str) -> None:
    account = factories.make_staff(role, city)
    assert works_in_studio(account, today=timezone.now().date()) is (page == "studio")
