"""A newcomer votes with a one-time code and finds the ballot again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Portal

pytestmark = pytest.mark.journey
ROUND = "/en/khromtau/demo/"


def type_code(page: Page, code: str) -> None:
    page.goto(ROUND + "ballot/")
    page.get_by_label("One-time code").fill(code)
    page.get_by_role("button", name="Open the ballot").click()


def open_ballot(page: Page, code: str) -> None:
    type_code(page, code)
    page.wait_for_url("**/ballot/")


def send_ballot(page: Page, choices: int) -> None:
    for box in page.locator("input[name=choice]").all()[:choices]:
        box.check(force=True)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("heading", name="Check your ballot")).to_be_visible()
    page.get_by_role("button", name="Send the ballot").click()


@pytest.mark.parametrize(("js", "width"), [(True, 1280), (False, 1280), (True, 320)], ids=["desktop", "without script", "phone"])
def test_a_newcomer_votes_with_a_code(visit: Callable[..., Page], portal: Portal, js: bool, width: int) -> None:
    page = visit(js=js, width=width)
    open_ballot(page, portal.codes(1)[0].lower())
    send_ballot(page, 2)
    page.wait_for_url("**/receipt/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Your ballot is (accepted|in the box)"))
    fingerprint = page.locator(".receipt .hash").inner_text().replace(" ", "")
    page.get_by_role("link", name="Check now").click()
    page.wait_for_url("**/verify/**")
    assert fingerprint[:8] in page.locator("main").inner_text().replace(" ", "")


def test_the_same_code_opens_the_same_ballot_again(visit: Callable[..., Page], portal: Portal) -> None:
    code = portal.codes(1)[0]
    first, second = visit(), visit()
    open_ballot(first, code)
    send_ballot(first, 1)
    first.wait_for_url("**/receipt/")
    type_code(second, code)
    second.wait_for_url("**/receipt/")
    second.get_by_role("link", name="Vote again").click()
    expect(second.get_by_text("Your earlier ballot is in the box")).to_be_visible()
    send_ballot(second, 2)
    second.wait_for_url("**/receipt/")
    assert first.locator(".hash").inner_text() != second.locator(".hash").inner_text()


def test_a_wrong_code_opens_nothing(visit: Callable[..., Page]) -> None:
    page = visit()
    type_code(page, "AAAA-BBBB-CCCC")
    expect(page.get_by_role("alert")).to_be_visible()


def test_too_many_choices_are_explained_and_kept(visit: Callable[..., Page], portal: Portal) -> None:
    page = visit(js=False)
    open_ballot(page, portal.codes(1)[0])
    boxes = page.locator("input[name=choice]").all()
    for box in boxes:
        box.check(force=True)
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("input[name=choice]:checked").count() == len(boxes)
