"""What a draft still needs before it can be submitted. Pure: looks at the proposal and the constitution only."""

from __future__ import annotations

from dataclasses import dataclass

from qatysu.proposals.models import Proposal
from qatysu.rounds.models import Constitution

#: Text fields that each step of the form saves.
STEP_FIELDS: dict[str, tuple[str, ...]] = {
    "what": ("language", "title", "address", "latitude", "longitude"),
    "why": ("problem", "solution", "present_state"),
    "money": ("category_id", "cost_tenge"),
}
STEPS: tuple[str, ...] = ("what", "why", "money", "photos", "team", "check")
SHORTEST_TITLE = 5
SHORTEST_TEXT = 20


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that prevents submission: the step and field to mend, and why."""

    step: str
    field: str
    reason: str


def lacks(proposal: Proposal, constitution: Constitution) -> tuple[Lack, ...]:
    """Everything that still prevents submission, in the order of the form; empty when it is complete."""
    found = []
    if len(proposal.title.strip()) < SHORTEST_TITLE:
        found.append(Lack("what", "title", "title_short" if proposal.title.strip() else "title_needed"))
    if not proposal.address.strip() and proposal.latitude is None:
        found.append(Lack("what", "address", "place_needed"))
    for field in ("problem", "solution"):
        text = getattr(proposal, field).strip()
        if len(text) < SHORTEST_TEXT:
            found.append(Lack("why", field, f"{field}_short" if text else f"{field}_needed"))
    if proposal.category_id is None:
        found.append(Lack("money", "category", "category_needed"))
    elif proposal.category and proposal.category.round_id != proposal.round_id:
        found.append(Lack("money", "category", "category_other_round"))
    found += _money(proposal.cost_tenge, constitution)
    return tuple(found)


def _money(cost: int | None, constitution: Constitution) -> list[Lack]:
    if not cost:
        return [Lack("money", "cost", "cost_needed")]
    if cost > constitution.cap:
        return [Lack("money", "cost", "cost_over_cap")]
    if cost < constitution.min_cost_tenge:
        return [Lack("money", "cost", "cost_under_min")]
    return []
