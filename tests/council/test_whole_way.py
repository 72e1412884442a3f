"""Twenty projects from the Council's table to approved results: every step by the real commands."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from qatysu.ballots import commands as ballots
from qatysu.core.errors import Conflict
from qatysu.core.regulation import Stage
from qatysu.council import commands
from qatysu.council.models import Decision, Matter, Meeting, Protocol, Recusal, Verdict
from qatysu.council.protocol_print import file_of
from qatysu.motions.queries import log_findings
from qatysu.places.models import City
from qatysu.proposals.models import Proposal, State, TeamMember
from qatysu.results import asking
from qatysu.results import commands as results
from qatysu.results.gates import gates
from qatysu.rounds.models import Round
from tests import counting, factories
from tests.council import holding
from tests.council.holding import Council
from tests.council.test_deciding import REFUSAL
from tests.council.test_protocols import PDF
from tests.papers import reading

pytestmark = pytest.mark.django_db
#: Money for one of two projects with equal votes: 15 million, the first takes ten.
COSTS = (10_000_000, 4_000_000, 4_000_000, *[500_000] * 17)
VOTES = [["1"]] * 3 + [["2"]] * 2 + [["3"]] * 2
WHY = "The town has given the land since; the paper lies in the project."


def record(council: Council, meeting: Meeting, now: datetime) -> Protocol:
    """Close, draft, sign, freeze and publish."""
    keeper = council.keeper
    protocol = commands.draft_protocol(actor=keeper, meeting=meeting, now=now)
    protocol = commands.fix_text(actor=keeper, protocol=protocol, now=now)
    for seat in commands.needed_seats(protocol):
        scan = SimpleUploadedFile("scan.pdf", PDF)
        commands.sign_by_scan(actor=keeper, protocol=protocol, seat=seat, upload=scan, now=now)
    commands.freeze_protocol(actor=keeper, protocol=protocol, now=now)
    return commands.publish_protocol(actor=keeper, protocol=protocol, now=now)


def admission(council: Council, now: datetime) -> Meeting:
    """One sitting on all matters: a recusal on the first, a dissent on the second, refusals of the last three."""
    meeting = holding.sitting(council, list(Matter.objects.order_by("number")), now)
    for item in meeting.items.select_related("matter__proposal").order_by("position"):
        refused = item.position > 17
        verdict = Verdict.NOT_ADMIT if refused else Verdict.ADMIT
        poll = holding.put(council, meeting, item.matter, verdict, now, **(REFUSAL if refused else {}))
        aside = set(Recusal.objects.filter(item=item).values_list("seat_id", flat=True))
        for seat in council.seats:
            if seat.pk not in aside:
                differs = item.position == 2 and seat == council.members[1]
                commands.cast_voice(
                    actor=seat.account, poll=poll, seat=seat, voice="against" if differs else "for",
                    dissent="Күту шығыны анық емес." if differs else "", language="kk", now=now,
                )  # fmt: skip
        commands.close_poll(actor=council.keeper, poll=poll, now=now)
    return commands.close_meeting(actor=council.keeper, meeting=meeting, now=now + timedelta(hours=2))


def win_appeal(council: Council, now: datetime) -> None:
    """The last refused project is heard again, with another rapporteur, and admitted."""
    decision = Decision.objects.filter(verdict=Verdict.NOT_ADMIT).select_related("matter__proposal__author").latest("pk")
    assert decision.matter.proposal is not None
    appeal = commands.file_appeal(
        actor=decision.matter.proposal.author, decision=decision, text=WHY, language="en", now=now
    )
    commands.take_appeal(actor=council.keeper, appeal=appeal, now=now)
    due = (now + timedelta(days=2)).date()
    commands.assign_review(actor=council.keeper, matter=decision.matter, seat=council.members[2], due_on=due, now=now)
    record(council, holding.decided(council, decision.matter, Verdict.ADMIT, now), now)


def test_twenty_projects_to_approved_results(city: City, now: datetime) -> None:
    round_ = factories.make_round(city, stage=Stage.COUNCIL, now=now, threshold_votes=1, max_choices=3)
    council = holding.seated(factories.fresh(round_), now)
    projects = [factories.make_proposal(round_, state=State.READY, cost_tenge=cost) for cost in COSTS]
    TeamMember.objects.create(proposal=projects[0], account=council.members[0].account, role="member", joined_at=now)
    assert commands.collect_matters(actor=council.keeper, round_=round_, now=now) == 20

    first = record(council, admission(council, now), now)
    assert Recusal.objects.count() == 1
    win_appeal(council, now)
    states = list(Proposal.objects.filter(round=round_).values_list("state", flat=True))
    assert (states.count(State.ADMITTED), states.count(State.NOT_ADMITTED)) == (18, 2)

    outcome_way(council, factories.fresh(round_), now)
    for language, words in (("kk", "Ерекше пікір"), ("ru", "Особое мнение")):
        assert words in reading.text(file_of(first, language, "pdf"))
        assert words in " ".join(each.text for each in docx.Document(BytesIO(file_of(first, language, "docx"))).paragraphs)
    rating = Protocol.objects.order_by("pk").last()
    assert rating is not None
    printed = reading.text(file_of(rating, "ru", "pdf"))
    assert "Реестр победителей" in printed
    assert "Кто платит" in printed
    shares = rating.content["items"][0]["paying"]["shares"]
    assert {code: sum(parts) for code, parts in shares.items()} == {"1": 10_000_000, "3": 4_000_000}


def outcome_way(council: Council, round_: Round, now: datetime) -> None:
    """Freeze, vote, count, let the Council settle the tie and approve, publish."""
    ballots.freeze_slate(actor=council.keeper, round=round_, now=now)
    factories.move_to(round_, Stage.VOTING, now)
    for number, choices in enumerate(VOTES):
        factories.cast(factories.fresh(round_), f"voter {number}", choices)
    round_ = counting.open_all(round_, now)
    counting.declare(council.coordinator, round_, now)
    with pytest.raises(Conflict, match="open_tie"):
        asking.ask_for_approval(actor=council.keeper, round=round_, now=now)
    tie = asking.ask_about_tie(actor=council.keeper, round=round_, now=now)
    record(council, holding.decided(council, tie, Verdict.CHOOSE, now, voice="3>2", options=["2>3", "3>2"]), now)
    outcome = asking.carry_out_tie(actor=council.keeper, round=round_, now=now)
    counting.seal(round_, now)
    assert [line.entry.code for line in outcome.lines.filter(verdict="funded").order_by("place")] == ["1", "3"]
    approval = asking.ask_for_approval(actor=council.keeper, round=round_, now=now)
    record(council, holding.decided(council, approval, Verdict.APPROVE, now), now)
    asking.carry_out_approval(actor=council.keeper, round=round_, now=now)
    counting.seal(round_, now)
    results.publish(actor=council.coordinator, round=round_, now=now)
    assert all(gate.ok for gate in gates(round_))
    # The tests move the calendar past the frozen window; everything else agrees with the log.
    assert log_findings(round_) == ["window"]
