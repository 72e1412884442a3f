"""What people and programs send that nobody asked for: never a fault of ours, never markup of theirs."""

from __future__ import annotations

import pytest
from django.test import Client

from qatysu.proposals.models import Proposal, State
from tests import factories
from tests.security.conftest import World
from tests.security.test_permissions import ANSWERS, reachable

HOSTILE = (
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% debug %}",
    "'; DROP TABLE ballots_ballot; --",
    "\u202eevil\u202c \u0000".replace("\u0000", ""),
    "Ә" * 3000,
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
)


def _faults(world: World, browser: Client, send: str) -> list[tuple[str, int]]:
    faults = []
    for address, path in reachable(world, world.known(world.ideas)):
        if address.name == "sign_out":
            continue
        answer = _send(browser, path, send)
        if answer not in ANSWERS | {413, 501}:
            faults.append((address.name, answer))
    return faults


def _send(browser: Client, path: str, send: str) -> int:
    form = "application/x-www-form-urlencoded"
    if send == "broken bytes":
        return browser.post(path, b"q=%ff%fe&code=\xff\xfe&choice=%00", content_type=form).status_code
    if send == "nul":
        return browser.post(path, dict.fromkeys(("code", "address", "title", "text", "choice", "reason"), "a\x00b")).status_code
    if send == "nul in query":
        return browser.get(path + "?q=%00&page=%00&next=%00&category=%00&state=%00&sort=%00&prefix=%00").status_code
    if send == "too large":
        return browser.post(path, b"a=" + b"x" * 3_000_000, content_type=form).status_code
    if send == "too many fields":
        return browser.post(path, b"&".join(b"a=1" for _ in range(2000)), content_type=form).status_code
    if send == "other charset":
        return browser.generic("POST", path, "title=Ә".encode("utf-16"), content_type=form + "; charset=utf-16").status_code
    if send == "no multipart":
        return browser.post(path, b"--x\r\nnonsense", content_type="multipart/form-data; boundary=x").status_code
    if send == "json":
        return browser.post(path, b"{", content_type="application/json").status_code
    return browser.generic(send, path).status_code


@pytest.mark.parametrize("role", ["visitor", "coordinator"])
@pytest.mark.parametrize(
    "send",
    [
        "broken bytes", "nul", "nul in query", "too large", "too many fields", "other charset", "no multipart", "json",
        "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "NONSENSE",
    ],
)
def test_nothing_that_is_sent_makes_a_fault(world: World, role: str, send: str) -> None:
    faults = _faults(world, world.browser(role), send)
    assert not faults, faults


QUERIES = ("page=-1", "page=99999999999999999999", "page=x", "sort=x", "category=x", "state=x", "q=" + "a" * 4000, "q=%ff")
PATHS = (
    "/%00/", "/en/%00/", "/en/khromtau/%ff/", "/en//", "/xx/khromtau/", "/en/../etc/passwd", "/api/v1/rounds/%00/turnout",
)


@pytest.mark.parametrize("query", QUERIES, ids=lambda text: text[:24])
def test_strange_queries_of_lists_are_answered(world: World, query: str) -> None:
    browser = world.browser("visitor")
    for address, path in reachable(world, world.known(world.ideas)):
        if address.access == "public":
            assert browser.get(f"{path}?{query}").status_code in ANSWERS, (address.name, query)


@pytest.mark.parametrize("path", PATHS)
def test_strange_paths_are_not_found(db: None, path: str) -> None:
    browser = Client(raise_request_exception=False)
    assert browser.get(path).status_code in {301, 302, 400, 404}


def test_what_people_write_never_becomes_markup(world: World) -> None:
    for text in HOSTILE:
        factories.make_proposal(
            world.ideas, title=text[:160], problem=text, solution=text, address=text[:200], author=world.people["other_captain"]
        )
    world.people["other_captain"].name = HOSTILE[0][:80]
    world.people["other_captain"].save()
    for role in ("visitor", "other_captain", "coach"):
        browser = world.browser(role)
        for address, path in reachable(world, world.known(world.ideas)):
            answer = browser.get(path)
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                continue
            text = answer.content.decode(errors="replace")
            assert "<script>alert" not in text, address.name
            assert "<img src=x" not in text, address.name
            assert "49{% debug" not in text, address.name
        for row in Proposal.objects.filter(round=world.ideas, state=State.SUBMITTED):
            text = browser.get(f"/en/khromtau/ideas/projects/{row.code}/").content.decode()
            assert "<script>alert" not in text
            assert "<img src=x" not in text
