"""The demonstration as a newcomer meets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from qatysu.ballots import commands as ballots
from qatysu.ballots.models import Ballot, Participation
from qatysu.ballots.queries import account_obstacle
from qatysu.core.codes import normalise_code
from qatysu.core.lifecycle import Lifecycle
from qatysu.core.regulation import STAFF_ROLES, Role, Stage
from qatysu.identity.models import Account
from qatysu.proposals.models import PROPOSAL, Move, Proposal, State
from qatysu.rounds.models import Round
from qatysu.rounds.queries import open_stages, roles_of
from qatysu.ui.templatetags.ui import PLANS
from qatysu.web.demo.load import DemoReport

RoundOf = Callable[[str, str], Round]


def test_each_round_is_in_its_stage(round_of: RoundOf, now: datetime) -> None:
    assert open_stages(round_of("khromtau", "2020"), now) == frozenset()
    assert Stage.VOTING not in open_stages(round_of("rudny", "2025"), now)
    assert open_stages(round_of("khromtau", "demo"), now) == {Stage.VOTING}
    assert open_stages(round_of("aksu", "2026"), now) == {Stage.IDEAS}
    assert open_stages(round_of("rudny", "2026"), now) == {Stage.SESSIONS}
    assert all(Round.objects.values_list("is_public", flat=True))


def test_there_is_one_account_for_each_role(demo: DemoReport, round_of: RoundOf, now: datetime) -> None:
    assert {account.role for account in demo.accounts} == frozenset(Role) - {Role.VISITOR}
    people = {account.role: Account.objects.get(name=account.name) for account in demo.accounts}
    for role in STAFF_ROLES:
        assert role in roles_of(people[role], round_of("rudny", "2026"), now.date())
        assert TOTPDevice.objects.filter(user=people[role], confirmed=True).exists()
    captain = Proposal.objects.filter(team__account=people[Role.CAPTAIN], team__role="captain")
    assert {proposal.state for proposal in captain} == {State.IN_SESSIONS, State.ADMITTED}
    own = Proposal.objects.filter(author=people[Role.RESIDENT])
    assert {proposal.state for proposal in own} == {State.DRAFT, State.ACCEPTED}


def test_a_newcomer_can_vote_with_a_sample_code(demo: DemoReport, round_of: RoundOf, now: datetime) -> None:
    round_ = round_of("khromtau", "demo")
    assert Participation.objects.filter(round=round_).count() == Ballot.objects.filter(round=round_).count() == 318
    assert len(demo.sample_codes) == 5
    voter = ballots.find_code(round_, normalise_code(demo.sample_codes[0]))
    stored = ballots.cast_ballot(round=round_, voter_id=voter, choices=["1", "2"])
    assert stored.is_new
    assert Participation.objects.filter(round=round_).count() == 319


def test_the_visible_outbox_shows_the_sample_codes(demo: DemoReport, client: Client, settings: Any) -> None:
    settings.DEMO = True
    page = client.get("/en/outbox/").content.decode()
    assert all(code in page for code in demo.sample_codes)


def test_every_course_follows_the_lifecycle(demo: DemoReport) -> None:
    table: Lifecycle[State] = PROPOSAL
    for proposal in Proposal.objects.prefetch_related("moves"):
        moves = sorted(proposal.moves.all(), key=lambda move: (move.at, move.pk))
        assert all(table.allows(State(move.old), State(move.new)) for move in moves)
        assert (moves[-1].new if moves else State.DRAFT) == proposal.state
    assert Move.objects.filter(new=State.MERGED).count() == 3


def test_nothing_happens_in_the_future(demo: DemoReport, now: datetime) -> None:
    assert not Move.objects.filter(at__gt=now).exists()
    assert not Proposal.objects.filter(changed_at__gt=now).exists()


def test_every_text_is_there_in_three_languages(demo: DemoReport) -> None:
    for proposal in Proposal.objects.exclude(state=State.DRAFT).prefetch_related("translations"):
        texts = {row.language: row for row in proposal.translations.all()}
        assert {*texts, proposal.language} == {"kk", "ru", "en"}
        assert all(row.title and row.problem and row.solution and row.address for row in texts.values())
        assert proposal.plan in PLANS


def test_the_resident_may_vote_by_account_too(demo: DemoReport, round_of: RoundOf, now: datetime) -> None:
    resident = Account.objects.get(name=next(a.name for a in demo.accounts if a.role is Role.RESIDENT))
    assert account_obstacle(resident, round_of("khromtau", "demo"), year=now.year) == ""
