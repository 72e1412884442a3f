"""A resident turns a thought into a filed proposal, step by step, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.journey
ROUND = "/en/aksu/2026/"


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save and go on").click()


@pytest.mark.parametrize(("js", "width"), [(True, 1280), (False, 360)], ids=["with script", "phone without script"])
def test_a_resident_files_an_idea(visit: Callable[..., Page], js: bool, width: int) -> None:
    page = visit(js=js, width=width)
    sign_in(page, "resident")
    page.goto(ROUND + "propose/")
    page.get_by_role("button", name="Begin", exact=True).click()
    title = f"Light in the yard, {'a' if js else 'b'}"
    page.get_by_label("Name of the idea").fill(title)
    page.get_by_label("Address or place").fill("Auezov Street 12")
    save(page)
    page.locator("[name=problem]").fill("It is dark in the yard from six in the evening, children fall on the stairs every winter.")
    page.locator("[name=solution]").fill("Eight lamps on poles along the path, switched by daylight, and a new railing.")
    save(page)
    page.locator("[name=category]").select_option(index=1)
    page.locator("[name=cost]").fill("1 500 000")
    save(page)
    page.goto(page.url.split("?")[0].rstrip("/").rsplit("/", 1)[0] + "/check/")
    assert page.locator(".lacks").all_inner_texts() == []
    expect(page.get_by_role("heading", level=1)).to_contain_text("Everything is there")
    with page.expect_navigation():
        page.get_by_role("button", name="Submit the proposal").click()
    page.goto(ROUND + "projects/?q=light")
    expect(page.get_by_role("link", name=title)).to_be_visible()


def test_a_draft_survives_leaving(visit: Callable[..., Page]) -> None:
    page = visit()
    sign_in(page, "captain")
    page.goto(ROUND + "propose/")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_label("Name of the idea").fill("A bench by the school")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()
    address = page.url.split("?")[0]
    page.goto("/en/")
    page.goto(address)
    expect(page.get_by_label("Name of the idea")).to_have_value("A bench by the school")
    stranger = visit()
    answer = stranger.goto(address)
    assert answer is not None
    assert "A bench by the school" not in stranger.content()
