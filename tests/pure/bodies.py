"""Random collegial bodies for the tests: seats, rules, who is there, who is recused, and a slow second way to count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from qatysu.core.collegial import BodyRules, Majority, Presiding, RecusalRule, Seat, SeatRole, Voice

DAY = date(2026, 11, 24)
SINCE = (date(2026, 1, 1), date(2026, 3, 1))
SHARES = tuple(Fraction(part, whole) for whole in (1, 2, 3, 4, 5) for part in range(whole + 1))


@dataclass(frozen=True)
class Room:
    """One question before one body."""

    rules: BodyRules
    seats: tuple[Seat, ...]
    present: frozenset[str]
    recused: frozenset[str]

    @property
    def facts(self):
        """Arguments of the functions under test."""
        return self.rules, self.seats, self.present, self.recused

    def but(self, **rules):
        """The same room under other rules."""
        return replace(self, rules=replace(self.rules, **rules))


def member(name, role=SeatRole.MEMBER, **more):
    """A seat since the start of the year."""
    return Seat(name, role, more.pop("since", SINCE[0]), **more)


def stand_in(name, whom, **more):
    """A substitute of ``whom``."""
    return member(name, SeatRole.SUBSTITUTE, stands_in_for=whom, **more)


def body_rules():
    """Any rules that the constitution may say."""
    return st.builds(
        BodyRules,
        quorum=st.sampled_from(SHARES),
        quorum_least=st.integers(0, 4),
        majority=st.sampled_from(Majority),
        share=st.sampled_from([share for share in SHARES if Fraction(1, 2) <= share < 1]),
        chair_breaks_ties=st.booleans(),
        chair_presides=st.sampled_from(Presiding),
        recusal=st.sampled_from(RecusalRule),
        correspondence_allowed=st.just(True),
    )


@st.composite
def rooms(draw, most=7):
    """Up to ``most`` members, the first perhaps chair, some without a vote, some deputies, up to three substitutes."""
    size = draw(st.integers(0, most))
    seats = []
    for i in range(size):
        role = draw(st.sampled_from([SeatRole.CHAIR, SeatRole.CHAIR, SeatRole.MEMBER])) if i == 0 else SeatRole.MEMBER
        if i == 1:
            role = draw(st.sampled_from([SeatRole.SECRETARY, SeatRole.MEMBER]))
        deputy = None if role is SeatRole.CHAIR else draw(st.sampled_from([None, None, 1, 2]))
        seats.append(member(f"m{i}", role, votes=draw(st.sampled_from([True, True, True, False])), deputy=deputy))
    for i in range(draw(st.integers(0, 3))):
        whom = draw(st.sampled_from([*(seat.id for seat in seats if seat.role is not SeatRole.SUBSTITUTE), "gone"]))
        seats.append(stand_in(f"s{i}", whom, since=draw(st.sampled_from(SINCE)), votes=draw(st.sampled_from([True, True, False]))))
    names = [seat.id for seat in seats] + ["guest"]
    present = draw(st.frozensets(st.sampled_from(names))) if draw(st.booleans()) else frozenset(names)
    recused = draw(st.frozensets(st.sampled_from(names), max_size=3))
    return Room(draw(body_rules()), tuple(draw(st.permutations(seats))), present, recused)


@st.composite
def votings(draw, values=None):
    """A room, and a vote of some of those who may vote in it."""
    room = draw(rooms())
    able = sorted(fillers(room).values())
    kinds = values if values is not None else st.sampled_from(Voice)
    found = draw(st.lists(st.one_of(st.none(), kinds.map(lambda v: (v,))), min_size=len(able), max_size=len(able)))
    return room, {name: vote[0] for name, vote in zip(able, found, strict=True) if vote is not None}


def fillers(room):
    """Oracle: the id of who fills each voting seat now, by the seat's id."""
    found = {}
    for seat in room.seats:
        if not seat.votes or seat.role is SeatRole.SUBSTITUTE:
            continue
        others = sorted((s for s in room.seats if s.stands_in_for == seat.id and s.votes), key=lambda s: (s.since, s.id))
        for one in (seat, *others):
            if one.id in room.present - room.recused:
                found[seat.id] = one.id
                break
    return found


def empty_by_recusal(room):
    """Oracle: ids of voting seats whose member is recused and which nobody fills."""
    own = {seat.id for seat in room.seats if seat.votes and seat.role is not SeatRole.SUBSTITUTE}
    return (own & room.recused) - set(fillers(room))


def counted_seats(room):
    """Oracle: the number of seats that the quorum is a share of."""
    own = [seat for seat in room.seats if seat.votes and seat.role is not SeatRole.SUBSTITUTE]
    return len(own) - (len(empty_by_recusal(room)) if room.rules.recusal is RecusalRule.LEAVES_QUORUM else 0)


def carries(room, voices, cast):
    """Oracle: whether ``voices`` of ``cast`` carry, as the sentence of the law reads."""
    rules, present, seats = room.rules, len(fillers(room)), counted_seats(room)
    return voices > 0 and {
        Majority.SIMPLE_OF_VOTES: voices > cast - voices,
        Majority.SHARE_OF_VOTES: voices * rules.share.denominator > rules.share.numerator * cast,
        Majority.ABSOLUTE_OF_PRESENT: voices > present - voices,
        Majority.ABSOLUTE_OF_SEATS: voices > seats - voices,
        Majority.TWO_THIRDS_OF_PRESENT: 3 * voices >= 2 * present,
    }[rules.majority]


def splits(room, voices, cast):
    """Oracle: whether one more voice of the same cast would have carried an equal split of everybody counted."""
    rules = room.rules
    wholes = {Majority.ABSOLUTE_OF_PRESENT: len(fillers(room)), Majority.ABSOLUTE_OF_SEATS: counted_seats(room)}
    whole = wholes.get(rules.majority, cast)
    by_half = rules.majority is not Majority.TWO_THIRDS_OF_PRESENT
    by_half &= rules.majority is not Majority.SHARE_OF_VOTES or rules.share == Fraction(1, 2)
    return by_half and voices > 0 and voices + voices == whole


def head(room):
    """Oracle: the id of who presides."""
    able = [seat for seat in room.seats if seat.id in room.present - room.recused]
    for seat in able:
        if seat.role is SeatRole.CHAIR:
            return seat.id
    if room.rules.chair_presides is Presiding.CHAIR_ONLY:
        return None
    return min(((seat.deputy, seat.id) for seat in able if seat.deputy), default=(0, None))[1]
