"""Choosing one of several options: majorities, ties, the chair, and the next round."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.bodies import carries, head, member, splits, votings

from qatysu.core.collegial import BodyRules, Majority, Outcome, SeatRole, Voice, decide, quorum
from qatysu.core.collegial_choice import ChoiceOutcome, choose, run_off
from qatysu.core.errors import Invalid

MANY = settings(max_examples=400, deadline=None)
SEATS = (member("c", SeatRole.CHAIR), *(member(name) for name in "abdefgh"))
CHAIR = BodyRules(chair_breaks_ties=True)
OPTIONS = ("P", "Q", "R")


def chosen(votes, rules=CHAIR, options=OPTIONS):
    """A choice of everybody who is named in ``votes`` ("P": "ab" — a and b for P); all of them are present."""
    cast = {one: option for option, people in votes.items() for one in people}
    return choose(rules, SEATS, frozenset("cabdefgh"), (), cast, options)


def test_more_than_half_of_the_voices() -> None:
    result = chosen({"P": "abc", "Q": "de"})
    assert (result.outcome, result.option, result.needed) == (ChoiceOutcome.CHOSEN, "P", 3)
    assert dict(result.counts) == {"P": 3, "Q": 2, "R": 0}
    assert (result.abstained, result.not_voted, result.leaders) == (0, 3, ("P",))


def test_two_with_half_each_are_tied_and_the_chair_decides_by_rule() -> None:
    result = chosen({"P": "ab", "Q": "cd"})
    assert (result.outcome, result.option, result.chair_decided) == (ChoiceOutcome.CHOSEN, "Q", True)
    assert chosen({"P": "ab", "Q": "cd"}, BodyRules()).outcome is ChoiceOutcome.TIED
    silent = chosen({"P": "ab", "Q": "de", None: "c"})
    assert (silent.outcome, silent.option, silent.leaders, silent.abstained) == (ChoiceOutcome.TIED, None, ("P", "Q"), 1)


def test_all_equal_is_a_tie_under_a_simple_majority_only() -> None:
    result = chosen({"P": "ab", "Q": "de", "R": "cf"})
    assert (result.outcome, result.option, result.chair_decided) == (ChoiceOutcome.CHOSEN, "R", True)
    strict = chosen({"P": "ab", "Q": "de", "R": "cf"}, replace(CHAIR, majority=Majority.ABSOLUTE_OF_PRESENT))
    assert (strict.outcome, strict.chair_decided) == (ChoiceOutcome.NO_MAJORITY, False)
    assert run_off(strict) == ()


def test_without_a_majority_the_next_round_is_narrower() -> None:
    shared = chosen({"P": "ab", "Q": "cd", "R": "e"})
    assert (shared.outcome, shared.option, shared.leaders) == (ChoiceOutcome.NO_MAJORITY, None, ("P", "Q"))
    assert run_off(shared) == ("P", "Q")
    assert run_off(chosen({"P": "abc", "Q": "de", "R": "f"})) == ("P", "Q")
    assert run_off(chosen({"P": "ab", "Q": "c", "R": "d"})) == ()
    assert run_off(chosen({"P": "ab"})) == ()
    assert run_off(chosen({None: "ab"})) == ()
    assert chosen({}).outcome is ChoiceOutcome.NO_MAJORITY


def test_no_quorum_chooses_nothing() -> None:
    result = choose(CHAIR, SEATS, frozenset("ca"), (), {"c": "P", "a": "P"}, OPTIONS)
    assert (result.outcome, result.option, dict(result.counts)["P"]) == (ChoiceOutcome.NO_QUORUM, None, 2)
    assert run_off(result) == ()


def test_only_known_options_and_people() -> None:
    with pytest.raises(Invalid, match="no_options"):
        chosen({}, options=())
    with pytest.raises(Invalid, match="vote_unknown_option") as refusal:
        chosen({"X": "a"})
    assert refusal.value.params == {"seat": "a"}
    with pytest.raises(Invalid, match="vote_not_in_office"):
        chosen({"P": "z"})


@MANY
@given(votings(st.sampled_from([*OPTIONS, None])), st.randoms(use_true_random=False))
def test_random_choices(case, chance) -> None:
    room, votes = case
    result = choose(*room.facts, votes, OPTIONS)
    counts = Counter(option for option in votes.values() if option)
    cast, top = counts.total(), max(counts.values(), default=0)
    assert sum(result.counts.values()) + result.abstained + result.not_voted == result.quorum.present
    assert result.quorum == quorum(*room.facts)
    assert result.leaders == tuple(option for option in OPTIONS if counts[option] == top and top)
    carried = [option for option in OPTIONS if carries(room, counts[option], cast)]
    every = room.rules.majority is Majority.SIMPLE_OF_VOTES and len(result.leaders) == len(OPTIONS)
    tied = len(result.leaders) > 1 and (splits(room, top, cast) or every)
    casting = votes.get(head(room)) if room.rules.chair_breaks_ties else None
    if not result.quorum.is_met:
        wanted = (ChoiceOutcome.NO_QUORUM, None, False)
    elif carried:
        wanted = (ChoiceOutcome.CHOSEN, carried[0], False)
    elif tied:
        wanted = (ChoiceOutcome.CHOSEN, casting, True) if casting else (ChoiceOutcome.TIED, None, False)
    else:
        wanted = (ChoiceOutcome.NO_MAJORITY, None, False)
    assert (result.outcome, result.option, result.chair_decided) == wanted
    assert result.option is None or result.option in result.leaders
    mixed = list(votes.items())
    chance.shuffle(mixed)
    assert choose(*room.facts, dict(mixed), OPTIONS[::-1]) == result
    following = run_off(result)
    assert not following or (set(result.leaders) <= set(following) and 2 <= len(following) < len(OPTIONS))


@MANY
@given(votings())
def test_a_choice_of_two_is_a_decision(case) -> None:
    room, votes = case
    decision = decide(*room.facts, votes)
    as_option = {Voice.FOR: "yes", Voice.AGAINST: "no", Voice.ABSTAIN: None}
    choice = choose(*room.facts, {one: as_option[voice] for one, voice in votes.items()}, ("yes", "no"))
    assert (choice.option == "yes") == (decision.outcome is Outcome.ADOPTED)
    assert (choice.outcome is ChoiceOutcome.TIED) == (decision.outcome is Outcome.TIED)
    assert (choice.needed, choice.recused, choice.chair_decided) == (decision.needed, decision.recused, decision.chair_decided)
