"""From stored ballots to a published outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qatysu.audit.models import Deed
from qatysu.core.errors import Conflict, Invalid, NotAllowed
from qatysu.core.regulation import Stage
from qatysu.results import commands, explain, queries
from qatysu.results.gates import gates
from qatysu.results.models import Outcome
from qatysu.tally.queries import count, live_counts
from tests import counting, factories

pytestmark = pytest.mark.django_db


def verdicts(outcome):
    return {line.entry.code: line.reason for line in queries.lines(outcome)}


def test_votes_are_counted_once_per_voter_and_the_last_one_counts(voting_round):
    factories.cast(voting_round, "a", ["1", "2"])
    factories.cast(voting_round, "b", ["1"])
    factories.cast(voting_round, "a", ["3"])
    found = count(voting_round)
    assert (found.votes, found.ballots, found.marks) == ({"1": 1, "2": 0, "3": 1}, 2, 2)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sets(st.sampled_from(["1", "2", "3"]), min_size=1, max_size=2)), max_size=14
    )
)
def test_the_count_equals_a_model_for_any_sequence_of_ballots(voting_round, casts):
    with transaction.atomic():
        last, attempts = {}, {}
        for voter, choices in casts:
            if attempts.get(voter, 0) == 5:
                continue
            factories.cast(voting_round, str(voter), sorted(choices))
            last[voter], attempts[voter] = choices, attempts.get(voter, 0) + 1
        found = count(voting_round)
        assert found.ballots == len(last)
        assert found.votes == {code: sum(code in choices for choices in last.values()) for code in ("1", "2", "3")}
        transaction.set_rollback(True)


def test_sealed_counts_stay_sealed_and_live_counts_open_with_the_vote(city, now):
    sealed = factories.make_voting_round(city, now=now, slug="sealed", counts_mode="sealed")
    live = factories.make_voting_round(city, now=now, slug="live", counts_mode="live")
    for round_ in (sealed, live):
        factories.cast(round_, "a", ["2"])
    assert live_counts(sealed, now) is None
    assert live_counts(live, now) == {"1": 0, "2": 1, "3": 0}
    factories.move_to(live, Stage.CAMPAIGN, now)
    assert live_counts(factories.fresh(live), now) is None


def test_a_round_goes_from_count_to_publication(counted, people, now):
    coordinator, chair = people
    round_ = counted(
        [4_000_000, 5_000_000, 9_000_000], [["1"], ["1"], ["2"], ["3"], ["1"], ["3"], ["3"], ["3"]], threshold_votes=2
    )
    outcome = counting.declare(coordinator, round_, now)
    assert verdicts(outcome) == {"3": "selected", "1": "selected", "2": "below_threshold"}
    assert (outcome.ballots, outcome.voters, outcome.spent_tenge) == (8, 8, 13_000_000)
    assert all(gate.ok for gate in gates(round_))
    commands.approve(actor=chair, round=round_, protocol_number="7", now=now)
    assert queries.published(round_) is None
    commands.publish(actor=coordinator, round=round_, now=now)
    assert queries.published(round_).digest == outcome.digest
    assert set(Deed.objects.values_list("action", flat=True)) >= {"declare", "approve_results", "publish_results"}


def test_counting_waits_for_the_end_of_voting(counted, people, now):
    round_ = counted([4_000_000], [["1"]])
    factories.move_to(round_, Stage.AUDIT, now + timedelta(days=10))
    with pytest.raises((Conflict, NotAllowed)):
        commands.declare(actor=people[0], round=factories.fresh(round_), now=now)


def test_a_decisive_tie_waits_for_the_council(counted, people, now):
    coordinator, chair = people
    round_ = counted([8_000_000, 8_000_000], [["1"], ["2"]])
    outcome = counting.declare(coordinator, round_, now)
    assert set(verdicts(outcome).values()) == {"tied"}
    with pytest.raises(Conflict, match="gates_closed"):
        commands.approve(actor=chair, round=round_, protocol_number="1", now=now)
    decided = counting.decide_tie(chair, round_, ["2", "1"], "Lot drawn in public", now)
    assert verdicts(decided) == {"2": "selected", "1": "does_not_fit"}
    commands.approve(actor=chair, round=round_, protocol_number="1", now=now)


@pytest.mark.parametrize(("order", "reason"), [(["1"], "lot"), (["1", "9"], "lot"), ([], "lot"), (["1", "2"], " ")])
def test_a_tie_is_decided_wholly_and_with_a_reason(counted, people, now, order, reason):
    round_ = counted([8_000_000, 8_000_000], [["1"], ["2"]])
    counting.declare(people[0], round_, now)
    with pytest.raises(Invalid):
        counting.decide_tie(people[1], round_, order, reason, now)


def test_organisers_do_not_decide_ties_or_approve(counted, people, now):
    coordinator, _ = people
    round_ = counted([8_000_000, 8_000_000], [["1"], ["2"]])
    counting.declare(coordinator, round_, now)
    with pytest.raises(NotAllowed):
        counting.decide_tie(coordinator, round_, ["1", "2"], "I say so", now)
    with pytest.raises(NotAllowed):
        commands.approve(actor=coordinator, round=round_, protocol_number="1", now=now)


def test_an_approved_outcome_is_not_counted_anew(counted, people, now):
    coordinator, chair = people
    round_ = counted([4_000_000], [["1"]])
    counting.declare(coordinator, round_, now)
    commands.approve(actor=chair, round=round_, protocol_number="1", now=now)
    with pytest.raises(Conflict, match="outcome_approved"):
        counting.declare(coordinator, round_, now)


def test_a_tampered_line_closes_a_gate(counted, people, now):
    """PEERS T20; LEDGER threat 19."""
    coordinator, chair = people
    round_ = counted([4_000_000, 5_000_000], [["1"], ["1"], ["2"]])
    outcome = counting.declare(coordinator, round_, now)
    outcome.lines.filter(entry__code="2").update(votes=99)
    assert {gate.name for gate in gates(round_) if not gate.ok} == {"votes_are_marks", "same_again", "result_published"}
    with pytest.raises(Conflict, match="gates_closed"):
        commands.approve(actor=chair, round=round_, protocol_number="1", now=now)


def test_the_database_refuses_more_than_the_budget(counted, people, now):
    outcome = counting.declare(people[0], counted([4_000_000], [["1"]]), now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.filter(pk=outcome.pk).update(spent_tenge=outcome.budget_tenge + 1)


def test_explanations_name_the_smallest_change(counted, people, now):
    round_ = counted(
        [4_000_000, 9_000_000, 5_000_000],
        [["1"]] * 4 + [["2"]] * 3 + [["3"]],
        budget=10_000_000,
        threshold_votes=2,
        threshold_op="gt",
    )
    outcome = counting.declare(people[0], round_, now)
    rows = queries.lines(outcome)
    with translation.override("en"):
        context = explain.context_of(outcome, rows, "en")
        said = {line.entry.code: explain.why(line, context, "en", round_) for line in rows}
    assert {code: text.replace("\u202f", " ").replace("\u00a0", " ") for code, text in said.items()} == {
        "1": "It got 4 votes. After it 6 000 000 ₸ were left.",
        "2": "6 000 000 ₸ were left, it costs 9 000 000 ₸: 3 000 000 ₸ too little. 2 more votes would have been enough.",
        "3": "A project needs more than 2 votes; it got 1 vote. It would have won with 2 more votes.",
    }


def test_lines_of_three_projects_cost_two_queries(counted, people, now):
    def queries_of(projects):
        round_ = counted([1_000_000] * projects, [["1"]])
        outcome = counting.declare(people[0], round_, now)
        with CaptureQueriesContext(connection) as captured:
            for line in queries.lines(outcome):
                assert line.entry.proposal.category.slug and list(line.entry.proposal.translations.all()) == []  # noqa: PT018  # reason: one walk
        return len(captured)

    assert queries_of(3) == 2
