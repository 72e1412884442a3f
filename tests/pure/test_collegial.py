"""Quorum, majority, recusal, substitutes and the chair's vote: random bodies against a slow second count."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.bodies import (
    SHARES,
    Room,
    carries,
    counted_seats,
    empty_by_recusal,
    fillers,
    head,
    member,
    rooms,
    splits,
    stand_in,
    votings,
)

from qatysu.core.collegial import (
    BodyRules,
    Majority,
    Outcome,
    Presence,
    Presiding,
    QuorumState,
    RecusalRule,
    Seat,
    SeatRole,
    Voice,
    attending,
    decide,
    in_office,
    needed_voices,
    presiding,
    quorum,
    recused_seats,
    replies,
    voters,
)
from qatysu.core.errors import Conflict, Invalid

MANY = settings(max_examples=400, deadline=None)
FIVE = (member("c", SeatRole.CHAIR), *(member(name) for name in "abde"))
ALL = frozenset("cabde")
HALF = BodyRules(quorum=Fraction(1, 2), chair_breaks_ties=True)


def said(yes="", no="", none=""):
    """Votes of people with names of one letter."""
    return {**dict.fromkeys(yes, Voice.FOR), **dict.fromkeys(no, Voice.AGAINST), **dict.fromkeys(none, Voice.ABSTAIN)}


# Seats and rules that make no sense are refused.


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("seat_term", {"until": date(2025, 12, 31)}),
        ("seat_stand_in", {"role": SeatRole.SUBSTITUTE}),
        ("seat_stand_in", {"stands_in_for": "b"}),
        ("seat_stand_in", {"role": SeatRole.SUBSTITUTE, "stands_in_for": "a"}),
        ("seat_deputy", {"deputy": 0}),
        ("seat_deputy", {"role": SeatRole.CHAIR, "deputy": 1}),
        ("seat_deputy", {"role": SeatRole.SUBSTITUTE, "stands_in_for": "b", "deputy": 1}),
    ],
)
def test_a_seat_that_cannot_be(code, more) -> None:
    with pytest.raises(Invalid, match=code) as refusal:
        member("a", **more)
    assert refusal.value.params["seat"] == "a"


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("quorum_share", {"quorum": Fraction(101, 100)}),
        ("quorum_share", {"quorum": Fraction(-1, 100)}),
        ("quorum_least", {"quorum_least": -1}),
        ("majority_share", {"share": Fraction(49, 100)}),
        ("majority_share", {"share": Fraction(1)}),
    ],
)
def test_rules_that_cannot_be(code, rules) -> None:
    with pytest.raises(Invalid, match=code):
        BodyRules(**rules)


@pytest.mark.parametrize(
    ("code", "seats"),
    [
        ("seat_twice", (member("a"), member("a"))),
        ("two_chairs", (member("a", SeatRole.CHAIR), member("b", SeatRole.CHAIR))),
        ("seat_stand_in", (member("a"), stand_in("b", "a"), stand_in("c", "b"))),
    ],
)
def test_a_body_that_cannot_be(code, seats) -> None:
    for act in (quorum, presiding):
        with pytest.raises(Invalid, match=code):
            act(HALF, seats, (), ())
    with pytest.raises(Invalid, match=code):
        decide(HALF, seats, (), (), {})


def test_a_term_includes_its_first_and_last_day() -> None:
    seats = (Seat("a", SeatRole.MEMBER, date(2026, 1, 1), date(2026, 6, 30)), Seat("b", SeatRole.MEMBER, date(2026, 6, 30)))
    days = {date(2025, 12, 31): "", date(2026, 1, 1): "a", date(2026, 6, 30): "ab", date(2026, 7, 1): "b"}
    assert {day: "".join(seat.id for seat in in_office(seats, day)) for day in days} == days


def test_who_attends_from_afar_counts_only_where_the_rules_say_so() -> None:
    marks = {"a": Presence.ROOM, "b": Presence.REMOTE}
    assert attending(BodyRules(remote_counts=True), marks) == {"a", "b"}
    assert attending(BodyRules(remote_counts=False), marks) == {"a"}


# The chair.


def test_the_chair_decides_a_tie() -> None:
    votes = said("ca", "bd", "e")
    assert decide(HALF, FIVE, ALL, (), votes).outcome is Outcome.ADOPTED
    against = decide(HALF, FIVE, ALL, (), said("ab", "cd", "e"))
    assert (against.outcome, against.chair_decided) == (Outcome.NOT_ADOPTED, True)
    silent = decide(HALF, FIVE, ALL, (), said("ab", "de", "c"))
    assert (silent.outcome, silent.chair_decided) == (Outcome.TIED, False)
    plain = decide(BodyRules(), FIVE, ALL, (), votes)
    assert (plain.outcome, plain.chair_decided) == (Outcome.TIED, False)


def test_nobody_for_and_nobody_against_is_no_tie() -> None:
    assert decide(HALF, FIVE, ALL, (), said(none="cabde")).outcome is Outcome.NOT_ADOPTED
    assert decide(HALF, FIVE, ALL, (), {}).outcome is Outcome.NOT_ADOPTED


def test_deputies_preside_in_order_when_the_chair_is_away_or_recused() -> None:
    seats = (member("c", SeatRole.CHAIR), member("a", deputy=2), member("b", deputy=1), stand_in("s", "c"))
    everybody = frozenset("cabs")
    for present, recused, wanted in (
        (everybody, "", "c"),
        (everybody - {"c"}, "", "b"),
        (everybody, "c", "b"),
        (everybody, "cb", "a"),
        (frozenset("s"), "", None),
    ):
        found = presiding(BodyRules(), seats, present, recused)
        assert (found and found.id) == wanted
    assert presiding(BodyRules(chair_presides=Presiding.CHAIR_ONLY), seats, everybody, "c") is None
    result = decide(HALF, seats, everybody, "c", said("b", "a", "s"))
    assert (result.outcome, result.chair_decided) == (Outcome.ADOPTED, True)


def test_a_chair_without_a_vote_breaks_no_tie() -> None:
    seats = (member("c", SeatRole.CHAIR, votes=False), member("a"), member("b"))
    assert decide(HALF, seats, frozenset("cab"), (), said("a", "b")).outcome is Outcome.TIED


# Recusal and substitutes, by hand.


def test_recusal_leaves_the_quorum_or_stays_in_the_seats() -> None:
    present = frozenset("cab")
    left = quorum(BodyRules(quorum=Fraction(2, 3)), FIVE, present, "c")
    assert left == QuorumState(seats=4, needed=3, present=2, is_met=False)
    stays = BodyRules(recusal=RecusalRule.STAYS_IN_SEATS)
    assert quorum(stays, FIVE, present, "c") == QuorumState(seats=5, needed=3, present=2, is_met=False)
    assert quorum(BodyRules(), FIVE, present, "c") == QuorumState(seats=4, needed=2, present=2, is_met=True)


def test_a_substitute_fills_the_seat_of_a_recused_member() -> None:
    seats = (*FIVE, stand_in("s", "a"))
    with_stand_in, nobody = ALL | {"s"}, ALL
    assert [seat.id for seat in voters(seats, with_stand_in, "a")] == ["c", "b", "d", "e", "s"]
    assert recused_seats(seats, with_stand_in, "a") == 0
    assert recused_seats(seats, nobody, "a") == 1
    assert recused_seats(seats, with_stand_in, "as") == 1
    # The member is merely absent: the interest of the substitute takes no seat away.
    assert quorum(BodyRules(), seats, with_stand_in - {"a"}, "s") == QuorumState(5, 3, 4, is_met=True)


def test_the_oldest_substitute_stands_in() -> None:
    seats = (member("a"), stand_in("s", "a", since=date(2026, 3, 1)), stand_in("t", "a"))
    assert [seat.id for seat in voters(seats, frozenset("st"), ())] == ["t"]
    assert [seat.id for seat in voters(seats, frozenset("st"), "t")] == ["s"]


@pytest.mark.parametrize(
    ("code", "voter"),
    [
        ("vote_not_in_office", "stranger"),
        ("vote_without_right", "secretary"),
        ("vote_without_right", "mute"),
        ("vote_without_right", "orphan"),
        ("vote_without_right", "typist"),
        ("vote_recused", "recused"),
        ("vote_not_present", "absent"),
        ("vote_counted_twice", "s"),
    ],
)
def test_a_vote_of_somebody_who_may_not_vote_is_refused(code, voter) -> None:
    seats = (
        *FIVE,
        member("secretary", SeatRole.SECRETARY, votes=False),
        member("recused"),
        member("absent"),
        stand_in("s", "a"),
        stand_in("mute", "absent", votes=False),
        stand_in("orphan", "gone"),
        stand_in("typist", "secretary"),
    )
    present = frozenset(seat.id for seat in seats) - {"absent"}
    with pytest.raises(Invalid) as refusal:
        decide(HALF, seats, present, {"recused"}, {voter: Voice.FOR})
    assert (refusal.value.reason, refusal.value.params) == (code, {"seat": voter})


# Correspondence.


def test_a_vote_by_correspondence_needs_a_rule() -> None:
    with pytest.raises(Conflict, match="correspondence_not_allowed"):
        replies(BodyRules(), FIVE, (), said("a"))


def test_who_replies_is_present_and_a_member_goes_before_the_substitute() -> None:
    rules, seats = BodyRules(correspondence_allowed=True), (*FIVE, stand_in("s", "a"), stand_in("t", "b"))
    kept = replies(rules, seats, "b", said("ac", "st"))
    assert kept == said("ac", "t")
    assert decide(rules, seats, kept, "b", kept).outcome is Outcome.ADOPTED
    for recused, names in (("b", "ab"), ("s", "as")):
        kept = replies(rules, seats, recused, said(names))
        with pytest.raises(Invalid, match="vote_recused"):
            decide(rules, seats, kept, recused, kept)


@MANY
@given(rooms(), st.data())
def test_replies_of_people_with_a_right_always_decide(room: Room, data) -> None:
    able = [s.id for s in room.seats if s.votes and s.id not in room.recused]
    by_id = {s.id: s for s in room.seats}
    able = [one for one in able if by_id[one].stands_in_for is None or by_id.get(by_id[one].stands_in_for, by_id[one]).votes]
    able = [one for one in able if by_id[one].stands_in_for is None or by_id[one].stands_in_for in by_id]
    votes = {one: data.draw(st.sampled_from(Voice)) for one in able if data.draw(st.booleans())}
    kept = replies(room.rules, room.seats, room.recused, votes)
    result = decide(room.rules, room.seats, kept, room.recused, kept)
    assert result.not_voted == 0
    assert {by_id[one].stands_in_for or one for one in kept} == {by_id[one].stands_in_for or one for one in votes}


# Random bodies.


@MANY
@given(rooms())
def test_quorum_as_counted_slowly(room: Room) -> None:
    state = quorum(*room.facts)
    assert state.seats == counted_seats(room)
    assert state.present == len(fillers(room))
    least = max(room.rules.quorum_least, 1)
    assert state.needed == next(n for n in range(99) if n >= least and n >= room.rules.quorum * state.seats)
    assert state.is_met == (state.present >= state.needed)
    assert recused_seats(room.seats, room.present, room.recused) == len(empty_by_recusal(room))


@MANY
@given(rooms())
def test_no_seat_is_counted_twice_and_no_recused_person_votes(room: Room) -> None:
    found = voters(room.seats, room.present, room.recused)
    assert {seat.id for seat in found} == set(fillers(room).values())
    filled = [seat.stands_in_for or seat.id for seat in found]
    assert len(filled) == len(set(filled))
    assert not {seat.id for seat in found} & room.recused
    assert all(seat.id in room.present and seat.votes for seat in found)
    own = sum(seat.votes and seat.role is not SeatRole.SUBSTITUTE for seat in room.seats)
    assert len(found) + len(empty_by_recusal(room)) <= own


@MANY
@given(votings())
def test_decision_as_read_in_the_law(case) -> None:
    room, votes = case
    result = decide(*room.facts, votes)
    voices = list(votes.values())
    for_, against = voices.count(Voice.FOR), voices.count(Voice.AGAINST)
    casting = votes.get(head(room)) if room.rules.chair_breaks_ties else None
    chair = False
    if not result.quorum.is_met:
        wanted = Outcome.NO_QUORUM
    elif carries(room, for_, for_ + against):
        wanted = Outcome.ADOPTED
    elif for_ == against and splits(room, for_, for_ + against):
        chair = casting in (Voice.FOR, Voice.AGAINST)
        wanted = {Voice.FOR: Outcome.ADOPTED, Voice.AGAINST: Outcome.NOT_ADOPTED}.get(casting, Outcome.TIED)
    else:
        wanted = Outcome.NOT_ADOPTED
    assert (result.outcome, result.chair_decided) == (wanted, chair)
    assert result.needed == next(n for n in range(1, 99) if carries(room, n, for_ + against))


@MANY
@given(votings())
def test_the_parts_are_the_whole(case) -> None:
    room, votes = case
    result = decide(*room.facts, votes)
    assert min(result.for_, result.against, result.abstained, result.not_voted, result.recused) >= 0
    assert result.for_ + result.against + result.abstained + result.not_voted == result.quorum.present
    assert result.abstained == list(votes.values()).count(Voice.ABSTAIN)
    assert result.quorum == quorum(*room.facts)
    own = sum(seat.votes and seat.role is not SeatRole.SUBSTITUTE for seat in room.seats)
    left = decide(*room.but(recusal=RecusalRule.LEAVES_QUORUM).facts, votes)
    assert left.quorum.seats + left.recused == own
    assert decide(*room.but(recusal=RecusalRule.STAYS_IN_SEATS).facts, votes).quorum.seats == own


@MANY
@given(votings(), st.data())
def test_one_voice_more_for_never_undoes_an_adoption(case, data) -> None:
    room, votes = case
    ladder = (Outcome.NOT_ADOPTED, Outcome.TIED, Outcome.ADOPTED)
    before = decide(*room.facts, votes)
    others = sorted(one for one, voice in votes.items() if voice is Voice.AGAINST)
    if not others or not before.quorum.is_met:
        return
    after = decide(*room.facts, {**votes, data.draw(st.sampled_from(others)): Voice.FOR})
    assert ladder.index(after.outcome) >= ladder.index(before.outcome)


@MANY
@given(votings(), st.randoms(use_true_random=False))
def test_the_order_of_seats_and_votes_says_nothing(case, chance) -> None:
    room, votes = case
    seats, cast = list(room.seats), list(votes.items())
    chance.shuffle(seats)
    chance.shuffle(cast)
    shuffled = decide(room.rules, seats, sorted(room.present), sorted(room.recused), dict(cast))
    assert shuffled == decide(*room.facts, votes)


@MANY
@given(votings())
def test_a_recused_member_changes_nothing_by_coming(case) -> None:
    room, votes = case
    result = decide(*room.facts, votes)
    away = decide(room.rules, room.seats, room.present - room.recused, room.recused, votes)
    there = decide(room.rules, room.seats, room.present | room.recused, room.recused, votes)
    assert away == result == there
    for one in sorted(room.recused):
        with pytest.raises(Invalid):
            decide(*room.facts, {**votes, one: Voice.FOR})


@MANY
@given(votings())
def test_everybody_else_is_refused(case) -> None:
    room, votes = case
    able = set(fillers(room).values())
    for one in sorted(({seat.id for seat in room.seats} | room.present) - able):
        with pytest.raises(Invalid, match="vote_"):
            decide(*room.facts, {**votes, one: Voice.ABSTAIN})


@MANY
@given(votings())
def test_the_chair_decides_only_a_tie_and_only_by_rule(case) -> None:
    room, votes = case
    result = decide(*room.facts, votes)
    plain = decide(*room.but(chair_breaks_ties=False).facts, votes)
    assert not plain.chair_decided
    assert result.chair_decided == (result.outcome != plain.outcome)
    if result.chair_decided:
        assert (plain.outcome, result.for_) == (Outcome.TIED, result.against)
        assert room.rules.chair_breaks_ties


@given(st.integers(0, 40), st.integers(0, 40), st.sampled_from(SHARES))
def test_more_than_a_share_never_rounds(present, cast, share) -> None:
    state = QuorumState(present, 1, present, is_met=True)
    if Fraction(1, 2) <= share < 1:
        needed = needed_voices(BodyRules(majority=Majority.SHARE_OF_VOTES, share=share), state, cast)
        assert needed > share * cast >= needed - 1
    two_thirds = needed_voices(BodyRules(majority=Majority.TWO_THIRDS_OF_PRESENT), state, cast)
    assert 3 * two_thirds >= 2 * present
    assert two_thirds == 1 or 3 * (two_thirds - 1) < 2 * present
