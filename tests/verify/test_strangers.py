"""Go's own packages read our files (Debian: golang-go and golang-golang-x-mod-dev). Without Go these tests are skipped, visibly."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.verify import logs

SOURCES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
pytestmark = pytest.mark.skipif(
    not (shutil.which("go") and SOURCES.is_dir()), reason="Debian's golang-go and golang-golang-x-mod-dev are not installed"
)
HONEST = [logs.raw(entry) for entry in logs.whole_round()]


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stranger's program, built once."""
    place = tmp_path_factory.mktemp("go")
    env = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=str(place / "cache"), GOFLAGS="")
    built = place / "check"
    source = Path(__file__).parent / "go" / "main.go"
    done = subprocess.run(["go", "build", "-o", str(built), str(source)], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return built


def run(checker: Path, folder: Path, *saved: str) -> subprocess.CompletedProcess[str]:
    words = [str(checker), str(folder), str(logs.LOG.verifier), *(str(folder / name) for name in saved)]
    return subprocess.run(words, capture_output=True, text=True)


def test_go_accepts_tiles_entries_checkpoint_and_consistency(checker: Path, tmp_path: Path) -> None:
    stops = (1, 2, 255, 256, 257, 511, 600)
    folder = logs.publish(HONEST, stops=stops).write(tmp_path)
    done = run(checker, folder, *(f"saved/{size}" for size in stops))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{len(HONEST)} entries, 7 earlier checkpoints: good\n", "")


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/entries/001", "saved/256"])
def test_go_refuses_what_we_refuse(checker: Path, tmp_path: Path, path: str) -> None:
    files = logs.publish(HONEST, stops=(256,))
    at = len(files[path]) // 2
    files[path] = files[path][:at] + bytes([files[path][at] ^ 1]) + files[path][at + 1 :]
    assert run(checker, files.write(tmp_path), "saved/256").returncode == 1
