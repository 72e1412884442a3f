"""Every kind of bad file gives one clear line with its number, and nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.pure.pb.samples import META, PROJECTS, VOTES, data, pointed, text

from qatysu.core.errors import Invalid
from qatysu.rules.pb import ballots, reading, source
from qatysu.rules.pb.model import PbError
from qatysu.rules.pb.reading import read, read_bytes

GOOD = text()
HEADER = PROJECTS[0]

BAD: dict[str, tuple[bytes, str]] = {
    # not text in UTF-8
    "empty": (b"", "the file is empty"),
    "blank": (b"\n \r\n\n", "the file is empty"),
    "latin": (GOOD.replace("Two", "D\u00e9ux").encode("latin-1"), "not UTF-8: byte 0xe9 at line 3; save the file as UTF-8"),
    "cp1251": (GOOD.replace("South", "Парк").encode("cp1251"), "not UTF-8: byte 0xcf at line 17; save the file as UTF-8"),
    "utf-16": (GOOD.encode("utf-16"), "not UTF-8 but UTF-16; save the file as UTF-8"),
    "utf-16 without mark": (GOOD.encode("utf-16-le"), "line 1: a NUL byte: not a text file in UTF-8"),
    "utf-32": (GOOD.encode("utf-32"), "not UTF-8 but UTF-32; save the file as UTF-8"),
    "nul": (GOOD.replace("South", "So\0uth").encode(), "line 17: a NUL byte: not a text file in UTF-8"),
    "lone cr": (GOOD.replace("\n", "\r").encode(), "lines end with CR alone; save the file with LF or CRLF"),
    "gzip": (gzip.compress(GOOD.encode(), mtime=0), "line 1: a NUL byte: not a text file in UTF-8"),
    "page": (b"<!DOCTYPE html>\n<p>Not found</p>", "line 1: a .pb file begins with META, this one with '<!DOCTYPE html>'"),
    # sections
    "no votes": (GOOD.partition("VOTES")[0].encode(), "the section VOTES is missing; is the file truncated?"),
    "no projects": (b"META\nkey;value\nbudget;1\nvote_type;approval\n", "META has no num_projects"),
    "votes first": (
        GOOD.replace("PROJECTS\n", "VOTES\n", 1).encode(), "line 14: the section VOTES stands where PROJECTS is expected",
    ),
    "projects twice": (
        (GOOD + "PROJECTS\nproject_id;cost\n").encode(), "line 23: the section PROJECTS follows VOTES, which must be the last",
    ),
    "projects empty": (data(projects=(HEADER,)), "PROJECTS holds no project"),
    # META
    "budget missing": (data(without=("budget",)), "META has no budget"),
    "budget empty": (data({"budget": ""}), "line 9: budget in META is empty"),
    "num_votes missing": (data(without=("num_votes",)), "META has no num_votes"),
    "num_projects missing": (data(without=("num_projects",)), "META has no num_projects"),
    "vote_type missing": (data(without=("vote_type",)), "META has no vote_type"),
    "vote_type": (
        data({"vote_type": "Approval"}),
        "line 10: the vote_type 'Approval' is not one of approval, choose-1, cumulative, ordinal, scoring",
    ),
    "budget negative": (data({"budget": "-1"}), "line 9: the budget is not a number of 0 or more: '-1'"),
    "budget infinite": (data({"budget": "inf"}), "line 9: the budget is not a number of 0 or more: 'inf'"),
    "budget power": (data({"budget": "1e400"}), "line 9: the budget is not a number of 0 or more: '1e400'"),
    "budget comma": (data({"budget": "100,50"}), "line 9: the budget has a decimal comma: '100,50'; write a point"),
    "budget huge": (
        data({"budget": "9" * 5000}),
        f"line 9: the budget is not a number of 0 or more: '{'9' * 57}...'",
    ),
    "budget long": (data({"budget": "1" + "0" * 15}), "line 9: the budget has more than 15 digits: '1000000000000000'"),
    "budget fine": (data({"budget": "1.0000001"}), "line 9: the budget has more than 6 decimals: '1.0000001'"),
    "budget arabic": (data({"budget": "١٠٠"}), "line 9: the budget is not a number of 0 or more: '١٠٠'"),
    "money together": (
        data({"budget": "999999999999999", "max_sum_cost": "1"}, (HEADER, "1;0.000001;2;North;1", PROJECTS[2])),
        "the amounts of money are too large and too fine to be counted together",
    ),
    "key twice": (GOOD.replace("rule;greedy", "budget;200").encode(), "line 11: the key 'budget' stands above already"),
    "key empty": (GOOD.replace("rule;greedy", ";greedy").encode(), "line 11: an empty key"),
    "votes fewer": (
        data({"num_votes": "4"}), "line 8: num_votes is 4, but the file holds 3 ballots; is it truncated?",
    ),
    "projects fewer": (
        data({"num_projects": "3"}), "line 7: num_projects is 3, but the file holds 2 projects; is it truncated?",
    ),
    "num_votes text": (data({"num_votes": "many"}), "line 8: num_votes is not a whole number of 0 or more: 'many'"),
    "parts uneven": (
        data({"categories": "a,b", "budget_per_category": "1,2,3"}),
        "line 15: budget_per_category has 3 amounts, categories 2 different names",
    ),
    "parts text": (
        data({"neighborhoods": "a,b", "budget_per_neighborhood": "1,x"}),
        "line 15: the budget of 'b' is not a number of 0 or more: 'x'",
    ),
    # PROJECTS
    "no cost column": (data(projects=("project_id;votes", "1;2")), "line 15: PROJECTS has no column cost"),
    "column twice": (data(projects=("project_id;cost;cost", "1;2;2")), "line 15: PROJECTS has the column 'cost' twice"),
    "cost negative": (
        data(projects=(*PROJECTS[:2], "12;-5;2;South;0")), "line 17: the cost of project 12 is not a number above 0: '-5'",
    ),
    "cost zero": (
        data(projects=(*PROJECTS[:2], "12;0.00;2;South;0")), "line 17: the cost of project 12 is not a number above 0: '0.00'",
    ),
    "cost none": (
        data(projects=(*PROJECTS[:2], "12;None;2;South;0")), "line 17: the cost of project 12 is not a number above 0: 'None'",
    ),
    "cost empty": (data(projects=(*PROJECTS[:2], "12;;2;South;0")), "line 17: the cost of project 12 is not a number above 0: ''"),
    "cost comma": (
        data(projects=(*PROJECTS[:2], "12;12,5;2;South;0")),
        "line 17: the cost of project 12 has a decimal comma: '12,5'; write a point",
    ),
    "id twice": (data(projects=(*PROJECTS[:2], "1;70;2;South;0")), "line 17: the project '1' stands on line 16 already"),
    "id empty": (data(projects=(*PROJECTS[:2], ";70;2;South;0")), "line 17: a project cannot have the id ''"),
    "id comma": (data(projects=(*PROJECTS[:2], "1,2;70;2;South;0")), "line 17: a project cannot have the id '1,2'"),
    "cells more": (
        data(projects=(*PROJECTS[:2], "12;70;2;South; and more;0")),
        "line 17: 6 cells where the header has 5; is a ; inside a text not quoted?",
    ),
    "cells fewer": (
        data(projects=(*PROJECTS[:2], "12;70;2")), "line 17: 3 cells where the header has 5; is the file truncated?",
    ),
    "selected": (
        data(projects=(*PROJECTS[:2], "12;70;2;South;4")), "line 17: selected of project 12 is not 0, 1, 2 or 3: '4'",
    ),
    "votes column": (
        data(projects=(*PROJECTS[:2], "12;70;3;South;0")), "line 17: the votes of project 12: the file says 3, its ballots 2",
    ),
    "votes column text": (
        data(projects=(*PROJECTS[:2], "12;70;two;South;0")), "line 17: the votes of project 12 is not a whole number: 'two'",
    ),
    "million columns": (
        data(projects=(HEADER + ";x" * 1_000_000, *PROJECTS[1:])), "line 15: 1,000,005 cells in one row, at most 1,000 are read",
    ),
    "long line": (
        data(projects=(HEADER, PROJECTS[1], "12;70;2;" + "x" * 4_000_000 + ";0")), "line 17: longer than 4,000,000 bytes",
    ),
    "long cell": (
        data(projects=(HEADER, PROJECTS[1], "12;70;2;" + "x" * 200_000 + ";0")),
        "line 17: a cell is longer than 131,072 characters; is a quote not closed?",
    ),
    "quote open": (
        GOOD.replace("South", '"South').encode(), "line 17: a quote that begins in this row is not closed",
    ),
    "quote open, long": (
        data({"num_votes": "2000"}, (HEADER, PROJECTS[1], '12;70;2;"South;0'), ("voter_id;vote", *(f"{n};1" for n in range(2000)))),
        "line 17: a row of more than 1,000 lines; is a quote not closed?",
    ),
    # VOTES
    "no vote column": (data(votes=("voter_id;choice", "a;1")), "line 19: VOTES has no column vote"),
    "votes without header": (data(votes=()), "line 18: VOTES has no column voter_id"),
    "voter twice": (data(votes=(*VOTES[:3], "a;1")), "line 22: the voter 'a' has a ballot above already"),
    "voter empty": (data(votes=(*VOTES[:3], ";1")), "line 22: the voter has no id"),
    "unknown project": (data(votes=(*VOTES[:3], "c;13")), "line 22: the ballot names the unknown project '13'"),
    "project empty": (data(votes=(*VOTES[:3], "c;1,")), "line 22: the ballot names the unknown project ''"),
    "ballot cut": (data(votes=(*VOTES[:3], "c")), "line 22: 1 cells where the header has 2; is the file truncated?"),
    "choose-1 two": (data({"vote_type": "choose-1"}), "line 20: a choose-1 ballot names one project, this one 2"),
    "choose-1 none": (
        data({"vote_type": "choose-1", "num_votes": "1"}, votes=("voter_id;vote", "a;")),
        "line 20: a choose-1 ballot names one project, this one 0",
    ),
    "ordinal points": (
        pointed("ordinal", ("voter_id;vote;points", "a;1,12;1,2"), ("1;2", "1;1")),
        "line 20: the points '1,2' are not those of the order: '2,1'",
    ),
    "points missing": (
        pointed("cumulative", ("voter_id;vote", "a;1,12"), ("1;2", "1;1")), "line 20: 0 points for 2 projects",
    ),
    "points fewer": (
        pointed("cumulative", ("voter_id;vote;points", "a;1,12;3"), ("1;2", "1;1")), "line 20: 1 points for 2 projects",
    ),
    "points negative": (
        pointed("cumulative", ("voter_id;vote;points", "a;1,12;3,-1"), ("1;3", "1;-1")),
        "line 20: a point is not a whole number of 0 or more: '-1'",
    ),
    "points broken": (
        pointed("scoring", ("voter_id;vote;points", "a;1,12;3,1.5"), ("1;3", "1;1")), "line 20: a point is not a whole number: '1.5'",
    ),
    "points huge": (
        pointed("scoring", ("voter_id;vote;points", "a;1;9999999999"), ("1;3", "0;0")),
        "line 20: a point has more than 9 digits: '9999999999'",
    ),
    "score column": (
        pointed("cumulative", ("voter_id;vote;points", "a;1,12;3,1"), ("1;3", "1;2")),
        "line 17: the score of project 12: the file says 2, its ballots 1",
    ),
}


@pytest.mark.parametrize(("content", "line"), BAD.values(), ids=BAD)
def test_bad_file_is_refused_with_one_line(content: bytes, line: str) -> None:
    with pytest.raises(PbError) as error:
        read_bytes(content)
    assert (error.value.text, str(error.value), error.value.params["text"]) == (line, line, line)
    assert (f"line {error.value.line}: {error.value.what}" if error.value.line else error.value.what) == line


def test_the_error_is_a_refusal_of_input() -> None:
    with pytest.raises(Invalid) as error:
        read_bytes(b"")
    assert error.value.reason == "pb_file"


def _refused(content: bytes) -> bool:
    try:
        read_bytes(content)
    except PbError:
        return True
    return False


def test_a_file_cut_anywhere_is_refused() -> None:
    content = GOOD.encode()
    assert [cut for cut in range(2, len(content)) if not _refused(content[:-cut])] == []


def test_only_the_last_line_break_may_be_missing() -> None:
    assert read_bytes(GOOD.encode()[:-1]).election.voters == 3


BOUNDS: dict[str, tuple[object, str, int, str]] = {
    "projects": (reading, "MOST_PROJECTS", 1, "line 17: more than 1 projects"),
    "keys": (reading, "MOST_KEYS", 3, "line 6: more than 3 keys in META"),
    "ballots": (ballots, "MOST_BALLOTS", 2, "line 22: more than 2 ballots"),
    "entries": (ballots, "MOST_ENTRIES", 2, "line 21: more than 2 projects on distinct ballots"),
    "file": (source, "LARGEST_FILE", 50, "the file is larger than 0 MB"),
}


@pytest.mark.parametrize(("module", "name", "bound", "line"), BOUNDS.values(), ids=BOUNDS)
def test_what_is_too_much_is_refused(
    module: object, name: str, bound: int, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, bound)
    with pytest.raises(PbError) as error:
        read_bytes(GOOD.encode())
    assert error.value.text == line


def _folder(path: Path) -> str | Path:
    return path


PATHS: dict[str, tuple[Callable[[Path], str | Path], str]] = {
    "missing": (lambda path: path / "none.pb", "{}/none.pb cannot be read: No such file or directory"),
    "folder": (_folder, "{} cannot be read: Is a directory"),
    "nul": (lambda path: "a\0b", "'a\\x00b' cannot be read: embedded null byte"),
}


@pytest.mark.parametrize(("make", "line"), PATHS.values(), ids=PATHS)
def test_a_path_that_cannot_be_read_is_refused(make: Callable[[Path], str | Path], line: str, tmp_path: Path) -> None:
    with pytest.raises(PbError) as error:
        read(make(tmp_path))
    assert error.value.text == line.format(tmp_path)


def test_endless_file_is_read_up_to_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_FILE", 1000)
    monkeypatch.setattr(source, "LARGEST_FILE", 1000)
    with pytest.raises(PbError) as error:
        read("/dev/zero")
    assert error.value.text == "the file is larger than 0 MB"


def test_the_sample_itself_is_good() -> None:
    assert read_bytes(GOOD.encode()).notes == ()
    assert len(META) == 11
