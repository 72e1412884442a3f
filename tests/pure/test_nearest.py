"""The smallest change, by computing the rule again with that change and with one less."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.small import election, elections, fitting, texts

from qatysu.rules.model import Reason, Verdict
from qatysu.rules.registry import run

LISTS = {"conflicts": ["", "", "a/b", "a/b/c"], "tie": ["", "", "id", "cheaper", "dearer"]}
RULES = st.one_of(
    st.tuples(st.just("votes"), texts(fit=["skip", "stop"], partial=["", "0.5"], **LISTS)),
    st.tuples(st.just("density"), texts(**LISTS)),
)
MOST = 40


def surely_wins(found, rule, given, project):
    """Funded, and by no decisive tie that a method settled."""
    outcome = run(found, rule, given)
    funded = outcome.step_of(project).verdict is Verdict.FUNDED
    return funded and not any(tie.decisive and project in tie.projects for tie in outcome.ties)


def with_votes(found, project, more):
    return replace(found, projects=tuple(replace(p, paper=p.paper + more) if p.id == project else p for p in found.projects))


def with_price(found, project, cost):
    return replace(found, projects=tuple(replace(p, cost=cost) if p.id == project else p for p in found.projects))


def searches(given_, outcome):
    """Where a tie may take a search through the whole list, nothing has to be claimed."""
    return bool(outcome.ties) and "parts" in given_ and given_.get("fit") == "stop"


def votes_claimed(step):
    return step.facts.get("votes_to_win", 0) if step.reason is Reason.BELOW_THRESHOLD else step.missing_votes


@settings(max_examples=400, deadline=None)
@given(elections(most_votes=5), RULES)
def test_missing_votes_are_the_fewest_that_make_it_win(found, how):
    rule, given_ = how[0], fitting(found, how[1])
    outcome = run(found, rule, given_)
    for step in outcome.steps:
        if step.verdict is Verdict.NOT_FUNDED and not outcome.extra:
            tries = ((v, with_votes(found, step.project, v)) for v in range(1, MOST))
            enough = next((v for v, other in tries if surely_wins(other, rule, given_, step.project)), 0)
            assert votes_claimed(step) in ((0, enough) if searches(given_, outcome) else (enough,))


@settings(max_examples=400, deadline=None)
@given(elections(most_votes=5), RULES)
def test_missing_money_is_the_least_by_which_a_lower_price_wins(found, how):
    rule, given_ = how[0], fitting(found, how[1])
    outcome = run(found, rule, given_)
    for step in outcome.steps:
        if step.verdict is Verdict.NOT_FUNDED and step.reason is not Reason.BELOW_THRESHOLD and not outcome.extra:
            cost = next(p.cost for p in found.projects if p.id == step.project)
            tries = ((cost - c, with_price(found, step.project, c)) for c in range(cost - 1, 0, -1))
            enough = next((less for less, other in tries if surely_wins(other, rule, given_, step.project)), 0)
            assert step.missing_money in ((0, enough) if searches(given_, outcome) else (enough,))


@settings(max_examples=100, deadline=None)
@given(elections(), texts(conflicts=["", "a/b"]))
def test_the_threshold_alone_is_named_as_well(found, given_):
    given_ = fitting(found, given_)
    for step in run(found, "votes", given_).steps:
        if step.reason is Reason.BELOW_THRESHOLD:
            more = with_votes(found, step.project, step.missing_votes)
            less = with_votes(found, step.project, step.missing_votes - 1)
            assert run(more, "votes", given_).step_of(step.project).reason is not Reason.BELOW_THRESHOLD
            assert run(less, "votes", given_).step_of(step.project).reason is Reason.BELOW_THRESHOLD


def test_no_number_of_votes_helps_what_is_dearer_than_everything():
    step = run(election([("a", 5, 9), ("b", 11, 3)], 10), "votes").step_of("b")
    assert (step.missing_votes, step.missing_money) == (0, 6)


def test_votes_lead_past_the_project_that_took_the_money():
    step = run(election([("a", 8, 9), ("b", 8, 3)], 10), "votes").step_of("b")
    assert (step.missing_votes, step.missing_money) == (7, 6)


def test_nothing_is_claimed_where_left_over_money_has_the_last_word():
    outcome = run(election([("a", 8, 9), ("b", 8, 3)], 10), "votes", {"leftover": "pool"})
    assert {(s.missing_votes, s.missing_money) for s in outcome.steps} == {(0, 0)}


def test_nothing_is_claimed_where_far_too_many_projects_are_tied():
    few = run(election([(f"p{i}", 5, 1) for i in range(3)], 5), "votes", {"tie": "id"})
    assert {step.missing_votes for step in few.steps if step.verdict is Verdict.NOT_FUNDED} == {1}
    many = run(election([(f"p{i}", 5, 1) for i in range(1001)], 5), "votes", {"tie": "id"})
    assert {step.missing_votes for step in many.steps if step.verdict is Verdict.NOT_FUNDED} == {0}
