"""What a rule reads and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Project:
    """A project on the slate: ``cost`` in whole minor units (tenge here), ``votes`` as counted."""

    code: str
    cost: int
    votes: int


class Verdict(StrEnum):
    """What a step decided about a project."""

    FUNDED = "funded"
    BELOW_THRESHOLD = "below_threshold"
    DOES_NOT_FIT = "does_not_fit"
    AFTER_STOP = "after_stop"
    TIED = "tied"


@dataclass(frozen=True, slots=True)
class Step:
    """One decision. ``left_before`` and ``left_after`` are the money left, in the units of cost.

    ``missing_votes`` is the smallest number of further votes that meets the threshold (0 when votes were not the cause);
    ``missing_money`` the smallest sum that would have made the project fit (0 when money was not the cause).
    """

    project: Project
    place: int
    verdict: Verdict
    left_before: int
    left_after: int
    missing_votes: int = 0
    missing_money: int = 0


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects with equal votes. ``decisive`` when their order changes who wins."""

    codes: tuple[str, ...]
    votes: int
    decisive: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """Result of a rule: steps in the order of the list, ties, parameters. Ties are a value, not an exception."""

    rule: str
    params: Mapping[str, str]
    budget: int
    steps: tuple[Step, ...]
    ties: tuple[Tie, ...]

    @property
    def winners(self) -> tuple[str, ...]:
        """Codes of funded projects in the order of selection."""
        return tuple(step.project.code for step in self.steps if step.verdict is Verdict.FUNDED)

    @property
    def spent(self) -> int:
        """Cost of the winners."""
        return sum(step.project.cost for step in self.steps if step.verdict is Verdict.FUNDED)

    @property
    def undecided(self) -> tuple[Tie, ...]:
        """Decisive ties that nobody has settled; while there is one, no winners may be declared."""
        return tuple(tie for tie in self.ties if tie.decisive)
