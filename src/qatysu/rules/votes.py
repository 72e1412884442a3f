"""Rules that walk down a list: by votes, by votes per cost (docs/outcome-rules.md, Rules).

Source: regulation on selection, Khromtau 2020, as quoted in the study: "all projects that gathered more than 10 votes, in
falling order of votes until the whole sum is spent". The study does not say whether a project that no longer fits ends the
list or is passed over: the parameter ``fit`` says it.
"""

from __future__ import annotations

from fractions import Fraction

from qatysu.rules import nearest
from qatysu.rules.frame import Frame, Progress
from qatysu.rules.model import Phase
from qatysu.rules.walk import Walk


def by_votes(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:  # noqa: ARG001
    """Fund by falling votes (score), passing over (``fit=skip``) or ending at (``stop``) the first that does not fit."""
    keys = {p: Fraction(frame.keys[p]) for p in frame.alive}
    walk = Walk(frame, keys, Phase.RULE, stops=frame.params.fit == "stop")
    walk.run()
    nearest.annotate(walk, per_cost=False)
    return 1, ()


def by_density(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:  # noqa: ARG001
    """Fund by falling votes (score) per cost in minor units, passing over what does not fit."""
    keys = {p: Fraction(frame.keys[p], frame.costs[p]) for p in frame.alive}
    walk = Walk(frame, keys, Phase.RULE)
    walk.run()
    nearest.annotate(walk, per_cost=True)
    return 1, ()
