"""Go's own packages read our files (Debian: golang-go and golang-golang-x-mod-dev). Without Go these tests are skipped, visibly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.verify import logs
from tests.verify.go import build, needs_go

pytestmark = needs_go
HONEST = [logs.raw(entry) for entry in logs.whole_round()]


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stranger's program, built once."""
    return build(tmp_path_factory.mktemp("go"))


def run(checker: Path, folder: Path, *saved: str) -> subprocess.CompletedProcess[str]:
    words = [str(checker), str(folder), str(logs.LOG.verifier), *(str(folder / name) for name in saved)]
    return subprocess.run(words, capture_output=True, text=True)


def test_go_accepts_tiles_entries_checkpoint_and_consistency(checker: Path, tmp_path: Path) -> None:
    stops = (1, 2, 255, 256, 257, 511, 600)
    folder = logs.publish(HONEST, stops=stops).write(tmp_path)
    done = run(checker, folder, *(f"saved/{size}" for size in stops))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{len(HONEST)} entries, 7 earlier checkpoints, 0 receipts: good\n", "")


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/entries/001", "saved/256"])
def test_go_refuses_what_we_refuse(checker: Path, tmp_path: Path, path: str) -> None:
    files = logs.publish(HONEST, stops=(256,))
    at = len(files[path]) // 2
    files[path] = files[path][:at] + bytes([files[path][at] ^ 1]) + files[path][at + 1 :]
    assert run(checker, files.write(tmp_path), "saved/256").returncode == 1
