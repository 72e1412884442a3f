"""The rule of the pilot: projects by falling votes, above a threshold, while the money lasts.

Source: regulation on selection, Khromtau 2020, as quoted in the study: "all projects that gathered more than 10 votes, in
falling order of votes until the whole sum is spent". The study does not say whether a project that no longer fits ends
the list or is passed over; ``fit`` must be stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from qatysu.core.errors import Invalid
from qatysu.rules.model import Outcome, Project, Step, Tie, Verdict

Fit = Literal["skip", "stop"]
Op = Literal["gt", "ge"]


@dataclass(frozen=True, slots=True)
class Params:
    """Parameters of the rule; ``order`` are codes in the order people decided for tied projects."""

    threshold: int = 0
    op: Op = "ge"
    fit: Fit = "skip"
    order: tuple[str, ...] = ()

    def passes(self, votes: int) -> bool:
        """Whether ``votes`` meet the threshold."""
        return votes > self.threshold if self.op == "gt" else votes >= self.threshold

    def missing(self, votes: int) -> int:
        """Further votes needed to meet the threshold; 0 when it is met."""
        return max(0, self.threshold + (1 if self.op == "gt" else 0) - votes)


def fund_by_votes(projects: Iterable[Project], *, budget: int, params: Params) -> Outcome:
    """Fund by falling votes, passing over (``skip``) or ending at (``stop``) the first that does not fit.

    Tied projects are ordered by ``params.order`` when it names all of them. A tie that the order decides and that changes
    who wins is reported as decisive; its projects then carry the verdict TIED and no claim of winners may be made.
    Raises Invalid for a negative budget, a cost below 1, negative votes or a repeated code.
    """
    given = tuple(projects)
    _check(given, budget)
    ties: list[Tie] = []
    steps: list[Step] = []
    left, stopped = budget, False
    ranked = sorted(given, key=lambda p: (-p.votes, p.code))
    for votes, run in groupby(ranked, key=lambda p: p.votes):
        group = _in_order(tuple(run), params.order)
        settled = len(group) == 1 or {p.code for p in group} <= set(params.order)
        if len(group) > 1:
            decisive = not settled and params.passes(votes) and not stopped and _order_matters(group, left, params)
            ties.append(Tie(tuple(p.code for p in group), votes, decisive))
            if decisive:
                steps += [_step(p, len(steps) + i, Verdict.TIED, left, left) for i, p in enumerate(group)]
                continue
        for project in group:
            step = _decide(project, len(steps), left, stopped, params)
            stopped = stopped or (step.verdict is Verdict.DOES_NOT_FIT and params.fit == "stop")
            left = step.left_after
            steps.append(step)
    named = {"threshold": str(params.threshold), "op": params.op, "fit": params.fit}
    return Outcome("votes", named, budget, tuple(steps), tuple(ties))


def _check(projects: Sequence[Project], budget: int) -> None:
    if budget < 0:
        raise Invalid("budget_negative")
    if len({p.code for p in projects}) != len(projects):
        raise Invalid("code_repeated")
    if any(p.cost < 1 or p.votes < 0 for p in projects):
        raise Invalid("cost_or_votes")


def _in_order(group: tuple[Project, ...], order: tuple[str, ...]) -> tuple[Project, ...]:
    places = {code: index for index, code in enumerate(order)}
    return tuple(sorted(group, key=lambda p: (places.get(p.code, len(places)), p.code)))


def _step(project: Project, index: int, verdict: Verdict, before: int, after: int) -> Step:
    return Step(project, index + 1, verdict, before, after)


def _decide(project: Project, index: int, left: int, stopped: bool, params: Params) -> Step:
    if not params.passes(project.votes):
        return Step(project, index + 1, Verdict.BELOW_THRESHOLD, left, left, params.missing(project.votes))
    if stopped:
        return _step(project, index, Verdict.AFTER_STOP, left, left)
    if project.cost > left:
        return Step(project, index + 1, Verdict.DOES_NOT_FIT, left, left, 0, project.cost - left)
    return _step(project, index, Verdict.FUNDED, left, left - project.cost)


def _order_matters(group: tuple[Project, ...], left: int, params: Params) -> bool:
    """Whether some order of ``group`` gives other winners or leaves other money than another.

    All fit together: no order matters. Otherwise at least one project is refused. Under ``stop`` the refused one ends the
    list for all that follow; under ``skip`` the set of winners is the same in every order only when each project that is
    ever refused does not fit even alone.
    """
    if sum(p.cost for p in group) <= left:
        return False
    if params.fit == "stop":
        return any(p.cost <= left for p in group)
    fitting = [p for p in group if p.cost <= left]
    return sum(p.cost for p in fitting) > left
