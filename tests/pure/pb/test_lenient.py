"""Leniently, what still has a meaning is read, with a note of what was made of it."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.pure.pb.samples import PROJECTS, VOTES, ballots, data, pointed, text

from qatysu.rules.pb.model import PbError
from qatysu.rules.pb.reading import read_bytes

BOTH, ONLY_1, ONLY_12 = frozenset({("1", 1), ("12", 1)}), frozenset({("1", 1)}), frozenset({("12", 1)})
ALL = Counter([BOTH, ONLY_12, ONLY_1])

LENIENT: dict[str, tuple[bytes, Counter[frozenset[tuple[str, int]]], str]] = {
    "counts": (data({"num_votes": "9"}), ALL, "line 8: num_votes is 9, but the file holds 3 ballots; is it truncated?"),
    "no count": (data(without=("num_votes",)), ALL, "META has no num_votes"),
    "count is text": (data({"num_projects": "x"}), ALL, "line 7: num_projects is not a whole number of 0 or more: 'x'"),
    "column": (
        data(projects=(*PROJECTS[:2], "12;70;5;South;0")), ALL,
        "line 17: the votes of project 12: the file says 5, its ballots 2",
    ),
    "selected": (
        data(projects=(*PROJECTS[:2], "12;70;2;South;yes")), ALL,
        "line 17: selected of project 12 is not 0, 1, 2 or 3: 'yes'",
    ),
    "voter twice": (data(votes=(*VOTES[:3], "a;1")), ALL, "line 22: the voter 'a' has a ballot above already"),
    "unknown project": (data(votes=(*VOTES[:3], "c;1,99")), ALL, "line 22: the ballot names the unknown project '99'"),
    "cells": (
        data(projects=(*PROJECTS[:2], "12;70;2;South;0;more")), ALL,
        "line 17: 6 cells where the header has 5; is a ; inside a text not quoted?",
    ),
    "bytes": (text().replace("South", "S\u00fcd").encode("latin-1"), ALL, "line 17: bytes that are not UTF-8 are replaced"),
    "lone cr": (text().replace("\n", "\r").encode(), ALL, "lines end with CR alone; save the file with LF or CRLF"),
    "key twice": (data({"rule": "greedy\nrule;unknown"}), ALL, "line 12: the key 'rule' stands above already"),
    "parts": (
        data({"categories": "a,b", "budget_per_category": "1"}), ALL,
        "line 15: budget_per_category has 1 amounts, categories 2 different names",
    ),
}


@pytest.mark.parametrize(("content", "expected", "note"), LENIENT.values(), ids=LENIENT)
def test_what_is_wrong_becomes_a_note(content: bytes, expected: Counter[frozenset[tuple[str, int]]], note: str) -> None:
    with pytest.raises(PbError) as error:
        read_bytes(content)
    pb = read_bytes(content, lenient=True)
    assert (ballots(pb.election), [str(found) for found in pb.notes]) == (expected, [note])
    assert note in (error.value.text, "line 17: bytes that are not UTF-8 are replaced")


def test_a_ballot_without_meaning_is_dropped() -> None:
    content = data({"vote_type": "choose-1"}, ("project_id;cost", "1;60", "12;70"), ("voter_id;vote", "a;1,12", "b;1,12", "c;1"))
    pb = read_bytes(content, lenient=True)
    assert (ballots(pb.election), pb.election.voters) == (Counter([ONLY_1]), 1)
    assert [str(note) for note in pb.notes] == [
        "line 20: the ballot is dropped (2 like it): a choose-1 ballot names one project, this one 2"
    ]


def test_points_of_an_unknown_project_go_with_it() -> None:
    content = pointed("cumulative", ("voter_id;vote;points", "a;99,1,12;5,3,1"), ("1;3", "1;1"))
    pb = read_bytes(content, lenient=True)
    assert ballots(pb.election) == Counter([frozenset({("1", 3), ("12", 1)})])


def test_an_unknown_project_does_not_count_in_an_order() -> None:
    pb = read_bytes(pointed("ordinal", ("voter_id;vote;points", "a;99,1,12;3,2,1"), ("1;2", "1;1")), lenient=True)
    assert ballots(pb.election) == Counter([frozenset({("1", 2), ("12", 1)})])


def test_of_many_equal_notes_the_first_are_kept_and_the_rest_counted() -> None:
    votes = ("voter_id;vote", *("a;1" for _ in range(31)))
    pb = read_bytes(data({"num_votes": "31"}, ("project_id;cost", "1;60", "12;70"), votes), lenient=True)
    assert (len(pb.notes), pb.notes[0].line, str(pb.notes[-1])) == (21, 21, "and 10 more like it: voter_repeated")


BROKEN = {
    "no budget": data(without=("budget",)),
    "ballot type": data({"vote_type": "thumbs"}),
    "cost": data(projects=(PROJECTS[0], "1;-60;2;North;1", PROJECTS[2])),
    "project twice": data(projects=(PROJECTS[0], PROJECTS[1], PROJECTS[1])),
    "no votes": text().partition("VOTES")[0].encode(),
    "nul": text().replace("South", "\0").encode(),
    "utf-16": text().encode("utf-16"),
    "empty": b"",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_has_no_meaning_is_refused_all_the_same(content: bytes) -> None:
    with pytest.raises(PbError) as strictly:
        read_bytes(content)
    with pytest.raises(PbError) as leniently:
        read_bytes(content, lenient=True)
    assert leniently.value.text == strictly.value.text
