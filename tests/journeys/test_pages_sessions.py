"""Pages of sessions, of the desk, of the Council and of documents: accessible and narrow, for teams on phones and for the Centre."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import second_factor, sign_in
from tests.journeys.test_pages import links_below, look

pytestmark = pytest.mark.journey
ROUND = "rudny/2026"
#: A project of the demonstration whose passport is public.
PUBLIC = (
    "rudny/help/", "rudny/2025/projects/1/passport/", "khromtau/2020/projects/1/passport/", "khromtau/2020/council/",
    "khromtau/2020/council/protocols/2/", "khromtau/2020/documents/", "khromtau/2020/documents/selection/", "khromtau/2020/powers/",
    "aksu/2026/documents/selection/1/",
)
LOOKS = (("kk", "light"), ("ru", "dark"), ("kk", "dark"), ("ru", "light"))


def looked(page: Page, paths: list[str]) -> dict[str, list[str]]:
    """Faults of the pages, by turns in Kazakh and Russian, light and dark."""
    found: dict[str, list[str]] = {}
    for path, (language, theme) in zip(paths, cycle(LOOKS), strict=False):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        found |= look(page, [path.replace("/en/", f"/{language}/", 1)])
    return found


def test_public_pages_of_sessions(visit: Callable[..., Page]) -> None:
    found = looked(visit(), [f"/en/{path}" for path in PUBLIC])
    assert not found, found


def test_rooms_of_a_team(visit: Callable[..., Page]) -> None:
    page = visit(width=390)
    sign_in(page, "captain")
    page.goto("/en/cabinet/")
    room = page.locator(f"a[href^='/en/workspace/{ROUND}/']").first.get_attribute("href") or ""
    code = room.removeprefix(f"/en/workspace/{ROUND}/").split("/")[0]
    paths = links_below(page, f"/en/workspace/{ROUND}/{code}/", f"/en/workspace/{ROUND}/{code}/", 14)
    assert len(paths) > 6
    found = looked(page, paths)
    assert not found, found


@pytest.mark.parametrize(
    ("role", "start", "most", "least"),
    [("coach", f"centre/{ROUND}/", 16, 6), ("consultant", f"centre/{ROUND}/course/", 12, 4), ("coach", "desk/", 10, 4),
     ("secretary", "council/khromtau/2020/", 8, 5), ("coordinator", "studio/aksu/2026/documents/", 2, 2)],
)
def test_pages_of_the_centre(visit: Callable[..., Page], role: str, start: str, most: int, least: int) -> None:
    page = visit()
    sign_in(page, role)
    second_factor(page)
    paths = links_below(page, f"/en/{start}", f"/en/{start}", most)
    assert len(paths) >= least, paths
    found = looked(page, paths)
    assert not found, found
