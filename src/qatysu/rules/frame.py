"""What every rule starts from: counts, who takes part, conflicts, money; and the trace it writes
(docs/outcome-rules.md, Before any rule).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from qatysu.core.errors import Invalid
from qatysu.rules.limits import Lack, Purse, limits_of
from qatysu.rules.model import WITHDRAWN_COST, Election, Outcome, Phase, Reason, Step, Tallied, Tie, Verdict
from qatysu.rules.params import Params, stated

Fact = int | str | Fraction
#: Called on long computations with (steps done, steps expected or 0 when unknown).
Progress = Callable[[int, int], None]


class Frame:
    """The state of one computation. Projects are named by their index in ``election.projects``.

    ``keys``: votes or score of each project (``params.key``); ``alive``: indices that take part; ``purse``: money left;
    ``groups``: conflicts without a chosen winner; ``won``: indices of winners so far; ``part_paid``: what projects funded
    under ``partial`` take of the money left.
    """

    def __init__(self, election: Election, params: Params) -> None:
        """Raises Invalid when a parameter names an unknown project or does not go with the ballots."""
        self.election, self.params = election, params
        self.projects = election.projects
        self.index = {project.id: i for i, project in enumerate(self.projects)}
        self._check_names()
        self.costs = tuple(project.cost for project in self.projects)
        self.budget = self._budget()
        self.counts = self._counts()
        by_score = params.key == "score" and election.kind.has_points
        self.keys = tuple(c.score if by_score else c.votes for c in self.counts)
        self.purse = Purse(limits_of(election, params, self.budget), self.costs)
        self.groups = [frozenset(self.index[name] for name in group.projects) for group in params.conflicts if not group.winner]
        self.won: list[int] = []
        self.part_paid: dict[int, int] = {}
        self.steps: list[Step] = []
        self.ties: list[Tie] = []
        self._waiting = self._before()
        self.alive = [i for i in range(len(self.projects)) if i not in self._waiting]

    def minor(self, amount: Fraction, name: str) -> int:
        """``amount`` units of the file in minor units. Raises Invalid when it is finer than those."""
        value = amount * self.election.scale
        if value.denominator != 1:
            line = f"parameter {name} is finer than the money of this election (1/{self.election.scale})"
            raise Invalid("param_value", field=name, text=line, name=name)
        return int(value)

    def rivals(self, project: int) -> list[int]:
        """Winners (those funded under ``partial`` too) that ``project`` conflicts with."""
        return [w for w in (*self.won, *self.part_paid) if self.in_conflict(project, w)]

    def rival(self, project: int, won: Iterable[int]) -> int | None:
        """The first of ``won`` that ``project`` conflicts with, if any."""
        return next((w for w in won if self.in_conflict(project, w)), None) if self.groups else None

    def in_conflict(self, a: int, b: int) -> bool:
        """Whether two different projects cannot both win."""
        return a != b and any(a in group and b in group for group in self.groups)

    def ids(self, projects: Iterable[int]) -> tuple[str, ...]:
        """Sorted ids."""
        return tuple(sorted(self.projects[i].id for i in projects))

    def fund(self, project: int, key: Fraction | None, phase: Phase = Phase.RULE, **facts: Fact) -> None:
        """Pay ``project`` and write the step."""
        before = self.purse.left
        self.purse.pay(project)
        self.won.append(project)
        self._write(project, Verdict.FUNDED, Reason.SELECTED, phase, before, self.purse.left, key, 0, 0, facts)

    def refuse(
        self,
        project: int,
        reason: Reason,
        key: Fraction | None = None,
        *,
        phase: Phase = Phase.RULE,
        missing_votes: int = 0,
        missing_money: int = 0,
        lack: Lack | None = None,
        **facts: Fact,
    ) -> None:
        """Write that ``project`` is not funded (or undecided, with TIED and BEHIND_TIE). ``lack`` fills the facts of the limit."""
        verdict = Verdict.UNDECIDED if reason in (Reason.TIED, Reason.BEHIND_TIE) else Verdict.NOT_FUNDED
        if lack is not None:
            facts |= {"limit": lack.limit.name, "limit_kind": lack.limit.kind, "limit_left": lack.left, "limit_missing": lack.missing}
        left = self.purse.left
        self._write(project, verdict, reason, phase, left, left, key, missing_votes, missing_money, facts)

    def add_extra(self, project: int, reason: Reason, key: Fraction | None = None, **facts: Fact) -> None:
        """Write that ``project`` is funded apart from the rule; the rule's money is not touched."""
        left = self.purse.left
        self._write(project, Verdict.EXTRA, reason, Phase.EXTRA, left, left, key, 0, 0, facts)

    def outcome(self, rule: str, given: dict[str, str], *, runs: int = 1, notes: Sequence[str] = ()) -> Outcome:
        """The answer; steps about those who took no part come last. Every project has at least one step."""
        for project, (verdict, reason, missing, facts) in self._waiting.items():
            left, key = self.purse.left, Fraction(self.keys[project])
            self._write(project, verdict, reason, Phase.BEFORE, left, left, key, missing, 0, facts)
        counts = {project.id: self.counts[i] for i, project in enumerate(self.projects)}
        return Outcome(rule, stated(rule, given), self.budget, tuple(self.steps), tuple(self.ties), counts, runs, tuple(notes))

    def below_threshold(self) -> list[int]:
        """Indices of those that take no part because of the threshold."""
        return [i for i, (_, reason, *_) in self._waiting.items() if reason is Reason.BELOW_THRESHOLD]

    def note(self, project: int, **facts: Fact) -> None:
        """Add facts to the step that ``outcome`` will write about a project that takes no part."""
        self._waiting[project][3].update(facts)

    def _write(
        self, project: int, verdict: Verdict, reason: Reason, phase: Phase, before: int, after: int,
        key: Fraction | None, votes: int, money: int, facts: dict[str, Fact],
    ) -> None:
        name = self.projects[project].id
        self.steps.append(Step(name, len(self.steps) + 1, verdict, reason, phase, before, after, key, votes, money, facts))

    def _check_names(self) -> None:
        if len(self.index) != len(self.projects):
            raise Invalid("code_repeated", text="a project id stands twice")
        p = self.params
        named = {
            "withdrawn": p.withdrawn, "extra": p.extra, "tie_decision": p.tie_decision, "paper": tuple(p.paper),
            "conflicts": tuple(name for group in p.conflicts for name in group.projects),
        }
        for field, names in named.items():
            unknown = [name for name in names if name not in self.index]
            if unknown:
                line = f"parameter {field} names the unknown project {unknown[0][:80]!r}"
                raise Invalid("param_value", field=field, text=line, name=field)
        if p.tie == "decision" and not p.tie_decision:
            raise Invalid("param_value", field="tie_decision", text="tie=decision needs tie_decision=ID,ID,...", name="tie_decision")

    def _budget(self) -> int:
        budget = self.election.budget if self.params.budget is None else self.minor(self.params.budget, "budget")
        if budget < 0:
            raise Invalid("budget_negative", text="the budget is negative")
        if any(cost < 1 for cost in self.costs):
            raise Invalid("cost_or_votes", text="a cost is not above 0")
        return budget

    def _counts(self) -> tuple[Tallied, ...]:
        size = len(self.projects)
        votes, scores = self.election.profile.votes(size), self.election.profile.scores(size)
        paper = [p.paper + self.params.paper.get(p.id, 0) for p in self.projects]
        return tuple(Tallied(v + extra, s + extra) for v, s, extra in zip(votes, scores, paper, strict=True))

    def passes(self, key: Fraction | int) -> bool:
        """Whether ``key`` meets the threshold."""
        return key > self.params.min_score if self.params.min_score_op == "gt" else key >= self.params.min_score

    def threshold_lack(self, key: int) -> int:
        """Fewest whole votes (points) more that meet the threshold; 0 when it is met."""
        p = self.params
        least = math.floor(p.min_score) + 1 if p.min_score_op == "gt" else math.ceil(p.min_score)
        return max(0, least - key)

    def _before(self) -> dict[int, tuple[Verdict, Reason, int, dict[str, Fact]]]:
        found: dict[int, tuple[Verdict, Reason, int, dict[str, Fact]]] = {}
        lost = {name: g.winner for g in self.params.conflicts if g.winner for name in g.projects if name != g.winner}
        below = []
        for i, project in enumerate(self.projects):
            mark = "cost" if project.cost == WITHDRAWN_COST * self.election.scale else ""
            why = self.election.withdrawn.get(project.id, mark)
            if project.id in self.election.withdrawn or project.id in self.params.withdrawn or mark:
                found[i] = (Verdict.WITHDRAWN, Reason.WITHDRAWN, 0, {"why": why})
            elif project.id in self.params.extra:
                found[i] = (Verdict.EXTRA, Reason.OTHER_MONEY, 0, {})
            elif project.id in lost:
                found[i] = (Verdict.NOT_FUNDED, Reason.EXCLUDED, 0, {"by": lost[project.id]})
            elif not self.passes(self.keys[i]):
                below.append(i)
        for i in sorted(below, key=lambda i: (-self.keys[i], self.projects[i].id)):
            found[i] = (Verdict.NOT_FUNDED, Reason.BELOW_THRESHOLD, self.threshold_lack(self.keys[i]), {})
        return found
