"""Builds the stranger's program, which reads a log with Go's own packages (Debian: golang-go and golang-golang-x-mod-dev)."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")
HAS_GO = bool(shutil.which("go")) and SOURCES.is_dir()
#: Without Go these tests are skipped, visibly.
needs_go = pytest.mark.skipif(not HAS_GO, reason="Debian's golang-go and golang-golang-x-mod-dev are not installed")


def build(folder: Path) -> Path:
    """Compile the program into ``folder``; returns where it is."""
    env = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=str(folder / "cache"), GOFLAGS="")
    built = folder / "check"
    source = Path(__file__).with_name("main.go")
    done = subprocess.run(["go", "build", "-o", str(built), str(source)], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return built
