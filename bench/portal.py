"""Page reads and votes per second through HTTP, beside raw baselines of the same run.

usage: uv run python bench/portal.py [--seconds 8] [--clients 32] [--voters 40000] [--database-url postgresql://...]

Prepares a round in a fresh data folder, starts ``qatysu serve`` on a free loopback port, loads it with wrk, stops it.
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
            report(options, f"http://127.0.0.1:{port}", Path(folder), facts, env)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)


def arguments() -> argparse.Namespace:
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--voters", type=int, default=40_000)
    parser.add_argument("--database-url", default="")
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


def wrk(url: str, options: argparse.Namespace, *extra: str, env: dict[str, str] | None = None) -> dict[str, float]:
    """Requests per second, p50 and p99 in ms, number of requests and of answers that are no 2xx/3xx."""
    command = ["wrk", "-t1", f"-c{options.clients}", f"-d{options.seconds}s", "--latency", *extra, url]
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
        [pgbench, "-n", "-c", str(options.clients), "-j", "2", "-T", "4", "-f", str(script), options.database_url]
    )
    return float(re.search(r"tps = ([\d.]+)", text).group(1))


def report(options: argparse.Namespace, site: str, folder: Path, facts: dict[str, str], env: dict[str, str]) -> None:
    """Run everything and print it."""
    raw = raw_commits(options, folder)
    empty = wrk(f"{site}/healthz", options)
    votes = wrk(f"{site}{facts['confirm']}", options, "-s", str(LUA), env=env)
    stored = json.loads(run([sys.executable, str(HERE / "stored.py")], env).splitlines()[-1])
    database = "PostgreSQL" if options.database_url else "SQLite"
    print(f"\n{database}, {options.clients} clients, {options.seconds} s each\n")
    print(f"{'what':<38}{'per second':>12}{'p50 ms':>9}{'p99 ms':>9}  ratio")
    line("raw commits of one row", {"rps": raw}, "")
    line("empty view, all middleware", empty, "")
    line(
        "votes (confirmed, on disk)",
        votes,
        f"{votes['rps'] / raw:.0%} of raw commits, {votes['rps'] / empty['rps']:.0%} of an empty view",
    )
    for name in ("round", "projects", "project"):
        page = wrk(f"{site}{facts[name]}", options)
        line(f"page: {name}", page, f"{page['rps'] / empty['rps']:.0%} of an empty view")
    same = stored["ballots"] == stored["voters"] == stored["counted"]
    print(
        f"\nvotes acknowledged {votes['acknowledged']:.0f}, ballots stored {stored['ballots']}, refused or failed {votes['bad']:.0f}"
    )
    # wrk drops the answers that are under way when its time is up: at most one for each client.
    right = same and 0 <= stored["ballots"] - votes["acknowledged"] <= options.clients
    print("stored = acknowledged (but for answers under way at the end):", "yes" if right else "NO")
    if not right:
        raise SystemExit(1)


def line(name: str, figures: dict[str, float], remark: str) -> None:
    """One row of the table."""
    p50, p99 = (f"{figures[key]:.1f}" if key in figures else "" for key in ("50%", "99%"))
    print(f"{name:<38}{figures['rps']:>12,.0f}{p50:>9}{p99:>9}  {remark}")


if __name__ == "__main__":
    main()
