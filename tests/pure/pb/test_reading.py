"""What a good file says, and the traps of real ones (docs/outcome-rules.md, The election)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from tests.pure.pb.samples import META, PROJECTS, VOTES, ballots, data, facts, pointed, text

from qatysu.rules.model import WITHDRAWN_COST, Kind, Project
from qatysu.rules.pb.reading import read, read_bytes


def counted(*entries: tuple[int, dict[str, int]]) -> Counter[frozenset[tuple[str, int]]]:
    """Ballots written shortly: (voters, {project: points})."""
    return Counter({frozenset(points.items()): times for times, points in entries})


def test_everything_of_a_file_is_kept() -> None:
    pb = read_bytes(data({"currency": "KZT"}))
    assert facts(pb.election) == (
        (Project("1", 60, "North"), Project("12", 70, "South")),
        counted((1, {"1": 1, "12": 1}), (1, {"12": 1}), (1, {"1": 1})),
        100, Kind.APPROVAL, 1, {}, {}, (),
    )
    assert (dict(pb.meta), pb.currency, pb.rule) == ({**META, "currency": "KZT"}, "KZT", "greedy")
    assert (dict(pb.selected), pb.notes) == ({"1": 1, "12": 0}, ())
    assert (pb.columns, pb.vote_columns) == (("project_id", "cost", "votes", "name", "selected"), ("voter_id", "vote"))
    assert dict(pb.project_columns["12"]) == {"project_id": "12", "cost": "70", "votes": "2", "name": "South", "selected": "0"}
    assert (pb.has_votes_column, pb.has_score_column) == (True, False)


def test_a_file_on_disk_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / "two.pb"
    path.write_bytes(data())
    assert facts(read(path).election) == facts(read_bytes(data()).election)


SAME = {
    "bom": b"\xef\xbb\xbf" + data(),
    "crlf": text().replace("\n", "\r\n").encode(),
    "no end of line": data().rstrip(),
    "lower case": text().replace("META", "Meta").replace("VOTES", "votes").encode(),
    "padded by a spreadsheet": text().replace("VOTES\n", "VOTES;;;;\n").replace("1,12\n", "1,12;;;\n").encode(),
    "quoted": text().replace("a;1,12", '"a";"1,12"').encode(),
    "order on a ballot": data(votes=("voter_id;vote", "a;12,1", "b;12", "c;1")),
    "order of ballots": data(votes=("voter_id;vote", "c;1", "b;12", "a;1,12")),
    "further columns": data(votes=("sex;voter_id;vote;age", "F;a;1,12;20", "M;b;12;", ";c;1;7")),
    "empty lines at the end": data() + b"\n\n",
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_what_does_not_matter_changes_nothing(content: bytes) -> None:
    pb = read_bytes(content)
    assert (facts(pb.election), pb.notes) == (facts(read_bytes(data()).election), ())


def test_equal_ballots_are_one_with_a_number() -> None:
    votes = ("voter_id;vote", "a;1,12", "b;12,1", "c;1,12")
    profile = read_bytes(data(projects=("project_id;cost", "1;60", "12;70"), votes=votes)).election.profile
    assert (profile.times.tolist(), profile.projects.tolist(), profile.starts.tolist()) == ([3], [0, 1], [0, 2])


def test_cumulative_ballots_state_their_points() -> None:
    pb = read_bytes(pointed("cumulative", ("voter_id;vote;points", "a;12,1;2,1", "b;1,12;1,2", "c;1;0"), ("3;2", "2;4")))
    assert ballots(pb.election) == counted((2, {"1": 1, "12": 2}), (1, {"1": 0}))


def test_scoring_points_may_be_negative() -> None:
    pb = read_bytes(pointed("scoring", ("voter_id;vote;points", "a;1,12;-3,5"), ("1;-3", "1;5")))
    assert ballots(pb.election) == counted((1, {"1": -3, "12": 5}))


@pytest.mark.parametrize("votes", [("voter_id;vote", "a;12,1", "b;1"), ("voter_id;vote;points", "a;12,1;2,1", "b;1;")])
def test_ordinal_points_are_length_less_position(votes: tuple[str, ...]) -> None:
    pb = read_bytes(pointed("ordinal", votes, ("2;2", "1;2")))
    assert ballots(pb.election) == counted((1, {"12": 2, "1": 1}), (1, {"1": 1}))


def test_choose_1_names_one_project() -> None:
    votes = ("voter_id;vote", "a;1", "b;12", "c;1")
    pb = read_bytes(data({"vote_type": "choose-1"}, ("project_id;cost;votes", "1;60;2", "12;70;1"), votes))
    assert ballots(pb.election) == counted((2, {"1": 1}), (1, {"12": 1}))


# Traps


@pytest.mark.parametrize("stated", ["2", "3"])
def test_a_project_named_twice_on_a_ballot_counts_once(stated: str) -> None:
    projects = (PROJECTS[0], "1;60;2;North;1", f"12;70;{stated};South;0")
    pb = read_bytes(data(projects=projects, votes=("voter_id;vote", "a;12,1,12", "b;12", "c;1")))
    assert ballots(pb.election) == counted((1, {"1": 1, "12": 1}), (1, {"12": 1}), (1, {"1": 1}))
    assert [str(note) for note in pb.notes] == ["line 20: a ballot names a project twice, it counts once"]


def test_repeats_are_named_by_a_few_lines() -> None:
    votes = ("voter_id;vote", "a;1,1", "b;12,12", "c;12,1,1", "d;1,12,1", "e;1,1,1", "f;1,1")
    pb = read_bytes(data({"num_votes": "6"}, ("project_id;cost", "1;60", "12;70"), votes))
    assert [str(note) for note in pb.notes] == [
        "line 20: a ballot names a project twice, it counts once (as on lines 21, 22, 23 and 2 more)"
    ]


def test_a_repeated_project_keeps_its_first_points() -> None:
    pb = read_bytes(pointed("cumulative", ("voter_id;vote;points", "a;1,12,1;3,2,1"), ("2;4", "1;2")))
    assert ballots(pb.election) == counted((1, {"1": 3, "12": 2}))


def test_a_repeated_project_does_not_lengthen_an_ordinal_ballot() -> None:
    pb = read_bytes(pointed("ordinal", ("voter_id;vote", "a;1,1,12"), ("1;2", "1;1")))
    assert ballots(pb.election) == counted((1, {"1": 2, "12": 1}))


def test_money_with_cents_is_exact() -> None:
    pb = read_bytes(data({"budget": "1331751.11"}, (PROJECTS[0], "1;0.1;2;North;1", "12;70;2;South;0")))
    assert (pb.election.budget, pb.election.scale) == (133175111, 100)
    assert [project.cost for project in pb.election.projects] == [10, 7000]


def test_the_finest_cost_decides_the_scale() -> None:
    pb = read_bytes(data({"budget": "100.5"}, (PROJECTS[0], "1;60.125;2;North;1", "12;70;2;South;0")))
    assert (pb.election.budget, pb.election.scale, pb.election.projects[0].cost) == (100500, 1000, 60125)


@pytest.mark.parametrize(
    ("budget", "cost", "scale"), [("100", "60.0", 1), ("100.0", "60", 10), ("100.00", "60.50", 100), ("100", "60.50", 10)]
)
def test_needless_zeros_count_only_in_the_budget(budget: str, cost: str, scale: int) -> None:
    pb = read_bytes(data({"budget": budget}, (PROJECTS[0], f"1;{cost};2;North;1", PROJECTS[2])))
    assert (pb.election.scale, pb.election.budget) == (scale, 100 * scale)


@pytest.mark.parametrize("cost", ["999999999", "999999999.00"])
def test_the_mark_of_withdrawn_projects_stays_with_a_note(cost: str) -> None:
    pb = read_bytes(data(projects=(PROJECTS[0], f"1;{cost};2;North;0", PROJECTS[2])))
    assert pb.election.projects[0].cost == WITHDRAWN_COST * pb.election.scale
    assert [str(note) for note in pb.notes] == ["line 16: project 1 costs 999999999: it counts as withdrawn"]


def test_budgets_of_categories_go_with_their_names() -> None:
    meta = {"categories": "Green, Safe", "budget_per_category": "40.5,59.5"}
    projects = ("project_id;cost;category", '1;60;Green,Safe', "12;70; Safe , Safe")
    election = read_bytes(data(meta, projects)).election
    assert dict(election.category_budgets) == {"Green": 405, "Safe": 595}
    assert [project.categories for project in election.projects] == [("Green", "Safe"), ("Safe",)]


def test_budgets_of_neighbourhoods_go_with_their_names() -> None:
    meta = {"neighborhoods": "Upper,Lower", "budget_per_neighborhood": "40,60"}
    election = read_bytes(data(meta, ("project_id;cost;district;neighborhood", "1;60;D;Upper", "12;70;D;"))).election
    assert dict(election.district_budgets) == {"Upper": 40, "Lower": 60}
    assert [project.district for project in election.projects] == ["Upper", ""]


def test_a_district_column_says_where_a_project_lies() -> None:
    election = read_bytes(data(projects=("project_id;cost;district", "1;60;12 - Est / Ouest", "12;70;West"))).election
    assert [project.district for project in election.projects] == ["12 - Est / Ouest", "West"]


def test_texts_keep_quotes_semicolons_and_line_breaks() -> None:
    pb = read_bytes(data({"description": '"Two; ""fine"" parks"'}, (PROJECTS[0], '1;60;2;"No\nrth; ""N""";1', PROJECTS[2])))
    assert (pb.meta["description"], pb.election.projects[0].name) == ('Two; "fine" parks', 'No\nrth; "N"')


def test_lines_are_counted_through_quoted_line_breaks() -> None:
    votes = ("voter_id;vote", '"a\n\n";1,12', "b;12,12", "c;1")
    assert [note.line for note in read_bytes(data(votes=votes)).notes] == [23]


NOTES = {
    "blank lines": (text().replace("VOTES", "\n\nVOTES").encode(), "line 18: blank lines (2) are passed over"),
    "no header": (text().replace("key;value\n", "").encode(), "line 2: META does not begin with key;value"),
    "missing key": (data(without=("country",)), "META has no country"),
    "semicolon": (data({"description": "One; two"}), "line 3: the value of 'description' has a ; that is not quoted"),
    "empty ballot": (data(votes=(*VOTES, "d;"), meta={"num_votes": "4"}), "line 23: a ballot names no project"),
    "spaces": (data(votes=("voter_id;vote", "a;1, 12", *VOTES[2:])), "line 20: spaces around the id of a project do not count"),
    "too long": (data({"max_length": "1"}), "line 21: a ballot names more projects than max_length"),
    "too short": (data({"min_length": "2"}), "line 22: a ballot names fewer projects than min_length (as on line 23)"),
    "too dear": (data({"max_sum_cost": "129"}), "line 21: a ballot costs more than max_sum_cost"),
    "too cheap": (data({"min_sum_cost": "70"}), "line 23: a ballot costs less than min_sum_cost"),
    "not a bound": (data({"max_length": "few"}), "line 14: max_length is not a whole number of 0 or more: 'few'"),
    "not a sum": (data({"max_sum_cost": "1,5"}), "line 14: max_sum_cost has a decimal comma: '1,5'; write a point"),
    "too many points": (
        pointed("cumulative", ("voter_id;vote;points", "a;1,12;3,1"), ("1;3", "1;1"), max_sum_points="3"),
        "line 21: a ballot gives more points than max_sum_points",
    ),
    "too few points": (
        pointed("cumulative", ("voter_id;vote;points", "a;1,12;3,1"), ("1;3", "1;1"), min_sum_points="5"),
        "line 21: a ballot gives fewer points than min_sum_points",
    ),
    "points of approval": (
        data(votes=("voter_id;vote;points", "a;1,12;5,5", "b;12;5", "c;1;5")), "the points of approval ballots are not used",
    ),
}


@pytest.mark.parametrize(("content", "note"), NOTES.values(), ids=NOTES)
def test_a_deviation_without_meaning_is_a_note(content: bytes, note: str) -> None:
    pb = read_bytes(content)
    assert [str(found) for found in pb.notes] == [note]
    assert pb.election.profile.votes(2)[1] in (1, 2)


def test_an_empty_ballot_is_a_ballot() -> None:
    pb = read_bytes(data({"num_votes": "4"}, votes=(*VOTES, "d;")))
    assert (pb.election.voters, ballots(pb.election)[frozenset()]) == (4, 1)


def test_a_bound_finer_than_the_money_is_left_aside() -> None:
    assert read_bytes(data({"max_sum_cost": "129.999"})).notes == ()
