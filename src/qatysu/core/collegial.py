"""A collegial body: who holds a seat, who may vote now, quorum, decision, and choice between options. Counts are exact.

Everything below is computed from *seats in office*, the ids of those *present* and of those *recused* (in conflict of interest on
this very question). Ids that are not in office count for nothing in presence and recusal; a *vote* of such an id is refused.

A seat is filled by its own member, or, when that member is absent or recused, by the substitute who has stood in longest and is
present and not recused. A seat is *recused* when its member is and nobody stands in. When the member is merely absent, the recusal
of a substitute does not empty the seat: a quorum must not become easier because a stand-in has an interest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from qatysu.core.errors import Conflict, Invalid

V = TypeVar("V")
_HALF = Fraction(1, 2)


class SeatRole(StrEnum):
    """What a seat is in the body."""

    CHAIR = "chair"
    SECRETARY = "secretary"
    MEMBER = "member"
    SUBSTITUTE = "substitute"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's seat from day ``since`` to day ``until``, both included.

    ``deputy`` is the order in which members preside without the chair (1 first); None: never.
    Raises Invalid: seat_term, seat_stand_in (a substitute stands in for another seat, nobody else does), seat_deputy.
    """

    id: str
    role: SeatRole
    since: date
    until: date | None = None
    stands_in_for: str | None = None
    votes: bool = True
    deputy: int | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise Invalid("seat_term", field="until", seat=self.id)
        is_substitute = self.role is SeatRole.SUBSTITUTE
        if is_substitute != (self.stands_in_for is not None) or self.stands_in_for == self.id:
            raise Invalid("seat_stand_in", field="stands_in_for", seat=self.id)
        if self.deputy is not None and (self.deputy < 1 or self.role in (SeatRole.CHAIR, SeatRole.SUBSTITUTE)):
            raise Invalid("seat_deputy", field="deputy", seat=self.id)


class Majority(StrEnum):
    """How many voices FOR adopt. ``SHARE_OF_VOTES`` asks for more than ``BodyRules.share`` of the voices for and against."""

    SIMPLE_OF_VOTES = "simple_of_votes"
    SHARE_OF_VOTES = "share_of_votes"
    ABSOLUTE_OF_PRESENT = "absolute_of_present"
    ABSOLUTE_OF_SEATS = "absolute_of_seats"
    TWO_THIRDS_OF_PRESENT = "two_thirds_of_present"


class RecusalRule(StrEnum):
    """Whether a recused seat still counts in the number of seats; in the presence it never does."""

    LEAVES_QUORUM = "leaves_quorum"
    STAYS_IN_SEATS = "stays_in_seats"


class Presiding(StrEnum):
    """Who presides, and holds the chair's vote, when the chair is absent or recused."""

    CHAIR_ONLY = "chair_only"
    DEPUTY_BY_ORDER = "deputy_by_order"


class Presence(StrEnum):
    """How somebody attends a meeting."""

    ROOM = "room"
    REMOTE = "remote"


class Voice(StrEnum):
    """One vote on a motion."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class BodyRules:
    """What the constitution says of the body. ``quorum`` is "at least this share of the voting seats".

    ``share`` is read by SHARE_OF_VOTES only. Raises Invalid: quorum_share, quorum_least, majority_share (half at least: otherwise
    fewer voices for than against would adopt; less than all: more than all never vote).
    """

    quorum: Fraction = _HALF
    quorum_least: int = 1
    majority: Majority = Majority.SIMPLE_OF_VOTES
    share: Fraction = _HALF
    chair_breaks_ties: bool = False
    chair_presides: Presiding = Presiding.DEPUTY_BY_ORDER
    recusal: RecusalRule = RecusalRule.LEAVES_QUORUM
    remote_counts: bool = True
    correspondence_allowed: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.quorum <= 1:
            raise Invalid("quorum_share", field="quorum")
        if self.quorum_least < 0:
            raise Invalid("quorum_least", field="quorum_least")
        if not _HALF <= self.share < 1:
            raise Invalid("majority_share", field="share")


@dataclass(frozen=True, slots=True)
class QuorumState:
    """Voting seats that count, how many must be filled, how many are filled by people present who may vote."""

    seats: int
    needed: int
    present: int
    is_met: bool


class Outcome(StrEnum):
    """What came of a motion."""

    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    TIED = "tied"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class Decision:
    """Voices on a motion: ``for_ + against + abstained + not_voted == quorum.present``.

    ``recused`` counts seats that nobody may vote for; ``needed`` is the number of voices FOR that adopts, given who voted.
    Without a quorum the counts stand, but nothing is decided.
    """

    outcome: Outcome
    for_: int
    against: int
    abstained: int
    not_voted: int
    recused: int
    needed: int
    chair_decided: bool
    quorum: QuorumState


@dataclass(frozen=True, slots=True)
class _Bench:
    """All voting seats, the ids of the people who fill one now, and how many seats are recused."""

    seats: int
    voters: frozenset[str]
    recused: int


def in_office(seats: Iterable[Seat], day: date) -> tuple[Seat, ...]:
    """Seats whose term includes ``day`` (a day of the city), in the order given."""
    return tuple(seat for seat in seats if seat.since <= day and (seat.until is None or day <= seat.until))


def attending(rules: BodyRules, marks: Mapping[str, Presence]) -> frozenset[str]:
    """Ids that count as present; those who attend from afar only when the rules say so."""
    return frozenset(one for one, how in marks.items() if how is Presence.ROOM or rules.remote_counts)


def voters(seats: Collection[Seat], present: Collection[str], recused: Collection[str]) -> tuple[Seat, ...]:
    """Seats of the people who may vote now, in the order given: never a member and their substitute together."""
    bench = _bench(seats, present, recused)
    return tuple(seat for seat in seats if seat.id in bench.voters)


def presiding(
    rules: BodyRules, seats: Collection[Seat], present: Collection[str], recused: Collection[str]
) -> Seat | None:
    """Who presides on this question: the chair, or the first deputy present and not recused; None when there is nobody."""
    _check_seats(seats)
    able = [seat for seat in seats if seat.id in present and seat.id not in recused]
    chair = next((seat for seat in able if seat.role is SeatRole.CHAIR), None)
    if chair is not None or rules.chair_presides is Presiding.CHAIR_ONLY:
        return chair
    deputies = sorted((seat.deputy, seat.id, seat) for seat in able if seat.deputy is not None)
    return deputies[0][2] if deputies else None


def quorum(
    rules: BodyRules, seats: Collection[Seat], present: Collection[str], recused: Collection[str]
) -> QuorumState:
    """State of the quorum. Needed: the share of the seats rounded up, at least ``quorum_least``, at least one.

    Raises Invalid: seat_twice, two_chairs, seat_stand_in (a substitute of a substitute); so does everything below.
    """
    return _state(rules, _bench(seats, present, recused))


def decide(
    rules: BodyRules,
    seats: Collection[Seat],
    present: Collection[str],
    recused: Collection[str],
    votes: Mapping[str, Voice],
) -> Decision:
    """The decision on a motion. A tie is an equal split that one more voice would have decided, never a split of nobody.

    The chair's side wins a tie only where the rules say so and whoever presides voted for or against.
    Raises Invalid: vote_not_in_office, vote_without_right, vote_recused, vote_not_present, vote_counted_twice (the seat's own
    member is there, or an older substitute), each with the param ``seat``.
    """
    bench = _bench(seats, present, recused)
    check_votes(seats, present, recused, votes)
    state = _state(rules, bench)
    voices = list(votes.values())
    for_, against = voices.count(Voice.FOR), voices.count(Voice.AGAINST)
    needed = needed_voices(rules, state, for_ + against)
    outcome, chair_decided = Outcome.NOT_ADOPTED, False
    if not state.is_met:
        outcome = Outcome.NO_QUORUM
    elif for_ >= needed:
        outcome = Outcome.ADOPTED
    elif for_ == against and is_half(rules, state, for_, for_ + against):
        side = casting_vote(rules, seats, present, recused, votes)
        outcome = {Voice.FOR: Outcome.ADOPTED, Voice.AGAINST: Outcome.NOT_ADOPTED}.get(side or Voice.ABSTAIN, Outcome.TIED)
        chair_decided = outcome is not Outcome.TIED
    return Decision(
        outcome=outcome,
        for_=for_,
        against=against,
        abstained=len(voices) - for_ - against,
        not_voted=state.present - len(voices),
        recused=bench.recused,
        needed=needed,
        chair_decided=chair_decided,
        quorum=state,
    )


def replies(
    rules: BodyRules, seats: Collection[Seat], recused: Collection[str], votes: Mapping[str, V]
) -> dict[str, V]:
    """The votes by correspondence that count; their ids are then the presence that ``decide`` and ``choose`` are given.

    A substitute's reply is set aside when the seat's own member, or an older substitute, replied as well.
    Raises Conflict: correspondence_not_allowed.
    """
    if not rules.correspondence_allowed:
        raise Conflict("correspondence_not_allowed")
    filled = _bench(seats, votes.keys(), recused).voters
    by_id = {seat.id: seat for seat in seats}
    spare = {
        seat.id
        for seat in seats
        if seat.votes and seat.id not in filled and seat.id not in recused and _principal(seat, by_id) is not seat
    }
    return {one: vote for one, vote in votes.items() if one not in spare}


def check_votes(
    seats: Collection[Seat], present: Collection[str], recused: Collection[str], votes: Collection[str]
) -> None:
    """Raises Invalid (codes: see ``decide``) when an id in ``votes`` is not of somebody who may vote now."""
    by_id, able = {seat.id: seat for seat in seats}, _bench(seats, present, recused).voters
    for one in sorted(set(votes) - able):
        seat = by_id.get(one)
        if seat is None:
            code = "vote_not_in_office"
        elif not seat.votes or not _principal(seat, by_id).votes:
            code = "vote_without_right"
        elif one in recused:
            code = "vote_recused"
        elif one not in present:
            code = "vote_not_present"
        else:
            code = "vote_without_right" if _principal(seat, by_id) is seat else "vote_counted_twice"
        raise Invalid(code, field="votes", seat=one)


def needed_voices(rules: BodyRules, state: QuorumState, cast: int) -> int:
    """Voices that carry a motion or an option when ``cast`` voices were given to any side; at least one."""
    if rules.majority is Majority.TWO_THIRDS_OF_PRESENT:
        return max(1, ceil(Fraction(2 * state.present, 3)))
    if rules.majority is Majority.SHARE_OF_VOTES:
        return floor(rules.share * cast) + 1
    return _base(rules, state, cast) // 2 + 1


def is_half(rules: BodyRules, state: QuorumState, voices: int, cast: int) -> bool:
    """True when ``voices`` are exactly half of what the majority is counted of, and more than half would carry."""
    above_half = rules.majority is Majority.TWO_THIRDS_OF_PRESENT or (
        rules.majority is Majority.SHARE_OF_VOTES and rules.share != _HALF
    )
    return not above_half and voices > 0 and 2 * voices == _base(rules, state, cast)


def casting_vote(
    rules: BodyRules,
    seats: Collection[Seat],
    present: Collection[str],
    recused: Collection[str],
    votes: Mapping[str, V],
) -> V | None:
    """What whoever presides voted, where the rules let that vote break a tie; None otherwise."""
    head = presiding(rules, seats, present, recused) if rules.chair_breaks_ties else None
    return None if head is None else votes.get(head.id)


def recused_seats(seats: Collection[Seat], present: Collection[str], recused: Collection[str]) -> int:
    """How many voting seats nobody may vote for, because their member is recused and no substitute stands in."""
    return _bench(seats, present, recused).recused


def _base(rules: BodyRules, state: QuorumState, cast: int) -> int:
    bases = {Majority.ABSOLUTE_OF_PRESENT: state.present, Majority.ABSOLUTE_OF_SEATS: state.seats}
    return bases.get(rules.majority, cast)


def _state(rules: BodyRules, bench: _Bench) -> QuorumState:
    count = bench.seats - (bench.recused if rules.recusal is RecusalRule.LEAVES_QUORUM else 0)
    needed = max(ceil(rules.quorum * count), rules.quorum_least, 1)
    present = len(bench.voters)
    return QuorumState(seats=count, needed=needed, present=present, is_met=present >= needed)


def _check_seats(seats: Collection[Seat]) -> None:
    if len({seat.id for seat in seats}) != len(seats):
        raise Invalid("seat_twice", field="seats")
    if sum(seat.role is SeatRole.CHAIR for seat in seats) > 1:
        raise Invalid("two_chairs", field="seats")
    substitutes = {seat.id for seat in seats if seat.role is SeatRole.SUBSTITUTE}
    if any(seat.stands_in_for in substitutes for seat in seats):
        raise Invalid("seat_stand_in", field="stands_in_for")


def _principal(seat: Seat, by_id: Mapping[str, Seat]) -> Seat:
    """The seat that ``seat`` stands in for; itself for everybody else, and for a substitute of nobody in office."""
    return by_id.get(seat.stands_in_for or "", seat)


def _bench(seats: Collection[Seat], present: Collection[str], recused: Collection[str]) -> _Bench:
    _check_seats(seats)
    own = [seat for seat in seats if seat.votes and seat.role is not SeatRole.SUBSTITUTE]
    spare = sorted((s for s in seats if s.votes and s.role is SeatRole.SUBSTITUTE), key=lambda s: (s.since, s.id))
    able = {seat.id for seat in seats if seat.id in present and seat.id not in recused}
    filled, away = set(), 0
    for seat in own:
        stand_in = next((s.id for s in spare if s.stands_in_for == seat.id and s.id in able), None)
        if seat.id in able:
            filled.add(seat.id)
        elif stand_in is not None:
            filled.add(stand_in)
        elif seat.id in recused:
            away += 1
    return _Bench(seats=len(own), voters=frozenset(filled), recused=away)
