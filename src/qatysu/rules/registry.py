"""Names of rules and what computes them: the one door for the command, the portal and the API."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from qatysu.rules import equal_shares, finishing, phragmen, votes, welfare
from qatysu.rules.frame import Frame, Progress
from qatysu.rules.model import Election, Outcome
from qatysu.rules.params import OWN, parse


class Compute(Protocol):
    """Fills the trace of a frame; returns the number of runs and notes."""

    def __call__(self, frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]: ...


RULES: Mapping[str, Compute] = MappingProxyType(
    {
        "votes": votes.by_votes,
        "density": votes.by_density,
        "equal-shares": equal_shares.compute,
        "phragmen": phragmen.compute,
        "welfare": welfare.compute,
    }
)


def run(election: Election, rule: str, given: Mapping[str, str] | None = None, progress: Progress | None = None) -> Outcome:
    """The outcome of ``rule`` with the parameters ``given`` as texts (defaults otherwise).

    Raises Invalid ("rule_unknown", "param_unknown", "param_value", ...) with ``params["text"]``, one English line.
    """
    texts = dict(given or {})
    frame = Frame(election, parse(rule, texts))
    runs, notes = RULES[rule](frame, progress)
    if frame.params.leftover == "pool":
        finishing.spend_leftover(frame)
    return frame.outcome(rule, texts, runs=runs, notes=notes)


def names() -> tuple[str, ...]:
    """Names of all rules."""
    return tuple(OWN)
