"""``qatysu tally`` as people type it: own process, no database."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from qatysu.config import tally_json, tally_table, tallying

QATYSU = str(Path(sys.executable).with_name("qatysu"))
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.pb"))
KEYS = ["rule", "params", "budget", "winners", "spent", "ties", "projects", "extra", "audit", "notes", "runs"]


def run(*words: str | Path, stdin: bytes | None = None, **env: str) -> subprocess.CompletedProcess[bytes]:
    dropped = ("QATYSU_", "DATABASE_URL", "LC_", "LANG", "COLUMNS", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    env = kept | {"LC_ALL": "C.UTF-8"} | env
    return subprocess.run([QATYSU, "tally", *map(str, words)], env=env, capture_output=True, input=stdin)


def election(rule: str = "greedy", budget: str = "100", rows: str = "A,60,4,1 B,50,3,0 C,40.5,2,0 D,40,1,1", **meta: str) -> str:
    """A file of which every voter names one project; a row is id, cost, votes, selected."""
    cells = [row.split(",") for row in rows.split()]
    ballots = [name for name, _, votes, _ in cells for _ in range(int(votes))]
    stated = {
        "description": "Test", "country": "Kazakhstan", "unit": "Town", "instance": "2026", "num_projects": str(len(cells)),
        "num_votes": str(len(ballots)), "budget": budget, "vote_type": "approval", "rule": rule, "date_begin": "01.05.2026",
        "date_end": "31.05.2026", "currency": "KZT", **meta,
    }
    projects = [f"{name};{cost};{votes};Жоба {name};{mark}" for name, cost, votes, mark in cells]
    return "\n".join([
        "META", "key;value", *(f"{key};{value}" for key, value in stated.items()),
        "PROJECTS", "project_id;cost;votes;name;selected", *projects,
        "VOTES", "voter_id;vote", *(f"{i};{name}" for i, name in enumerate(ballots)), "",
    ])


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """By votes: A is funded, B and C do not fit, D does; that is the official list."""
    path = tmp_path / "plain.pb"
    path.write_text(election())
    return path


@pytest.fixture
def tied(tmp_path: Path) -> Path:
    """B and C are tied for the last 40; officially C won."""
    path = tmp_path / "tied.pb"
    path.write_text(election(rows="A,60,4,1 B,40,3,0 C,40,3,1"))
    return path


def as_json(*words: str | Path, status: int = 0) -> dict[str, Any]:
    done = run(*words, "--json")
    assert done.returncode == status, done.stderr.decode()
    found: dict[str, Any] = json.loads(done.stdout, parse_float=Decimal)
    return found


def refused(*words: str | Path, stdin: bytes | None = None) -> str:
    """The one line of a refusal."""
    done = run(*words, stdin=stdin)
    assert (done.returncode, done.stdout) == (2, b"")
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("qatysu tally: ")
    return line.removeprefix("qatysu tally: ")


def test_json_has_its_keys_in_order_and_exact_money(plain: Path) -> None:
    found = as_json(plain)
    assert list(found) == KEYS
    assert (found["rule"], found["winners"], found["budget"], found["spent"]) == ("votes", ["A", "D"], 100, 100)
    assert found["projects"]["C"] == {
        "votes": 2, "cost": Decimal("40.5"), "status": "not_funded", "reason": "does_not_fit",
        "explanation": found["projects"]["C"]["explanation"],
    }
    assert found["projects"]["C"]["explanation"].startswith("Lost: ")
    assert found["audit"] == {
        "declared_rule": "greedy", "matches": True, "only_official": [], "only_computed": [], "official_extra": [],
        "tie_decision": [], "why": [],
    }
    assert (found["ties"], found["extra"], found["notes"], found["runs"]) == ([], [], [], 1)


def test_json_of_the_same_file_is_the_same_text(plain: Path) -> None:
    assert run(plain, "--json").stdout == run(plain, "--json").stdout


def test_score_is_there_where_ballots_give_points(tmp_path: Path) -> None:
    path = tmp_path / "ordinal.pb"
    text = election(rows="A,60,1,1 B,40,1,0", vote_type="ordinal")
    for old, new in (("0;A", "0;A,B"), ("1;B", "1;A,B"), ("A;60;1", "A;60;2"), ("B;40;1", "B;40;2")):
        text = text.replace(old, new)
    path.write_text(text)
    projects = as_json(path)["projects"]
    assert [(p["votes"], p["score"]) for p in projects.values()] == [(2, 4), (2, 2)]


def test_standard_input_is_read(plain: Path) -> None:
    done = run("-", "--json", stdin=plain.read_bytes())
    assert json.loads(done.stdout)["winners"] == ["A", "D"]


def test_parameters_given_go_before_the_declared_ones(plain: Path) -> None:
    found = as_json(plain, "--param", "fit=stop")
    assert (found["winners"], found["params"]["fit"], found["audit"]["matches"]) == (["A"], "stop", False)
    assert found["audit"]["only_official"] == ["D"]
    assert "fit=skip gives the official list." in found["audit"]["why"]


def test_rule_by_hand_takes_nothing_of_meta_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "threshold.pb"
    path.write_text(election("greedy-threshold", min_project_score_threshold="2"))
    assert as_json(path)["winners"] == ["A"]
    found = as_json(path, "--rule", "votes")
    assert found["winners"] == ["A", "D"]
    assert found["notes"] == ["META states the threshold 2; it was not applied: --param min_score=2."]


def test_decisive_tie_ends_with_3_and_no_winner_behind_it(tied: Path) -> None:
    done = run(tied, "--json")
    assert done.returncode == 3
    assert done.stderr.decode() == (
        f"qatysu tally: {tied}: an undecided tie: B, C. Decide it: --param tie=decision --param tie_decision=C,B\n"
    )
    found = json.loads(done.stdout)
    assert (found["winners"], [p["status"] for p in found["projects"].values()]) == (["A"], ["funded", "undecided", "undecided"])
    assert found["ties"] == [
        {"projects": ["B", "C"], "key": 3, "phase": "rule", "decisive": True, "settled_by": "none", "proved": True}
    ]
    assert (found["audit"]["matches"], found["audit"]["tie_decision"]) == (None, ["C", "B"])


def test_decided_tie_ends_with_0_and_the_official_list(tied: Path) -> None:
    found = as_json(tied, "--param", "tie=decision", "--param", "tie_decision=C,B")
    assert (found["winners"], found["audit"]["matches"], found["ties"][0]["settled_by"]) == (["A", "C"], True, "decision")


@pytest.mark.parametrize(("language", "word"), [("kk", "Ереже: "), ("ru", "Правило: "), ("en", "Rule: ")])
def test_table_speaks_the_language_asked(plain: Path, language: str, word: str) -> None:
    assert word in run(plain, "--lang", language).stdout.decode()
    assert word in run(plain, LC_ALL="", LANG=f"{language}_KZ.UTF-8").stdout.decode()


def test_table_lists_winners_first_with_totals_and_audit(plain: Path) -> None:
    text = run(plain).stdout.decode()
    lines = text.splitlines()
    places = [line.split()[:2] for line in lines if re.match(r" *[0-9]+  [A-D] ", line)]
    assert places == [["1", "A"], ["2", "D"], ["3", "B"], ["4", "C"]]
    assert "Audit: the official list is reproduced" in lines
    assert "\033" not in text
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("columns", ["20", "40", "64", "200"])
def test_table_keeps_to_the_width_of_the_terminal(plain: Path, columns: str) -> None:
    done = run(plain, "--steps", "--compare", COLUMNS=columns)
    assert done.returncode == 0, done.stderr.decode()
    assert max(tally_table.wide(line) for line in done.stdout.decode().splitlines()) <= int(columns)


def test_steps_and_comparison_are_printed_when_asked(plain: Path) -> None:
    text = run(plain, "--steps", "--compare").stdout.decode()
    assert "\nProtocol\n" in text
    assert "\nWhat other rules would give\n" in text
    found = as_json(plain, "--steps", "--compare")
    assert [step["project"] for step in found["steps"]] == ["A", "B", "C", "D"]
    assert [row["binding"] for row in found["comparison"]][:2] == [True, False]


def test_characters_that_steer_a_terminal_are_not_printed(tmp_path: Path) -> None:
    path = tmp_path / "steering.pb"
    path.write_text(election().replace("Жоба A", "A\u202e\u200bz").replace("description;Test", "description;T\u2028U"))
    text = run(path).stdout.decode()
    assert not {"\u202e", "\u200b", "\u2028"} & set(text)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ((), "name a file, or - for standard input; see qatysu tally --help"),
        (("nowhere.pb",), "nowhere.pb: cannot be read: No such file or directory"),
        ((ROOT,), f"{ROOT}: cannot be read: Is a directory"),
        (("x.pb", "--rule", "borda"), "there is no rule 'borda'; rules are votes, density, equal-shares, phragmen, welfare"),
        (("x.pb", "--param", "fit"), "--param 'fit' must be NAME=VALUE"),
        (("x.pb", "--param", "fit=stop", "--param", "fit=skip"), "--param fit is given twice"),
        (("x.pb", "--rule", "votes", "--param", "fit=maybe"), "parameter fit='maybe' must be one of skip, stop"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(words: tuple[str | Path, ...], line: str) -> None:
    assert refused(*words) == line


def test_parameters_that_do_not_go_with_the_file_are_refused_in_one_line(plain: Path) -> None:
    assert refused(plain, "--param", "withdrawn=Z") == f"{plain}: parameter withdrawn names the unknown project 'Z'"
    assert refused(plain, "--param", "utility=cost").startswith(f"{plain}: rule votes has no parameter 'utility'; it has fit, ")
    assert refused(plain, "--param", "budget=10.001").startswith(f"{plain}: parameter budget is finer than")


GOOD = election().encode()
HEAVY = b"META\nkey;value\nbudget;1" + b"0" * 400 + b"\n"
BAD = {
    "empty": b"",
    "nul": GOOD.replace(b"KZT", b"K\0T"),
    "binary": bytes(range(256)) * 64,
    "latin1": GOOD.replace("Жоба A".encode(), b"caf\xe9"),
    "utf16": election().encode("utf-16"),
    "cut in META": GOOD[:60],
    "cut in PROJECTS": GOOD[: GOOD.index(b"B;50")],
    "cut before VOTES": GOOD[: GOOD.index(b"VOTES")],
    "cut in VOTES": GOOD[:-12],
    "negative cost": GOOD.replace(b"B;50", b"B;-50"),
    "negative budget": GOOD.replace(b"budget;100", b"budget;-100"),
    "cost of words": GOOD.replace(b"B;50", b"B;cheap"),
    "infinite": GOOD.replace(b"B;50", b"B;inf"),
    "not a number": GOOD.replace(b"B;50", b"B;nan"),
    "huge exponent": GOOD.replace(b"B;50", b"B;1e999999999"),
    "huge cost": GOOD.replace(b"B;50", b"B;" + b"9" * 5000),
    "huge budget": HEAVY,
    "unknown project": GOOD.replace(b"9;D", b"9;Z"),
    "repeated project": GOOD.replace(b"B;50", b"A;50"),
    "repeated voter": GOOD.replace(b"\n9;D", b"\n8;D"),
    "columns": b"META\nkey;value\n" + b";" * 10**6 + b"\n",
    "columns of projects": GOOD.replace(b"project_id;", b"project_id;" + b"x;" * 10**6),
    "missing column": GOOD.replace(b"project_id;cost", b"project_id;price"),
    "unknown ballots": GOOD.replace(b"approval", b"telepathy"),
    "open quote": GOOD.replace("Жоба A".encode(), b'"A'),
    "points of words": GOOD.replace(b"approval", b"cumulative"),
    "counts": GOOD.replace(b"num_votes;10", b"num_votes;99999999999999999999"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_in_one_line_without_traceback(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bad.pb"
    path.write_bytes(BAD[name])
    line = refused(path)
    assert line.startswith(f"{path}: ")
    assert len(line) < 700


def test_bad_standard_input_is_refused_in_the_same_words(tmp_path: Path) -> None:
    path = tmp_path / "bad.pb"
    path.write_bytes(BAD["negative cost"])
    line = refused(path).removeprefix(f"{path}: ")
    assert line.startswith("line 18: ")
    assert refused("-", stdin=BAD["negative cost"]) == f"standard input: {line}"


def test_the_good_file_of_the_bad_ones_is_good(tmp_path: Path) -> None:
    path = tmp_path / "good.pb"
    path.write_bytes(GOOD)
    assert run(path).returncode == 0


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_reproduce_their_official_lists(path: Path) -> None:
    done = run(path, "--json")
    assert done.returncode in (0, 3), done.stderr.decode()
    found = json.loads(done.stdout)
    assert found["audit"]["matches"] is not False, found["audit"]["why"]
    assert found["spent"] <= found["budget"]


def test_no_framework_and_no_data_folder_is_needed(plain: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.argv = ['qatysu', 'tally', sys.argv[1], '--json']; from qatysu.config.cli import main; status = main();"
        "sys.exit(status or ('django' in sys.modules and 9))"
    )
    folder = tmp_path / "data"
    env = {"PATH": os.environ["PATH"], "QATYSU_DATA": str(folder)}
    done = subprocess.run([sys.executable, "-c", code, str(plain)], env=env, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not folder.exists()


def test_refusals_and_help_come_before_numpy() -> None:
    code = (
        "import sys; sys.argv = ['qatysu', 'tally', 'x.pb', '--rule', 'borda']; from qatysu.config.cli import main; status = main();"
        "sys.exit(9 if 'numpy' in sys.modules else status)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 2


def test_rules_are_listed_with_their_parameters() -> None:
    text = run("--list-rules").stdout.decode()
    for name in ("votes", "density", "equal-shares", "phragmen", "welfare"):
        assert f"\n{name}: " in "\n" + text
    assert "fit=stop" in text


def test_an_order_alone_decides_a_tie(tied: Path) -> None:
    found = as_json(tied, "--param", "tie_decision=C,B")
    assert (found["params"]["tie"], found["ties"][0]["settled_by"]) == ("decision", "decision")
    assert found == as_json(tied, "--param", "tie=decision", "--param", "tie_decision=C,B")
    line = refused(tied, "--param", "tie_decision=C,B", "--param", "tie=id")
    assert line == f"{tied}: parameter tie_decision goes with tie=decision, not with tie=id"


def test_arguments_that_are_not_known_are_refused_in_one_line(plain: Path) -> None:
    assert refused(plain, "--foo") == "unrecognized arguments: '--foo'; see qatysu tally --help"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_output_that_cannot_be_written_is_told_in_one_line(plain: Path) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run([QATYSU, "tally", str(plain)], stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr.decode()) == (2, "qatysu tally: standard output cannot be written: No space left on device\n")


def test_a_reader_that_leaves_early_is_no_error(plain: Path) -> None:
    command = f"'{QATYSU}' tally '{plain}' --json | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"{", b"")


def heed_ctrl_c() -> None:
    """A process started in the background of a shell ignores Ctrl-C, and so would its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_ends_quietly_with_130(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.pb"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [QATYSU, "tally", pipe], stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heed_ctrl_c
    )
    with pipe.open("wb"):  # opens as soon as the command reads
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate()
    assert (process.returncode, stdout, stderr) == (130, b"", b"")


def test_progress_is_one_line_on_a_terminal_and_nothing_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tallying, "PATIENCE", 0.0)
    monkeypatch.setattr(tallying, "PAUSE", 0.0)
    master, slave = os.openpty()
    with os.fdopen(slave, "w") as terminal, (tmp_path / "log").open("w") as log:
        for stream in (terminal, log):
            monkeypatch.setattr(sys, "stderr", stream)
            with tallying._Progress("en") as progress:
                progress.report(3, 0)
                progress.report(4, 9)
        shown = os.read(master, 1000)
    os.close(master)
    assert shown == b"\r\033[Kcomputing: 3\r\033[Kcomputing: 4 of 9\r\033[K"
    assert (tmp_path / "log").read_bytes() == b""


def test_json_keeps_decimals_exactly_and_letters_as_they_are() -> None:
    assert tally_json.dumps({"a": Decimal("0.10"), "ә": [1, "ө"], "b": [{"c": None}], "d": {}}) == (
        '{\n  "a": 0.10,\n  "ә": [1, "ө"],\n  "b": [\n    {\n      "c": null\n    }\n  ],\n  "d": {}\n}'
    )
    assert [tally_json.money(m, 100) for m in (12300, 12310, 12345)] == [123, Decimal("123.1"), Decimal("123.45")]


def test_names_are_cut_and_filled_by_columns_of_the_terminal() -> None:
    assert tally_table.cut("公園公園", 5) == "公園…"
    assert tally_table.padded("公園", 6) == "公園  "
    assert tally_table.cut("Саябақ", 6) == "Саябақ"
