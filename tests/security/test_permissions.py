"""Who may open what: every address, every role, own and foreign objects (SPEC 1, PEERS)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from tests.security.addresses import Address, all_addresses
from tests.security.conftest import ROLES, World

ANSWERS = {200, 204, 301, 302, 303, 304, 400, 403, 404, 405, 409, 422, 429}
REFUSALS = {301, 302, 303, 400, 403, 404, 405, 409, 422, 429}
_WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
#: Counters that limit abuse may grow with any request; they are no data of anybody.
_COUNTERS = ("identity_ratecount", "ballots_failedcast")


def writes(captured: CaptureQueriesContext) -> list[str]:
    """Statements that changed data, counters of abuse left out."""
    statements = [query["sql"] for query in captured if _WRITE.match(query["sql"])]
    return [sql[:150] for sql in statements if not any(table in sql for table in _COUNTERS)]


def reachable(world: World, known: dict[str, Any]) -> Iterator[tuple[Address, str]]:
    """Every named address with a path that leads to objects of the known round."""
    for address in all_addresses():
        if not address.name:
            continue
        try:
            yield address, reverse(address.name, kwargs=address.arguments_from(known))
        except NoReverseMatch:
            continue


def test_every_address_declares_who_may_open_it() -> None:
    allowed = {"public", "signed_in", "staff", "voter"}
    assert [a.name or str(a.view) for a in all_addresses() if a.access not in allowed] == []


def test_every_address_has_a_name() -> None:
    assert [str(a.view) for a in all_addresses() if not a.name] == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("place", ["voting", "ideas"])
def test_reading_never_fails_and_changes_nothing(world: World, role: str, place: str) -> None:
    browser = world.browser(role)
    faults = []
    for address, path in reachable(world, world.known(getattr(world, place))):
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(path)
        if answer.status_code not in ANSWERS:
            faults.append((address.name, path, answer.status_code))
        if changed := writes(captured):
            faults.append((address.name, path, changed))
    assert not faults, faults


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_post_never_fails(world: World, role: str) -> None:
    browser = world.browser(role)
    faults = []
    for address, path in reachable(world, world.known(world.ideas)):
        if address.name in {"sign_out", "demo_outbox"} or address.name.startswith("sign_out"):
            continue
        answer = browser.post(path, {})
        if answer.status_code not in ANSWERS:
            faults.append((address.name, path, answer.status_code))
    assert not faults, faults


@pytest.mark.parametrize("role", ["visitor", "resident", "other_captain", "unverified_coordinator"])
def test_staff_addresses_refuse_everybody_else(world: World, role: str) -> None:
    browser = world.browser(role)
    faults = []
    for address, path in reachable(world, world.known(world.ideas)):
        if address.access != "staff":
            continue
        for ask in (browser.get, browser.post):
            with CaptureQueriesContext(connection) as captured:
                answer = ask(path)
            if answer.status_code not in REFUSALS or writes(captured):
                faults.append((address.name, ask.__name__, answer.status_code, writes(captured)))
    assert not faults, faults


@pytest.mark.parametrize("role", ["foreign_coordinator", "expert"])
def test_staff_changes_nothing_where_it_has_no_say(world: World, role: str) -> None:
    """A coordinator of Aksu posts at every address of Khromtau; an expert at those of the coordinator."""
    browser = world.browser(role)
    faults = []
    for address, path in reachable(world, world.known(world.ideas)):
        about_round = {name for name, _ in address.arguments} & {"city_slug", "token"}
        if address.access != "staff" or not about_round:
            continue
        with CaptureQueriesContext(connection) as captured:
            answer = browser.post(path, {"reason": "x", "text": "x", "title": "x"})
        # An expert of this city may look at its studio; a stranger gets nothing at all.
        expected = ANSWERS if role == "expert" else REFUSALS
        if answer.status_code not in expected or writes(captured):
            faults.append((address.name, answer.status_code, writes(captured)))
    assert not faults, faults


@pytest.mark.parametrize("role", ["visitor", "resident", "other_captain", "foreign_coordinator"])
def test_a_draft_is_its_authors_alone(world: World, role: str) -> None:
    browser = world.browser(role)
    for address, path in reachable(world, world.known(world.ideas)):
        if "token" not in dict(address.arguments) or address.name == "invitation":
            continue
        answer: Any = browser.get(path)
        assert answer.status_code in REFUSALS, (address.name, answer.status_code)
        assert world.draft.title not in answer.content.decode()


@pytest.mark.parametrize("role", ["visitor", "resident"])
def test_a_hidden_round_looks_absent(world: World, role: str) -> None:
    world.ideas.is_public = False
    world.ideas.save()
    browser = world.browser(role)
    for address, path in reachable(world, world.known(world.ideas)):
        names = dict(address.arguments)
        if address.access == "public" and ("round_slug" in names or "name" in names):
            assert browser.get(path).status_code in {301, 302, 404, 405}, path


def test_a_foreign_page_cannot_post(world: World) -> None:
    """Without a token nothing is accepted, whoever is signed in."""
    browser = Client(enforce_csrf_checks=True)
    browser.raise_request_exception = False
    browser.cookies = world.browser("coordinator").cookies
    for address, path in reachable(world, world.known(world.ideas)):
        with CaptureQueriesContext(connection) as captured:
            answer = browser.post(path, {"x": "1"})
        assert answer.status_code in REFUSALS, (address.name, answer.status_code)
        assert writes(captured) == []
