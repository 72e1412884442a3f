"""The one door of the reference."""

from __future__ import annotations

from collections.abc import Mapping

from tests.pure.reference.best import welfare
from tests.pure.reference.lists import by_list, pool
from tests.pure.reference.loads import phragmen
from tests.pure.reference.shares import equal_shares
from tests.pure.reference.world import Answer, World

from qatysu.rules.model import Election
from qatysu.rules.params import parse


def run(election: Election, rule: str, given: Mapping[str, str]) -> Answer:
    """What docs/outcome-rules.md says."""
    world = World(election, parse(rule, given))
    if rule in ("votes", "density"):
        by_list(world, density=rule == "density")
    elif rule == "equal-shares":
        equal_shares(world)
    elif rule == "phragmen":
        phragmen(world)
    else:
        welfare(world)
    if world.params.leftover == "pool":
        if world.answer.open:
            keep_open(world)
        else:
            pool(world, "leftover", parts=False)
    for i in world.answer.winners:
        world.answer.reasons[i] = {"selected"}
    return world.answer


def keep_open(world: World) -> None:
    """While a tie is open, what the rule refused is open too if the left-over money could still fund it."""
    for i in world.alive:
        lost = i not in world.answer.winners and not world.answer.reasons[i] & {"tied", "behind_tie"}
        if lost and not world.conflict(i, world.answer.winners) and world.fits(i, world.answer.winners, parts=False):
            world.answer.reasons[i] = {"behind_tie"}
