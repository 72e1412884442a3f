"""What ``./run`` and ``./test`` share: a Python, uv, an environment. Standard library only, Python 3.8 syntax.

Parsed by whatever Python the machine has, so that an old one gets a sentence instead of a syntax error.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
FLOOR = (3, 11)
NEWEST = (3, 14)


class CannotSetUp(Exception):
    """Something is missing on this machine; the message says what, and what to do."""


def say(text: str) -> None:
    """One line for the person who waits; on standard error, so that data on standard output stay clean."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def phase(doing: str):
    """Tell what is being done, then how long it took."""
    print("  {:<52}".format(doing + " …"), end="", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - started:.1f} s")


def checked(command: list[str], **options: object) -> None:
    """Run quietly; raises CannotSetUp with the last lines of the output when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise CannotSetUp("This failed: {}\n{}".format(" ".join(map(str, command)), tail))


def version_of(python: str) -> tuple:
    """``(major, minor)`` of an interpreter, ``(0, 0)`` when it does not start."""
    try:
        out = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, timeout=20,
        ).stdout.split()
        return int(out[0]), int(out[1])
    except (OSError, subprocess.SubprocessError, IndexError, ValueError):
        return (0, 0)


def find_python() -> str:
    """The running interpreter when it is new enough, else the newest one on this machine. Raises CannotSetUp."""
    if FLOOR <= sys.version_info[:2] <= NEWEST and not sys.flags.no_site:
        return sys.executable
    places = [f"python3.{minor}" for minor in range(NEWEST[1], FLOOR[1] - 1, -1)]
    found = [path for path in map(shutil.which, places) if path]
    for pattern in ("~/.pyenv/versions/*/bin/python3", "/usr/local/bin/python3.*[0-9]", "/opt/*/bin/python3"):
        found += glob.glob(os.path.expanduser(pattern))
    suitable = [(version, path) for version, path in ((version_of(p), p) for p in found) if FLOOR <= version <= NEWEST]
    if not suitable:
        raise CannotSetUp(
            "Qatysu needs Python 3.11 or newer; this is {}.{}.\n"
            "On Debian 12 or newer: apt-get install python3".format(*sys.version_info[:2])
        )
    return max(suitable)[1]


def _pip_of(python: str) -> list[str]:
    """A command that runs pip: the interpreter's own, or that of a small private environment. Raises CannotSetUp."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.run([python, "-m", "pip", "--version"], **quiet).returncode == 0:
        return [python, "-m", "pip"]
    private = TOOLS / "pip"
    if subprocess.run([python, "-m", "venv", "--clear", str(private)], **quiet).returncode == 0:
        return [str(private / "bin" / "python"), "-m", "pip"]
    raise CannotSetUp(
        "Python's package installer is missing on this machine.\n"
        "Install it once, then start again:  apt-get install python3-pip   (Debian, Ubuntu)\n"
        "or put uv on the PATH: https://docs.astral.sh/uv/"
    )


def _works(uv: str) -> bool:
    try:
        return subprocess.run([uv, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def find_uv(python: str) -> str:
    """Path of uv: from the PATH, from ``.tools``, or fetched into it. Raises CannotSetUp."""
    own = TOOLS / "bin" / "uv"
    for candidate in (str(own), shutil.which("uv")):
        if candidate and _works(candidate):
            return candidate
    pip = _pip_of(python)
    with phase("Fetching uv, the package installer"):
        checked([*pip, "install", "--quiet", "--disable-pip-version-check", "--upgrade", "--target", str(TOOLS), "uv>=0.9"])
    if not _works(str(own)):
        raise CannotSetUp(f"uv was fetched but does not start on this machine: {own}")
    return str(own)


def _fingerprint(groups: str) -> str:
    parts = [(ROOT / name).read_bytes() for name in ("uv.lock", "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*parts, str(ROOT).encode(), groups.encode()])).hexdigest()


def _stamp() -> Path:
    return VENV / ".qatysu-stamp"


def install(*, dev: bool) -> None:
    """Bring ``.venv`` in step with ``uv.lock``; at once when it already is. Raises CannotSetUp."""
    wanted = {_fingerprint("dev")} | (set() if dev else {_fingerprint("")})
    if _stamp().exists() and _stamp().read_text() in wanted and os.access(program("python"), os.X_OK):
        return
    python = find_python()
    uv = find_uv(python)
    command = [uv, "sync", "--frozen", "--quiet", "--project", str(ROOT)]
    # An environment of a developer keeps its tools: --inexact removes nothing.
    command += ["--group", "dev"] if dev else ["--no-dev", "--inexact"]
    if version_of(str(VENV / "bin" / "python")) < FLOOR:
        command += ["--python", python]
    environment = dict(os.environ, UV_PYTHON_DOWNLOADS="never", UV_PROJECT_ENVIRONMENT=str(VENV))
    environment.pop("VIRTUAL_ENV", None)
    with phase("Installing the libraries"):
        checked(command, cwd=str(ROOT), env=environment)
    _stamp().write_text(_fingerprint("dev" if dev else ""))


def program(name: str) -> str:
    """Path of an installed program of the environment."""
    return str(VENV / "bin" / name)
