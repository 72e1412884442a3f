"""Threats 16 and 18 of LEDGER: an old backup is put back; a ballot that was promised is dropped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from qatysu.ballots import key_states, logs
from qatysu.ballots import keys as key_files
from qatysu.ballots.box import box_of
from qatysu.ballots.models import Participation
from qatysu.ballots.promises import due_by, promise_for
from qatysu.bulletin.errors import Behind, Marked
from qatysu.config import checking, cli, log_commands
from qatysu.core.errors import AlreadyVoted, QatysuError
from qatysu.core.regulation import Role
from qatysu.places.models import City
from qatysu.results.models import OutcomeLine
from qatysu.rounds.models import Round
from tests import counting, factories
from tests.config.conftest import Env, new_place  # noqa: F401  # reason: a fixture
from tests.config.test_backups import python, qatysu
from tests.places_of_their_own import put_tables
from tests.threats import old_database

pytestmark = pytest.mark.django_db
NAME = "khromtau-demo"
VERIFIER = Path(__file__).resolve().parents[2] / "src/qatysu/verify/standalone/verify.py"
Log_ = Callable[..., int]


@pytest.fixture
def log() -> Log_:
    """``log("recover", NAME)`` as ``qatysu log recover NAME``."""
    return lambda *words: log_commands.run(cli._parser().parse_args(["log", *words]))


@pytest.fixture
def voting_round(city: City, now: datetime) -> Round:
    return factories.make_voting_round(city, now=now, projects=4, max_choices=3, max_attempts=3)


def vote(round_: Round, people: range, seed: int) -> None:
    """Each of them a choice of their own; every third one a second one."""
    chance = Random(seed)
    for person in people:
        for _ in range(1 + (person % 3 == 0)):
            factories.cast(round_, f"code:{person}", chance.sample(["1", "2", "3", "4"], chance.randint(1, 3)))


def verified(*words: str) -> subprocess.CompletedProcess[str]:
    """The single-file verifier over the published files, as a stranger runs it."""
    log = logs.find_log(NAME)
    assert log is not None
    folder = log_commands.storage_of(log)._root
    line = [sys.executable, "-I", str(VERIFIER), str(folder), "--vkey", log.vkey, *words]
    return subprocess.run(line, capture_output=True, text=True, timeout=120)


def test_threat_16_an_old_database_under_newer_files_is_refused_and_recovered(voting_round: Round, log: Log_, now: datetime) -> None:
    vote(voting_round, range(12), 1)
    counting.seal(voting_round)
    kept = old_database.take()
    vote(voting_round, range(12, 40), 2)
    factories.cast(voting_round, "code:1", ["4"])  # a second ballot of somebody whose first one the backup has
    counting.seal(voting_round)
    before = old_database.counted()
    old_database.put_back(kept)
    with pytest.raises(SystemExit, match=f"qatysu log recover {NAME}"):
        checking.refuse_unfit(checking.WEB)
    with pytest.raises(SystemExit, match="the database only"):
        checking.refuse_unfit(checking.WORKER)
    with pytest.raises((Behind, Marked)):
        counting.seal(voting_round)
    with pytest.raises(QatysuError):
        factories.cast(voting_round, "code:30", ["1"])
    assert log("recover", NAME) == 0
    assert old_database.counted() == before
    checking.refuse_unfit(checking.WORKER)
    assert log("check", NAME) == 0
    assert log("recover", NAME) == 0  # again changes nothing
    assert old_database.counted() == before
    assert "agree" in verified().stdout or verified().returncode == 0


def test_threat_16_voters_of_the_lost_time_have_voted(city: City, log: Log_, now: datetime) -> None:
    round_ = factories.make_voting_round(city, now=now, max_attempts=1)
    factories.cast(round_, "code:early", ["1"])
    counting.seal(round_)
    kept = old_database.take()
    factories.cast(round_, "code:late", ["2"])
    counting.seal(round_)
    old_database.put_back(kept)
    log("recover", NAME)
    for voter in ("code:early", "code:late"):
        with pytest.raises(AlreadyVoted):
            factories.cast(round_, voter, ["3"])
    assert Participation.objects.count() == 2


def test_threat_16_a_closed_and_counted_box_comes_back_with_the_same_counts(
    voting_round: Round, log: Log_, city: City, now: datetime
) -> None:
    vote(voting_round, range(9), 3)
    counting.seal(voting_round)
    kept = old_database.take()
    vote(voting_round, range(9, 30), 4)
    closed = counting.close(voting_round, now)
    before = old_database.counted()
    old_database.put_back(kept)
    assert log("recover", NAME) == 0
    assert old_database.counted() == before
    opened = counting.open_all(closed, now)
    outcome = counting.declare(factories.make_staff(Role.COORDINATOR, city), opened, now)
    votes = {line.entry.code: line.votes for line in OutcomeLine.objects.filter(outcome=outcome)}
    wanted = dict.fromkeys("1234", 0)
    for people, chance in ((range(9), Random(3)), (range(9, 30), Random(4))):
        for person in people:
            for _ in range(1 + (person % 3 == 0)):
                last = chance.sample(["1", "2", "3", "4"], chance.randint(1, 3))
            for code in last:
                wanted[code] += 1
    assert votes == wanted
    assert verified().returncode == 0


def test_threat_16_recovery_works_when_the_round_key_is_with_the_commission(voting_round: Round, log: Log_, now: datetime) -> None:
    kept = old_database.take()
    vote(voting_round, range(20), 5)
    counting.close(voting_round, now)
    before = old_database.counted()
    key_states.seal(key_states.slate_of(voting_round), now, without_sheets=True)
    old_database.put_back(kept)
    assert log("recover", NAME) == 0
    assert old_database.counted() == before


def test_threat_16_without_its_keys_a_recovery_says_what_is_missing(
    voting_round: Round, log: Log_, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.cast(voting_round, "code:a", ["1"])
    counting.seal(voting_round)
    kept = old_database.take()
    factories.cast(voting_round, "code:b", ["1", "3"])
    counting.seal(voting_round)
    before = old_database.counted()
    old_database.put_back(kept)
    keys, vkey = key_files.path_of(NAME, "round"), key_files.path_of(NAME, "vkey")
    text = vkey.read_text()
    vkey.unlink()
    with pytest.raises(SystemExit, match="public key from paper"):
        log("recover", NAME)
    with pytest.raises(SystemExit, match="not the key of this log"):
        log("recover", NAME, "--vkey", _of_another(text))
    secret = keys.read_bytes()
    keys.unlink()
    with pytest.raises(SystemExit, match="--without-choices"):
        log("recover", NAME, "--vkey", text)
    assert log("recover", NAME, "--vkey", text, "--without-choices") == 0
    assert "choice of 1 ballots could not be found" in capsys.readouterr().err
    assert old_database.counted()["ballots_participation"] == before["ballots_participation"]
    key_files.write_private(keys, secret)
    assert log("recover", NAME, "--vkey", text) == 0
    assert old_database.counted() == before


def _of_another(vkey: str) -> str:
    from qatysu.ledger.notes import Signer, VerifierKey

    return str(Signer(VerifierKey.parse(vkey).name, os.urandom(32)).verifier)


def test_threat_16_annulments_come_back_and_are_not_made_twice(voting_round: Round, log: Log_, now: datetime) -> None:
    from qatysu.ballots.commands import judge

    vote(voting_round, range(4), 6)
    counting.seal(voting_round)
    kept = old_database.take()
    handle, attempt = Participation.objects.values_list("handle", "attempt").first() or ("", 0)
    fields = {"v": 1, "b": handle, "n": attempt, "reason": "twice", "act": "3", "by": ["commission-1", "coordinator-2"]}
    judge(round=voting_round, entry=fields | {"t": "annul"})
    judge(round=voting_round, entry=fields | {"t": "reinstate"})
    judge(round=voting_round, entry=fields | {"t": "annul", "act": "4"})
    counting.seal(voting_round)
    before = old_database.counted()
    old_database.put_back(kept)
    assert log("recover", NAME) == 0
    assert old_database.counted() == before
    with pytest.raises(QatysuError, match="annulled_already"):
        judge(round=voting_round, entry=fields | {"t": "annul", "act": "5"})


def test_threat_16_ballots_taken_after_the_restore_are_named_or_refused(
    voting_round: Round, log: Log_, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = old_database.take()
    factories.cast(voting_round, "code:a", ["1"])
    counting.seal(voting_round)
    old_database.put_back(kept)
    late = factories.cast(voting_round, "code:b", ["2"])  # a server that was started before anybody looked
    assert log("recover", NAME) == 0
    assert late.leaf.hex() in capsys.readouterr().err
    counting.seal(voting_round)
    kept = old_database.take()
    factories.cast(voting_round, "code:c", ["1"])
    counting.seal(voting_round)
    old_database.put_back(kept)
    factories.cast(voting_round, "code:c", ["2"])
    with pytest.raises(SystemExit, match="took ballots after the restore"):
        log("recover", NAME)


def test_threat_16_older_files_than_the_database_are_refused_and_published_anew(
    voting_round: Round, log: Log_, now: datetime, settings: Any, tmp_path: Path
) -> None:
    vote(voting_round, range(5), 7)
    counting.seal(voting_round)
    shutil.copytree(settings.LOG_ROOT, tmp_path / "old")
    vote(voting_round, range(5, 20), 8)
    counting.seal(voting_round)
    newest = (settings.LOG_ROOT / NAME / "checkpoint").read_bytes()
    shutil.rmtree(settings.LOG_ROOT)
    shutil.copytree(tmp_path / "old", settings.LOG_ROOT)
    for who in (checking.WEB, checking.WORKER):
        with pytest.raises(SystemExit, match=f"qatysu log republish {NAME}"):
            checking.refuse_unfit(who)
    with pytest.raises(QatysuError):
        counting.seal(voting_round)
    assert log("republish", NAME) == 0
    checking.refuse_unfit(checking.WORKER)
    assert (settings.LOG_ROOT / NAME / "checkpoint").read_bytes() == newest
    assert log("check", NAME) == 0
    assert verified().returncode == 0


def test_threat_18_a_promised_ballot_that_was_dropped_is_proved(voting_round: Round, now: datetime, tmp_path: Path) -> None:
    for voter in ("code:a", "code:b", "code:c"):
        factories.cast(voting_round, voter, ["1"])
    dropped, kept = factories.cast(voting_round, "code:d", ["2"]), factories.cast(voting_round, "code:e", ["2"])
    log = logs.log_of(voting_round)
    by = due_by(log.max_delay_s, now - timedelta(days=3))  # given three days ago
    for name, stored in (("dropped", dropped), ("kept", kept)):
        (tmp_path / name).write_text(promise_for(box_of(voting_round), stored.leaf, by))
    with old_database.without_guards(), old_database.connection.cursor() as cursor:
        cursor.execute("DELETE FROM bulletin_entry WHERE leaf = %s", [dropped.leaf])
    counting.seal(voting_round)
    good = verified("--promise", str(tmp_path / "kept"))
    assert (good.returncode, "BROKEN PROMISE" in good.stdout) == (0, False), good.stdout + good.stderr
    broken = verified("--promise", str(tmp_path / "dropped"))
    assert broken.returncode == 1
    assert "BROKEN PROMISE" in broken.stdout
    done = subprocess.run(
        [sys.executable, "-m", "qatysu.verify", str(log_commands.storage_of(log)._root), "--vkey", log.vkey, "--promise",
         str(tmp_path / "dropped")], capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, "BROKEN PROMISE" in done.stdout) == (1, True)


PREPARE = """
from datetime import timedelta
from random import Random
from django.core.management import call_command
from tests import counting
call_command("migrate", verbosity=0)
round_ = factories.make_voting_round(factories.make_city(), now=timezone.now(), max_choices=2, max_attempts=1)
factories.cast(round_, "code:a", ["1"])
counting.seal(round_)
"""
MORE = """
from tests import counting
from qatysu.rounds.models import Round
round_ = Round.objects.select_related("city", "constitution").get()
factories.cast(round_, "code:b", ["2", "3"])
factories.cast(round_, "code:c", ["1"])
counting.seal(round_)
print(sorted(Ballot.objects.values_list("handle", "choices")))
"""
LOSE = """
from django.db import connection
from django.conf import settings
if connection.vendor == "postgresql":
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
else:
    connection.close()
    for path in settings.DATA.glob("qatysu.sqlite3*"):
        path.unlink()
"""
LOOK = 'print(sorted(Ballot.objects.values_list("handle", "choices")))'
AGAIN = """
from qatysu.core.errors import AlreadyVoted
from qatysu.rounds.models import Round
round_ = Round.objects.select_related("city", "constitution").get()
for voter in "bc":
    try:
        factories.cast(round_, f"code:{voter}", ["3"])
    except AlreadyVoted:
        print("already voted")
"""


def test_threat_16_restore_brings_the_log_forward_by_itself_or_names_the_command(
    new_place: Callable[[str], Env], tmp_path: Path  # noqa: F811
) -> None:
    env = new_place("town")
    put_tables(env)
    python(env, PREPARE)
    backup, data = tmp_path / "backup", Path(env["QATYSU_DATA"])
    assert qatysu(env, "backup", str(backup)).returncode == 0
    assert (backup / "logs" / NAME / "checkpoint").is_file()
    before = python(env, MORE)
    newest = (data / "logs" / NAME / "checkpoint").read_bytes()
    python(env, LOSE)
    vkey = (data / "keys" / f"{NAME}.vkey").rename(tmp_path / "vkey")
    done = qatysu(env, "restore", str(backup))
    assert done.returncode == 1
    assert f"qatysu log recover {NAME} --vkey KEY" in done.stderr
    assert (data / "logs" / NAME / "checkpoint").read_bytes() == newest
    for words in (("worker", "--once"), ("serve", "--port", "0")):
        refused = qatysu(env, *words)
        assert refused.returncode == 1
        assert f"qatysu log recover {NAME}" in refused.stderr
    python(env, LOSE)
    vkey.rename(data / "keys" / f"{NAME}.vkey")
    done = qatysu(env, "restore", str(backup))
    assert done.returncode == 0, done.stderr
    assert "2 voters count again as having voted; the choices of 2 ballots were found again" in done.stderr
    assert python(env, LOOK) == before
    assert python(env, AGAIN).split("\n") == ["already voted", "already voted"]
    assert qatysu(env, "log", "check", NAME).returncode == 0
    assert (data / "logs" / NAME / "checkpoint").read_bytes() == newest


def test_threat_16_a_restore_on_a_new_machine_brings_the_files_of_the_log(
    new_place: Callable[[str], Env], tmp_path: Path  # noqa: F811
) -> None:
    one, two = new_place("one"), new_place("two")
    put_tables(one)
    python(one, PREPARE)
    assert qatysu(one, "backup", str(tmp_path / "backup")).returncode == 0
    done = qatysu(two, "restore", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    place = f"logs/{NAME}/checkpoint"
    assert Path(two["QATYSU_DATA"], place).read_bytes() == Path(one["QATYSU_DATA"], place).read_bytes()
    assert qatysu(two, "log", "check", NAME).returncode == 0
