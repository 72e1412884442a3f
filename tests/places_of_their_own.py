"""A database, a data folder and a running portal of its own for tests that start processes, on SQLite or PostgreSQL.

The database is of the same kind as the suite runs on. Its tables are copied from a template that each process of the suite migrates
once: migrating anew takes seconds, and the tests of migrations do that themselves.
"""

from __future__ import annotations

import atexit
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.db import connection

HERE = Path(__file__).resolve().parents[1]
QATYSU = str(Path(sys.executable).with_name("qatysu"))
CITY, ROUND, NAME = "khromtau", "demo", "khromtau-demo"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@contextmanager
def own_place(folder: Path, secret: str = "place") -> Iterator[dict[str, str]]:
    """Environment for other processes: data below ``folder``, a database that nobody else has."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("QATYSU_")}
    env = own | {
        "QATYSU_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "qatysu.config.settings", "QATYSU_DEMO": "0",
        "QATYSU_SECRET_KEY": secret * 20, "PYTHONPATH": f"{HERE / 'src'}:{HERE}", "DATABASE_URL": "",
    }
    if connection.vendor != "postgresql":
        put_tables(env)
        yield env
        return
    name = f"own_{os.getpid()}_{time.monotonic_ns()}"
    template = migrated_template()
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    env["DATABASE_URL"] = _url(name)
    try:
        yield env
    finally:
        on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


def on_server(sql: str) -> None:
    """Run one statement on the suite's PostgreSQL server, outside every transaction."""
    base = settings.DATABASES["default"]
    parts = {"host": base["HOST"], "port": base["PORT"], "user": base["USER"], "password": base["PASSWORD"]}
    info = psycopg.conninfo.make_conninfo("", **{key: value for key, value in parts.items() if value})
    with psycopg.connect(info, dbname="postgres", autocommit=True) as server:
        server.execute(sql)  # type: ignore[call-overload]  # reason: names of our own


def _url(name: str) -> str:
    base = settings.DATABASES["default"]
    query = f"?host={base['HOST']}" if str(base["HOST"]).startswith("/") else ""
    net = "" if query else f"{base['HOST']}:{base['PORT'] or 5432}"
    port = f"&port={base['PORT']}" if query and base["PORT"] else ""
    user = f"{base['USER']}:{base['PASSWORD']}@" if base["PASSWORD"] else f"{base['USER']}@" if base["USER"] else ""
    return f"postgresql://{user}{net}/{name}{query}{port}"


@cache
def migrated_template() -> str:
    """Path of a migrated SQLite file, or name of a migrated PostgreSQL database; removed at the end of the process."""
    folder = Path(tempfile.mkdtemp(prefix="qatysu-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("QATYSU_")}
    env = bare | {"QATYSU_DATA": str(folder), "QATYSU_DEMO": "0", "DATABASE_URL": ""}
    name = f"template_{os.getpid()}_{time.monotonic_ns()}"
    if connection.vendor == "postgresql":
        on_server(f'CREATE DATABASE "{name}"')
        atexit.register(on_server, f'DROP DATABASE "{name}" WITH (FORCE)')
        env["DATABASE_URL"] = _url(name)
    subprocess.run([QATYSU, "migrate"], env=env, check=True, capture_output=True, timeout=180)
    return name if connection.vendor == "postgresql" else str(folder / "qatysu.sqlite3")


def put_tables(env: dict[str, str]) -> None:
    """Give an empty place its tables."""
    template = migrated_template()
    if connection.vendor != "postgresql":
        folder = Path(env["QATYSU_DATA"])
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy(template, folder / "qatysu.sqlite3")
        return
    name = env["DATABASE_URL"].rpartition("/")[2].partition("?")[0]
    on_server(f'DROP DATABASE "{name}" WITH (FORCE)')
    on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def python(env: dict[str, str], *words: object, status: int = 0, timeout_s: int = 180) -> list[str]:
    """Run Python in the place, from the root of the repository; returns the lines that it printed."""
    line = [sys.executable, *map(str, words)]
    done = subprocess.run(line, env=env, cwd=HERE, capture_output=True, text=True, timeout=timeout_s)
    assert done.returncode == status, done.stderr[-3000:]
    return done.stdout.strip().splitlines()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], object], what: str, *, at_most_s: float = 60.0) -> None:
    """Look again and again until ``condition`` holds; fails with ``what`` was awaited."""
    end = time.monotonic() + at_most_s
    while not condition():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.02)


@dataclass
class Portal:
    """``qatysu serve`` and ``qatysu worker`` of a place, each in a process group of its own, to be killed at any moment."""

    env: dict[str, str]
    output: Path
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The place learns its public address; every voter may come from an address of their own."""
        self.env |= {"QATYSU_ORIGIN": self.address, "QATYSU_TRUSTED_PROXIES": "1", "QATYSU_LOG_LEVEL": "INFO"}

    @property
    def address(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Prefix of the public files of the round's log."""
        return f"{self.address}/log/{NAME}"

    @property
    def origin(self) -> str:
        """Name of the round's log."""
        return f"127.0.0.1:{self.port}/log/{NAME}"

    def start(self, what: str, *command: str) -> subprocess.Popen[bytes]:
        """Start a process named ``what``; its output is appended to ``what.out``."""
        with (self.output / f"{what}.out").open("ab") as out:
            process = subprocess.Popen(command, env=self.env, cwd=HERE, stdout=out, stderr=out, start_new_session=True)
        self.running[what] = process
        return process

    def serve(self) -> None:
        """Start the server and wait until it answers."""
        server = self.start("serve", QATYSU, "serve", "--port", str(self.port))
        until(lambda: self.answers() or server.poll() is not None, "the server answers")
        assert server.poll() is None, (self.output / "serve.out").read_text()[-3000:]

    def work(self) -> None:
        """Start the worker."""
        self.start("worker", QATYSU, "worker")

    def answers(self) -> bool:
        """Whether the server is there."""
        try:
            return self.get("/healthz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a public address."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def end(self, what: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a process that this portal started, with its children, and wait for its end."""
        process = self.running.pop(what)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(timeout=30)

    def end_all(self) -> None:
        """Nothing that was started stays."""
        for what in list(self.running):
            self.end(what)


@contextmanager
def own_portal(folder: Path) -> Iterator[Portal]:
    """A place with a portal; nothing runs yet."""
    with own_place(folder) as env:
        portal = Portal(env, folder)
        try:
            yield portal
        finally:
            portal.end_all()


class Browser:
    """A voter's browser: cookies, one connection, forms with their token. Raises OSError when the server is gone."""

    def __init__(self, portal: Portal, number: int = 0) -> None:
        """``number`` makes the network address that the proxy tells."""
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._port = portal.port
        self._from = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self._line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, fields: list[tuple[str, str]] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body; a redirect is not followed."""
        headers = {"X-Forwarded-For": self._from, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method == "POST":
            body = urlencode([("csrfmiddlewaretoken", self.token), *(fields or [])])
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            if self._line is None:
                self._line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
            self._line.request(method, path, body, headers)
            answer = self._line.getresponse()
            data = answer.read()
        except (OSError, http.client.HTTPException) as fault:
            self.leave()
            raise OSError(str(fault)) from fault
        self._keep(answer)
        if found := _TOKEN.search(data.decode(errors="replace")):
            self.token = found[1]
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, data

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value

    def leave(self) -> None:
        """Close the connection."""
        if self._line is not None:
            self._line.close()
            self._line = None
