"""The elections that come with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from qatysu.rules.pb.checking import check
from qatysu.rules.pb.reading import read
from qatysu.rules.pb.writing import write

FOLDER = Path(__file__).resolve().parents[3] / "examples"
EXPECTED = {"more-than-ten": [], "tie": ["no_selected"], "two-shores": []}


def test_all_examples_are_known() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.pb")) == sorted(EXPECTED)


@pytest.mark.parametrize(("name", "findings"), EXPECTED.items(), ids=EXPECTED)
def test_an_example_is_as_we_write_it(name: str, findings: list[str]) -> None:
    path = FOLDER / f"{name}.pb"
    pb = read(path)
    assert (pb.notes, [finding.code for finding in check(pb)]) == ((), findings)
    again = write(pb.election, meta=pb.meta, selected=pb.selected or None, project_columns=pb.project_columns)
    assert again == path.read_text(encoding="utf-8")
