"""Rules that walk down a list, against the plain text for every order of tied projects."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.small import election, elections, every_order, fitting, key_of, plain, texts

from qatysu.core.errors import Invalid
from qatysu.rules.frame import Frame
from qatysu.rules.model import Kind, Phase, Profile, Reason, Verdict
from qatysu.rules.params import parse
from qatysu.rules.registry import run

BY_VOTES = texts(fit=["skip", "stop"], partial=["", "0.5", "0.8"], conflicts=["", "", "a/b", "a/b/c", "b/c:c"])
BY_DENSITY = texts(conflicts=["", "", "a/b", "a/b/c", "b/c:c"])
RULES = st.one_of(st.tuples(st.just("votes"), BY_VOTES), st.tuples(st.just("density"), BY_DENSITY))


def sets(found, given, rule):
    results = {plain(found, given, rule, order) for order in every_order(Frame(found, parse(rule, given)), rule)}
    return {(frozenset(won), partly) for won, partly in results}


def chosen(found, outcome):
    index = {p.id: i for i, p in enumerate(found.projects)}
    return frozenset(index[i] for i in outcome.winners), frozenset(index[i] for i in outcome.extra)


@settings(max_examples=400)
@given(elections(), RULES)
def test_a_result_without_a_decisive_tie_is_that_of_every_order(found, how):
    rule, texts_ = how[0], fitting(found, how[1])
    outcome = run(found, rule, texts_)
    if not any(tie.decisive for tie in outcome.ties):
        assert sets(found, texts_, rule) == {chosen(found, outcome)}
    else:
        assert outcome.undecided
        assert len(sets(found, texts_, rule)) > 1


@settings(max_examples=300)
@given(elections(), RULES, st.randoms())
def test_a_decided_order_settles_every_tie_as_the_text_says(found, how, chance):
    rule, texts_ = how[0], fitting(found, how[1])
    ids = [p.id for p in found.projects]
    chance.shuffle(ids)
    texts_ = {**texts_, "tie": "decision", "tie_decision": ",".join(ids)}
    outcome, frame = run(found, rule, texts_), Frame(found, parse(rule, texts_))
    order = sorted(frame.alive, key=lambda p: (-key_of(frame, p, rule), ids.index(found.projects[p].id)))
    won, partly = plain(found, texts_, rule, order)
    assert not outcome.undecided
    assert chosen(found, outcome) == (frozenset(won), partly)
    assert {tie.settled_by for tie in outcome.ties} <= {"decision"}


@settings(max_examples=200)
@given(elections(), RULES)
def test_every_project_gets_a_last_step_and_the_money_adds_up(found, how):
    rule, texts_ = how[0], fitting(found, how[1])
    outcome = run(found, rule, texts_)
    assert {step.project for step in outcome.steps} == {p.id for p in found.projects}
    assert [step.place for step in outcome.steps] == list(range(1, len(outcome.steps) + 1))
    left = outcome.budget
    for step in outcome.steps:
        assert step.left_before == left
        left = step.left_after
    assert 0 <= left == outcome.budget - outcome.spent
    assert set(outcome.winners) == {p.id for p in found.projects if outcome.step_of(p.id).verdict is Verdict.FUNDED}


@settings(max_examples=200)
@given(elections(), RULES, st.randoms())
def test_the_order_of_the_projects_in_the_file_does_not_matter(found, how, chance):
    rule, texts_ = how[0], fitting(found, how[1])
    votes = dict(zip((p.id for p in found.projects), Frame(found, parse(rule, texts_)).keys, strict=True))
    rows = [(p.id, p.cost, votes[p.id], p.categories, p.district) for p in found.projects]
    chance.shuffle(rows)
    money = {"category_budgets": found.category_budgets, "district_budgets": found.district_budgets, "funders": found.funders}
    other = run(election(rows, found.budget, **money), rule, texts_)
    assert (other.steps, other.ties) == (run(found, rule, texts_).steps, run(found, rule, texts_).ties)


@settings(max_examples=150)
@given(elections(), RULES)
def test_money_in_a_hundred_times_smaller_units_gives_the_same_result(found, how):
    rule, texts_ = how[0], fitting(found, how[1])
    votes = Frame(found, parse(rule, texts_)).keys
    rows = [(p.id, p.cost * 100, votes[i], p.categories, p.district) for i, p in enumerate(found.projects)]
    parts = {name: {k: v * 100 for k, v in getattr(found, name).items()} for name in ("category_budgets", "district_budgets")}
    if not found.funders:
        other = run(election(rows, found.budget * 100, **parts), rule, texts_)
        assert other.winners == run(found, rule, texts_).winners
        assert [t.projects for t in other.ties] == [t.projects for t in run(found, rule, texts_).ties]


def test_behind_an_open_tie_nothing_is_claimed():
    found = election([("a", 5, 9), ("b", 4, 5), ("c", 3, 5), ("d", 1, 1), ("e", 1, 0)], 10)
    outcome = run(found, "votes", {"min_score": "1"})
    assert outcome.winners == ("a",)
    assert [tie.projects for tie in outcome.undecided] == [("b", "c")]
    assert [outcome.step_of(i).reason for i in "bcde"] == [Reason.TIED, Reason.TIED, Reason.BEHIND_TIE, Reason.BELOW_THRESHOLD]


def test_a_tie_that_changes_nothing_is_reported_and_broken_by_id():
    outcome = run(election([("b", 4, 5), ("a", 3, 5)], 10), "votes")
    assert outcome.winners == ("a", "b")
    assert [(t.projects, t.decisive, t.settled_by) for t in outcome.ties] == [(("a", "b"), False, "id")]


@pytest.mark.parametrize(("method", "winner"), [("id", "a"), ("cheaper", "c"), ("dearer", "b"), ("decision", "c")])
def test_methods_settle_a_decisive_tie(method, winner):
    given = {"tie": method} | ({"tie_decision": "c,a,b"} if method == "decision" else {})
    outcome = run(election([("a", 8, 5), ("b", 9, 5), ("c", 7, 5)], 10), "votes", given)
    assert outcome.winners == (winner,)
    assert [(t.decisive, t.settled_by) for t in outcome.ties] == [(True, method)]


def test_a_decision_that_does_not_name_all_leaves_the_tie_open():
    outcome = run(election([("a", 8, 5), ("b", 9, 5)], 10), "votes", {"tie": "decision", "tie_decision": "a"})
    assert outcome.winners == ()
    assert outcome.undecided[0].settled_by == "none"


def test_skip_goes_on_and_stop_ends():
    found = election([("a", 5, 9), ("b", 9, 8), ("c", 2, 7)], 8)
    assert run(found, "votes", {"fit": "skip"}).winners == ("a", "c")
    stopped = run(found, "votes", {"fit": "stop"})
    assert stopped.winners == ("a",)
    assert stopped.step_of("c").reason is Reason.AFTER_STOP
    assert stopped.step_of("c").facts["by"] == "b"


def test_a_stop_by_the_money_of_a_part_ends_only_the_list_of_that_part():
    rows = [("a", 5, 9, ("x",)), ("b", 9, 8, ("x",)), ("c", 1, 7, ("x",)), ("d", 4, 6, ("y",))]
    found = election(rows, 20, category_budgets={"x": 8, "y": 8})
    outcome = run(found, "votes", {"fit": "stop", "parts": "category"})
    assert outcome.winners == ("a", "d")
    assert [outcome.step_of(i).reason for i in "bc"] == [Reason.DOES_NOT_FIT, Reason.AFTER_STOP]
    assert outcome.step_of("b").facts["limit"] == "x"


def test_partial_funds_who_ended_the_list_apart_when_the_share_is_covered():
    rows = [("a", 6, 9), ("b", 5, 8), ("c", 1, 7)]
    covered = run(election(rows, 10), "votes", {"fit": "stop", "partial": "0.8"})
    assert (covered.winners, covered.extra, covered.spent) == (("a",), ("b",), 6)
    assert run(election(rows, 9), "votes", {"fit": "stop", "partial": "0.8"}).extra == ()


def test_money_that_a_partly_paid_project_takes_is_not_left_over():
    rows = [("a", 6, 9), ("b", 5, 8), ("c", 1, 7)]
    outcome = run(election(rows, 10), "votes", {"fit": "stop", "partial": "0.8", "leftover": "pool"})
    assert (outcome.winners, outcome.extra) == (("a",), ("b",))


def test_left_over_money_of_parts_is_spent_by_falling_votes():
    rows = [("a", 5, 9, ("x",)), ("b", 5, 8, ("x",)), ("c", 4, 7, ("y",))]
    found = election(rows, 20, category_budgets={"x": 5, "y": 8})
    assert run(found, "votes", {"parts": "category"}).winners == ("a", "c")
    outcome = run(found, "votes", {"parts": "category", "leftover": "pool"})
    assert outcome.winners == ("a", "c", "b")
    assert [(s.verdict, s.phase) for s in outcome.steps if s.project == "b"] == [
        (Verdict.NOT_FUNDED, Phase.RULE), (Verdict.FUNDED, Phase.LEFTOVER),
    ]


def test_what_left_over_money_may_still_fund_is_open_behind_a_tie():
    rows = [("a", 9, 9, ("x",)), ("b", 5, 5, ("y",)), ("c", 6, 5, ("y",)), ("d", 99, 9, ("x",))]
    outcome = run(election(rows, 20, category_budgets={"x": 5, "y": 8}), "votes", {"parts": "category", "leftover": "pool"})
    assert outcome.winners == ()
    assert [outcome.step_of(i).reason for i in "abcd"] == [Reason.BEHIND_TIE, Reason.TIED, Reason.TIED, Reason.DOES_NOT_FIT]


def test_conflicting_projects_are_passed_over_without_ending_the_list():
    found = election([("a", 5, 9), ("b", 9, 8), ("c", 2, 7)], 8)
    outcome = run(found, "votes", {"fit": "stop", "conflicts": "a/b"})
    assert outcome.winners == ("a", "c")
    assert (outcome.step_of("b").reason, outcome.step_of("b").facts["by"]) == (Reason.CONFLICT, "a")


def test_withdrawn_projects_end_no_list():
    found = election([("a", 999_999_999, 9), ("b", 99, 8), ("c", 2, 7)], 8)
    outcome = run(found, "votes", {"fit": "stop", "withdrawn": "b"})
    assert outcome.winners == ("c",)
    assert [outcome.step_of(i).facts["why"] for i in "ab"] == ["cost", ""]


def test_points_rank_unless_votes_are_asked_for():
    base = election([("a", 5, 0), ("b", 5, 0)], 5)
    profile = Profile.build([((0,), (9,), 1), ((1,), (1,), 2)])
    found = type(base)(base.projects, profile, 5, kind=Kind.CUMULATIVE)
    assert run(found, "votes").winners == ("a",)
    assert run(found, "votes", {"key": "votes"}).winners == ("b",)


def test_more_than_ten_excludes_exactly_ten_and_paper_votes_count():
    found = election([("a", 1, 10), ("b", 1, 11)], 9)
    strict = {"min_score": "10", "min_score_op": "gt"}
    outcome = run(found, "votes", strict)
    assert outcome.winners == ("b",)
    assert outcome.step_of("a").missing_votes == 1
    assert run(found, "votes", {**strict, "paper": "a:1"}).winners == ("a", "b")


def test_many_equal_projects_that_cannot_all_win_are_one_tie():
    rows = [(f"p{n:02}", 3, 5) for n in random.Random(1).sample(range(60), 60)]
    outcome = run(election(rows, 100), "votes", {"fit": "stop", "partial": "0.5"})
    assert [len(tie.projects) for tie in outcome.undecided] == [60]


@pytest.mark.parametrize("rows", [[("a", 0, 1)], [("a", 1, 1), ("a", 1, 1)]])
def test_impossible_projects_are_refused(rows):
    with pytest.raises(Invalid):
        run(election(rows, 5), "votes")
