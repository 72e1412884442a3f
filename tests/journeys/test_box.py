"""A voter follows the ballot into the box and checks it in the browser, with the pages of the running program."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import QATYSU, Portal
from tests.journeys.test_pages import faults
from tests.journeys.test_voting import open_ballot, send_ballot

pytestmark = pytest.mark.journey
VERIFY = "/en/khromtau/demo/verify/"
SPLIT = """([origin, size]) => { const key = `qatysu-log ${origin}`, kept = JSON.parse(localStorage.getItem(key));
  localStorage.setItem(key, JSON.stringify({ ...kept, ...size })); }"""


def work(portal: Portal) -> None:
    """The worker seals what is due, once. In the demonstration that is a few seconds after the vote."""
    for _ in range(2):
        subprocess.run([QATYSU, "worker", "--once"], env=portal.env, check=True, capture_output=True)


def vote(page: Page, portal: Portal) -> None:
    open_ballot(page, portal.codes(1)[0])
    send_ballot(page, 1)
    page.wait_for_url("**/receipt/")


def save(page: Page, name: str, place: Path) -> Path:
    """The file behind a link."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    waiting.value.save_as(place)
    return place


def ready(page: Page) -> None:
    page.locator("[data-check][data-ready=yes]").wait_for()


def check(page: Page, file: Path | None, text: str = "") -> None:
    page.locator("#rf").set_input_files([str(file)] if file else [])
    page.locator("#rp").fill(text)
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator("[data-check]")).not_to_have_attribute("aria-busy", "true")


@pytest.fixture
def files(visit: Callable[..., Page], portal: Portal, tmp_path: Path) -> tuple[Path, Path]:
    """Promise and receipt of a ballot that was cast just now."""
    page = visit(width=390)
    vote(page, portal)
    state = page.locator("#state")
    promise = save(page, "The promise as a file", tmp_path / "promise.txt")
    assert promise.read_text().startswith("qatysu.org/promise@v1\n")
    expect(state.locator(".is-now b")).to_have_text("Accepted")
    work(portal)
    # Nobody reloads: the page has asked by itself, and asks no more.
    expect(state.locator(".is-now b")).to_have_text("In the box", timeout=30_000)
    assert state.get_attribute("hx-get") is None
    found = list(faults(page))
    assert not found, found
    return promise, save(page, "The receipt as a file", tmp_path / "my.tlog-proof")


def test_receipt_and_promise_are_checked_in_the_browser(visit: Callable[..., Page], files: tuple[Path, Path]) -> None:
    promise, receipt = files
    page = visit()
    page.goto(VERIFY)
    ready(page)
    pin = page.locator("[data-part=pin]")
    expect(pin).to_contain_text("for the first time")
    verdict, heading = page.locator("[data-part=verdict]"), page.locator("[data-part=heading]")
    check(page, receipt)
    expect(heading).to_have_text("The receipt holds: the ballot is in the box")
    expect(verdict).to_be_focused()
    page.get_by_role("button", name="Read the whole box").click()
    expect(heading).to_have_text("The ballot is in the box and counts so far")
    check(page, promise)
    expect(heading).to_have_text("The promise was kept: the ballot is in the box")
    check(page, None, receipt.read_text().rstrip("\n").replace("\n", "\r\n"))
    expect(heading).to_have_text("The receipt holds: the ballot is in the box")
    assert not list(faults(page))
    page.reload()
    ready(page)
    expect(pin).to_contain_text("As at your last visit")


@pytest.mark.parametrize(("language", "word"), [("kk", "Сәйкес келмейді"), ("ru", "Не сходится"), ("en", "This does not hold")])
def test_what_does_not_hold_is_refused_in_the_readers_language(
    visit: Callable[..., Page], files: tuple[Path, Path], language: str, word: str
) -> None:
    page = visit()
    page.goto(VERIFY.replace("/en/", f"/{language}/"))
    ready(page)
    text = files[1].read_text()
    for changed, code in (
        (text.replace("index ", "index 1", 1), "inclusion"), (text.replace("\u2014", "-"), "checkpoint"), ("hello", "proof"),
        (files[0].read_text().replace("by 1", "by 2"), "promise"),
    ):  # fmt: skip
        page.locator("#rp").fill(changed)
        page.locator("[data-check] form button").click()
        expect(page.locator("[data-part=text]")).to_contain_text(f"({code}")
        expect(page.locator("[data-part=heading]")).to_have_text(word)


def test_a_browser_that_has_seen_another_box_says_so_and_gives_the_proof(visit: Callable[..., Page], files: tuple[Path, Path]) -> None:
    page = visit()
    page.goto(VERIFY)
    ready(page)
    origin = page.locator("#vkey").inner_text().partition("+")[0]
    for change, code in (({"size": 10_000_000}, "rollback"), ({"size": 2, "root": "A" * 43 + "="}, "split_view")):
        page.evaluate(SPLIT, [origin, change])
        page.reload()
        ready(page)
        expect(page.get_by_role("alert")).to_contain_text(f"({code}")
        page.locator("[data-part=evidence] summary").click()
        assert page.locator("[data-part=new]").inner_text().startswith(origin)
        page.evaluate("localStorage.clear()")
        page.reload()
        ready(page)


def test_without_javascript_the_search_works_and_the_programs_are_offered(visit: Callable[..., Page]) -> None:
    page = visit(js=False)
    page.goto(VERIFY)
    expect(page.get_by_text("This part needs JavaScript")).to_be_visible()
    page.locator("#q").fill("1")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("heading", name="This ballot is in the box")).to_be_visible()
    for name in ("The whole box", "The checking program", "A page that checks without the internet"):
        assert page.request.get(page.get_by_role("link", name=name).get_attribute("href") or "").ok


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Object.defineProperty(globalThis, 'isSecureContext', { value: false })", "did not come by https"),
        ("crypto.subtle.importKey = () => Promise.reject(new Error('unknown'))", "too old to check signatures"),
    ],
)
def test_a_browser_that_cannot_check_says_what_to_do_instead(visit: Callable[..., Page], script: str, words: str) -> None:
    page = visit()
    page.add_init_script(script)
    page.goto(VERIFY)
    expect(page.locator("[data-cannot]")).to_contain_text(words)
    expect(page.locator("#rf")).to_be_hidden()


def test_the_receipt_page_works_without_javascript(visit: Callable[..., Page], portal: Portal, tmp_path: Path) -> None:
    page = visit(js=False)
    vote(page, portal)
    expect(page.locator("#state .is-now b")).to_have_text("Accepted")
    work(portal)
    page.reload()
    expect(page.locator("#state .is-now b")).to_have_text("In the box")
    save(page, "The receipt as a file", tmp_path / "r")


def test_the_downloaded_box_is_what_the_program_of_the_portal_verifies(portal: Portal) -> None:
    done = subprocess.run(
        [QATYSU, "verify", f"{portal.address}/log/khromtau-demo", "--json"], env=portal.env, capture_output=True, text=True
    )
    assert json.loads(done.stdout)["good"] is True


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_pages_of_the_box_are_accessible_in_the_dark_too(visit: Callable[..., Page], language: str) -> None:
    page = visit()
    page.emulate_media(color_scheme="dark")
    for path in ("trust/", "khromtau/demo/verify/?q=1", "khromtau/demo/verify/?q=ағаш", "khromtau/2020/verify/?q=1"):
        page.goto(f"/{language}/{path}")
        found = list(faults(page))
        assert not found, (path, found)
