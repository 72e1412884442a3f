"""What must hold of every outcome, whatever the election."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.pure.reference.cases import RULES, Case, random_case
from tests.pure.reference.world import most_from_funders

from qatysu.rules import registry
from qatysu.rules.model import Outcome, Phase, Step, Verdict

small = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
METHODS = ("id", "cheaper", "dearer")


def cases(*rules: str) -> st.SearchStrategy[Case]:
    """Random elections of the reference, for some of the rules."""
    return st.builds(lambda number, rule: random_case(number, rule=rule), st.integers(0, 10**9), st.sampled_from(rules or RULES))


def outcome(case: Case, **given_too: str) -> Outcome:
    """Of the engine; parameters set to '' are left out."""
    texts = {name: text for name, text in {**case.given, **given_too}.items() if text}
    return registry.run(case.election(), case.rule, texts)


def money(case: Case) -> int:
    """The budget that holds, minor units."""
    return int(case.given["budget"]) * case.scale if "budget" in case.given else case.budget


def votes_more(case: Case, project: str, many: int) -> Case:
    """The same election with more votes counted on paper for one project."""
    projects = tuple((*p[:4], p[4] + many) if p[0] == project else p for p in case.projects)
    return replace(case, projects=projects)


def renamed(case: Case, names: dict[str, str]) -> Case:
    """The same election with other ids."""

    def text(value: str, signs: str = ",;:/") -> str:
        if not signs:
            return names.get(value, value)
        return signs[0].join(text(part, signs[1:]) for part in value.split(signs[0]))

    lists = ("tie_decision", "withdrawn", "extra", "conflicts")
    paper = [entry.split(":") for entry in case.given.get("paper", "").split(",") if entry]
    votes = {"paper": ",".join(f"{names[i]}:{many}" for i, many in paper)} if paper else {}
    return replace(
        case,
        projects=tuple((names[p[0]], *p[1:]) for p in case.projects),
        ballots=tuple(({names[i]: points for i, points in ballot.items()}, times) for ballot, times in case.ballots),
        given={name: text(value) if name in lists else value for name, value in case.given.items()} | votes,
        withdrawn=tuple(names[i] for i in case.withdrawn),
    )


@small
@given(cases())
def test_winners_keep_within_every_limit(case: Case) -> None:
    """Budget, parts (before the left-over rule), funders."""
    found = outcome(case)
    assert found.spent <= money(case)
    cost = {p[0]: p[1] for p in case.projects}
    kind = case.given.get("parts", "none")
    of_rule = [step.project for step in found.steps if step.verdict is Verdict.FUNDED and step.phase is not Phase.LEFTOVER]
    for name, most in {"category": case.category_budgets, "district": case.district_budgets}.get(kind, {}).items():
        inside = {p[0] for p in case.projects if (name in p[2] if kind == "category" else name == p[3])}
        assert sum(cost[i] for i in of_rule if i in inside) <= most
    if case.funders:
        elections = case.election()
        payers = [(f.amount, {p.id for p in elections.projects if f.pays_for(p)}) for f in elections.funders]
        # Raises when the winners cannot be paid by those who may.
        assert most_from_funders(payers, {i: cost[i] for i in found.winners}, "") == 0


@small
@given(cases())
def test_nobody_wins_who_takes_no_part(case: Case) -> None:
    """Threshold, withdrawals, extra, conflicts."""
    found = outcome(case)
    by_score = case.given.get("key", "score") == "score" and case.election().kind.has_points
    least = float(case.given.get("min_score", "0"))
    for i in found.winners:
        key = found.counts[i].score if by_score else found.counts[i].votes
        assert key > least if case.given.get("min_score_op") == "gt" else key >= least
        assert i not in {*case.withdrawn, case.given.get("withdrawn"), case.given.get("extra")}
    for group in filter(None, case.given.get("conflicts", "").split(";")):
        members, _, only = group.partition(":")
        assert len(set(members.split("/")) & set(found.winners)) <= 1
        assert not only or not set(members.split("/")) - {only} & set(found.winners)


@small
@given(cases())
def test_trace_accounts_for_every_project_and_all_money(case: Case) -> None:
    """One last word about each, money goes down by what winners cost."""
    found = outcome(case)
    cost = {p[0]: p[1] for p in case.projects}
    last = {i: found.step_of(i) for i in cost}
    assert [step.place for step in found.steps] == list(range(1, len(found.steps) + 1))
    assert {step.project for step in found.steps} == set(cost)
    for step in found.steps:
        decided = step.verdict in (Verdict.FUNDED, Verdict.EXTRA, Verdict.WITHDRAWN)
        assert not decided or last[step.project] is step, "a second word about what is decided"
        assert step.left_before - step.left_after == (cost[step.project] if step.verdict is Verdict.FUNDED else 0)
    assert found.spent == sum(cost[i] for i in found.winners)
    assert len(set(found.winners)) == len(found.winners)
    assert not set(found.winners) & set(found.extra)
    assert bool(found.undecided) == any(step.verdict is Verdict.UNDECIDED for step in last.values())


@small
@given(cases("votes", "density", "welfare"), st.integers(1, 5))
def test_more_votes_never_make_a_winner_lose(case: Case, many: int) -> None:
    """Of the rules that count votes."""
    case = replace(case, given={name: text for name, text in case.given.items() if name not in ("leftover", "parts")})
    for i in outcome(case).winners:
        assert i in outcome(votes_more(case, i, many)).winners


@small
@given(cases(), st.randoms(use_true_random=False))
def test_order_and_grouping_of_ballots_and_projects_do_not_matter(case: Case, r: Random) -> None:
    """Rows in another order, equal ballots joined or apart."""
    apart = [(ballot, 1) for ballot, times in case.ballots for _ in range(times)]
    ballots, projects = r.sample(apart, len(apart)), r.sample(case.projects, len(case.projects))
    ballots = [(dict(r.sample(list(ballot.items()), len(ballot))), times) for ballot, times in ballots]
    other = replace(case, ballots=tuple(ballots), projects=tuple(projects))
    mine, theirs = outcome(case), outcome(other)
    assert mine.winners == theirs.winners
    assert mine.ties == theirs.ties
    assert {s.project: s.reason for s in mine.steps} == {s.project: s.reason for s in theirs.steps}


@small
@given(cases())
def test_new_names_in_the_same_order_change_nothing_else(case: Case) -> None:
    """Ids only order what is equal."""
    names = {i: f"n{place}" for place, i in enumerate(sorted(p[0] for p in case.projects))}
    mine, theirs = outcome(case), outcome(renamed(case, names))
    assert tuple(names[i] for i in mine.winners) == theirs.winners
    assert [{names[i] for i in tie.projects} for tie in mine.ties] == [set(tie.projects) for tie in theirs.ties]
    assert [(names[s.project], s.reason, s.left_after, s.key) for s in mine.steps] == [
        (s.project, s.reason, s.left_after, s.key) for s in theirs.steps
    ]


@small
@given(cases("votes", "density", "welfare"), st.randoms(use_true_random=False))
def test_refused_ties_do_not_look_at_names(case: Case, r: Random) -> None:
    """Whoever bears which id, the same projects win, lose and stay open."""
    ids = sorted(p[0] for p in case.projects)
    names = dict(zip(ids, r.sample(ids, len(ids)), strict=True))
    case = replace(case, given={k: v for k, v in case.given.items() if k not in ("tie", "tie_decision")})
    mine, theirs = outcome(case, tie="refuse"), outcome(renamed(case, names), tie="refuse")
    assert {names[i] for i in mine.winners} == set(theirs.winners)
    assert {names[i]: mine.step_of(i).verdict for i in ids} == {i: theirs.step_of(i).verdict for i in ids}


@small
@given(cases(), st.randoms(use_true_random=False))
def test_a_decision_puts_equals_in_its_own_order(case: Case, r: Random) -> None:
    """tie=decision in the order of ids is tie=id, and in another order what tie=id is under other names."""
    ids = sorted(p[0] for p in case.projects)
    order = r.sample(ids, len(ids))
    names = dict(zip(order, ids, strict=True))
    decided = outcome(case, tie="decision", tie_decision=",".join(order))
    by_id = outcome(renamed(replace(case, given={k: v for k, v in case.given.items() if k != "tie_decision"}), names), tie="id")
    assert {names[i] for i in decided.winners} == set(by_id.winners)
    if case.rule in ("equal-shares", "phragmen"):
        assert len(decided.ties) == len(by_id.ties)


@small
@given(cases(), st.sampled_from((2, 7, 100, 1_000_003)))
def test_winners_do_not_depend_on_the_unit_of_money(case: Case, times: int) -> None:
    """All amounts and the step times the same number. Rule welfare refuses what no machine word holds."""
    assume(times * max(case.budget, *(p[1] for p in case.projects), 1) < 10**16)
    given_too = {name: str(int(case.given[name]) * times) for name in ("step", "budget") if name in case.given}
    scaled = replace(
        case,
        projects=tuple((p[0], p[1] * times, *p[2:]) for p in case.projects),
        budget=case.budget * times,
        category_budgets={name: amount * times for name, amount in case.category_budgets.items()},
        district_budgets={name: amount * times for name, amount in case.district_budgets.items()},
        funders=tuple((f[0], f[1] * times, *f[2:]) for f in case.funders),
        given={**case.given, **given_too},
    )
    mine, theirs = outcome(case), outcome(scaled)
    assert mine.winners == theirs.winners
    assert mine.spent * times == theirs.spent
    assert [(tie.projects, tie.decisive) for tie in mine.ties] == [(tie.projects, tie.decisive) for tie in theirs.ties]
    assert [(s.project, s.reason) for s in mine.steps] == [(s.project, s.reason) for s in theirs.steps]


@small
@given(cases(), st.randoms(use_true_random=False))
def test_refusing_claims_only_what_every_other_method_gives(case: Case, r: Random) -> None:
    """And when nothing was refused, every method gives the same."""
    case = replace(case, given={k: v for k, v in case.given.items() if k not in ("comparison", "tie_decision")})
    refused = outcome(case, tie="refuse")
    ids = [p[0] for p in case.projects]
    lots = [",".join(r.sample(ids, len(ids))) for _ in range(3)]
    others = [outcome(case, tie=method) for method in METHODS]
    others += [outcome(case, tie="decision", tie_decision=lot) for lot in lots]
    for other in others:
        if refused.undecided:
            assert set(refused.winners) <= set(other.winners)
        else:
            assert set(refused.winners) == set(other.winners)
            assert set(refused.extra) == set(other.extra)


def near_misses(rule: str) -> list[tuple[Case, Step]]:
    """Random elections with the last words about those who lost in the computation itself."""
    found = []
    for number in range(500):
        case = random_case(number, rule=rule)
        said = outcome(case)
        last = [said.step_of(p[0]) for p in case.projects]
        found += [(case, step) for step in last if step.phase is not Phase.BEFORE and not said.undecided]
    return found


def wins_in_any_case(found: Outcome, project: str) -> bool:
    """Whether it wins, and not only because a tie went its way."""
    return project in found.winners and not any(tie.decisive and project in tie.projects for tie in found.ties)


@pytest.mark.parametrize("rule", ["votes", "density", "welfare"])
def test_smallest_change_of_votes_is_true(rule: str) -> None:
    """With the votes that were missing a project wins, with one less it does not."""
    missed = [(case, step.project, step.missing_votes) for case, step in near_misses(rule) if step.missing_votes]
    assert len(missed) >= 50
    for case, project, votes in missed:
        assert project in outcome(votes_more(case, project, votes)).winners
        assert not wins_in_any_case(outcome(votes_more(case, project, votes - 1)), project)


@pytest.mark.parametrize("rule", ["votes", "density", "welfare"])
def test_smallest_change_of_price_is_true(rule: str) -> None:
    """Cheaper by the money that was missing a project wins, by one unit less it does not."""
    missed = [(case, step.project, step.missing_money) for case, step in near_misses(rule) if step.missing_money]
    assert len(missed) >= 50
    for case, project, amount in missed:
        assert project in outcome(cheaper(case, project, amount)).winners
        assert not wins_in_any_case(outcome(cheaper(case, project, amount - 1)), project)


def cheaper(case: Case, project: str, by: int) -> Case:
    """The same election with a lower price of one project."""
    return replace(case, projects=tuple((p[0], p[1] - by, *p[2:]) if p[0] == project else p for p in case.projects))
