"""The whole program as people meet it: its own server on a demonstration, and a real browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

QATYSU = str(Path(sys.executable).with_name("qatysu"))
CHROMIUM = os.environ.get("QATYSU_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


@dataclass(frozen=True, slots=True)
class Portal:
    """A running demonstration."""

    address: str
    env: dict[str, str]

    def codes(self, count: int) -> list[str]:
        """Fresh voting codes of the round that votes, from the command that operators use."""
        command = [QATYSU, "codes", "khromtau-demo", "--count", str(count)]
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout.split()[1:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server has stopped"
        try:
            urllib.request.urlopen(address + "/readyz", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


@contextmanager
def running(folder: Path) -> Iterator[Portal]:
    """A demonstration of its own in ``folder`` on a free port, as ``./run`` starts it."""
    port = _free_port()
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env = own | {
        "QATYSU_DATA": str(folder), "QATYSU_DEMO": "1", "QATYSU_LOG_LEVEL": "WARNING",
        "QATYSU_ORIGIN": f"http://127.0.0.1:{port}",
    }
    subprocess.run([QATYSU, "demo"], env=env, check=True, capture_output=True)
    server = subprocess.Popen([QATYSU, "serve", "--port", str(port)], env=env)
    try:
        _wait(f"http://127.0.0.1:{port}", server)
        yield Portal(f"http://127.0.0.1:{port}", env)
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The demonstration that all journeys share; none of them closes a stage in it."""
    with running(tmp_path_factory.mktemp("demonstration")) as started:
        yield started


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, portal: Portal) -> Iterator[Callable[..., Page]]:
    """A page in a browser of its own: ``visit(js=False, width=320)``. Requests to other sites and broken CSP fail the test."""
    opened: list[BrowserContext] = []
    strange: list[str] = []

    def make(*, js: bool = True, width: int = 1280, where: Portal = portal) -> Page:
        context = browser.new_context(
            base_url=where.address, java_script_enabled=js, viewport={"width": width, "height": 900}, reduced_motion="reduce"
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on("request", lambda r: _note(strange, r.url, where.address))
        page.on("console", lambda m: strange.append(m.text) if "Content Security Policy" in m.text else None)
        page.on("pageerror", lambda error: strange.append(str(error)))
        return page

    yield make
    for context in opened:
        context.close()
    assert not strange, strange


def _note(strange: list[str], url: str, address: str) -> None:
    if not url.startswith((address, "data:", "blob:")):
        strange.append(url)


def sign_in(page: Page, role: str, language: str = "en") -> None:
    """Sign in as the demonstration's person with this role, second factor included; ends on the cabinet."""
    page.goto(f"/{language}/sign-in/")
    page.locator("#identifier").fill(f"{role}@demo.qatysu.example")
    page.locator("form:has(#identifier) button").click()
    outbox = page.context.new_page()
    outbox.goto(f"/{language}/outbox/")
    letter = outbox.locator("article", has_text=f"{role}@demo.qatysu.example").first.inner_text()
    outbox.close()
    found = re.findall(r"(?<!\d)\d{6}(?!\d)", letter)
    page.locator("#code").fill(found[-1])
    page.locator("form:has(#code) button").click()


def second_factor(page: Page, language: str = "en") -> None:
    """Show the second factor; the demonstration tells what the authenticator would show."""
    page.goto(f"/{language}/sign-in/second-factor/")
    if page.locator("button[name=start]").count():
        page.locator("button[name=start]").click()
    token = page.locator(".notice b.num").first.inner_text()
    page.locator("#token").fill(token)
    page.locator("form:has(#token) button").click()
