"""Annulment and reinstatement of ballots by two people (LEDGER 1.9)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from qatysu.audit.models import Deed
from qatysu.ballots import logs
from qatysu.ballots.words import six_words
from qatysu.bulletin.models import Entry
from qatysu.core.errors import Conflict, Invalid, NotAllowed, StageClosed
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.ledger.entries import decode
from qatysu.ledger.replay import replay
from qatysu.motions import commands, queries
from qatysu.motions.kinds import Kind
from qatysu.motions.models import Motion
from qatysu.motions.targets import find_ballot, get_ballot
from qatysu.places.models import City
from qatysu.rounds.models import Membership, Round
from tests import counting, factories

from .people import ask, handle_of


def entries(round_: Round) -> list[bytes]:
    rows = Entry.objects.filter(log=logs.log_of(round_)).order_by("idx").values_list("raw", flat=True)
    return [bytes(raw) for raw in rows]


def annul(round_: Round, voter: str, lead: Account, member: Account, now: datetime) -> Motion:
    return commands.confirm(actor=member, motion=ask(round_, lead, now, handle=handle_of(round_, voter)), now=now)


def test_two_people_annul_a_ballot_and_the_log_says_so(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    motion = annul(round_, "vera", lead, member, now)

    counting.seal(round_, now)
    found = decode(entries(round_)[-1])
    posts = {m.account_id: f"{m.role}-{m.pk}" for m in Membership.objects.all()}
    assert found == {
        "t": "annul", "v": 1, "b": handle_of(round_, "vera"), "n": 1, "reason": "bought", "act": "%E2%84%96 3-%D0%BA",
        "by": [posts[lead.pk], posts[member.pk]],
    }
    assert motion.state == Motion.State.CONFIRMED
    assert (motion.proposed_by, motion.decided_by) == (lead, member)
    assert queries.places(round_, [motion]) == {motion.pk: 5}
    assert [deed.action for deed in Deed.objects.order_by("pk") if "motion" in deed.action] == ["propose_motion", "confirm_motion"]


def test_an_annulled_ballot_is_not_counted(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    annul(round_, "vera", lead, member, now)
    opened = counting.open_all(round_, now)

    state = replay(logs.log_of(round_).origin, entries(opened))

    assert state.faults == []
    assert state.counted() == Counter({("1",): 1, ("3",): 1})
    assert state.annulled == 1
    assert state.standing(handle_of(round_, "vera"), 1) == ("annulled", ("1",)), "annulled ballots are opened too"


def test_an_annulment_is_taken_back_the_same_way(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    annul(round_, "vera", lead, member, now)
    motion = ask(round_, member, now, handle=handle_of(round_, "vera"), kind=Kind.REINSTATE, protocol="4")
    chair = factories.make_staff(Role.CHAIR, round_.city)
    commands.confirm(actor=chair, motion=motion, now=now)

    counts = queries.annulments(round_)
    assert (counts.standing, counts.by_reason, counts.made, counts.reinstated) == (0, (), 1, 1)
    counting.seal(round_, now)
    state = replay(logs.log_of(round_).origin, entries(round_))
    assert state.faults == []
    assert state.annulled == 0


def test_annulments_are_counted_by_reason(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    for voter, reason in (("anna", "bought"), ("vera", "bought"), ("bolat", "robot")):
        commands.confirm(actor=member, motion=ask(round_, lead, now, handle=handle_of(round_, voter), reason=reason), now=now)

    assert queries.annulments(round_).by_reason == (("bought", 2), ("robot", 1))
    assert queries.annulments(round_).standing == 3


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SECRETARY, Role.CHAIR, Role.COMMISSION])
def test_who_may_ask(round_: Round, role: Role, now: datetime) -> None:
    assert ask(round_, factories.make_staff(role, round_.city), now, handle=handle_of(round_, "anna")).state == "proposed"


@pytest.mark.parametrize("role", [Role.COACH, Role.EXPERT, Role.AKIMAT_APPROVER, Role.OPERATOR, Role.FUNDER])
def test_who_may_not_ask(round_: Round, role: Role, now: datetime) -> None:
    with pytest.raises(NotAllowed) as refusal:
        ask(round_, factories.make_staff(role, round_.city), now, handle=handle_of(round_, "anna"))
    assert refusal.value.reason == "role"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.SECRETARY, Role.EXPERT, Role.AKIMAT_APPROVER, Role.OPERATOR])
def test_who_may_not_agree(round_: Round, lead: Account, role: Role, now: datetime) -> None:
    motion = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    with pytest.raises(NotAllowed, match="role"):
        commands.confirm(actor=factories.make_staff(role, round_.city), motion=motion, now=now)
    assert Motion.objects.get().state == Motion.State.PROPOSED


def test_nobody_agrees_with_oneself(round_: Round, member: Account, now: datetime) -> None:
    motion = ask(round_, member, now, handle=handle_of(round_, "anna"))
    for act in (lambda: commands.confirm(actor=member, motion=motion, now=now),
                lambda: commands.decline(actor=member, motion=motion, answer="No, rather not", now=now)):
        with pytest.raises(NotAllowed) as refusal:
            act()
        assert (refusal.value.reason, refusal.value.status) == ("second_person", 403)
    assert len(entries(round_)) == 5


def test_a_person_of_another_city_decides_nothing(round_: Round, lead: Account, now: datetime) -> None:
    motion = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    stranger = factories.make_staff(Role.COMMISSION, factories.make_city("aksu", name_en="Aksu"))
    with pytest.raises(NotAllowed):
        commands.confirm(actor=stranger, motion=motion, now=now)


def test_a_proposer_who_lost_the_role_asks_for_nothing(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    motion = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    Membership.objects.filter(account=lead).update(until_on=(now - timedelta(days=2)).date())
    with pytest.raises(Conflict, match="proposer_left"):
        commands.confirm(actor=member, motion=motion, now=now)


def test_what_is_annulled_is_not_annulled_again(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    annul(round_, "vera", lead, member, now)
    with pytest.raises(Conflict, match="annulled_already"):
        ask(round_, lead, now, handle=handle_of(round_, "vera"))
    with pytest.raises(Conflict, match="not_annulled"):
        ask(round_, lead, now, handle=handle_of(round_, "anna"), kind=Kind.REINSTATE)


def test_one_motion_waits_about_one_ballot(round_: Round, lead: Account, now: datetime) -> None:
    ask(round_, lead, now, handle=handle_of(round_, "anna"))
    with pytest.raises(Conflict, match="motion_waits"):
        ask(round_, lead, now, handle=handle_of(round_, "anna"), reason="robot")


def test_the_same_act_twice_needs_another_protocol(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    annul(round_, "vera", lead, member, now)
    back = ask(round_, lead, now, handle=handle_of(round_, "vera"), kind=Kind.REINSTATE)
    commands.confirm(actor=member, motion=back, now=now)
    again = ask(round_, lead, now, handle=handle_of(round_, "vera"))
    with pytest.raises(Conflict, match="act_repeated"):
        commands.confirm(actor=member, motion=again, now=now)
    commands.withdraw(actor=lead, motion=again, now=now)
    other = ask(round_, lead, now, handle=handle_of(round_, "vera"), protocol="5")
    assert commands.confirm(actor=member, motion=other, now=now).leaf


def test_once_ballots_are_opened_nobody_judges_them(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    waiting = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    opened = counting.open_all(round_, now)
    factories.move_to(opened, Stage.AUDIT, now)

    with pytest.raises(Conflict, match="ballots_opened"):
        commands.confirm(actor=member, motion=waiting, now=now)
    with pytest.raises(Conflict, match="ballots_opened"):
        ask(factories.fresh(opened), lead, now, handle=handle_of(round_, "vera"))


@pytest.mark.parametrize("stage", [Stage.CAMPAIGN, Stage.RESULTS, Stage.WORKS])
def test_ballots_are_judged_only_while_people_vote_and_in_the_audit(round_: Round, lead: Account, stage: Stage, now: datetime) -> None:
    factories.move_to(round_, stage, now)
    with pytest.raises(StageClosed):
        ask(factories.fresh(round_), lead, now, handle=handle_of(round_, "anna"))


def test_ballots_are_judged_in_the_audit_period(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    closed = counting.close(round_, now)
    assert annul(closed, "anna", lead, member, now).leaf


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": "ugly"}, "reason"), ({"text": "no"}, "text"), ({"protocol": " "}, "protocol"), ({"protocol": "1" * 61}, "protocol"),
     ({"protocol": "1\u200b2"}, "protocol"), ({"document": "abc"}, "document")],
)
def test_what_is_asked_for_must_be_said(round_: Round, lead: Account, now: datetime, change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        ask(round_, lead, now, handle=handle_of(round_, "anna"), **change)
    assert refusal.value.field == field
    assert not Motion.objects.exists()


def test_a_ballot_is_found_by_what_is_public_of_it(round_: Round, now: datetime) -> None:
    handle = handle_of(round_, "anna")
    seen = get_ballot(round_, handle)
    assert (seen.attempt, seen.latest, seen.state) == (1, 1, "in_box")
    words = six_words(seen.leaf)
    leaf = seen.leaf
    for text in (
        f"№ {seen.idx}", str(seen.idx), handle.upper(), f"{handle}/1", leaf, leaf[:12], f" {leaf[:6]} {leaf[6:20]}",
        " ".join(words), ", ".join(words).upper(),
    ):
        assert find_ballot(round_, text) == seen, text


@pytest.mark.parametrize(
    ("text", "reason"),
    [("0", "ballot_unknown"), ("999", "ballot_unknown"), ("0" * 32, "ballot_unknown"), ("f" * 64, "ballot_unknown"),
     ("ab", "unknown_word"), ("алма алма", "six_words"), ("9" * 500, "unknown_word")],
)
def test_what_is_no_ballot_is_not_found(round_: Round, text: str, reason: str) -> None:
    with pytest.raises(Invalid) as refusal:
        find_ballot(round_, text)
    assert refusal.value.reason == reason


def test_a_replaced_ballot_is_shown_as_such(round_: Round) -> None:
    handle = handle_of(round_, "bolat")
    assert find_ballot(round_, f"{handle}/1").state == "replaced"
    assert find_ballot(round_, handle).attempt == 2


def test_a_ballot_that_waits_can_be_annulled(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    factories.cast(round_, "gul", ["2"])
    assert get_ballot(round_, handle_of(round_, "gul")).state == "waiting"
    annul(round_, "gul", lead, member, now)
    counting.seal(round_, now)
    assert replay(logs.log_of(round_).origin, entries(round_)).faults == []


def test_declined_and_withdrawn_change_nothing(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    first = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    declined = commands.decline(actor=member, motion=first, answer="The protocol says another number", now=now)
    second = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    with pytest.raises(NotAllowed):
        commands.withdraw(actor=member, motion=second, now=now)
    taken_back = commands.withdraw(actor=lead, motion=second, now=now)

    assert (declined.state, taken_back.state, taken_back.decided_by) == ("declined", "withdrawn", None)
    assert len(entries(round_)) == 5
    for motion in (declined, taken_back):
        with pytest.raises(Conflict, match="motion_decided"):
            commands.confirm(actor=member, motion=motion, now=now)


def test_who_may_decide_is_named(round_: Round, lead: Account, member: Account, city: City, now: datetime) -> None:
    ask(round_, lead, now, handle=handle_of(round_, "anna"))
    chair = factories.make_staff(Role.CHAIR, city, name="Chair C.")

    (each,) = queries.waiting(round_, lead, now)
    assert {(p.account, p.role) for p in each.people} == {(member, Role.COMMISSION), (chair, Role.CHAIR)}
    assert each.is_mine
    assert not each.may_decide
    assert [queries.waiting_for(round_, who, now) for who in (lead, member, chair)] == [0, 1, 1]


def test_a_decided_motion_is_never_changed(round_: Round, lead: Account, member: Account, now: datetime) -> None:
    motion = annul(round_, "vera", lead, member, now)
    waiting = ask(round_, lead, now, handle=handle_of(round_, "anna"))
    refused = [
        (motion.pk, {"state": "proposed", "decided_by": None, "decided_at": None, "leaf": ""}, "qatysu:motion:decided"),
        (motion.pk, {"answer": "Another answer"}, "qatysu:motion:decided"),
        (waiting.pk, {"payload": {"b": "0" * 32, "n": 1}}, "qatysu:motion:kept"),
        (waiting.pk, {"proposed_by": member}, "qatysu:motion:kept"),
        (waiting.pk, {"state": "confirmed", "decided_by": lead, "decided_at": now}, "motion_two_people"),
        (waiting.pk, {"state": "confirmed"}, "motion_decision"),
        (waiting.pk, {"leaf": "0" * 64}, "motion_entry_confirmed"),
    ]
    for pk, change, guard in refused:
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            Motion.objects.filter(pk=pk).update(**change)
    with pytest.raises(IntegrityError, match="qatysu:motion:kept"), transaction.atomic():
        Motion.objects.filter(pk=motion.pk).delete()
