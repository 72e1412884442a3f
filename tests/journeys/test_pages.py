"""Every page in every language: accessible, narrow, fast, and on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import Portal, second_factor, sign_in

pytestmark = pytest.mark.journey
LANGUAGES = ("kk", "ru", "en")
ROUND = ("", "projects/", "projects/{code}/", "results/", "works/", "documents/", "verify/")
PUBLIC = (
    "", "sign-in/", "khromtau/", "aksu/", "rudny/",
    *(f"khromtau/2020/{page}" for page in (*ROUND, "news/")),
    *(f"khromtau/demo/{page}" for page in (*ROUND, "ballot/", "sign-in/", "propose/", "news/")),
    *(f"aksu/2026/{page}" for page in (*ROUND, "propose/", "ballot/")),
    *(f"rudny/2026/{page}" for page in ("", "projects/", "propose/")),
    *(f"rudny/2025/{page}" for page in ("", "projects/", "projects/{code}/", "results/", "documents/")),
    "trust/", "khromtau/demo/verify/?q=1", "no/such/page/", "outbox/",
)
AXE = Axe()
MOST_BYTES = 100_000


def faults(page: Page) -> Iterator[str]:
    """What is wrong with the page that is open: axe's findings, and whether it scrolls sideways at 320 px."""
    for found in AXE.run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        where = [node["target"] for node in found["nodes"][:3]]
        yield f"{found['id']}: {found['help']} at {where}"
    page.set_viewport_size({"width": 320, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        yield f"scrolls sideways by {wide} px: {page.evaluate(WIDEST)}"
    page.set_viewport_size({"width": 1280, "height": 900})
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} headings of the first level"


WIDEST = """() => [...document.querySelectorAll('main *, header *, footer *')]
  .filter(e => e.getBoundingClientRect().right > 321).slice(0, 4).map(e => e.tagName + '.' + e.className)"""


def look(page: Page, paths: list[str]) -> dict[str, list[str]]:
    """Faults by path; an answer of 500 or a redirect away is one."""
    seen: dict[str, list[str]] = {}
    for path in paths:
        answer = page.goto(path)
        found = list(faults(page))
        if answer is None or answer.status >= 500:
            found.append(f"status {answer and answer.status}")
        if found:
            seen[path] = found
    return seen


def first_codes(page: Page) -> dict[str, str]:
    """Code of the first project of each round."""
    rounds = {path.split("projects/")[0] for path in PUBLIC if "{code}" in path}
    answers: dict[str, str] = {}
    for round_ in rounds:
        name = round_.strip("/").replace("/", "-")
        data: Any = page.request.get(f"/api/v1/rounds/{name}/projects").json()
        answers[round_] = data["projects"][0]["code"]
    return answers


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages(visit: Callable[..., Page], language: str) -> None:
    page = visit()
    codes = first_codes(page)
    paths = [f"/{language}/" + path.replace("{code}", codes.get(path.split("projects/")[0], "")) for path in PUBLIC]
    found = look(page, paths)
    assert not found, found


def _shape(path: str) -> str:
    """The path with numbers and tokens as #; the slug of a round (a year) stays."""
    parts = path.split("?")[0].split("/")
    return "/".join("#" if any(ch.isdigit() for ch in part) and len(part) != 4 else part for part in parts)


def links_below(page: Page, start: str, prefix: str, most: int) -> list[str]:
    """Addresses below ``prefix`` that links lead to from ``start``, one for each shape, two clicks deep."""
    waiting, shapes = [start], {}
    while waiting and len(shapes) < most:
        path = waiting.pop(0)
        shape = _shape(path)
        if shape in shapes or any(word in shape for word in ("export", "/files/", ".pdf", ".ics", ".xlsx", ".docx")):
            continue
        answer = page.goto(path)
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            continue
        shapes[shape] = path
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        waiting += [link.split("#")[0] for link in links if link.startswith(prefix) and "sign-out" not in link]
    return list(shapes.values())


@pytest.mark.parametrize("role", ["resident", "captain"])
def test_pages_of_residents(visit: Callable[..., Page], role: str) -> None:
    page = visit()
    sign_in(page, role)
    paths = links_below(page, "/en/cabinet/", "/en/cabinet/", 14)
    assert paths
    found = look(page, [path.replace("/en/", f"/{language}/", 1) for language in LANGUAGES for path in paths])
    assert not found, found


@pytest.mark.parametrize(("role", "languages"), [("coordinator", LANGUAGES), ("coach", ("kk",)), ("secretary", ("ru",))])
def test_pages_of_staff(visit: Callable[..., Page], role: str, languages: tuple[str, ...]) -> None:
    page = visit()
    sign_in(page, role)
    found = look(page, [f"/{language}/sign-in/second-factor/" for language in languages])
    second_factor(page)
    paths = links_below(page, "/en/studio/", "/en/studio/", 20)
    assert len(paths) > 2
    found |= look(page, [path.replace("/en/", f"/{language}/", 1) for language in languages for path in paths])
    assert not found, found


@pytest.mark.parametrize("path", ["/", "/kk/", "/kk/khromtau/demo/", "/kk/khromtau/demo/projects/", "/kk/rudny/2025/results/"])
def test_a_first_visit_is_light(visit: Callable[..., Page], path: str) -> None:
    page = visit(width=390)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[float] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    assert sum(sizes) <= MOST_BYTES, sizes


def test_everything_works_with_the_keyboard(visit: Callable[..., Page], portal: Portal) -> None:
    """The first stop is the link past the header; every stop is visible."""
    page = visit()
    page.goto("/en/khromtau/demo/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(25):
        page.keyboard.press("Tab")
        box = page.evaluate("(() => { const r = document.activeElement.getBoundingClientRect(); return [r.width, r.height] })()")
        assert min(box) > 0, page.evaluate("document.activeElement.outerHTML")
