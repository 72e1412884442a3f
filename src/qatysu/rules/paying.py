"""Who pays for which winner: an exact split that keeps every funder's sum and conditions.

The winners of a rule always fit (``limits`` asks for it), so a split exists; of all splits this one pays a project from one funder
where that can be, and money with conditions before money without.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from qatysu.core.errors import Invalid
from qatysu.rules.model import Funder, Project


def split(winners: Sequence[Project], funders: Sequence[Funder]) -> tuple[tuple[int, ...], ...]:
    """Minor units that each funder pays for each winner: ``result[project][funder]``; every row sums to the project's cost.

    Raises Invalid ``funders_short`` when the funders cannot pay for all of them under their conditions.
    """
    paid = [[0] * len(funders) for _ in winners]
    left = [funder.amount for funder in funders]
    may = [[funder.pays_for(project) for funder in funders] for project in winners]
    for p in sorted(range(len(winners)), key=lambda p: (sum(may[p]), -winners[p].cost, p)):
        _pay_simply(p, winners[p].cost, paid, left, may, funders)
    for p, project in enumerate(winners):
        while (missing := project.cost - sum(paid[p])) > 0:
            if not _move_money(p, missing, paid, left, may):
                raise Invalid("funders_short", project=project.id)
    return tuple(tuple(row) for row in paid)


def _pay_simply(
    p: int, cost: int, paid: list[list[int]], left: list[int], may: list[list[bool]], funders: Sequence[Funder]
) -> None:
    """Pay from the most bound funder that can pay the whole sum, otherwise from all that may, the most bound first."""

    def bound(k: int) -> tuple[bool, int]:
        return not funders[k].categories and not funders[k].districts, k

    able = sorted((k for k in range(len(left)) if may[p][k] and left[k] > 0), key=bound)
    whole = next((k for k in able if left[k] >= cost), None)
    for k in [whole] if whole is not None else able:
        amount = min(cost - sum(paid[p]), left[k])
        paid[p][k] += amount
        left[k] -= amount


def _move_money(p: int, missing: int, paid: list[list[int]], left: list[int], may: list[list[bool]]) -> bool:
    """Find money for project ``p`` along a shortest chain: a funder that may pay for it pays less for another one, which a second
    funder takes over, and so on to a funder with money left. False when there is no such chain.
    """
    came: dict[int, tuple[int, int] | None] = {k: None for k in range(len(left)) if may[p][k]}
    queue = deque(came)
    end = next((k for k in queue if left[k] > 0), None)
    while queue and end is None:
        k = queue.popleft()
        for other, row in enumerate(paid):
            if row[k] == 0:
                continue
            for next_one in range(len(left)):
                if may[other][next_one] and next_one not in came:
                    came[next_one] = (k, other)
                    queue.append(next_one)
                    end = next_one if left[next_one] > 0 and end is None else end
    if end is None:
        return False
    _carry(p, end, _chain(end, came), missing, paid, left)
    return True


def _chain(end: int, came: dict[int, tuple[int, int] | None]) -> list[tuple[int, int, int]]:
    """Steps (funder that pays less, project, funder that takes over) from the project's own funder to ``end``; empty for none."""
    steps = []
    at = end
    while (step := came[at]) is not None:
        steps.append((step[0], step[1], at))
        at = step[0]
    return steps[::-1]


def _carry(p: int, end: int, steps: list[tuple[int, int, int]], missing: int, paid: list[list[int]], left: list[int]) -> None:
    """Move as much as the chain bears: ``end`` pays more, the first funder of the chain pays for ``p``."""
    amount = min([missing, left[end], *(paid[project][less] for less, project, _more in steps)])
    for less, project, more in steps:
        paid[project][less] -= amount
        paid[project][more] += amount
    paid[p][steps[0][0] if steps else end] += amount
    left[end] -= amount
