"""The order of tied projects (docs/outcome-rules.md, Ties)."""

from __future__ import annotations

from collections.abc import Iterable

from qatysu.rules.frame import Frame


def in_order(frame: Frame, tied: Iterable[int]) -> list[int]:
    """``tied`` in the order of the method; by id where the method does not settle it."""
    projects, counts = frame.projects, frame.counts
    by_id = sorted(tied, key=lambda i: projects[i].id)
    method = frame.params.tie
    if method == "cheaper":
        return sorted(by_id, key=lambda i: (projects[i].cost, -counts[i].votes))
    if method == "dearer":
        return sorted(by_id, key=lambda i: (-projects[i].cost, -counts[i].votes))
    if method == "decision" and settled(frame, by_id):
        places = {name: place for place, name in enumerate(frame.params.tie_decision)}
        return sorted(by_id, key=lambda i: places[projects[i].id])
    return by_id


def settled(frame: Frame, tied: Iterable[int]) -> bool:
    """Whether the method gives an order for a decisive tie: always, save ``refuse`` and a decision that does not name all of them."""
    if frame.params.tie == "decision":
        return {frame.projects[i].id for i in tied} <= set(frame.params.tie_decision)
    return frame.params.tie != "refuse"


def settled_by(frame: Frame, tied: Iterable[int], *, decisive: bool) -> str:
    """What ``Tie.settled_by`` says."""
    if settled(frame, tied):
        return frame.params.tie
    return "none" if decisive else "id"
