"""What the public checker would find, and that what we write has none of it."""

from __future__ import annotations

import pytest
from tests.pure.pb.samples import META, PROJECTS, VOTES, data, pointed, text

from qatysu.rules.model import Election, Kind, Profile, Project
from qatysu.rules.pb.checking import check
from qatysu.rules.pb.reading import read_bytes
from qatysu.rules.pb.writing import write

GIVEN = {key: META[key] for key in ("description", "country", "unit", "instance", "rule", "date_begin", "date_end")}
BARE = ("project_id;cost;votes;selected", "1;60;2;1", "12;70;2;0")
TWICE = ("voter_id;vote", "a;1,12,12", "b;12", "c;1")


def test_a_good_file_has_no_findings() -> None:
    assert check(read_bytes(data())) == ()


FOUND: dict[str, tuple[bytes, str, str, str]] = {
    "votes differ": (
        data({"num_votes": "4"}), "num_votes", "error", "line 8: num_votes is 4, but the file holds 3 ballots; is it truncated?",
    ),
    "projects differ": (
        data({"num_projects": "1"}), "num_projects", "error",
        "line 7: num_projects is 1, but the file holds 2 projects; is it truncated?",
    ),
    "counts differ": (
        data(projects=(*PROJECTS[:2], "12;70;9;South;0")), "votes", "error",
        "line 17: the votes of project 12: the file says 9, its ballots 2",
    ),
    "repeat": (data(votes=TWICE), "repeated_project", "error", "line 20: a ballot names a project twice, it counts once"),
    "long ballot": (
        data({"min_length": "1", "max_length": "1", "vote_type": "approval"}), "max_length", "error",
        "line 22: a ballot names more projects than max_length",
    ),
    "short ballot": (
        data({"min_length": "2"}), "min_length", "error",
        "line 22: a ballot names fewer projects than min_length (as on line 23)",
    ),
    "empty ballot": (
        data({"num_votes": "4"}, votes=(*VOTES, "d;")), "empty_ballot", "error", "line 23: a ballot names no project",
    ),
    "country missing": (data(without=("country",)), "meta_missing", "error", "META has no country"),
    "blank lines": (text().replace("VOTES", "\nVOTES").encode(), "blank_lines", "warning", "line 18: blank lines (1) are passed over"),
    "date": (
        data({"date_end": "31.02.2025"}), "date", "error", "date_end is neither a year nor a day as 31.12.2025: '31.02.2025'",
    ),
    "iso date": (
        data({"date_begin": "2025-06-01"}), "date", "error",
        "date_begin is neither a year nor a day as 31.12.2025: '2025-06-01'",
    ),
    "dates": (data({"date_begin": "01.07.2025"}), "date", "error", "date_end is before date_begin"),
    "rule": (data({"rule": "fair"}), "rule", "error", "the rule 'fair' is not one of the format"),
    "custom": (data({"rule": "greedy-custom"}), "rule", "warning", "the rule greedy-custom needs a comment that explains it"),
    "threshold": (
        data({"min_project_score_threshold": "1"}), "threshold", "error",
        "min_project_score_threshold goes with the rule greedy-threshold",
    ),
    "no threshold": (
        data({"rule": "greedy-threshold"}), "threshold", "error", "the rule greedy-threshold needs min_project_score_threshold",
    ),
    "currency": (data({"currency": "tenge"}), "currency", "error", "currency is 'tenge'"),
    "language": (data({"language": "kaz"}), "language", "error", "language is 'kaz'"),
    "comment": (data({"comment": "By us"}), "comment", "error", "the comment does not begin with #1: "),
    "remarks": (
        data({"comment": "#1: A #3: B"}), "comment", "warning", "the remarks of the comment are not numbered one after another",
    ),
    "empty key": (data({"edition": ""}), "meta_empty", "error", "edition in META is empty"),
    "unknown key": (data({"colour": "red"}), "unknown_name", "error", "META has what the format does not know: 'colour'"),
    "order of keys": (
        data({"date_end": "15.06.2025", "subunit": "x"}), "order", "warning", "META is not in the order of the format",
    ),
    "order of columns": (
        data(projects=("project_id;votes;cost;selected", "1;2;60;1", "12;2;70;0")), "order", "warning",
        "PROJECTS is not in the order of the format",
    ),
    "no counts": (
        data(projects=("project_id;cost;selected", "1;60;1", "12;70;0")), "no_counts", "warning",
        "PROJECTS has neither votes nor score",
    ),
    "no selected": (
        data(projects=("project_id;cost;votes", "1;60;2", "12;70;2")), "no_selected", "warning", "PROJECTS has no column selected",
    ),
    "overspent": (
        data(projects=(BARE[0], BARE[1], "12;70;2;1")), "budget_exceeded", "error", "the selected projects cost more than the budget",
    ),
    "unused": (
        data(projects=(BARE[0], "1;60;2;0", "12;70;2;0")), "unused_money", "error",
        "the money left would pay for '1'",
    ),
    "unused, exclusive": (
        data(projects=(BARE[0], "1;60;2;0", "12;70;2;0"), meta={"rule": "greedy-exclusive"}), "unused_money", "warning",
        "the money left would pay for '1'",
    ),
    "dear": (
        data(projects=(BARE[0], BARE[1], "12;101;2;0")), "cost_above_budget", "error",
        "project '12' costs more than the whole budget",
    ),
    "withdrawn": (
        data(projects=(BARE[0], "1;60;2;1", "12;999999999;2;1")), "withdrawn_selected", "error",
        "project '12' is selected, and its cost says that it was withdrawn",
    ),
    "all fit": (
        data({"budget": "131"}, (BARE[0], BARE[1], "12;70;2;1")), "fully_funded", "error",
        "the budget pays for all projects; fully_funded must be 1",
    ),
    "not all fit": (
        data({"fully_funded": "1"}), "fully_funded", "error",
        "fully_funded is 1, but the projects together cost more than the budget",
    ),
    "spaces in a list": (
        data(projects=("project_id;cost;votes;category;selected", "1;60;2;a, b;1", "12;70;2;;0")), "spaces_in_list", "error",
        "category of project '1' has spaces around a comma",
    ),
    "spaces in a cell": (
        data(projects=(*PROJECTS[:2], "12;70;2; South;0")), "spaces_in_cell", "error",
        "a cell of project '12' begins or ends with a space",
    ),
    "no name": (data(projects=(*PROJECTS[:2], "12;70;2;;0")), "name_empty", "error", "project '12' has no name"),
    "coordinates": (
        data(projects=("project_id;cost;votes;selected;latitude;longitude", "1;60;2;1;52;", "12;70;2;0;52;76")),
        "coordinates", "error",
        "project '1' has one coordinate without the other",
    ),
    "single choice": (
        data({"max_length": "1", "num_votes": "2"}, (BARE[0], "1;60;1;1", "12;70;1;0"), ("voter_id;vote", "a;1", "b;12")),
        "ballot_type", "warning", "max_length is 1, which is the vote_type choose-1",
    ),
    "points of approval": (
        data({"max_points": "5"}), "ballot_type", "warning", "max_points does not go with approval ballots",
    ),
    "choose-1 bounds": (
        data({"vote_type": "choose-1", "num_votes": "2", "min_length": "2"}, (BARE[0], "1;60;1;1", "12;70;1;0"),
             ("voter_id;vote", "a;1", "b;12")),
        "ballot_type", "error", "min_length of choose-1 ballots is 1",
    ),
    "cumulative": (
        pointed("cumulative", ("voter_id;vote;points", "a;1,12;2,1"), ("1;2", "1;1")), "ballot_type", "error",
        "cumulative ballots need max_sum_points",
    ),
    "long bound": (
        data({"max_length": "3"}), "max_length_high", "error", "max_length is higher than the number of projects",
    ),
    "undeclared": (
        data({"categories": "a"}, ("project_id;cost;votes;category;selected", "1;60;2;b;1", "12;70;2;a;0")), "parts", "warning",
        "categories not declared: 'b'",
    ),
    "unused part": (
        data({"categories": "a,c"}, ("project_id;cost;votes;category;selected", "1;60;2;a;1", "12;70;2;a;0")), "parts", "warning",
        "categories not used: 'c'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code", "level", "line"), FOUND.values(), ids=FOUND)
def test_a_fault_is_found(content: bytes, code: str, level: str, line: str) -> None:
    findings = check(read_bytes(content, lenient=True))
    assert (code, level, line) in [(finding.code, finding.level, finding.text) for finding in findings]


def test_errors_come_first() -> None:
    findings = check(read_bytes(data({"comment": "#1: A #3: B", "date_end": "soon"}), lenient=True))
    assert [finding.level for finding in findings] == ["error", "warning"]


@pytest.mark.parametrize("kind", Kind)
def test_what_is_exported_has_no_findings(kind: Kind) -> None:
    points = {Kind.CUMULATIVE: [3, 2], Kind.ORDINAL: [2, 1], Kind.SCORING: [9, -1]}.get(kind)
    full = ([1, 0], points, 2) if kind is not Kind.CHOOSE_1 else ([1], None, 2)
    single = ([0], [1] if kind is Kind.ORDINAL else points and [5], 1)
    projects = (Project("1", 6050, "North; park", ("green", "safe"), "Upper"), Project("12", 7000, "«South»", ("safe",), "Lower"))
    election = Election(
        projects, Profile.build([full, single]), 10000, kind, 100,
        category_budgets={"green": 7000, "safe": 10000}, district_budgets={"Upper": 7000, "Lower": 7000},
    )  # fmt: skip
    extra = {name: {"latitude": "52.1", "longitude": "76.9"} for name in ("1", "12")}
    meta = {**GIVEN, "currency": "KZT", "language": "kk", "comment": "Our own."}
    pb = read_bytes(write(election, meta=meta, selected={"12": 1}, project_columns=extra).encode())
    assert (check(pb), pb.notes) == ((), ())
