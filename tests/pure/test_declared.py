"""The rule that META declares becomes a rule of the registry with parameters."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from qatysu.rules import declared
from qatysu.rules.model import Election, Profile, Project
from qatysu.rules.params import parse
from qatysu.rules.pb.model import PbFile

ELECTION = Election((Project("a", 5), Project("b", 6)), Profile.build([((0,), None, 3)]), 10)


def file(parts: dict[str, int] | None = None, **meta: str) -> PbFile:
    election = Election(ELECTION.projects, ELECTION.profile, 10, category_budgets=MappingProxyType(parts or {}))
    return PbFile(MappingProxyType(meta), election)


@pytest.mark.parametrize(
    ("name", "rule", "params"),
    [
        ("greedy", "votes", {"fit": "skip"}),
        ("Greedy ", "votes", {"fit": "skip"}),
        ("greedy-threshold", "votes", {"fit": "skip"}),
        ("greedy-exclusive", "votes", {"fit": "skip"}),
        ("greedy-no-skip", "votes", {"fit": "stop"}),
        ("greedy-custom", "votes", {"fit": "stop", "partial": "0.8"}),
        ("equalshares", "equal-shares", {"utility": "cost", "completion": "none"}),
        ("equalshares-comparison", "equal-shares", {"utility": "cost", "completion": "none", "comparison": "votes"}),
        ("equalshares/add1", "equal-shares", {"utility": "cost", "completion": "add1"}),
        ("equalshares/add1-comparison", "equal-shares", {"utility": "cost", "completion": "add1", "comparison": "votes"}),
        ("equalshares/add1u", "equal-shares", {"utility": "cost", "completion": "add1u"}),
    ],
)
def test_every_rule_of_pabulib_is_known(name: str, rule: str, params: dict[str, str]) -> None:
    found = declared.of(file(rule=name))
    assert (found.rule, dict(found.params), found.known) == (rule, params, True)
    parse(found.rule, found.params)


@pytest.mark.parametrize(
    ("meta", "note"), [({}, "rule_missing"), ({"rule": "unknown"}, "rule_missing"), ({"rule": "borda"}, "rule_unread")]
)
def test_without_a_known_rule_votes_are_counted_and_it_says_so(meta: dict[str, str], note: str) -> None:
    found = declared.of(file(**meta))
    assert (found.rule, dict(found.params), found.known) == ("votes", {"fit": "skip"}, False)
    assert [n.code for n in found.notes] == [note]


def test_threshold_of_meta_is_applied_to_every_declared_rule() -> None:
    for rule in ("greedy-threshold", "greedy-no-skip", "equalshares/add1"):
        found = declared.of(file(rule=rule, min_project_score_threshold="50"))
        assert found.params["min_score"] == "50"
        assert "min_score_op" not in found.params


def test_budgets_of_parts_and_the_left_over_rule_are_applied_and_noted() -> None:
    words = "Fund additional projects that fit within leftover budget ordered by score"
    stated = file({"green": 4}, rule="greedy", leftover_budget=words)
    found = declared.of(stated)
    assert (found.params["parts"], found.params["leftover"]) == ("category", "pool")
    assert [n.code for n in found.notes] == ["parts_used", "leftover_used"]


def test_a_left_over_rule_in_other_words_is_not_guessed() -> None:
    found = declared.of(file(rule="greedy", leftover_budget="Goes back to the city"))
    assert "leftover" not in found.params
    assert [n.code for n in found.notes] == ["leftover_unread"]


def test_parameters_given_go_before_those_of_meta() -> None:
    stated = file({"green": 4}, rule="greedy-no-skip", min_project_score_threshold="50")
    found = declared.of(stated, {"min_score": "7", "fit": "skip", "parts": "none"})
    assert dict(found.params) == {"fit": "skip", "min_score": "7", "parts": "none"}
    assert found.notes == ()


def test_exclusive_rule_asks_for_the_groups_until_they_are_given() -> None:
    assert [n.code for n in declared.of(file(rule="greedy-exclusive")).notes] == ["exclusive"]
    assert declared.of(file(rule="greedy-exclusive"), {"conflicts": "a/b"}).notes == ()


def test_a_rule_named_by_hand_says_what_of_meta_it_leaves_out() -> None:
    stated = file({"green": 4}, rule="greedy", min_project_score_threshold="50", leftover_budget="Fund additional projects that fit")
    assert [n.code for n in declared.unused(stated, {})] == ["threshold_unused", "parts_unused", "leftover_unused"]
    assert declared.unused(stated, {"min_score": "1", "parts": "none", "leftover": "none"}) == ()
    assert declared.unused(file(rule="greedy"), {}) == ()
