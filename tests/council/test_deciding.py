"""From a ready project to a decision: quorum, recusal, voices, what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from qatysu.core.collegial import Presence
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.collegial_states import MatterState
from qatysu.core.errors import Conflict, IllegalMove, Invalid, NotAllowed, StageClosed
from qatysu.core.regulation import Stage
from qatysu.council import commands, queries
from qatysu.council.models import Decision, Matter, MatterKind, Meeting, Recusal, Verdict
from qatysu.outbox.models import Message
from qatysu.proposals.models import Proposal, State, TeamMember
from qatysu.rounds.models import Constitution
from tests import factories
from tests.council import holding
from tests.council.holding import Council

pytestmark = pytest.mark.django_db
REFUSAL = {"reasons": ["land"], "text_kk": "Жер жеке меншікте.", "text_ru": "Земля частная."}
Ready = Callable[..., Proposal]


def matter_of(council: Council, proposal: Proposal, now: datetime) -> Matter:
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    return Matter.objects.get(proposal=proposal)


def test_ready_projects_are_collected_once(council: Council, ready: Ready, now: datetime) -> None:
    ready()
    ready()
    assert commands.collect_matters(actor=council.keeper, round_=council.round, now=now) == 2
    assert commands.collect_matters(actor=council.keeper, round_=council.round, now=now) == 0
    assert list(Matter.objects.values_list("number", "kind", "state")) == [
        (1, "admission", "pending"), (2, "admission", "pending"),
    ]  # fmt: skip


def test_an_adopted_draft_admits_the_project(council: Council, ready: Ready, now: datetime) -> None:
    proposal = ready()
    holding.decided(council, matter_of(council, proposal, now), Verdict.ADMIT, now)
    proposal.refresh_from_db()
    decision = Decision.objects.get()
    assert (proposal.state, decision.verdict, decision.applied_at) == (State.ADMITTED, "admit", now)
    assert (decision.poll.counts["for_"], decision.poll.counts["present"]) == (5, 5)


def test_a_refusal_carries_coded_reasons_and_may_be_appealed(council: Council, ready: Ready, now: datetime) -> None:
    proposal = ready(language="kk")
    holding.decided(council, matter_of(council, proposal, now), Verdict.NOT_ADMIT, now, **REFUSAL)
    proposal.refresh_from_db()
    move = proposal.moves.get(new=State.NOT_ADMITTED)
    decision = Decision.objects.get()
    assert (proposal.state, move.reason_code, move.reason_text) == (State.NOT_ADMITTED, "land", "Жер жеке меншікте.")
    assert decision.appeal_until is not None
    assert decision.appeal_until > now + timedelta(days=4)


@pytest.mark.parametrize(
    ("verdict", "draft", "code"),
    [
        (Verdict.NOT_ADMIT, {**REFUSAL, "reasons": []}, "reason_code"),
        (Verdict.NOT_ADMIT, {**REFUSAL, "reasons": ["because"]}, "reason_code"),
        (Verdict.NOT_ADMIT, {**REFUSAL, "text_kk": " "}, "text_needed"),
        (Verdict.REWORK, {"text_kk": "Сметаны түзету.", "text_ru": "Исправить смету."}, "rework_day"),
        (Verdict.CHOOSE, {"options": ["1", "2"]}, "verdict"),
        (Verdict.MERGE, {}, "merge_target"),
    ],
)
def test_an_incomplete_draft_is_refused(
    council: Council, ready: Ready, now: datetime, verdict: Verdict, draft: dict[str, Any], code: str
) -> None:
    matter = matter_of(council, ready(), now)
    meeting = holding.sitting(council, [matter], now)
    with pytest.raises(Invalid, match=code):
        holding.put(council, meeting, matter, verdict, now, **draft)


def test_rework_brings_the_project_back_to_the_council(council: Council, ready: Ready, now: datetime) -> None:
    proposal = ready()
    matter = matter_of(council, proposal, now)
    texts = {"text_kk": "Сметаны түзету.", "text_ru": "Исправить смету.", "rework_until": (now + timedelta(days=9)).date()}
    holding.decided(council, matter, Verdict.REWORK, now, **texts)
    proposal.refresh_from_db()
    assert proposal.state == State.IN_SESSIONS
    Proposal.objects.filter(pk=proposal.pk).update(state=State.READY)
    assert commands.collect_matters(actor=council.keeper, round_=council.round, now=now) == 1
    matter.refresh_from_db()
    assert matter.state == MatterState.REOPENED
    holding.decided(council, matter, Verdict.ADMIT, now)
    assert list(Decision.objects.values_list("turn", "verdict")) == [(1, "rework"), (2, "admit")]


def test_without_a_quorum_nothing_is_decided(council: Council, ready: Ready, now: datetime) -> None:
    matter = matter_of(council, ready(), now)
    meeting = holding.sitting(council, [matter], now, present=council.seats[:2])
    assert not queries.quorum_of(meeting).is_met
    poll = holding.put(council, meeting, matter, Verdict.ADMIT, now)
    holding.vote(poll, dict.fromkeys(council.seats[:2], "for"), now)
    assert commands.close_poll(actor=council.keeper, poll=poll, now=now).outcome == "no_quorum"
    assert not Decision.objects.exists()
    commands.postpone_item(actor=council.keeper, item=poll.item, reason="No quorum", now=now)
    matter.refresh_from_db()
    assert matter.state == MatterState.POSTPONED


def test_a_member_of_the_team_is_recused_and_leaves_the_quorum(council: Council, ready: Ready, now: datetime) -> None:
    proposal = ready()
    member = council.members[0]
    TeamMember.objects.create(proposal=proposal, account=member.account, role="member", joined_at=now)
    matter = matter_of(council, proposal, now)
    meeting = holding.sitting(council, [matter], now)
    poll = holding.put(council, meeting, matter, Verdict.ADMIT, now)
    recusal = Recusal.objects.get()
    assert (recusal.seat, recusal.kind, recusal.is_detected) == (member, InterestKind.TEAM, True)
    with pytest.raises(Invalid, match="vote_recused"):
        commands.cast_voice(actor=member.account, poll=poll, seat=member, voice="for", now=now)
    quorum = queries.quorum_of(meeting, poll.item)
    assert (quorum.seats, quorum.present) == (4, 4)


def test_a_relative_is_found_and_left_to_people_to_decide(council: Council, ready: Ready, now: datetime) -> None:
    member = council.members[1]
    author = factories.make_account("Ахметов Болат")
    commands.tell_interest(actor=member.account, seat=member, kind=InterestKind.RELATIVE, detail="Болат Ахметов", now=now)
    proposal = ready(author=author)
    assert [one.kind for one in queries.found_conflicts(member, proposal)] == [InterestKind.RELATIVE]
    matter = matter_of(council, proposal, now)
    meeting = holding.sitting(council, [matter], now)
    poll = holding.put(council, meeting, matter, Verdict.ADMIT, now)
    assert not Recusal.objects.exists()
    commands.recuse(actor=member.account, item=poll.item, seat=member, kind=InterestKind.RELATIVE, text="", now=now)
    commands.recuse(actor=member.account, item=poll.item, seat=member, kind=InterestKind.RELATIVE, text="", now=now)
    assert Recusal.objects.count() == 1


def test_who_has_voted_can_no_longer_stand_aside(council: Council, ready: Ready, now: datetime) -> None:
    matter, member = matter_of(council, ready(), now), council.members[0]
    meeting = holding.sitting(council, [matter], now)
    poll = holding.put(council, meeting, matter, Verdict.ADMIT, now)
    holding.vote(poll, {member: "for"}, now)
    with pytest.raises(Conflict, match="recusal_late"):
        commands.recuse(actor=member.account, item=poll.item, seat=member, kind=InterestKind.EMPLOYER, text="", now=now)


def test_a_voice_is_given_once_by_whom_it_belongs_to(council: Council, ready: Ready, now: datetime) -> None:
    matter = matter_of(council, ready(), now)
    meeting = holding.sitting(council, [matter], now, present=council.seats[:4])
    poll = holding.put(council, meeting, matter, Verdict.ADMIT, now)
    one, other, absent = council.members[0], council.members[1], council.members[2]
    holding.vote(poll, {one: "for"}, now)
    with pytest.raises(Conflict, match="voice_given"):
        holding.vote(poll, {one: "against"}, now)
    with pytest.raises(NotAllowed):
        commands.cast_voice(actor=one.account, poll=poll, seat=other, voice="for", now=now)
    with pytest.raises(Invalid, match="vote_not_present"):
        holding.vote(poll, {absent: "for"}, now)
    with pytest.raises(Invalid, match="voice"):
        holding.vote(poll, {other: "perhaps"}, now)
    # A show of hands, written down by the secretary.
    given = commands.cast_voice(actor=council.keeper, poll=poll, seat=other, voice="abstain", now=now)
    assert given.entered_by == council.keeper


def test_dissent_is_kept_in_the_members_words(council: Council, ready: Ready, now: datetime) -> None:
    matter = matter_of(council, ready(), now)
    meeting = holding.sitting(council, [matter], now)
    poll = holding.put(council, meeting, matter, Verdict.ADMIT, now)
    seat = council.members[0]
    given = commands.cast_voice(
        actor=seat.account, poll=poll, seat=seat, voice="against", dissent="Күту шығыны көп.", language="kk", now=now
    )
    assert (given.dissent, given.dissent_language) == ("Күту шығыны көп.", "kk")


def test_a_refused_draft_leaves_room_for_another_one(council: Council, ready: Ready, now: datetime) -> None:
    proposal = ready()
    matter = matter_of(council, proposal, now)
    meeting = holding.sitting(council, [matter], now)
    first = holding.put(council, meeting, matter, Verdict.ADMIT, now)
    with pytest.raises(Conflict, match="poll_open"):
        holding.put(council, meeting, matter, Verdict.ADMIT, now)
    holding.vote(first, dict.fromkeys(council.seats, "against"), now)
    assert commands.close_poll(actor=council.keeper, poll=first, now=now).outcome == "not_adopted"
    second = holding.put(council, meeting, matter, Verdict.NOT_ADMIT, now, **REFUSAL)
    holding.vote(second, dict.fromkeys(council.seats, "for"), now)
    commands.close_poll(actor=council.keeper, poll=second, now=now)
    with pytest.raises(Conflict, match="item_over"):
        holding.put(council, meeting, matter, Verdict.ADMIT, now)
    with pytest.raises(Conflict, match="poll_closed"):
        commands.close_poll(actor=council.keeper, poll=second, now=now)


def test_the_chair_breaks_a_tie_only_where_the_rules_say_so(council: Council, ready: Ready, now: datetime) -> None:
    matters = [matter_of(council, ready(), now) for _ in range(2)]
    meeting = holding.sitting(council, matters, now, present=council.seats[:4])
    split = dict(zip(council.seats, ("for", "against", "for", "against"), strict=False))
    for breaks, matter, outcome in ((False, matters[0], "tied"), (True, matters[1], "adopted")):
        Constitution.objects.filter(round=council.round).update(council_chair_breaks_ties=breaks)
        poll = holding.put(council, meeting, matter, Verdict.ADMIT, now)
        holding.vote(poll, split, now)
        assert commands.close_poll(actor=council.keeper, poll=poll, now=now).outcome == outcome


def test_projects_are_admitted_only_while_the_council_may(council: Council, ready: Ready, now: datetime) -> None:
    matter = matter_of(council, ready(), now)
    meeting = holding.sitting(council, [matter], now)
    factories.move_to(council.round, Stage.SESSIONS, now)
    with pytest.raises(StageClosed):
        holding.put(council, meeting, matter, Verdict.ADMIT, now)


def test_by_correspondence_replies_come_within_a_term(council: Council, ready: Ready, now: datetime) -> None:
    matter, keeper = matter_of(council, ready(), now), council.keeper
    term: dict[str, Any] = {
        "actor": keeper, "round_": council.round, "kind": Meeting.Kind.CORRESPONDENCE, "starts_at": now,
        "ends_at": now + timedelta(days=3), "now": now,
    }  # fmt: skip
    with pytest.raises(Conflict, match="correspondence_not_allowed"):
        commands.draft_meeting(**term)
    Constitution.objects.filter(round=council.round).update(council_correspondence=True)
    meeting = commands.draft_meeting(**term)
    item = commands.add_item(actor=keeper, meeting=meeting, matter=matter, now=now)
    commands.call_meeting(actor=keeper, meeting=meeting, now=now)
    commands.open_meeting(actor=keeper, meeting=meeting, now=now)
    poll = commands.put_question(actor=keeper, item=item, verdict=Verdict.ADMIT, now=now)
    holding.vote(poll, dict.fromkeys(council.seats[:3], "for"), now)
    with pytest.raises(Conflict, match="replies_open"):
        commands.close_poll(actor=keeper, poll=poll, now=now)
    late = now + timedelta(days=4)
    with pytest.raises(Conflict, match="meeting_in_past"):
        holding.vote(poll, {council.seats[3]: "for"}, late)
    assert commands.close_poll(actor=keeper, poll=poll, now=late).outcome == "adopted"


def test_invitations_go_to_everybody_in_office(council: Council, ready: Ready, now: datetime) -> None:
    matter = matter_of(council, ready(), now)
    before = Message.objects.count()
    holding.sitting(council, [matter], now)
    assert Message.objects.count() - before == len(council.seats)
    with pytest.raises(IllegalMove):
        holding.sitting(council, [matter], now)


def test_another_kind_of_matter_ends_in_its_own_verdicts(council: Council, now: datetime) -> None:
    matter = commands.file_matter(
        actor=council.keeper, round_=council.round, kind=MatterKind.DISPUTE, title_kk="Дау туралы", title_ru="О споре", now=now
    )
    holding.decided(council, matter, Verdict.CHOOSE, now, voice="B", options=["A", "B"])
    assert Decision.objects.get().chosen == "B"


def test_attendance_is_marked_by_the_secretary_or_from_afar_by_oneself(council: Council, ready: Ready, now: datetime) -> None:
    matter = matter_of(council, ready(), now)
    meeting = holding.sitting(council, [matter], now, present=())
    one, other = council.members[:2]
    commands.mark_attendance(actor=one.account, meeting=meeting, seat=one, how=Presence.REMOTE, now=now)
    for seat, how in ((one, Presence.ROOM), (other, Presence.REMOTE)):
        with pytest.raises(NotAllowed):
            commands.mark_attendance(actor=one.account, meeting=meeting, seat=seat, how=how, now=now)
    assert queries.quorum_of(meeting).present == 1
    commands.mark_attendance(actor=one.account, meeting=meeting, seat=one, how=None, now=now)
    assert queries.quorum_of(meeting).present == 0


def test_a_show_of_hands_in_one_go(council: Council, ready: Any, now: datetime) -> None:
    """Who differs is written down first; the rest at once, recused and absent members never."""
    first = ready()
    TeamMember.objects.create(proposal=first, account=council.members[0].account, role="member", joined_at=now)
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    there = [council.chair, council.secretary, *council.members[:2]]
    meeting = holding.sitting(council, [Matter.objects.get()], now, present=there)
    poll = holding.put(council, meeting, Matter.objects.get(), Verdict.ADMIT, now)
    commands.cast_voice(actor=council.keeper, poll=poll, seat=council.chair, voice="against", now=now)
    with pytest.raises(NotAllowed):
        commands.cast_rest(actor=council.members[1].account, poll=poll, voice="for", now=now)
    assert commands.cast_rest(actor=council.keeper, poll=poll, voice="for", now=now) == 2
    assert commands.cast_rest(actor=council.keeper, poll=poll, voice="for", now=now) == 0
    voices = {vote.seat: vote.voice for vote in poll.votes.all()}
    assert voices == {council.chair: "against", council.secretary: "for", council.members[1]: "for"}
