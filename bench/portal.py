"""Votes per second through HTTP, with log and signed promises, and page reads, beside raw baselines of the same run.

usage: uv run python bench/portal.py [--seconds 8] [--clients 16,32] [--voters 40000] [--no-pages] [--shares]
                                     [--database-url postgresql://...]

Prepares a round in a fresh data folder, starts ``qatysu serve`` on a free loopback port, loads it with wrk, stops it; then seals
the log and compares: acknowledged, stored, counted, published. ``--shares`` samples a web process with py-spy meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LUA = HERE / "votes.lua"


def main() -> None:
    """Measure and print a table."""
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="qatysu-bench-") as folder:
        env = environment(Path(folder), options.database_url)
        facts = json.loads(run([sys.executable, str(HERE / "prepare.py"), str(options.voters)], env).splitlines()[-1])
        port = free_port()
        server = subprocess.Popen(
            [str(Path(sys.executable).with_name("qatysu")), "serve", "--port", str(port)], env=env, cwd=ROOT
        )
        try:
            wait_for(port)
            report(options, Place(f"http://127.0.0.1:{port}", Path(folder), facts, env, server.pid))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def arguments() -> argparse.Namespace:
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--clients", type=lambda text: [int(each) for each in text.split(",")], default=[32])
    parser.add_argument("--voters", type=int, default=40_000)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--no-pages", action="store_true")
    parser.add_argument("--shares", action="store_true")
    return parser.parse_args()


def environment(folder: Path, url: str) -> dict[str, str]:
    """Environment of a server of its own."""
    return {
        **os.environ,
        "QATYSU_DATA": str(folder / "data"),
        "DATABASE_URL": url,
        "QATYSU_SECRET_KEY": secrets.token_urlsafe(64),
        "QATYSU_LOG_LEVEL": "WARNING",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "qatysu.config.settings",
        "BENCH_FOLDER": str(folder),
    }


def run(command: list[str], env: dict[str, str] | None = None) -> str:
    """Output of a command that must succeed."""
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[:3]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Return when the server answers."""
    for _ in range(150):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def wrk(url: str, seconds: int, clients: int, *extra: str, env: dict[str, str] | None = None) -> dict[str, float]:
    """Requests per second, p50 and p99 in ms, and number of answers that are no 2xx/3xx."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", *extra, url]
    text = run(command, env)
    found = {"rps": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), "bad": 0.0}
    for name in ("50%", "99%"):
        value, unit = re.search(rf"{name}\s+([\d.]+)(us|ms|s)", text).groups()
        found[name] = float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    found["bad"] = float(bad.group(1)) if bad else 0.0
    done = re.search(r"ACKNOWLEDGED (\d+)", text)
    found["acknowledged"] = float(done.group(1)) if done else 0.0
    return found


def raw_commits(options: argparse.Namespace, folder: Path) -> float:
    """One-row commits per second of the same database without anything of ours: the ceiling for one vote, one commit."""
    if options.database_url:
        return raw_postgres(options, folder)
    connection = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    until, n = time.monotonic() + 3, 0
    while time.monotonic() < until:
        connection.execute("INSERT INTO t (a) VALUES (?)", (f"{n:064d}",))
        n += 1
    connection.close()
    return n / 3


def raw_postgres(options: argparse.Namespace, folder: Path) -> float:
    """pgbench with one INSERT per transaction and as many clients."""
    script = folder / "insert.sql"
    script.write_text("INSERT INTO bench_raw (a) VALUES (repeat('x', 64));\n")
    bins = sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    pgbench = str(bins[-1]) if bins else "pgbench"
    run(["psql", options.database_url, "-c", "CREATE TABLE IF NOT EXISTS bench_raw (id bigserial primary key, a text)"])
    text = run(
        [pgbench, "-n", "-c", str(max(options.clients)), "-j", "2", "-T", "4", "-f", str(script), options.database_url]
    )
    return float(re.search(r"tps = ([\d.]+)", text).group(1))


@dataclass(frozen=True)
class Place:
    """Where it runs."""

    site: str
    folder: Path
    facts: dict[str, str]
    env: dict[str, str]
    server: int


def report(options: argparse.Namespace, place: Place) -> None:
    """Run everything and print it."""
    raw = raw_commits(options, place.folder)
    empty = wrk(f"{place.site}/healthz", 3, max(options.clients))
    database = "PostgreSQL" if options.database_url else "SQLite"
    print(f"\n{database}, {options.seconds} s each, load of the machine before: {os.getloadavg()[0]:.1f}\n")
    print(f"{'what':<38}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}  ratio")
    line("raw commits of one row", {"rps": raw}, "")
    line("empty view, all middleware", empty, "")
    acknowledged = 0.0
    for clients in options.clients:
        votes = cast_votes(options, place, clients, int(acknowledged) + sum(options.clients))
        acknowledged += votes["acknowledged"]
        remark = f"{votes['rps'] / raw:.0%} of raw commits, {votes['rps'] / empty['rps']:.0%} of an empty view"
        line(f"votes (on disk, promised), {clients} clients", votes, remark)
        print(f"{'':<38}  per vote: {votes['server']:.2f} ms of the web processes, {votes['database']:.2f} ms of PostgreSQL,"
              f" {votes['others']:.2f} ms of all else (wrk, disk, other programs)")
    for name in () if options.no_pages else ("round", "projects", "project"):
        page = wrk(f"{place.site}{place.facts[name]}", options.seconds, max(options.clients))
        line(f"page: {name}", page, f"{page['rps'] / empty['rps']:.0%} of an empty view")
    compare(options, place, acknowledged)


def cast_votes(options: argparse.Namespace, place: Place, clients: int, start: int) -> dict[str, float]:
    """Load the address that stores ballots; also processor time in ms per vote."""
    spy = sampled(options, place) if options.shares else None
    before = spent(place.server)
    extra = {"BENCH_FROM": str(start)}
    votes = wrk(f"{place.site}{place.facts['confirm']}", options.seconds, clients, "-s", str(LUA), env=place.env | extra)
    after = spent(place.server)
    votes |= {name: (after[name] - before[name]) * 1000 / max(votes["acknowledged"], 1) for name in before}
    votes["rps"] = votes["acknowledged"] / options.seconds
    if votes["bad"]:
        print(f"refused or failed: {votes['bad']:.0f}")
    if spy:
        spy.wait(timeout=60)
        print(shares(place.folder / "shares.txt"))
    return votes


def compare(options: argparse.Namespace, place: Place, acknowledged: float) -> None:
    """Seal the log; exit 1 unless what was acknowledged is stored, counted and published."""
    stored = json.loads(run([sys.executable, str(HERE / "stored.py")], place.env).splitlines()[-1])
    same = stored["ballots"] == stored["voters"] == stored["counted"] == stored["published"]
    print(f"\nvotes acknowledged {acknowledged:.0f}, ballots stored {stored['ballots']}, counted {stored['counted']}")
    print(f"in the published log {stored['published']} (sealed in {stored['sealing_s']:.1f} s), findings: {stored['findings']}")
    # wrk drops the answers that are under way when its time is up: at most one for each client.
    right = same and not stored["findings"] and 0 <= stored["ballots"] - acknowledged <= sum(options.clients)
    print("published = counted = stored = acknowledged (but for answers under way at the end):", "yes" if right else "NO")
    if not right:
        raise SystemExit(1)


def spent(server: int) -> dict[str, float]:
    """Seconds of the processor until now: of the web processes, of PostgreSQL's, of all others."""
    tick, web, database = os.sysconf("SC_CLK_TCK"), 0.0, 0.0
    family = {server}
    for status in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            head, _, rest = status.read_text().rpartition(")")
        except OSError:
            continue
        fields, pid = rest.split(), int(status.parent.name)
        used = (int(fields[11]) + int(fields[12])) / tick
        if pid in family or int(fields[1]) in family:
            family.add(pid)
            web += used
        elif "(postgres" in head:
            database += used
    whole = [int(field) / tick for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return {"server": web, "database": database, "others": sum(whole[:3]) + sum(whole[5:8]) - web - database}


def sampled(options: argparse.Namespace, place: Place) -> subprocess.Popen[bytes]:
    """py-spy at the youngest web process: whoever holds the interpreter's lock."""
    children = run(["ps", "-o", "pid=", "--ppid", str(place.server)]).split()
    command = ["py-spy", "record", "--gil", "-r", "200", "-d", str(max(options.seconds - 2, 1)), "-f", "raw"]
    target = ["-p", children[-1], "-o", str(place.folder / "shares.txt")]
    return subprocess.Popen([*command, *target], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


#: Part of a stack -> what it is; the first that is found in a stack names it.
PARTS = (
    ("store_batch", "writer: statements"), ("_store_together", "writer: statements"), ("ballots/writer.py", "writer: batches, waking"),
    ("cast_into", "checking the choice, handle"), ("promise", "promise: signature"), ("_headers", "session written, headers"),
    ("process_view", "CSRF check and form"), ("sessions/", "session read"), ("_checked", "request, host"),
    ("lean.py", "short way itself"), ("django/", "whole chain"), ("granian/", "server"),
)


def shares(path: Path) -> str:
    """Where samples lie, by part."""
    found: dict[str, int] = {}
    for each in path.read_text().splitlines():
        stack, _, count = each.rpartition(" ")
        name = next((name for mark, name in PARTS if mark in stack), "other")
        found[name] = found.get(name, 0) + int(count)
    total = sum(found.values()) or 1
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return f"shares of {total} samples: " + ", ".join(f"{name} {count / total:.0%}" for name, count in ranked)


def line(name: str, figures: dict[str, float], remark: str) -> None:
    """One row of the table."""
    p50, p99 = (f"{figures[key]:.1f}" if key in figures else "" for key in ("50%", "99%"))
    print(f"{name:<38}{figures['rps']:>12,.0f}{p50:>9}{p99:>9}  {remark}")


if __name__ == "__main__":
    main()
