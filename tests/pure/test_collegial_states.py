"""Every lifecycle of the body as a machine: only the table moves, what is final stays, and what is signed never opens again."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from qatysu.core.collegial_states import (
    APPEAL,
    DOCUMENT,
    MATTER,
    MEETING,
    PROTOCOL,
    SEAT,
    AppealState,
    DocumentState,
    MatterState,
    MeetingState,
    ProtocolState,
    SeatState,
)
from qatysu.core.errors import IllegalMove

A, D, E, M, P, S = AppealState, DocumentState, MeetingState, MatterState, ProtocolState, SeatState
TABLES = ((MATTER, M), (MEETING, E), (PROTOCOL, P), (SEAT, S), (APPEAL, A), (DOCUMENT, D))
FINAL = {
    M: {M.WITHDRAWN},
    E: {E.RECORDED, E.CANCELLED},
    P: {P.PUBLISHED},
    S: {S.DECLINED, S.ENDED},
    A: {A.UPHELD, A.DISMISSED, A.REFUSED, A.WITHDRAWN},
    D: {D.SUPERSEDED, D.WITHDRAWN, D.DROPPED},
}


def followers(table, state):
    """States that can ever come after ``state``."""
    found, queue = set(), [state]
    while queue:
        new = table.moves.get(queue.pop(), frozenset()) - found
        found |= new
        queue += new
    return found


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_tables_are_whole(table, states) -> None:
    assert {table.initial} | followers(table, table.initial) == set(states)
    assert {state for state in states if not table.moves.get(state)} == FINAL[states]
    assert all(state not in following for state, following in table.moves.items())
    assert all(followers(table, state) & FINAL[states] for state in states if state not in FINAL[states])


@pytest.mark.parametrize(
    ("table", "before", "never"),
    [
        (PROTOCOL, P.SIGNED, {P.DRAFT, P.SIGNING}),
        (MEETING, E.CLOSED, {E.OPEN, E.CALLED, E.CANCELLED}),
        (MEETING, E.OPEN, {E.CANCELLED, E.DRAFT}),
        (DOCUMENT, D.ADOPTED, {D.DRAFT, D.DISCUSSION, D.SUBMITTED, D.DROPPED}),
        (APPEAL, A.TAKEN, {A.FILED, A.REFUSED}),
        (SEAT, S.ACTIVE, {S.NAMED, S.DECLINED}),
    ],
)
def test_there_is_no_way_back(table, before, never) -> None:
    assert not followers(table, before) & never


class Machine(RuleBasedStateMachine):
    """Anybody tries any move at any time."""

    table, states = MATTER, MatterState

    def __init__(self) -> None:
        super().__init__()
        self.state = self.table.initial
        self.history = [self.state]

    @rule(chance=st.data())
    def try_anything(self, chance) -> None:
        new = chance.draw(st.sampled_from(list(self.states)))
        if new in self.table.moves.get(self.state, ()):
            self.table.check(self.state, new)
            self.go(new)
        else:
            with pytest.raises(IllegalMove) as refusal:
                self.table.check(self.state, new)
            assert refusal.value.params == {"old": self.state, "new": new}

    @rule(chance=st.data())
    def go_on(self, chance) -> None:
        """A lawful step, so that long lives are tried as well."""
        following = sorted(self.table.moves.get(self.state, ()))
        if following:
            self.go(chance.draw(st.sampled_from(following)))

    def go(self, new) -> None:
        self.state = new
        self.history.append(new)

    def happened(self, *states):
        """How often any of ``states`` was entered."""
        return sum(self.history.count(state) for state in states)

    @invariant()
    def nothing_follows_the_end(self) -> None:
        assert not set(self.history[:-1]) & FINAL[self.states]


class Matters(Machine):
    @invariant()
    def every_decision_was_on_an_agenda(self) -> None:
        # Each decision needs its own agenda; after an appeal the old one may stand again.
        fresh = [i for i, state in enumerate(self.history) if state is M.DECIDED and self.history[i - 1] is not M.APPEALED]
        assert all(self.history[i - 1] is M.ON_AGENDA for i in fresh)
        assert self.happened(M.REOPENED) <= self.happened(M.DECIDED, M.APPEALED)
        assert self.happened(M.APPEALED) <= self.happened(M.DECIDED)


class Meetings(Machine):
    table, states = MEETING, MeetingState

    @invariant()
    def a_record_is_of_a_closed_meeting_that_was_called(self) -> None:
        if self.state is E.RECORDED:
            assert [self.happened(state) for state in (E.CALLED, E.CLOSED, E.CANCELLED)] == [1, 1, 0]
            assert self.happened(E.OPEN) == self.happened(E.ADJOURNED) + 1 or self.history[-3] is E.ADJOURNED


class Protocols(Machine):
    table, states = PROTOCOL, ProtocolState

    @invariant()
    def what_is_public_was_signed_once_and_not_written_after(self) -> None:
        if self.state is P.PUBLISHED:
            assert self.history[-4:] == [P.SIGNING, P.SIGNED, P.FROZEN, P.PUBLISHED]
            assert self.happened(P.SIGNED) == 1
            assert self.happened(P.SIGNING) == self.happened(P.DRAFT)


class Seats(Machine):
    table, states = SEAT, SeatState

    @invariant()
    def nobody_sits_who_declined(self) -> None:
        assert not (self.happened(S.DECLINED) and self.happened(S.ACTIVE))
        assert self.happened(S.SUSPENDED) <= self.happened(S.ACTIVE)


class Appeals(Machine):
    table, states = APPEAL, AppealState

    @invariant()
    def only_what_was_taken_is_judged(self) -> None:
        assert self.happened(A.UPHELD, A.DISMISSED) <= self.happened(A.TAKEN) <= 1
        assert not (self.happened(A.REFUSED) and self.happened(A.TAKEN))


class Documents(Machine):
    table, states = DOCUMENT, DocumentState

    @invariant()
    def what_is_in_force_was_submitted_and_adopted_once(self) -> None:
        assert self.happened(D.ADOPTED) <= min(1, self.happened(D.SUBMITTED))
        assert self.happened(D.SUPERSEDED, D.WITHDRAWN) <= self.happened(D.ADOPTED)
        assert not (self.happened(D.DROPPED) and self.happened(D.ADOPTED))


OFTEN = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestMatters, TestMeetings, TestProtocols = Matters.TestCase, Meetings.TestCase, Protocols.TestCase
TestSeats, TestAppeals, TestDocuments = Seats.TestCase, Appeals.TestCase, Documents.TestCase
for case in (TestMatters, TestMeetings, TestProtocols, TestSeats, TestAppeals, TestDocuments):
    case.settings = OFTEN
