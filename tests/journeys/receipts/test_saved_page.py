"""The page that people save checks a receipt from the disk, without any network."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.receipts.site import MODULES, PROOF, SIZE
from tests.verify.logs import LOG

pytestmark = pytest.mark.journey
TOOL = Path(__file__).resolve().parents[3] / "tools" / "saved_page.py"


@pytest.fixture
def saved(browser: Browser, tmp_path: Path) -> Iterator[Callable[[bytes, str], Page]]:
    copy = tmp_path / "saved.html"
    copy.write_bytes((MODULES / "saved.html").read_bytes())
    context = browser.new_context()
    wrong: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: None if request.url.startswith("file:") else wrong.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def check(data: bytes, key: str) -> Page:
        page.goto(copy.as_uri())
        page.locator("[name=proof]").set_input_files({"name": "my.tlog-proof", "mimeType": "text/plain", "buffer": data})
        page.locator("[name=vkey]").fill(key)
        page.locator("button").click()
        return page

    yield check
    context.close()
    assert wrong == []


def test_the_saved_page_holds_the_module_as_it_is() -> None:
    assert (MODULES / "saved.html").read_text() == runpy.run_path(str(TOOL))["page"](), "run tools/saved_page.py"


def test_a_receipt_is_checked_from_the_disk(saved: Callable[[bytes, str], Page]) -> None:
    page = saved(PROOF.encode(), str(LOG.verifier))
    expect(page.locator("output")).to_have_attribute("data-code", "good")
    expect(page.locator("output")).to_contain_text(f"{LOG.name} | 3 / {SIZE}")
    page = saved(PROOF.encode().replace(b"index 3", b"index 4"), str(LOG.verifier))
    expect(page.locator("output")).to_have_attribute("data-code", "inclusion")
    expect(page.locator("output")).to_contain_text("The receipt is refused.")


def test_the_saved_page_cannot_reach_the_network(browser: Browser) -> None:
    page = browser.new_page()
    page.goto((MODULES / "saved.html").as_uri())
    tried = page.evaluate("""() => new Promise((done) => {
      document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
      fetch("http://127.0.0.1:9/").then(() => done("sent"), () => setTimeout(() => done("nobody forbade it"), 2000)); })""")
    page.close()
    assert tried == "connect-src"
