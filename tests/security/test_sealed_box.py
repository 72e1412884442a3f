"""While voting is open with a sealed box nothing anywhere tells how a project stands (SPEC 7)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from qatysu.ballots.commands import cast_many
from tests.security.conftest import World
from tests.security.test_permissions import reachable

#: Programs for checking, alone and packed: the same bytes for every round.
PROGRAMS = re.compile(r"/log/[^/]+/(log\.zip|verify\.py)")
#: Votes of the projects: numbers that occur nowhere else.
COUNTS = {"1": 139, "2": 87}
_HREF = re.compile(r'(?:href|action|src|hx-get)="(/[^"#]*)"')


def _numbers(text: str) -> set[str]:
    """Numbers that a reader sees, thousands joined; attributes and scripts included, hashes left out."""
    return set(re.findall(r"(?<![\w.,#-])\d+(?![\w])", text.replace("\u202f", "").replace("\u00a0", " ")))


def crawl(browser: Client, start: list[str], most: int = 400) -> dict[str, str]:
    """Texts of all pages that links lead to, by path."""
    waiting, seen = list(start), {}
    while waiting and len(seen) < most:
        path = waiting.pop(0).replace("&amp;", "&")
        if path in seen or "sign-out" in path or path.startswith("/static/") or PROGRAMS.fullmatch(path):
            continue
        answer = browser.get(path, follow=False)
        body = b"".join(answer) if answer.streaming else answer.content
        seen[path] = body.decode(errors="replace")
        if answer.headers.get("Location", "").startswith("/"):
            waiting.append(answer.headers["Location"])
        waiting += [link for link in _HREF.findall(seen[path]) if link not in seen]
    return seen


@pytest.fixture
def voted(world: World) -> World:
    """139 ballots for the first project, 87 of them for the second too, 11 for the third alone."""
    votes = [(f"account:a{i}", ["1", "2"] if i < COUNTS["2"] else ["1"]) for i in range(COUNTS["1"])]
    cast_many(world.voting, votes + [(f"account:b{i}", ["3"]) for i in range(11)])
    return world


@pytest.mark.parametrize("role", ["visitor", "resident", "expert", "coordinator"])
def test_no_page_tells_how_a_project_stands(voted: World, role: str) -> None:
    browser = voted.browser(role)
    start = [path for _, path in reachable(voted, voted.known(voted.voting))]
    pages = crawl(browser, start)
    assert len(pages) > 8
    told = {str(n) for n in COUNTS.values()}
    assert {path: found for path, text in pages.items() if (found := _numbers(text) & told)} == {}


def test_turnout_is_told(voted: World) -> None:
    data = Client().get(f"/api/v1/rounds/{voted.voting}/turnout").json()
    assert data["voters"] == 150


def test_results_are_absent_before_publication(voted: World) -> None:
    assert Client().get(f"/api/v1/rounds/{voted.voting}/results").status_code == 404
