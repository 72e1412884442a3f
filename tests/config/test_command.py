"""The ``qatysu`` command as operators type it: own folder, own process."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

QATYSU = str(Path(sys.executable).with_name("qatysu"))


def run(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QATYSU_", "DATABASE_URL"))}
    return subprocess.run([QATYSU, *words], env=kept | {"QATYSU_DATA": str(folder)} | env, capture_output=True, text=True)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loaded demonstration; tests that change it copy it first."""
    folder = tmp_path_factory.mktemp("demonstration")
    done = run(folder, "demo", "--summary")
    assert done.returncode == 0, done.stderr
    assert len(re.findall(r"^\s+(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}$", done.stdout, re.MULTILINE)) == 5
    assert "coordinator" in done.stdout
    return folder


def test_unknown_commands_get_a_list_and_a_guess(tmp_path: Path) -> None:
    done = run(tmp_path, "servee")
    assert done.returncode == 2
    assert "Did you mean: qatysu serve?" in done.stderr
    assert "backup" in done.stderr


@pytest.mark.parametrize("name", ["demo", "serve", "worker", "check", "codes", "backup", "restore", "tally"])
def test_every_command_explains_itself_without_touching_anything(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, name, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: qatysu " + name)
    assert list(tmp_path.iterdir()) == []


def test_loading_the_demonstration_twice_keeps_it(demonstration: Path) -> None:
    done = run(demonstration, "demo")
    assert done.returncode == 0
    assert done.stderr == ""


def test_demonstration_mode_is_refused_over_production(tmp_path: Path) -> None:
    assert run(tmp_path, "migrate").returncode == 0
    with sqlite3.connect(tmp_path / "qatysu.sqlite3") as database:
        database.execute(
            "INSERT INTO places_city (slug, name_kk, name_ru, name_en, slogan_kk, slogan_ru, slogan_en, programme_kk, programme_ru,"
            " programme_en, kato, time_zone, south, west, north, east, hotline_phone, hotline_hours_kk, hotline_hours_ru,"
            " hotline_hours_en, centre_address_kk, centre_address_ru, centre_address_en, brand)"
            " VALUES ('real', 'a', 'a', 'a', '', '', '', '', '', '', '', 'Asia/Almaty', 1, 1, 2, 2, '', '', '', '', '', '', '', '{}')"
        )
    database.close()
    for words in (["demo"], ["demo", "--reset"], ["serve", "--port", "1"], ["worker", "--once"]):
        done = run(tmp_path, *words, QATYSU_DEMO="1")
        assert done.returncode == 1, words
        assert "production database" in done.stderr or "not touched" in done.stderr, done.stderr
    assert "production database" in run(tmp_path, "check", QATYSU_DEMO="1").stderr


def test_codes_are_csv_on_standard_output_and_nothing_else(demonstration: Path) -> None:
    done = run(demonstration, "codes", "khromtau-demo", "--count", "3")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "code"
    assert len(lines) == 4
    assert all(re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}", line) for line in lines[1:])


@pytest.mark.parametrize("words", [["khromtau-nowhere", "--count", "3"], ["khromtau-demo", "--count", "0"]])
def test_codes_refuses_with_a_sentence(demonstration: Path, words: list[str]) -> None:
    done = run(demonstration, "codes", *words)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_check_accepts_a_demonstration_and_refuses_readable_keys(demonstration: Path) -> None:
    done = run(demonstration, "check", QATYSU_DEMO="1")
    assert (done.returncode, done.stderr.splitlines()[0][:17]) == (0, "All checks passed"), done.stderr
    assert run(demonstration, "check").returncode == 1
    key = next((demonstration / "keys").glob("*.round"))
    key.chmod(0o644)
    done = run(demonstration, "check", QATYSU_DEMO="1")
    key.chmod(0o600)
    assert done.returncode == 1
    assert "can be read by others" in done.stderr


def test_restore_refuses_what_is_no_backup(tmp_path: Path) -> None:
    done = run(tmp_path, "restore", str(tmp_path))
    assert done.returncode == 1
    assert "no backup" in done.stderr


def test_serve_refuses_a_taken_port(demonstration: Path) -> None:
    done = run(demonstration, "serve", "--port", "80", "--host", "203.0.113.1")
    assert done.returncode == 1
    assert done.stderr.startswith("Cannot listen on")
