"""What is written is read back as it was, tells nothing about voters, and has no findings."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pure.pb.samples import META, data, facts

from qatysu.rules.model import WITHDRAWN_COST, Election, Funder, Kind, Profile, Project
from qatysu.rules.pb.checking import check
from qatysu.rules.pb.model import PbError
from qatysu.rules.pb.reading import read_bytes
from qatysu.rules.pb.writing import money, write

GIVEN = {key: META[key] for key in ("description", "country", "unit", "instance", "rule", "date_begin", "date_end")}

#: Characters that a table could stumble over; no control characters, which become spaces.
_LETTERS = st.sampled_from("aZ9 ;\"',=+-@|#\\әіңүұқөһЯß中😀\u00a0\ufeff")
_NAMES = st.text(_LETTERS, max_size=8).map(str.strip)
_LISTED = st.text(_LETTERS.filter(lambda letter: letter != ","), min_size=1, max_size=5).map(str.strip).filter(bool)
_IDS = st.text(_LETTERS.filter(lambda letter: letter != ","), min_size=1, max_size=4).filter(lambda name: name == name.strip())


@st.composite
def points_of(draw: st.DrawFn, kind: Kind, size: int) -> tuple[list[int], list[int]]:
    """Projects of one ballot and their points."""
    most = 1 if kind is Kind.CHOOSE_1 else size
    names = draw(st.lists(st.integers(0, size - 1), unique=True, min_size=1 if kind is Kind.CHOOSE_1 else 0, max_size=most))
    if kind is Kind.ORDINAL:
        return names, list(range(len(names), 0, -1))
    least = {Kind.CUMULATIVE: 0, Kind.SCORING: -9}.get(kind)
    return names, [1 if least is None else draw(st.integers(least, 9)) for _ in names]


@st.composite
def elections(draw: st.DrawFn) -> Election:
    """Small elections of every kind, with cents, categories and districts."""
    kind, scale = draw(st.sampled_from(Kind)), draw(st.sampled_from((1, 10, 100, 1000)))
    categories = draw(st.lists(_LISTED, unique=True, max_size=3))
    districts = draw(st.lists(_LISTED, unique=True, max_size=2))
    projects = tuple(
        Project(
            name,
            draw(st.integers(1, 10**9)),
            draw(_NAMES),
            tuple(draw(st.lists(st.sampled_from(categories), unique=True)) if categories else ()),
            draw(st.sampled_from((*districts, ""))),
        )
        for name in draw(st.lists(_IDS, unique=True, min_size=1, max_size=4))
    )
    cast = draw(st.lists(points_of(kind, len(projects)), max_size=6))
    profile = Profile.build((names, points, draw(st.integers(1, 3))) for names, points in cast)
    amounts = st.integers(0, 10**10)
    return Election(
        projects, profile, draw(amounts), kind, scale,
        category_budgets={name: draw(amounts) for name in categories[:2]},
        district_budgets={name: draw(amounts) for name in districts[:1]},
    )  # fmt: skip


@given(elections())
def test_what_is_written_is_read_back_as_it_was(election: Election) -> None:
    pb = read_bytes(write(election, meta=GIVEN).encode())
    assert facts(pb.election) == facts(election)
    assert {note.code for note in pb.notes} <= {"empty_ballot", "withdrawn"}


@given(elections())
def test_writing_again_what_was_read_gives_the_same_file(election: Election) -> None:
    once = write(election, meta=GIVEN, selected={})
    pb = read_bytes(once.encode())
    assert write(pb.election, meta=pb.meta, selected=pb.selected, project_columns=pb.project_columns) == once


@given(elections(), st.randoms(use_true_random=False))
def test_the_order_of_ballots_tells_nothing(election: Election, random: object) -> None:
    profile = election.profile
    rows = [
        (profile.projects[a:b].tolist(), profile.points[a:b].tolist(), times)
        for a, b, times in zip(profile.starts, profile.starts[1:], profile.times.tolist(), strict=False)
    ]
    random.shuffle(rows)  # type: ignore[attr-defined]  # reason: a random.Random
    shuffled = Election(
        election.projects, Profile.build(rows), election.budget, election.kind, election.scale,
        election.category_budgets, election.district_budgets,
    )  # fmt: skip
    assert write(shuffled, meta=GIVEN) == write(election, meta=GIVEN)


def simple(*votes: tuple[Sequence[int], Sequence[int] | None, int], kind: Kind = Kind.APPROVAL, **more: object) -> Election:
    """Two projects for 60 and 70 with a budget of 100."""
    projects = (Project("1", 60, "North"), Project("12", 70, "South"))
    return Election(**{"projects": projects, "profile": Profile.build(votes), "budget": 100, "kind": kind, **more})  # type: ignore[arg-type]


def test_a_file_as_it_is_written() -> None:
    election = simple(([1], None, 1), ([0, 1], None, 1), ([0], None, 1))
    meta = {**GIVEN, "currency": "KZT", "budget": "7", "local": "kept", "language": ""}
    assert write(election, meta=meta, selected={"1": 1}) == (
        "META\nkey;value\ndescription;Two parks\ncountry;Kazakhstan\nunit;Example\ninstance;2025\nnum_projects;2\nnum_votes;3\n"
        "budget;100\nvote_type;approval\nrule;greedy\ndate_begin;01.06.2025\ndate_end;15.06.2025\ncurrency;KZT\nlocal;kept\n"
        "PROJECTS\nproject_id;cost;votes;name;selected\n1;60;2;North;1\n12;70;2;South;0\n"
        "VOTES\nvoter_id;vote\n1;1\n2;1,12\n3;12\n"
    )


def test_points_are_written_with_more_points_first() -> None:
    election = simple(([0, 1], [2, 5], 2), kind=Kind.CUMULATIVE)
    text = write(election, meta=GIVEN)
    assert text.partition("PROJECTS\n")[2] == (
        "project_id;cost;votes;score;name\n1;60;2;4;North\n12;70;2;10;South\nVOTES\nvoter_id;vote;points\n1;12,1;5,2\n2;12,1;5,2\n"
    )
    assert "\nmax_sum_points;7\n" in text


def test_an_ordinal_ballot_is_written_in_its_order() -> None:
    text = write(simple(([0, 1], [1, 2], 1), kind=Kind.ORDINAL), meta=GIVEN)
    assert text.partition("VOTES\n")[2] == "voter_id;vote\n1;12,1\n"


def test_further_columns_go_to_their_place() -> None:
    extra = {"1": {"latitude": "52.1", "longitude": "76.9", "author": "x\ny", "cost": "9", "beneficiaries": "all"}, "12": {}}
    rows = write(simple(), meta=GIVEN, project_columns=extra).splitlines()
    assert rows[rows.index("PROJECTS") + 1 :][:3] == [
        "project_id;cost;votes;name;beneficiaries;latitude;longitude;author", "1;60;0;North;all;52.1;76.9;x y", "12;70;0;South;;;;",
    ]  # fmt: skip


def test_line_breaks_and_control_characters_become_spaces() -> None:
    projects = (Project("1", 60, "No\r\nrth\x00\u2028N\ud800"),)
    pb = read_bytes(write(simple(projects=projects), meta={**GIVEN, "unit": "A\nVOTES"}).encode())
    assert (pb.election.projects[0].name, pb.meta["unit"]) == ("No rth N", "A VOTES")


def test_a_comma_in_a_category_becomes_a_slash() -> None:
    projects = (Project("1", 60, "", ("Streets, parks",), "A,B"),)
    election = simple(projects=projects, category_budgets={"Streets, parks": 50})
    back = read_bytes(write(election, meta=GIVEN).encode()).election
    assert (back.projects[0].categories, back.projects[0].district) == (("Streets / parks",), "A / B")
    assert dict(back.category_budgets) == {"Streets / parks": 50}


def test_a_withdrawn_project_keeps_its_cost_in_the_comment() -> None:
    pb = read_bytes(write(simple(withdrawn={"12": "the land was sold"}), meta={**GIVEN, "comment": "By us."}).encode())
    assert [project.cost for project in pb.election.projects] == [60, WITHDRAWN_COST]
    assert pb.meta["comment"] == (
        "#1: By us. #2: Project 12 was withdrawn (the land was sold): its cost 70 is replaced by 999999999."
    )


def test_votes_on_paper_and_funders_go_into_the_comment() -> None:
    projects = (Project("1", 60, paper=7), Project("12", 70, paper=2))
    funders = (Funder("City", 60), Funder("Plant", 40, frozenset({"Green"})))
    pb = read_bytes(write(simple(projects=projects, funders=funders), meta={**GIVEN, "comment": "#1: A. #2: B."}).encode())
    assert pb.meta["comment"] == (
        "#1: A. #2: B. #3: Votes counted on paper are not among the ballots: paper=1:7,12:2. "
        "#4: The budget comes from several funders: City 60, Plant 40 (only for Green)."
    )


@pytest.mark.parametrize(("budget", "flag"), [(129, None), (130, "1"), (131, "1")])
def test_fully_funded_is_said_when_the_budget_pays_for_all(budget: int, flag: str | None) -> None:
    pb = read_bytes(write(simple(budget=budget), meta={**GIVEN, "fully_funded": "1"}, selected={}).encode())
    assert pb.meta.get("fully_funded") == flag
    assert [finding.code for finding in check(pb) if finding.code == "fully_funded"] == []


@pytest.mark.parametrize(
    ("amount", "scale", "text", "full"),
    [(5, 1, "5", "5"), (500, 100, "5", "5.00"), (550, 100, "5.5", "5.50"), (7, 1000, "0.007", "0.007"), (0, 10, "0", "0.0")],
)
def test_money_is_written_exactly(amount: int, scale: int, text: str, full: str) -> None:
    assert (money(amount, scale), money(amount, scale, full=True)) == (text, full)


REFUSED: dict[str, tuple[Election, str]] = {
    "comma": (simple(projects=(Project("1,2", 5),)), "the project id '1,2' cannot be written"),
    "space": (simple(projects=(Project(" 1", 5),)), "the project id ' 1' cannot be written"),
    "line break": (simple(projects=(Project("1\n2", 5),)), "the project id '1\\n2' cannot be written"),
    "no id": (simple(projects=(Project("", 5),)), "the project id '' cannot be written"),
    "twice": (simple(projects=(Project("1", 5), Project("1", 6))), "a project id stands twice"),
    "none": (simple(projects=()), "there is no project to write"),
    "third": (simple(scale=3), "money in 1/3 of a unit cannot be written with decimals"),
    "below 0": (simple(budget=-1), "the amount '-1' is below 0 or has more than 15 digits"),
    "large": (simple(budget=10**15), "the amount '1000000000000000' is below 0 or has more than 15 digits"),
    "fine": (simple(scale=10**7), "money in 1/10000000 of a unit cannot be written with decimals"),
    "alike": (simple(category_budgets={"a,b": 1, "a / b": 2}), "categories: two names are alike, or one is empty"),
    "approval": (simple(([0], [2], 1)), "a ballot with the points '2' cannot be written as approval"),
    "choose-1": (simple(([0, 1], None, 1), kind=Kind.CHOOSE_1), "a ballot with the points '1,1' cannot be written as choose-1"),
    "ordinal": (simple(([0, 1], [3, 1], 1), kind=Kind.ORDINAL), "a ballot with the points '3,1' cannot be written as ordinal"),
    "negative": (simple(([0], [-1], 1), kind=Kind.CUMULATIVE), "a ballot with the points '-1' cannot be written as cumulative"),
    "long": (simple(projects=(Project("1", 5, "x" * 200_000),)), "a text of 200,000 characters is too long for a cell"),
}


@pytest.mark.parametrize(("election", "line"), REFUSED.values(), ids=REFUSED)
def test_what_the_format_cannot_say_is_refused(election: Election, line: str) -> None:
    with pytest.raises(PbError) as error:
        write(election, meta=GIVEN)
    assert error.value.text == line


def test_a_file_with_repeats_is_written_without_them() -> None:
    content = data(projects=("project_id;cost;votes", "1;60;2", "12;70;3"), votes=("voter_id;vote", "a;12,1,12", "b;12", "c;1"))
    pb = read_bytes(content)
    back = read_bytes(write(pb.election, meta=pb.meta, project_columns=pb.project_columns).encode())
    assert (facts(back.election), back.notes) == (facts(pb.election), ())
    assert [row["votes"] for row in back.project_columns.values()] == ["2", "2"]


def test_voters_are_numbered_from_1() -> None:
    lines = write(simple(([0], None, 3), ([1], None, 2)), meta=GIVEN).partition("voter_id;vote\n")[2].splitlines()
    assert [re.split(";", line)[0] for line in lines] == ["1", "2", "3", "4", "5"]


def test_ranked_rows_fall_by_votes_with_winners_first_among_equals() -> None:
    projects = tuple(Project(name, 10) for name in "ABCD")
    election = simple(([0, 1, 3], None, 2), ([2], None, 3), projects=projects)
    pb = read_bytes(write(election, meta=GIVEN, selected={"D": 1, "C": 1}, ranked=True).encode())
    assert [(name, row["votes"]) for name, row in pb.project_columns.items()] == [("C", "3"), ("D", "2"), ("A", "2"), ("B", "2")]
    assert facts(pb.election)[1] == facts(election)[1]
