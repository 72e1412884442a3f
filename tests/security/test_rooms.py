"""What a team says stays with the team and the Centre, by whichever address one asks."""

from __future__ import annotations

import pytest

from tests.security.conftest import World
from tests.security.test_permissions import reachable

SECRET = "Жасырын7351"


def leaks(world: World, role: str) -> list[str]:
    """Names of the addresses that show the talk or the tasks of the team to ``role``."""
    browser = world.browser(role)
    pages = ((address.name, browser.get(path)) for address, path in reachable(world, world.known(world.ideas)))
    return [name for name, page in pages if not page.streaming and SECRET in page.content.decode(errors="replace")]


@pytest.mark.parametrize("role", ["visitor", "resident", "expert", "coordinator", "foreign_coordinator", "unverified_coordinator"])
def test_no_address_tells_others_what_a_team_says(world: World, role: str) -> None:
    assert leaks(world, role) == []


@pytest.mark.parametrize(("role", "expected"), [("other_captain", "cabinet"), ("coach", "workspace_talk")])
def test_the_team_and_its_coach_find_it(world: World, role: str, expected: str) -> None:
    found = leaks(world, role)
    assert expected in found
    assert {"workspace_talk", "workspace_tasks"} <= set(found)
