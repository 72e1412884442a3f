"""``qatysu export`` and ``qatysu import`` as operators type them: own folder, own process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

QATYSU = str(Path(sys.executable).with_name("qatysu"))


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QATYSU_", "DATABASE_URL"))}
    return subprocess.run([QATYSU, *words], env=kept | {"QATYSU_DATA": str(folder)}, capture_output=True, text=True)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loaded demonstration."""
    folder = tmp_path_factory.mktemp("exchange")
    done = run(folder, "demo")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pilot(demonstration: Path) -> Path:
    """The round of the pilot as a file."""
    path = demonstration / "khromtau-2020.pb"
    done = run(demonstration, "export", "pb", "khromtau-2020", "--output", str(path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return path


def test_an_exported_round_counts_to_the_same_winners(demonstration: Path, pilot: Path) -> None:
    table = run(demonstration, "export", "csv", "khromtau-2020").stdout.splitlines()
    won = [row.split(",")[1] for row in table if ",funded," in row]
    done = run(demonstration, "tally", str(pilot), "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0
    assert found["winners"] == won
    assert (len(won), found["spent"], found["audit"]["matches"]) == (13, 61_040_000, True)
    assert (found["rule"], found["params"]["min_score"]) == ("votes", "11")


def test_standard_output_gets_the_same_file(demonstration: Path, pilot: Path) -> None:
    assert run(demonstration, "export", "pb", "khromtau-2020").stdout == pilot.read_text()


def test_an_exported_round_comes_back_as_a_round(demonstration: Path, pilot: Path) -> None:
    words = ("import", "pb", str(pilot), "--city", "aksu", "--round", "copy", "--title", "Copy of the pilot")
    done = run(demonstration, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "aksu-copy: 17 projects, 1111 ballots, rule votes, 13 winners. The results are public.",
        "The file lists the same winners.",
    ]
    again = run(demonstration, *words)
    assert (again.returncode, again.stderr) == (
        1, "khromtau-2020.pb was not imported: there is a round aksu-copy already.\n",
    )
    copied = run(demonstration, "export", "csv", "aksu-copy").stdout.splitlines()
    assert [row.split(",")[1] for row in copied if ",funded," in row] == json.loads(
        run(demonstration, "tally", str(pilot), "--json").stdout
    )["winners"]


@pytest.mark.parametrize("kind", ["pb", "csv"])
def test_counts_of_an_open_vote_stay_inside(demonstration: Path, kind: str) -> None:
    done = run(demonstration, "export", kind, "khromtau-demo")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "not approved yet" in done.stderr


def test_refusals_are_one_line(demonstration: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.pb"
    torn.write_bytes(b"META\nkey;value\nbudget;1")
    asked = [
        ("export", "pb", "nowhere-2020"),
        ("export", "pb", "khromtau-2020", "--output", str(tmp_path / "no" / "folder.pb")),
        ("import", "pb", str(torn), "--city", "aksu", "--round", "torn"),
        ("import", "pb", str(tmp_path / "absent.pb"), "--city", "aksu", "--round", "absent"),
        ("import", "pb", str(torn), "--city", "atlantis", "--round", "torn"),
    ]
    for words in asked:
        done = run(demonstration, *words)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), words
