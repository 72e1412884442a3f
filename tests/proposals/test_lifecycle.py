"""The lifecycle as a machine: whatever people try, the table, the history and the numbers hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from qatysu.audit.models import Deed
from qatysu.ballots.commands import freeze_slate
from qatysu.core.errors import IllegalMove, NotAllowed, QatysuError, StageClosed
from qatysu.core.regulation import Role, Stage
from qatysu.outbox.models import Message
from qatysu.proposals import commands
from qatysu.proposals.models import PROPOSAL, Move, Proposal, State, Version
from tests import factories

from .conftest import complete

Command = Callable[..., Any]
WHY = {"reason_code": "other", "reason_text": "Себебі бар"}
MOVES: dict[str, tuple[Command, str, Stage, dict[str, str]]] = {
    "submit": (commands.submit_proposal, "author", Stage.IDEAS, {}),
    "withdraw": (commands.withdraw_proposal, "author", Stage.IDEAS, WHY),
    "return": (commands.return_proposal, "coach", Stage.IDEAS, WHY),
    "accept": (commands.accept_proposal, "coach", Stage.SESSIONS, {}),
    "reject": (commands.reject_proposal, "coach", Stage.SESSIONS, WHY),
    "start": (commands.start_session, "coach", Stage.SESSIONS, {}),
    "ready": (commands.mark_ready, "coach", Stage.SESSIONS, {}),
    "admit": (commands.admit_proposal, "expert", Stage.COUNCIL, {}),
    "refuse": (commands.refuse_admission, "expert", Stage.COUNCIL, WHY),
}


class Lifecycle(RuleBasedStateMachine):
    """One proposal, every command in any order by any person in any stage."""

    def __init__(self) -> None:
        super().__init__()
        self.now = timezone.now()
        city = factories.make_city(f"c{Proposal.objects.count()}x{id(self)}"[:40])
        self.round = factories.fresh(factories.make_round(city, stage=Stage.IDEAS, now=self.now))
        author = factories.make_account("Л. С.", city=city)
        self.people = {
            "author": author,
            "coach": factories.make_staff(Role.COACH, city),
            "expert": factories.make_staff(Role.EXPERT, city),
            "stranger": factories.make_account(),
        }
        self.proposal = complete(self.round, author)
        self.expected = [State.DRAFT]

    def _at(self, stage: Stage) -> None:
        factories.move_to(self.round, stage, self.now)

    @rule(name=st.sampled_from(sorted(MOVES)))
    def right_person_at_the_right_time(self, name: str) -> None:
        command, who, stage, extra = MOVES[name]
        self._at(stage)
        self._try(command, self.people[who], extra)

    @rule(
        name=st.sampled_from(sorted(MOVES)),
        who=st.sampled_from(["author", "coach", "expert", "stranger"]),
        stage=st.sampled_from(list(Stage)),
    )
    def anybody_at_any_time(self, name: str, who: str, stage: Stage) -> None:
        command, right, _, extra = MOVES[name]
        self._at(stage)
        before = Move.objects.filter(proposal=self.proposal).count()
        try:
            self._try(command, self.people[who], extra)
        except NotAllowed:
            assert Move.objects.filter(proposal=self.proposal).count() == before
        else:
            assert who == right

    def _try(self, command: Command, actor: Any, extra: dict[str, str]) -> None:
        self.now += timedelta(seconds=1)
        try:
            command(actor=actor, proposal=self.proposal, now=self.now, **extra)
        except (IllegalMove, StageClosed):
            return
        state = State(Proposal.objects.get(pk=self.proposal.pk).state)
        if state != self.expected[-1]:
            self.expected.append(state)

    @invariant()
    def history_is_a_path_of_the_table(self) -> None:
        rows = list(Move.objects.filter(proposal=self.proposal).order_by("pk"))
        assert [State.DRAFT, *(State(row.new) for row in rows)] == self.expected
        assert all(PROPOSAL.allows(State(row.old), State(row.new)) for row in rows)
        assert Deed.objects.filter(target=f"proposals.proposal:{self.proposal.pk}").count() == len(rows)

    @invariant()
    def submitted_means_numbered_and_kept(self) -> None:
        proposal = Proposal.objects.get(pk=self.proposal.pk)
        if State.SUBMITTED in self.expected:
            assert proposal.number == 1
            assert Version.objects.filter(proposal=proposal).exists()
        else:
            assert proposal.number is None


class LifecycleTest(TestCase):
    """Runs the machine, each example in a transaction of its own."""

    def test_lifecycle(self) -> None:
        from hypothesis.stateful import run_state_machine_as_test  # reason: only here

        run_state_machine_as_test(
            Lifecycle,
            settings=settings(
                max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )


def path_to(proposal: Proposal, people: dict[str, Any], *names: str) -> Proposal:
    for name in names:
        command, who, stage, extra = MOVES[name]
        factories.move_to(proposal.round, stage, timezone.now())
        command(actor=people[who], proposal=proposal, now=timezone.now(), **extra)
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def people(city: Any, author: Any, coach: Any) -> dict[str, Any]:
    return {"author": author, "coach": coach, "expert": factories.make_staff(Role.EXPERT, city)}


def test_the_whole_year_of_an_idea(round: Any, people: dict[str, Any]) -> None:
    proposal = complete(round, people["author"])
    path_to(proposal, people, "submit", "return", "submit", "accept", "start", "ready", "refuse")
    commands.reopen(actor=people["expert"], proposal=proposal, now=timezone.now())
    path_to(proposal, people, "admit")
    assert (proposal.state, proposal.number) == (State.ADMITTED, 1)


def test_each_move_is_told_once_to_each_person(round: Any, people: dict[str, Any]) -> None:
    proposal = complete(round, people["author"])
    follower = factories.make_account()
    path_to(proposal, people, "submit")
    commands.follow(actor=follower, proposal=proposal, now=timezone.now())
    path_to(proposal, people, "accept")
    keys = sorted(Message.objects.values_list("account__name", "dedupe_key"))
    accepted = Move.objects.get(new=State.ACCEPTED)
    assert len(keys) == 3
    assert Message.objects.filter(dedupe_key__startswith=f"move:{accepted.pk}:").count() == 2


def test_reopening_a_ready_project_leads_back_to_the_sessions(round: Any, people: dict[str, Any]) -> None:
    proposal = path_to(complete(round, people["author"]), people, "submit", "accept", "start", "ready")
    commands.reopen(actor=people["coach"], proposal=proposal, now=timezone.now())
    proposal.refresh_from_db()
    assert proposal.state == State.IN_SESSIONS


def test_nobody_decides_on_the_own_proposal(round: Any, coach: Any) -> None:
    proposal = complete(round, coach)
    commands.submit_proposal(actor=coach, proposal=proposal, now=timezone.now())
    with pytest.raises(NotAllowed, match="own_proposal"):
        commands.accept_proposal(actor=coach, proposal=proposal, now=timezone.now())


@pytest.mark.parametrize("code", ["", "nonsense", "no_time"])
@pytest.mark.parametrize("text", ["", "  ", "x" * 2001])
def test_a_refusal_needs_a_known_code_and_words(round: Any, people: dict[str, Any], code: str, text: str) -> None:
    proposal = path_to(complete(round, people["author"]), people, "submit")
    with pytest.raises(QatysuError):
        commands.reject_proposal(
            actor=people["coach"], proposal=proposal, reason_code=code, reason_text=text, now=timezone.now()
        )
    proposal.refresh_from_db()
    assert proposal.state == State.SUBMITTED


def test_an_admitted_project_leaves_until_the_ballot_is_frozen(round: Any, people: dict[str, Any]) -> None:
    steps = ("submit", "accept", "start", "ready", "admit")
    first, second = (path_to(complete(round, people["author"]), people, *steps) for _ in range(2))
    factories.move_to(round, Stage.CAMPAIGN, timezone.now())
    commands.withdraw_proposal(actor=people["author"], proposal=first, now=timezone.now(), **WHY)
    freeze_slate(actor=factories.make_staff(Role.COORDINATOR, round.city), round=factories.fresh(round), now=timezone.now())
    with pytest.raises(QatysuError, match="ballot_frozen"):
        commands.withdraw_proposal(actor=people["author"], proposal=second, now=timezone.now(), **WHY)


def test_the_centre_does_not_undo_a_refusal_of_the_council(round: Any, people: dict[str, Any]) -> None:
    proposal = path_to(complete(round, people["author"]), people, "submit", "accept", "start", "ready", "refuse")
    with pytest.raises(QatysuError, match="council_refused"):
        commands.mark_ready(actor=people["coach"], proposal=proposal, now=timezone.now())
