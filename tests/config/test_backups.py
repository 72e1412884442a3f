"""``qatysu backup`` and ``restore`` as operators type them, on SQLite or PostgreSQL; ``qatysu demo --reset`` beside them."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.config.conftest import Env
from tests.places_of_their_own import put_tables

HERE = Path(__file__).resolve().parents[2]
QATYSU = str(Path(sys.executable).with_name("qatysu"))
NewPlace = Callable[[str], Env]

SETUP = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "qatysu.config.settings"
import django
django.setup()
from django.conf import settings
from django.utils import timezone
from qatysu.ballots.models import Ballot
from tests import factories
"""
#: A round with one ballot, and a file among the media.
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
round_ = factories.make_voting_round(factories.make_city(), now=timezone.now(), max_choices=2)
factories.cast(round_, "code:a", ["1"])
settings.MEDIA_ROOT.joinpath("ab").mkdir(parents=True)
settings.MEDIA_ROOT.joinpath("ab/photo.webp").write_bytes(b"a photo")
"""
VOTE = """
from qatysu.rounds.models import Round
factories.cast(Round.objects.select_related("city", "constitution").get(), "code:b", ["2"])
"""
#: Holds a connection open, as a running portal does.
STAY = 'Ballot.objects.count(); print("ready", flush=True); sys.stdin.read()'


def qatysu(env: Env, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([QATYSU, *words], env=env, capture_output=True, text=True, timeout=120)


def python(env: Env, text: str) -> str:
    done = subprocess.run([sys.executable, "-c", SETUP + text], env=env, cwd=HERE, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


def ballots(env: Env) -> int:
    return int(python(env, "print(Ballot.objects.count())"))


@contextmanager
def somebody_connected(env: Env) -> Iterator[None]:
    command = [sys.executable, "-c", SETUP + STAY]
    with subprocess.Popen(command, env=env, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        yield
        other.communicate("")


@pytest.fixture
def place(new_place: NewPlace) -> Env:
    """An installation with one ballot and one file."""
    env = new_place("first")
    put_tables(env)
    python(env, PREPARE)
    return env


@pytest.fixture
def backup(place: Env, tmp_path: Path) -> Path:
    """A backup of ``place``."""
    folder = tmp_path / "backup"
    done = qatysu(place, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    assert "Backup of 1 ballots" in done.stderr
    assert f"Keys are not in it. Keep a copy of {place['QATYSU_DATA']}/keys elsewhere" in done.stderr
    return folder


def test_a_backup_is_private_and_holds_no_key(place: Env, backup: Path) -> None:
    paths = [path for path in Path(place["QATYSU_DATA"], "keys").iterdir() if path.suffix != ".vkey"]
    assert {path.suffix for path in paths} == {"", ".round", ".promise", ".log"}
    raw = [path.read_bytes().strip() for path in paths]
    keys = [form for key in raw for form in (key, key.hex().encode(), base64.b64encode(key))]
    files = [path for path in backup.rglob("*") if path.is_file()]
    assert len(files) == 5
    assert not [path for path in files for key in keys if key in path.read_bytes()]
    assert {path.stat().st_mode & 0o777 for path in (backup, *backup.iterdir())} == {0o700, 0o600}
    assert qatysu(place, "backup", str(backup)).returncode == 1


def test_a_backup_moves_to_an_empty_installation(place: Env, backup: Path, new_place: NewPlace) -> None:
    other = new_place("second")
    done = qatysu(other, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert "Keys are in no backup" in done.stderr
    assert ballots(other) == 1
    assert Path(other["QATYSU_DATA"], "media/ab/photo.webp").read_bytes() == b"a photo"
    done = qatysu(other, "check")
    assert done.returncode == 1
    assert "no ballot of this round can be stored" in done.stderr
    shutil.rmtree(Path(other["QATYSU_DATA"], "keys"))
    shutil.copytree(Path(place["QATYSU_DATA"], "keys"), Path(other["QATYSU_DATA"], "keys"))
    assert "no ballot of this round" not in qatysu(other, "check").stderr
    python(other, VOTE)
    assert ballots(other) == 2


def test_ballots_are_never_rolled_back(place: Env, backup: Path, tmp_path: Path) -> None:
    assert qatysu(place, "restore", str(backup)).returncode == 0
    python(place, VOTE)
    done = qatysu(place, "restore", str(backup))
    assert done.returncode == 1
    assert "1 stored ballots are not in this backup" in done.stderr
    assert ballots(place) == 2
    newer = tmp_path / "newer"
    assert qatysu(place, "backup", str(newer)).returncode == 0
    assert qatysu(place, "restore", str(newer)).returncode == 0
    assert ballots(place) == 2


def test_a_newer_backup_replaces_fewer_ballots(place: Env, backup: Path, tmp_path: Path, new_place: NewPlace) -> None:
    other = new_place("second")
    assert qatysu(other, "restore", str(backup)).returncode == 0
    python(place, VOTE)
    newer = tmp_path / "newer"
    assert qatysu(place, "backup", str(newer)).returncode == 0
    done = qatysu(other, "restore", str(newer))
    assert done.returncode == 0, done.stderr
    assert ballots(other) == 2


def test_restore_refuses_under_a_running_portal(place: Env, backup: Path) -> None:
    with somebody_connected(place):
        done = qatysu(place, "restore", str(backup))
        assert done.returncode == 1
        assert "Stop `serve` and `worker` first" in done.stderr
        assert "Traceback" not in done.stderr
    assert qatysu(place, "restore", str(backup)).returncode == 0


def test_a_damaged_or_foreign_backup_changes_nothing(place: Env, backup: Path) -> None:
    database = next(backup.glob("database.*"))
    whole = database.read_bytes()
    database.write_bytes(whole[:-100])
    done = qatysu(place, "restore", str(backup))
    assert done.returncode == 1
    assert f"damaged: {database.name}" in done.stderr
    database.write_bytes(whole)
    manifest = json.loads((backup / "manifest.json").read_text())
    assert manifest["engine"] == connection.vendor
    (backup / "manifest.json").write_text(json.dumps(manifest | {"engine": "another"}))
    done = qatysu(place, "restore", str(backup))
    assert done.returncode == 1
    assert "This backup is of another" in done.stderr
    assert ballots(place) == 1


def test_resetting_a_demonstration_keeps_nothing_of_it(new_place: NewPlace) -> None:
    env = new_place("demo") | {"QATYSU_DEMO": "1"}
    assert qatysu(env, "demo").returncode == 0
    before = ballots(env)
    keys = {path.name: path.read_bytes() for path in Path(env["QATYSU_DATA"], "keys").glob("*-*")}
    logs = {path: path.read_bytes() for path in Path(env["QATYSU_DATA"], "logs").glob("*/checkpoint")}
    assert len(logs) == 3
    add = 'settings.MEDIA_ROOT.mkdir(exist_ok=True); settings.MEDIA_ROOT.joinpath("x").touch()'
    python(env, 'factories.make_account("Somebody new"); ' + add)
    done = qatysu(env, "demo", "--reset")
    assert done.returncode == 0, done.stderr
    assert "thrown away" in done.stderr
    look = 'from qatysu.identity.models import Account; print(Account.objects.filter(name="Somebody new").exists())'
    assert (ballots(env), python(env, look)) == (before, "False")
    assert not Path(env["QATYSU_DATA"], "media/x").exists()
    assert all(Path(env["QATYSU_DATA"], "keys", name).read_bytes() != key for name, key in keys.items())
    assert all(path.read_bytes() != checkpoint for path, checkpoint in logs.items())
    assert qatysu(env, "check").returncode == 0


def test_resetting_what_is_no_demonstration_is_refused(place: Env) -> None:
    done = qatysu(place | {"QATYSU_DEMO": "1"}, "demo", "--reset")
    assert done.returncode == 1
    assert ballots(place) == 1
