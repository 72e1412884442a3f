"""Freezing, codes and casting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qatysu.ballots import commands, queries
from qatysu.ballots.box import box_of
from qatysu.ballots.models import Ballot, FailedCast, Participation, Slate
from qatysu.ballots.words import WORDS, prefix_of, six_words
from qatysu.bulletin.models import Entry
from qatysu.core.errors import AlreadyVoted, Conflict, Frozen, Invalid, NotAllowed, StageClosed
from qatysu.core.regulation import Role, Stage
from qatysu.ledger import entries
from qatysu.ledger.leaf import cast_entry, commitment, nonce
from qatysu.ledger.merkle import leaf_hash
from qatysu.proposals.models import State
from qatysu.rounds.models import RoundStage
from tests import factories

pytestmark = pytest.mark.django_db


def test_freezing_fixes_projects_limits_and_key(round_at, city, now):
    round_ = round_at(Stage.COUNCIL, max_choices=5)
    for state in (State.ADMITTED, State.ADMITTED, State.READY, State.WITHDRAWN):
        factories.make_proposal(round_, state=state)
    slate = commands.freeze_slate(
        actor=factories.make_staff(Role.SECRETARY, city), round=factories.fresh(round_), now=now
    )
    assert list(slate.entries.values_list("code", flat=True)) == ["1", "2"]
    assert slate.max_choices == 2
    assert box_of(round_).keys().digest == slate.key_digest
    assert factories.fresh(round_).constitution.frozen_at == now


def test_a_slate_is_frozen_once(voting_round, city, now):
    factories.move_to(voting_round, Stage.COUNCIL, now)
    with pytest.raises(Frozen):
        commands.freeze_slate(
            actor=factories.make_staff(Role.COORDINATOR, city), round=factories.fresh(voting_round), now=now
        )


def test_nothing_admitted_means_nothing_frozen(round_at, city, now):
    round_ = factories.fresh(round_at(Stage.COUNCIL))
    with pytest.raises(Invalid, match="nothing_admitted"):
        commands.freeze_slate(actor=factories.make_staff(Role.COORDINATOR, city), round=round_, now=now)
    assert not Slate.objects.exists()
    assert factories.fresh(round_).constitution.frozen_at is None


@pytest.mark.parametrize("role", [Role.COACH, Role.EXPERT, Role.EDITOR, Role.OPERATOR])
def test_other_roles_do_not_freeze(round_at, city, now, role):
    round_ = factories.fresh(round_at(Stage.COUNCIL))
    with pytest.raises(NotAllowed):
        commands.freeze_slate(actor=factories.make_staff(role, city), round=round_, now=now)


def test_the_slate_is_not_frozen_after_the_vote(round_at, city, now):
    round_ = factories.fresh(round_at(Stage.AUDIT))
    with pytest.raises(StageClosed):
        commands.freeze_slate(actor=factories.make_staff(Role.COORDINATOR, city), round=round_, now=now)


def test_a_ballot_is_stored_under_a_handle_with_its_commitment(voting_round):
    stored = factories.cast(voting_round, "person", ["2", "1"])
    ballot = Ballot.objects.get()
    box = box_of(voting_round)
    assert ballot.choices == '["1","2"]'
    assert ballot.handle == box.handle("person")
    secret = nonce(box.keys().open, ballot.handle, 1)
    hidden = commitment(box.origin, ballot.handle, 1, secret, '["1","2"]')
    assert stored.leaf == bytes(ballot.leaf) == leaf_hash(cast_entry(ballot.handle, 1, hidden))
    entry = Entry.objects.get(log_id=box.log_id, is_voters=True)
    assert (bytes(entry.leaf), entry.idx) == (stored.leaf, None)
    assert entries.decode(bytes(entry.raw)) == {"t": "cast", "v": 1, "b": ballot.handle, "n": 1, "h": hidden}


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ([], "no_choice"),
        (["1", "2", "3"], "too_many_choices"),
        (["1", "1"], "choice_repeated"),
        (["99"], "unknown_project"),
        (["1 "], "unknown_project"),
        (["\x00"], "unknown_project"),
        (["１"], "unknown_project"),
    ],
)
def test_impossible_choices_are_refused_by_name(voting_round, choices, reason):
    with pytest.raises(Invalid, match=reason):
        factories.cast(voting_round, "person", choices)
    assert not Participation.objects.exists()


def test_the_last_of_several_ballots_is_in_force(voting_round):
    for choice in ("1", "2", "3"):
        stored = factories.cast(voting_round, "person", [choice])
    assert stored.attempt == 3
    assert Ballot.objects.count() == 3
    standing = queries.standing(voting_round, "person")
    assert (standing.attempt, standing.attempts_left) == (3, 2)


def test_attempts_end(city, now):
    round_ = factories.make_voting_round(city, now=now, max_attempts=1)
    factories.cast(round_, "person", ["1"])
    with pytest.raises(AlreadyVoted):
        factories.cast(round_, "person", ["2"])
    assert Ballot.objects.get().choices == '["1"]'


def test_the_same_form_twice_is_one_ballot(voting_round):
    first = commands.cast_ballot(round=voting_round, voter_id="person", choices=["1"], form_token="form")
    second = commands.cast_ballot(round=voting_round, voter_id="person", choices=["1"], form_token="form")
    assert (first.leaf, first.is_new, second.is_new) == (second.leaf, True, False)
    assert Ballot.objects.count() == 1


def test_the_same_form_twice_is_one_ballot_even_without_attempts_left(city, now):
    round_ = factories.make_voting_round(city, now=now, max_attempts=1)
    first = commands.cast_ballot(round=round_, voter_id="person", choices=["1"], form_token="form")
    assert commands.cast_ballot(round=round_, voter_id="person", choices=["1"], form_token="form").leaf == first.leaf


def test_the_same_form_with_another_choice_is_refused(voting_round):
    commands.cast_ballot(round=voting_round, voter_id="person", choices=["1"], form_token="form")
    with pytest.raises(Conflict, match="form_sent_with_another_choice"):
        commands.cast_ballot(round=voting_round, voter_id="person", choices=["2"], form_token="form")
    assert Ballot.objects.get().choices == '["1"]'


def test_a_late_ballot_leaves_no_trace(voting_round):
    RoundStage.objects.filter(round=voting_round, stage="voting").update(
        closes_at=timezone.now() - timedelta(milliseconds=1)
    )
    with pytest.raises(StageClosed):
        factories.cast(voting_round, "person", ["1"])
    assert not Participation.objects.exists()


def test_a_foreign_round_key_is_noticed(voting_round, settings):
    next(settings.KEY_FOLDER.glob("*.round")).write_bytes(b"x" * 32)
    with pytest.raises(Conflict, match="round_key_foreign"):
        factories.cast(voting_round, "person", ["1"])


def test_a_key_that_others_can_read_is_refused(voting_round, settings):
    next(settings.KEY_FOLDER.glob("*.round")).chmod(0o644)
    with pytest.raises(Conflict, match="readable_by_others"):
        factories.cast(voting_round, "person", ["1"])


def test_codes_are_stored_as_hashes_only(voting_round):
    codes = commands.issue_codes(actor=None, round=voting_round, count=50, now=timezone.now())
    assert len(set(codes)) == 50
    rows = str(list(voting_round.voting_codes.values()))
    assert not any(code in rows for code in codes)


@pytest.mark.parametrize("count", [0, -1, 200_001])
def test_an_absurd_number_of_codes_is_refused(voting_round, count):
    with pytest.raises(Invalid):
        commands.issue_codes(actor=None, round=voting_round, count=count, now=timezone.now())


def redeem(round_, text, now):
    return commands.redeem_code(round=round_, text=text, network="192.0.2.1", now=now)


def test_a_code_opens_the_same_ballot_however_it_is_typed(voting_round, now):
    (code,) = factories.make_codes(voting_round)
    ways = [code, code.lower(), code.replace("-", ""), f"  {code.replace('-', ' ')} "]
    assert len({redeem(voting_round, way, now) for way in ways}) == 1


def test_cyrillic_letters_that_look_alike_are_read_as_latin(voting_round, now):
    (code,) = factories.make_codes(voting_round)
    look = str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ")
    assert redeem(voting_round, code.translate(look), now) == redeem(voting_round, code, now)


def test_a_code_of_another_round_is_unknown(voting_round, city, now):
    other = factories.make_voting_round(city, now=now, slug="other")
    (code,) = factories.make_codes(other)
    with pytest.raises(Conflict, match="code_unknown"):
        redeem(voting_round, code, now)


@pytest.mark.parametrize("text", ["", "short", "A" * 10_000, "\x00", "ABCD-EFGH-JKM0", "’; DROP TABLE"])
def test_what_cannot_be_a_code_is_said_so(voting_round, now, text):
    with pytest.raises(Invalid):
        redeem(voting_round, text, now)


def test_failures_are_counted_by_day(voting_round, now):
    for _ in range(3):
        commands.count_failure(round=voting_round, reason="voting_closed", day=now.date())
    assert FailedCast.objects.get().count == 3
    assert queries.failures(voting_round) == {"voting_closed": 3}


def test_each_voter_has_an_order_of_ones_own_that_stays(voting_round):
    box = box_of(voting_round)
    orders = {box.order(f"voter {i}") for i in range(60)}
    assert orders == set(__import__("itertools").permutations(box.codes))
    assert box.order("voter 1") == box.order("voter 1")


def test_many_at_once_are_stored_like_one_by_one(voting_round):
    assert commands.cast_many(voting_round, [(f"v{i}", ["1"]) for i in range(40)]) == 40
    assert queries.turnout(voting_round) == 40
    assert queries.standing(voting_round, "v7").fingerprint


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.binary(min_size=32, max_size=32))
def test_six_words_and_back(fingerprint):
    assert prefix_of(" ".join(six_words(fingerprint.hex()))) == fingerprint.hex()[:12]


def test_there_are_256_different_words():
    assert len(WORDS) == len(set(WORDS)) == 256
