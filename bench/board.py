"""The board of the Project Centre with 20 and with 200 teams: queries, CPU, bytes, first paint on a slow phone.

usage: uv run python -m bench.board [--times 15]

Makes two rounds with the standard course in a fresh data folder (every team at another place of its way, with remarks and
questions), asks for the board as a coach, then opens it in headless Chromium at 390 px with the processor slowed down four
times. The baseline of the same run is the public page of the round. Loopback only; stops by itself.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.portal import ROOT, environment, free_port, run, wait_for

SIZES = (20, 200)
PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  const found = list.getEntriesByName("first-contentful-paint")[0];
  if (found) done(found.startTime);
}).observe({ type: "paint", buffered: true }))"""
SLOWER, TIMES_PAINTED = 4, 7


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measured(options.times)))
        return
    with tempfile.TemporaryDirectory(prefix="qatysu-bench-") as folder:
        env = environment(Path(folder), "")
        child = [sys.executable, "-m", "bench.board", "--child", "--times", str(options.times)]
        found = json.loads(run(child, env).splitlines()[-1])
        port = free_port()
        server = subprocess.Popen([str(Path(sys.executable).with_name("qatysu")), "serve", "--port", str(port)], env=env, cwd=ROOT)
        try:
            wait_for(port)
            paint(found, f"http://127.0.0.1:{port}")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    report(found["pages"])


def measured(times: int) -> dict[str, Any]:
    """In a process with Django: rows are made, pages are asked for."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from tests import factories

    from qatysu.core.regulation import Role

    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    city = factories.make_city("bench")
    coach = factories.make_staff(Role.COACH, city)
    client = factories.client_for(coach)
    pages: dict[str, dict[str, float]] = {}
    for teams in SIZES:
        make_teams(city, coach, teams)
        pages[f"board, {teams} teams"] = asked(client, f"/ru/centre/bench/r{teams}/", times)
        pages[f"public page, {teams} teams"] = asked(client, f"/ru/bench/r{teams}/", times)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"pages": pages, "cookie": {"name": settings.SESSION_COOKIE_NAME, "value": cookie}}


def make_teams(city: Any, coach: Any, teams: int) -> None:
    """A round in its sessions whose teams are at different places."""
    from datetime import timedelta

    from django.utils import timezone
    from tests import factories
    from tests.coaching import rooms

    from qatysu.coaching.commands.course import lay_out
    from qatysu.coaching.course_files import default_course
    from qatysu.coaching.models import Remark, Work, Workspace, WorkState
    from qatysu.core.regulation import Role, Stage

    now, rng = timezone.now(), random.Random(teams)
    round_ = factories.fresh(factories.make_round(city, stage=Stage.SESSIONS, slug=f"r{teams}"))
    lay_out(round_=round_, course=default_course(), now=now)
    coaches = [coach, *(factories.make_staff(Role.COACH, city, name=f"Кеңесші {n}") for n in range(1, 6))]
    for number in range(teams):
        room = rooms.make_room(round_, coach=rng.choice([*coaches, None]), title=f"Аула мен саябақ № {number + 1}")
        silent = timedelta(days=rng.choice((0, 1, 2, 4, 9, 15)), hours=rng.randrange(24))
        Workspace.objects.filter(pk=room.pk).update(touched_at=now - silent)
        done = rng.randrange(5)
        for place, work in enumerate(Work.objects.filter(workspace=room).order_by("module__position")):
            open_one = rng.choice((WorkState.OPEN, WorkState.SUBMITTED, WorkState.RETURNED))
            state = WorkState.ACCEPTED if place < done else open_one if place == done else WorkState.OPEN
            handed = now - silent if state == WorkState.SUBMITTED else None
            by = {"decided_at": now - silent, "decided_by": coach} if state in (WorkState.ACCEPTED, WorkState.RETURNED) else {}
            Work.objects.filter(pk=work.pk).update(state=state, submitted_at=handed, **by)
            if state == WorkState.RETURNED:
                Remark.objects.create(work=work, field="", text="Толықтырыңыз.", language="kk", author=coach, at=now - silent)


def asked(client: Any, path: str, times: int) -> dict[str, float]:
    """Queries, median milliseconds of CPU, and bytes of a page."""
    from django.db import connection

    queries: list[str] = []

    def counted(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        return execute(sql, params, many, context)

    client.get(path)
    with connection.execute_wrapper(counted):
        body = client.get(path).content
    spent = []
    for _ in range(times):
        before = time.process_time()
        answer = client.get(path)
        spent.append((time.process_time() - before) * 1000)
        assert answer.status_code == 200, (path, answer.status_code)
    return {
        "path": path, "queries": len(queries), "cpu": statistics.median(spent), "bytes": len(body),
        "sent": len(gzip.compress(body, 6)),
    }  # fmt: skip


def paint(found: dict[str, Any], address: str) -> None:
    """Median first contentful paint, in milliseconds, added to each page."""
    from playwright.sync_api import sync_playwright
    from tests.journeys.conftest import CHROMIUM, FLAGS

    shots = os.environ.get("BENCH_SHOTS", "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
        context.add_cookies([{**found["cookie"], "url": address}])
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for name, row in found["pages"].items():
            seen = []
            for _ in range(TIMES_PAINTED):
                page.goto(row["path"], wait_until="load")
                seen.append(float(page.evaluate(PAINT)))
            row["paint"] = statistics.median(seen)
            if shots:
                page.screenshot(path=f"{shots}/{name.replace(', ', '-').replace(' ', '-')}.png", full_page=True)
        browser.close()


def report(pages: dict[str, dict[str, float]]) -> None:
    """A table, with the ratio of 200 to 20 teams and of the board to the public page."""
    print("| page | queries | CPU, ms | KB | KB sent | first paint, ms (390 px, CPU 4x slower) |\n|---|---|---|---|---|---|")
    for name, row in pages.items():
        print(
            f"| {name} | {row['queries']} | {row['cpu']:.0f} | {row['bytes'] / 1024:.0f} | {row['sent'] / 1024:.1f} "
            f"| {row['paint']:.0f} |"
        )
    few, many = (pages[f"board, {teams} teams"] for teams in SIZES)
    plain = pages[f"public page, {SIZES[-1]} teams"]
    for title, base in (("200 to 20 teams", few), ("board to public page", plain)):
        ratios = {name: many[name] / max(base[name], 1) for name in ("queries", "cpu", "sent", "paint")}
        print(f"\n{title}: " + ", ".join(f"{name} x{ratio:.2f}" for name, ratio in ratios.items()))


if __name__ == "__main__":
    main()
