"""The audit compares with the official list and names only causes that it has tried."""

from __future__ import annotations

import string
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qatysu.rules import hints, registry
from qatysu.rules.auditing import Audit, audit
from qatysu.rules.model import WITHDRAWN_COST, Election, Profile, Project
from qatysu.rules.pb.model import PbFile

#: By votes with 100: A 60, then B does not fit, C does.
PLAIN = {"A": (60, 10), "B": (50, 8), "C": (40, 6)}
#: B and C are tied for the last 40.
TIED = {"A": (60, 10), "B": (40, 8), "C": (40, 8)}


def file(projects: Mapping[str, tuple[int, int]], selected: Mapping[str, int] | None, budget: int = 100, **meta: str) -> PbFile:
    """An election where every voter names one project; ``projects``: cost and votes; ``selected`` leaves out zeros."""
    profile = Profile.build([((i,), None, votes) for i, (_, votes) in enumerate(projects.values())])
    election = Election(tuple(Project(name, cost) for name, (cost, _) in projects.items()), profile, budget)
    marks = {} if selected is None else {name: selected.get(name, 0) for name in projects}
    return PbFile(MappingProxyType({"rule": "greedy"} | meta), election, MappingProxyType(marks))


def official(*names: str) -> dict[str, int]:
    return dict.fromkeys(names, 1)


def audited(made: PbFile, rule: str = "votes", **given: str) -> Audit:
    return audit(made, registry.run(made.election, rule, given), given)


def told(found: Audit) -> list[str]:
    return [hints.sentence(why, "en") for why in found.why]


def test_same_list_matches_in_any_order() -> None:
    found = audited(file(PLAIN, official("C", "A")))
    assert (found.matches, found.only_official, found.only_computed, found.why) == (True, (), (), ())


def test_without_an_official_list_nothing_is_claimed() -> None:
    found = audited(file(PLAIN, None))
    assert (found.matches, told(found)) == (None, ["The file holds no official list (no column selected)."])


def test_other_fit_is_named_when_it_gives_the_list() -> None:
    found = audited(file(PLAIN, official("A")))
    assert (found.matches, found.only_official, found.only_computed) == (False, (), ("C",))
    assert "fit=stop gives the official list." in told(found)


def test_the_one_project_whose_removal_explains_the_list_is_named() -> None:
    found = audited(file(PLAIN, official("B", "C")))
    assert (found.only_official, found.only_computed) == (("B",), ("A",))
    assert told(found) == ["Leaving out project A is enough: withdrawn=A gives the official list."]


def test_when_nothing_explains_the_list_it_says_so_and_points_to_the_comment() -> None:
    found = audited(file({"A": (60, 10), "B": (50, 8), "C": (40, 6), "D": (40, 2)}, official("D"), comment="#1: See the minutes."))
    assert told(found) == [
        "No cause was found: none of the changes tried gives the official list.", "See the file's comment: #1: See the minutes.",
    ]


@pytest.mark.parametrize("winner", ["B", "C"])
def test_open_tie_that_some_order_turns_into_the_official_list_is_no_difference(winner: str) -> None:
    found = audited(file(TIED, official("A", winner)))
    order = (winner, "C" if winner == "B" else "B")
    assert (found.matches, found.tie_decision) == (None, order)
    assert told(found) == [f"A tie decides; tie=decision tie_decision={','.join(order)} gives the official list."]


def test_open_tie_of_which_no_order_gives_the_official_list_is_a_difference() -> None:
    found = audited(file(TIED, official("B", "C")))
    assert (found.matches, found.tie_decision, found.only_official) == (False, (), ("C",))
    assert told(found) == [
        "A tie decides; no order was found that gives the official list.",
        "Leaving out project A is enough: withdrawn=A gives the official list.",
    ]


def test_tie_settled_the_other_way_is_the_only_cause_named() -> None:
    found = audited(file(TIED, official("A", "C")), tie="id")
    assert (found.matches, found.tie_decision) == (False, ())
    assert told(found) == ["A tie decides; tie=decision tie_decision=C,B gives the official list."]


def test_exclusive_rule_names_the_pair_of_the_comment() -> None:
    projects = {"A": (10, 10), "B1": (20, 9), "B2": (20, 8), "C": (5, 1)}
    found = audited(file(projects, official("A", "B1", "C"), rule="greedy-exclusive", comment="#1: B1 and B2 are on one square."))
    assert told(found) == ["conflicts=B1/B2 gives the official list; the file's comment names these projects."]
    silent = audited(file(projects, official("A", "B1", "C"), rule="greedy-exclusive"))
    assert told(silent) == ["conflicts=A/B2, B1/B2, C/B2:C gives the official list."]


def test_exclusive_rule_names_a_group_where_the_project_with_fewest_votes_was_kept() -> None:
    projects = {"A": (10, 10), "B1": (20, 9), "B2": (20, 8), "B3": (20, 7)}
    found = audited(file(projects, official("A", "B3"), rule="greedy-exclusive", comment="#2: of B1, B2 and B3 only one is possible."))
    assert told(found) == ["conflicts=B3/B1/B2:B3 gives the official list; the file's comment names these projects."]


def test_conflict_that_is_named_really_gives_the_official_list() -> None:
    made = file({"A": (60, 10), "B": (30, 9), "C": (40, 6), "D": (5, 1)}, official("A", "C"), rule="greedy-exclusive")
    assert audited(made).matches is False
    assert audited(made, conflicts="A/B/D").matches is True


@pytest.mark.parametrize(
    ("mark", "comment", "sentence"),
    [
        (2, "", "Project C was chosen apart from the rule (selected=2); the file does not say why."),
        (3, "#1: Number 2 is the rest. #2: We mark such project with number 3.",
         "Project C was chosen apart from the rule (selected=3); see comment #2."),
        (2, "#1: Nothing here. #2: Project C had the best turnout.",
         "Project C was chosen apart from the rule (selected=2); see comment #2."),
    ],
)
def test_projects_chosen_apart_from_the_rule_are_listed_with_the_remark(mark: int, comment: str, sentence: str) -> None:
    found = audited(file(PLAIN, {"A": 1, "C": mark}, rule="greedy-no-skip", comment=comment), fit="stop")
    assert (found.matches, found.official_extra, told(found)) == (True, ("C",), [sentence])


def test_partial_funding_is_compared_with_mark_two() -> None:
    projects = {"A": (60, 10), "B": (50, 8), "C": (40, 6)}
    agreed = audited(file(projects, {"A": 1, "B": 2}, rule="greedy-custom"), fit="stop", partial="0.8")
    assert (agreed.matches, agreed.official_extra, agreed.why) == (True, ("B",), ())
    other = audited(file(projects, {"A": 1}, rule="greedy-custom"), fit="stop", partial="0.8")
    assert (other.matches, other.only_computed) == (False, ("B",))


def test_official_list_that_the_rule_cannot_give_says_why() -> None:
    projects = {"A": (60, 10), "B": (50, 8), "C": (WITHDRAWN_COST, 6), "D": (10, 1)}
    found = audited(file(projects, official("A", "B", "D"), rule="unknown"), min_score="2")
    assert told(found)[:3] == [
        "The file does not say by which rule the official list was found.",
        "The official list costs more than the budget: 120, budget 100.",
        "Project D of the official list does not meet the threshold.",
    ]
    withdrawn = audited(file(projects, official("A", "C"), budget=2 * WITHDRAWN_COST))
    assert "Project C of the official list takes no part (withdrawn or excluded beforehand)." in told(withdrawn)


def test_threshold_of_meta_that_was_not_applied_is_found() -> None:
    made = file(PLAIN, official("A"), min_project_score_threshold="7", rule="greedy-threshold")
    assert "min_score=7 gives the official list." in told(audited(made, fit="skip"))


def test_the_declared_rule_is_named_when_another_was_asked() -> None:
    made = file({"A": (60, 10), "B": (50, 8), "C": (40, 6), "D": (10, 5)}, official("A", "C"))
    assert audited(made, "density").matches is False
    assert "--rule votes --param fit=skip gives the official list." in told(audited(made, "density"))


def test_equal_shares_is_tried_only_where_it_takes_few_repetitions() -> None:
    few = audited(file(PLAIN, official("A"), rule="equalshares/add1"), "density")
    assert told(few)[0] == "--rule equal-shares --param utility=cost --param completion=add1 gives the official list."
    dear = {name: (1000 * cost, votes) for name, (cost, votes) in PLAIN.items()}
    many = audited(file(dear, official("A"), 100_000, rule="equalshares/add1"), "density")
    assert [why.code for why in many.why] == ["unexplained"]


def test_settings_of_a_rule_that_the_file_does_not_declare_are_not_tried() -> None:
    made = file(PLAIN, official("A"), rule="greedy")
    assert [why.code for why in audited(made).why] == ["setting", "removal"]
    assert [why.code for why in audited(made, "density").why] == ["unexplained"]


def test_every_hint_has_the_same_gaps_in_three_languages() -> None:
    for code, texts in hints.WORDS.items():
        gaps = [sorted(name for _, name, _, _ in string.Formatter().parse(text) if name) for text in texts]
        assert gaps == [gaps[0]] * 3, code
        assert len(set(texts)) == 3, code


@settings(max_examples=150, deadline=None)
@example([(4, 0), (1, 0), (2, 0)], 5, ["A", "C", "B", "D", "E", "F"], "stop")
@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3)), min_size=1, max_size=6),
    st.integers(0, 60),
    st.permutations("ABCDEF"),
    st.sampled_from(["skip", "stop"]),
)
def test_whatever_order_of_ties_was_official_is_recognised(
    rows: list[tuple[int, int]], budget: int, order: list[str], fit: str
) -> None:
    projects = dict(zip("ABCDEF", rows, strict=False))
    election = file(projects, None, budget).election
    decided = {"fit": fit, "tie": "decision", "tie_decision": ",".join(i for i in order if i in projects)}
    outcome = registry.run(election, "votes", decided)
    found = audited(file(projects, official(*outcome.winners), budget), fit=fit)
    open_ties = registry.run(election, "votes", {"fit": fit}).undecided
    assert found.matches is (None if open_ties else True)
    if found.tie_decision:
        again = registry.run(election, "votes", decided | {"tie_decision": ",".join(found.tie_decision)})
        assert set(again.winners) == set(outcome.winners)
