"""Real elections of pabulib.org, where they have been fetched (tools/pabulib.py); without a licence they are not kept here."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.pure.pb.samples import facts

from qatysu.rules.pb.checking import check
from qatysu.rules.pb.reading import read, read_bytes
from qatysu.rules.pb.writing import write

FOLDER = Path(os.environ.get("QATYSU_PABULIB") or Path(__file__).resolve().parents[3] / "var" / "pabulib")
FILES = sorted(FOLDER.glob("*.pb"))


def test_real_files_are_there() -> None:
    if not FILES:
        pytest.skip(f"no .pb files in {FOLDER}: fetch them with tools/pabulib.py, or set QATYSU_PABULIB")
    assert [path.name for path in FILES if not path.read_bytes().startswith(b"META")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_file_reads_strictly_and_its_counts_agree(path: Path) -> None:
    pb = read(path)
    votes = pb.election.profile.votes(len(pb.election.projects))
    stated = [int(cells["votes"]) for cells in pb.project_columns.values()]
    repeats = any(note.code == "repeated_project" for note in pb.notes)
    assert (str(pb.election.voters), str(len(pb.election.projects))) == (pb.meta["num_votes"], pb.meta["num_projects"])
    assert [a for a, b in zip(stated, votes, strict=True) if a != b and not repeats] == []
    assert {note.code for note in pb.notes} <= {"repeated_project", "withdrawn"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_file_written_and_read_is_the_same_election(path: Path) -> None:
    pb = read(path)
    back = read_bytes(write(pb.election, meta=pb.meta, selected=pb.selected or None, project_columns=pb.project_columns).encode())
    assert facts(back.election) == facts(pb.election)
    assert back.selected == pb.selected
    assert {finding.code for finding in check(back)} <= {"no_selected", "unused_money"}
