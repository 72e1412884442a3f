"""From an accepted idea to a passport on the wall: a team of three on phones, its coach, an expert."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys import filling
from tests.journeys.conftest import second_factor, sign_in
from tests.papers import reading

pytestmark = pytest.mark.journey
ROUND = "rudny/2026"
MODULES = ("annotation", "visualisation", "technical", "documentation")
#: Where pictures of the journey are put for people who want to look at them.
SHOTS = os.environ.get("QATYSU_TEST_SHOTS", "")


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def send(page: Page, button: str) -> None:
    """Press a button that sends a form, and wait for the answer: going elsewhere meanwhile would drop it."""
    with page.expect_navigation():
        page.locator(button).click()


def idea_of(page: Page) -> str:
    """Where the captain's own page leads to the team of the idea about the library."""
    page.goto("/kk/cabinet/")
    row = page.locator(".people li", has_text="Кітапхана ауласындағы орындықтар")
    return str(row.locator("a[href*='/cabinet/ideas/']").get_attribute("href"))


def code_of(page: Page) -> str:
    found = page.request.get("/api/v1/rounds/rudny-2026/projects").json()["projects"]
    return next(str(row["code"]) for row in found if "орындықтар" in str(row))


def staff(visit: Callable[..., Page], role: str) -> Page:
    page = visit()
    sign_in(page, role)
    second_factor(page)
    return page


def team_of_three(visit: Callable[..., Page]) -> list[Page]:
    """The captain makes a link, two others join by it; all of them hold phones."""
    pages = [visit(width=390) for _ in range(3)]
    for page, role in zip(pages, ("resident", "team_member", "mentor"), strict=True):
        sign_in(page, role, "kk")
    home = idea_of(pages[0])
    pages[0].goto(home)
    send(pages[0], "button[name=act][value=invite]")
    link = pages[0].locator("#link").inner_text().strip()
    for page in pages[1:]:
        page.goto(link)
        send(page, "main form button")
        expect(page.locator("main .people li")).to_have_count(1 + pages.index(page))
    return pages


def write_together(first: Page, second: Page, path: str) -> None:
    """Two open the same field at once: both texts are kept, both are told, one of them settles it."""
    for page in (first, second):
        page.goto(path)
        page.locator("#f-contact_note").wait_for()
    first.locator("#f-contact_note").fill("Кітапхана директорымен сөйлестік.")
    filling.press(first, "save")
    second.locator("#f-contact_note").fill("Әкімдіктің сәулет бөліміне хат жаздық.")
    filling.press(second, "save")
    for page in (second, first):
        page.goto(path)
        expect(page.locator(".clash")).to_contain_text("Кітапхана директорымен")
        expect(page.locator(".clash")).to_contain_text("сәулет бөліміне")
    shot(first, "clash")
    first.locator(".clash details summary").click()
    first.locator(".clash textarea").fill("Кітапхана директорымен сөйлестік, сәулет бөліміне хат жаздық.")
    with first.expect_navigation():
        first.locator(".clash button[value$=':mine']").click()
    expect(first.locator(".clash")).to_have_count(0)
    expect(first.locator("#f-contact_note")).to_have_value("Кітапхана директорымен сөйлестік, сәулет бөліміне хат жаздық.")


def hand_in(page: Page, room: str, module: str) -> None:
    """Hand a saved module in. Success leads to the room; a save still on its way may ask to look once more, as it asks people."""
    for _ in range(3):
        page.goto(f"{room}{module}/")
        filling.press(page, "submit")
        if page.url.endswith(room):
            return
    raise AssertionError(page.locator("main").inner_text()[:2000])


def decide(coach: Page, team: str, module: str, deed: str, remarks: dict[str, str] | None = None) -> None:
    coach.goto(f"/ru/centre/{team}{module}/")
    for field, words in (remarks or {}).items():
        coach.locator(f"#r-{field}").fill(words)
    shot(coach, f"review-{module}-{deed}")
    with coach.expect_navigation():
        coach.locator(f".decide button[value={deed}]").click()


def pdf(page: Page, path: str) -> bytes:
    answer = page.request.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def keep(body: bytes, name: str) -> None:
    if SHOTS:
        with pypdfium2.PdfDocument(body) as document:
            for at in range(len(document)):
                document[at].render(scale=1.3).to_pil().save(Path(SHOTS, f"{name}-{at + 1}.png"))


def look_at_passport(stranger: Page, code: str) -> None:
    """Everybody may read the passport, on the screen and on paper, in both languages."""
    stranger.goto(f"/kk/{ROUND}/projects/{code}/passport/")
    shot(stranger, "passport")
    for language, words in (("kk", "Кітапхана ауласындағы орындықтар"), ("ru", "Скамейки у библиотеки")):
        body = pdf(stranger, f"/{language}/{ROUND}/projects/{code}/passport/{language}.pdf")
        text = reading.text(body)
        assert words in text
        assert "1 623 000" in text
        assert "140" in text
        keep(body, f"passport-{language}")
        keep(pdf(stranger, f"/{language}/{ROUND}/projects/{code}/passport/poster-{language}.pdf"), f"poster-{language}")


@pytest.fixture
def letter(visit: Callable[..., Page]) -> FilePayload:
    """A letter as PDF, printed by the browser of the test."""
    page = visit()
    page.set_content("<h1>Келісеміз</h1><p>Кітапхана ауласындағы орындықтарды күтіп ұстаймыз.</p>")
    return {"name": "hat.pdf", "mimeType": "application/pdf", "buffer": page.pdf()}


def test_from_an_accepted_idea_to_a_passport(visit: Callable[..., Page], letter: FilePayload) -> None:
    captain, olga, timur = team_of_three(visit)
    code = code_of(captain)
    room, team = f"/kk/workspace/{ROUND}/{code}/", f"{ROUND}/teams/{code}/"
    coach = staff(visit, "coach")
    coach.goto(f"/ru/studio/{ROUND}/proposals/{code}/")
    send(coach, "form:has(input[value=session]) button")
    coach.goto(f"/ru/centre/{team}")
    send(coach, "button[name=coach][value=me]")

    for page, module in ((captain, "annotation"), (olga, "visualisation"), (timur, "technical")):
        page.goto(f"{room}{module}/")
        filling.FILL[module](page)
        shot(page, f"module-{module}")
    captain.goto(f"{room}documentation/")
    filling.documentation(captain, letter)
    filling.press(captain, "save")
    write_together(captain, olga, f"{room}documentation/")
    expect(timur.locator("[data-standing=total]")).to_contain_text("1 623 000")

    captain.goto(f"{room}annotation/")
    filling.annotation(captain)
    expect(captain.locator("#f-age_groups-from_60")).to_be_checked()
    filling.press(captain, "save")
    for page, module in ((captain, "annotation"), (olga, "visualisation"), (timur, "technical"), (captain, "documentation")):
        hand_in(page, room, module)
    shot(captain, "room")

    decide(coach, team, "annotation", "return", {"beneficiaries_count": "1200 адам тым көп сияқты: қалай санадыңыздар?"})
    captain.goto(f"{room}annotation/")
    expect(captain.locator("#f-beneficiaries_count-field .msg")).to_contain_text("тым көп")
    shot(captain, "returned")
    captain.locator("#f-beneficiaries_count").fill("140")
    filling.press(captain, "save")
    hand_in(captain, room, "annotation")
    for module in MODULES:
        decide(coach, team, module, "accept")
        if coach.locator("button[value='accept!']").count():
            send(coach, "button[value='accept!']")

    expert = staff(visit, "expert")
    expert.goto(f"/kk/centre/{team}opinion/")
    expert.locator("input[name=verdict]").first.check()
    expert.locator("#text").fill("Орындықтардың бекітпесін тексердім, ескерту жоқ.")
    shot(expert, "expert")
    send(expert, "form.sheet button")
    captain.goto(room)
    expect(captain.locator("main")).to_contain_text("ескерту жоқ")

    coach.goto(f"/ru/centre/{team}")
    shot(coach, "centre-team")
    send(coach, "form[action$='/ready/'] button")
    look_at_passport(visit(width=390), code)
