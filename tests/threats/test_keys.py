"""Threat 26 of LEDGER: weak, known, readable or foreign keys, and a web server that has no business with the key of the log."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from qatysu.audit.commands import record
from qatysu.ballots import key_files, logs
from qatysu.ballots.keys import path_of
from qatysu.ballots.models import Slate
from qatysu.bulletin.storage import FolderStorage
from qatysu.config import checking, cli, demonstration, log_commands
from qatysu.core.errors import Conflict
from qatysu.places.models import City
from qatysu.rounds.models import Round
from tests import counting, factories
from tests.threats import old_database

pytestmark = pytest.mark.django_db
NAME = "khromtau-demo"


@pytest.fixture(autouse=True)
def frozen(voting_round: Round) -> Round:
    """A round whose voting is open; its keys are fit."""
    for who in (checking.WEB, checking.WORKER):
        checking.refuse_unfit(who)
    assert not list(checking.key_faults(checking.ALL))
    return voting_round


def refused(who: str) -> str:
    with pytest.raises(SystemExit) as caught:
        checking.refuse_unfit(who)
    text = str(caught.value)
    assert text.startswith("Qatysu does not start:\n- ")
    assert text.splitlines()[1][2:] in list(checking.key_faults(checking.ALL))
    return text


def rewrite(path: Path, key: bytes) -> None:
    path.write_bytes(key)


BAD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "group-readable": (lambda path: path.chmod(0o640), "Run: chmod go-rwx"),
    "world-readable": (lambda path: path.chmod(0o644), "can be read by others"),
    "empty": (lambda path: rewrite(path, b""), "is empty"),
    "too short": (lambda path: rewrite(path, os.urandom(31)), "not the length of a key"),
    "too long": (lambda path: rewrite(path, os.urandom(33)), "not the length of a key"),
    "one byte repeated": (lambda path: rewrite(path, b"l" * 32), "one byte repeated"),
    "nothing but spaces": (lambda path: rewrite(path, b" " * 32), "one byte repeated"),
    "of the tests": (lambda path: rewrite(path, bytes(range(32))), "everybody knows"),
    "of a standard": (
        lambda path: rewrite(path, bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")),
        "everybody knows",
    ),
    "another one": (lambda path: rewrite(path, os.urandom(32)), "not the key that the ballot of khromtau-demo was frozen with"),
    "gone": (lambda path: path.unlink(), "is not here"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["round", "promise", "log"])
@pytest.mark.parametrize("fault", BAD)
def test_threat_26_an_unfit_key_stops_the_start(kind: str, fault: str) -> None:
    change, said = BAD[fault]
    change(path_of(NAME, kind))
    if kind == "log" and fault == "gone":
        checking.refuse_unfit(checking.WEB)  # the web server must do without it
        assert any("is not here" in text for text in checking.key_faults(checking.ALL))
        return
    who = checking.WORKER if kind == "log" else checking.WEB
    text = refused(who)
    assert said in text
    assert f"The {kind} key of {NAME}" in text


def test_threat_26_every_key_of_tests_and_examples_is_known() -> None:
    for text in (b"demo" * 8, b"test" * 8, b"kill" * 8, b"changeme" * 4, b"0123456789abcdef" * 2, bytes(range(1, 33))):
        path = path_of(NAME, "round")
        rewrite(path, text)
        found = key_files.look_at(path, "round")
        assert isinstance(found, key_files.Fault)
        assert found.code == "known"


def test_threat_26_a_foreign_public_key_beside_the_keys_is_refused() -> None:
    public = path_of(NAME, "vkey")
    public.write_text(public.read_text().replace("demo", "other"))
    assert "vkey key" in refused(checking.WEB)


def test_threat_26_keys_of_a_demonstration_guard_no_election(settings: Any) -> None:
    key_files.mark_demonstration()
    mark = settings.KEY_FOLDER / key_files.DEMONSTRATION
    assert mark.stat().st_mode & 0o777 == 0o600
    assert path_of(NAME, "round").read_bytes().hex() not in mark.read_text()
    for who in (checking.WEB, checking.WORKER):
        assert "made by the demonstration" in refused(who)
    settings.DEMO = True
    checking.refuse_unfit(checking.WEB)


def test_threat_26_a_demonstration_is_not_served_as_production(settings: Any, now: datetime) -> None:
    record(actor=None, action=demonstration.MARK, now=now)
    with pytest.raises(SystemExit, match="holds the demonstration"):
        checking.refuse_unfit(checking.WEB)
    settings.DEMO = True
    checking.refuse_unfit(checking.WEB)


def test_threat_26_a_web_server_runs_without_the_key_of_the_log_and_a_worker_without_it_signs_nothing(
    frozen: Round, settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, settings.LOG_KEY_FOLDER = settings.LOG_KEY_FOLDER, tmp_path / "of-the-worker"
    settings.LOG_KEY_FOLDER.mkdir(mode=0o700)
    (here / f"{NAME}.log").rename(settings.LOG_KEY_FOLDER / f"{NAME}.log")
    worker, settings.LOG_KEY_FOLDER = settings.LOG_KEY_FOLDER, tmp_path / "nowhere"
    checking.refuse_unfit(checking.WEB)
    assert not list(checking.key_faults(checking.ALL))
    factories.cast(frozen, "code:a", ["1"])
    checking.refuse_unfit(checking.WORKER)
    assert f"The log of {NAME} cannot be sealed" in capsys.readouterr().err
    with pytest.raises(Conflict, match="log_key_absent"):
        counting.seal(frozen)
    with pytest.raises(SystemExit, match="Only the worker's user has it"):
        log_commands.run(cli._parser().parse_args(["log", "seal", NAME]))
    assert logs.log_of(frozen).published_size == 0
    settings.LOG_KEY_FOLDER = worker
    checking.refuse_unfit(checking.WORKER)
    assert counting.seal(frozen) == 2


def test_threat_26_a_folder_that_may_not_be_looked_into_is_no_fault_of_the_web_server(
    frozen: Round, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LOG_KEY_FOLDER = tmp_path / "of-the-worker"
    plain = Path.stat

    def closed(path: Path, **words: Any) -> os.stat_result:
        if path.parent == settings.LOG_KEY_FOLDER:
            raise PermissionError(13, "Permission denied", str(path))
        return plain(path, **words)

    monkeypatch.setattr(Path, "stat", closed)
    checking.refuse_unfit(checking.WEB)
    assert checking.cannot_seal() != []
    with pytest.raises(Conflict, match="log_key_absent"):
        counting.seal(frozen)


def test_threat_26_each_round_has_keys_of_its_own(frozen: Round, city: City, now: datetime) -> None:
    factories.make_voting_round(city, now=now, slug="next")
    kinds = ("round", "promise", "log")
    made = {path_of(name, kind).read_bytes() for name in (NAME, "khromtau-next") for kind in kinds}
    assert len(made) == 6
    path_of("khromtau-next", "log").write_bytes(path_of(NAME, "log").read_bytes())
    assert "The log key of khromtau-next" in refused(checking.WORKER)


def test_threat_26_after_the_openings_no_round_key_is_asked_for(frozen: Round, now: datetime) -> None:
    factories.cast(frozen, "code:a", ["1"])
    counting.close(frozen, now)
    key = path_of(NAME, "round").read_bytes()
    path_of(NAME, "round").unlink()
    assert "The round key" in refused(checking.WEB)
    path_of(NAME, "open").touch(mode=0o600)
    path_of(NAME, "open").write_bytes(os.urandom(32))
    assert "The open key" in refused(checking.WEB)
    path_of(NAME, "open").write_bytes(key_files.open_of(key))
    checking.refuse_unfit(checking.WEB)
    counting.open_all(frozen, now)
    path_of(NAME, "open").unlink()
    path_of(NAME, "promise").unlink()
    checking.refuse_unfit(checking.WEB)


def test_threat_26_check_asks_for_sheets_and_for_the_key_to_be_sealed_away(frozen: Round, now: datetime) -> None:
    assert [text for text in checking.notes() if f"qatysu keys share {NAME}" in text]
    counting.close(frozen, now)
    assert [text for text in checking.notes() if f"qatysu keys seal {NAME}" in text]
    assert Slate.objects.count() == 1


def test_threat_16_a_user_who_may_only_read_the_files_sees_an_old_database_too(
    frozen: Round, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = old_database.take()
    factories.cast(frozen, "code:a", ["1"])
    counting.seal(frozen)
    old_database.put_back(kept)

    def closed(_storage: FolderStorage) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FolderStorage, "writer", closed)
    with pytest.raises(SystemExit, match="qatysu log recover"):
        checking.refuse_unfit(checking.WEB)


def test_a_wiped_file_was_overwritten_before_it_went(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.round", tmp_path / "same-bytes-on-disk"
    path.write_bytes(b"k" * 32)
    kept.hardlink_to(path)
    assert key_files.wipe(path)
    assert not path.exists()
    assert kept.read_bytes() != b"k" * 32
    assert not key_files.wipe(path)
