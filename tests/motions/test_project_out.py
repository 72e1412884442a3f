"""A disqualified project leaves the count by the Council and two people, in the open; every verifier passes it over too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from qatysu.core.errors import Conflict, Invalid
from qatysu.core.regulation import Role, Stage
from qatysu.council import commands as council_commands
from qatysu.council.models import Decision, MatterKind, Verdict
from qatysu.identity.models import Account
from qatysu.motions import commands, queries
from qatysu.motions.models import Motion
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.results.exporting import pb_text
from qatysu.rounds.models import Round
from qatysu.rules import declared, registry
from qatysu.rules.pb import reading
from qatysu.tally import published
from tests import counting, factories
from tests.council import holding
from tests.council.test_whole_way import record
from tests.threats.conftest import checked_alone

from .people import DOCUMENT
from .test_pages import at


@pytest.fixture
def approver(city: City) -> Account:
    return factories.make_staff(Role.AKIMAT_APPROVER, city)


@pytest.fixture
def voted(round_: Round, now: datetime) -> Round:
    """Voting is over and the ballots are open: 1 has two votes, 3 has one."""
    return counting.open_all(round_, now)


def asked(round_: Round, actor: Account, now: datetime, code: str = "1") -> Motion:
    more = {"text": "The land was sold", "protocol": "9-К", "document": DOCUMENT}
    return commands.propose_project_out(actor=actor, round_=round_, code=code, now=now, **more)


def winners(round_: Round) -> list[str]:
    outcome = round_.outcome
    return [line.entry.code for line in outcome.lines.filter(verdict="funded").order_by("place")]


def test_the_result_and_all_who_recount_pass_it_over(voted: Round, lead: Account, approver: Account, now: datetime) -> None:
    commands.confirm(actor=approver, motion=asked(voted, lead, now), now=now)
    counting.seal(voted, now)
    counting.declare(lead, voted, now)
    counting.seal(voted, now)
    fresh = factories.fresh(voted)
    assert "1" not in winners(fresh)
    assert "3" in winners(fresh)
    box = published.read(published.log_of(fresh), anew=True)
    assert (box.withdrawn, box.faults) == (("1",), ())
    assert dict(box.votes)["1"] == 2
    assert checked_alone(fresh) == []
    counting.publish(lead, factories.make_staff(Role.CHAIR, fresh.city), fresh, now)
    file = reading.read_bytes(pb_text(fresh).encode())
    law = declared.of(file)
    assert list(registry.run(file.election, law.rule, law.params).winners) == winners(fresh)
    (told,) = queries.amendments(fresh)
    assert (told.what, told.project) == ("withdrawn", "1")
    assert "№ 1" in Client().get(at("verify", fresh)).content.decode()


def test_not_while_people_vote_not_twice_not_after_the_result(
    round_: Round, lead: Account, approver: Account, now: datetime
) -> None:
    with pytest.raises(Conflict, match="voting_open"):
        asked(round_, lead, now)
    voted = counting.open_all(round_, now)
    with pytest.raises(Invalid, match="project_unknown"):
        asked(voted, lead, now, code="77")
    commands.confirm(actor=approver, motion=asked(voted, lead, now), now=now)
    with pytest.raises(Conflict, match="withdrawn_already"):
        asked(voted, lead, now)
    late = asked(voted, lead, now, code="2")
    counting.seal(voted, now)
    counting.declare(lead, voted, now)
    with pytest.raises(Conflict, match="result_in_log"):
        commands.confirm(actor=approver, motion=late, now=now)


def disqualified(council: holding.Council, proposal: Any, now: datetime) -> Decision:
    matter = council_commands.file_matter(
        actor=council.keeper, round_=council.round, kind=MatterKind.DISQUALIFICATION, title_kk="Жобаны шеттету",
        title_ru="Снятие проекта", proposal=proposal, now=now,
    )  # fmt: skip
    meeting = holding.decided(council, matter, Verdict.APPROVE, now)
    record(council, meeting, now)
    return Decision.objects.get(matter=matter)


def test_a_round_with_a_council_needs_its_decision(
    round_: Round, lead: Account, approver: Account, now: datetime
) -> None:
    council = holding.seated(factories.fresh(round_), now)
    voted = counting.open_all(round_, now)
    with pytest.raises(Conflict, match="council_not_decided"):
        asked(voted, lead, now)
    decision = disqualified(council, voted.proposals.get(number=1), now)
    assert decision.applied_at is None
    commands.confirm(actor=approver, motion=asked(voted, lead, now), now=now)
    decision.refresh_from_db()
    assert decision.applied_at == now


def test_before_the_freeze_the_councils_decision_is_enough(city: City, now: datetime) -> None:
    round_ = factories.fresh(factories.make_round(city, stage=Stage.COUNCIL, now=now))
    council = holding.seated(round_, now)
    proposal = factories.make_proposal(round_, state=State.ADMITTED)
    decision = disqualified(council, proposal, now)
    proposal.refresh_from_db()
    assert (proposal.state, decision.applied_at) == (State.WITHDRAWN, now)


def test_the_page_asks_for_it(voted: Round, lead: Account, approver: Account, now: datetime) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile  # reason: this test only

    studio = factories.client_for(lead)
    path = at("studio_motion_project", voted)
    assert studio.post(path, {"code": "1"}).status_code == 422
    fields = {"code": "1", "text": "The land was sold", "protocol": "9", "document": SimpleUploadedFile("p.pdf", b"x")}
    sent = studio.post(path, fields)
    assert sent.status_code == 302
    assert "№ 1" in studio.get(sent["Location"]).content.decode()
    assert factories.client_for(approver).post(sent["Location"], {"verb": "confirm"}).status_code == 302
