"""An election as plain Python: voters one by one, and what "fits" means by looking for a way to pay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qatysu.rules.model import Election, Project
from qatysu.rules.params import Params

WITHDRAWN_MARK = 999_999_999


@dataclass
class Answer:
    """What the reference says. ``winners`` in order of selection; ``reasons``: for each project the words that are right
    for what became of it; ``ties``: decisive ties as (phase, ids); ``open`` when nobody has settled the last of them.
    ``certain``: when open, the projects that every way to settle the tie would fund in this phase.
    """

    winners: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    reasons: dict[str, set[str]] = field(default_factory=dict)
    ties: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    runs: int = 1
    open: bool = False
    certain: set[str] = field(default_factory=set)


class World:
    """Counts, those who take part, and money."""

    def __init__(self, election: Election, params: Params) -> None:
        self.params, self.scale = params, election.scale
        self.projects: dict[str, Project] = {p.id: p for p in election.projects}
        self.cost = {p.id: p.cost for p in election.projects}
        self.named, self.voters = _voters(election)
        self.budget = election.budget if params.budget is None else int(params.budget * election.scale)
        self.parts = self._parts(election)
        self.funders = [(f.amount, {p.id for p in election.projects if f.pays_for(p)}) for f in election.funders]
        paper = {p.id: p.paper + params.paper.get(p.id, 0) for p in election.projects}
        self.votes = {i: sum(i in ballot for ballot in self.named) + paper[i] for i in self.projects}
        self.score = {i: sum(ballot.get(i, 0) for ballot in self.named) + paper[i] for i in self.projects}
        self.key = self.score if params.key == "score" and election.kind.has_points else self.votes
        self.supporters = {i: [v for v, ballot in enumerate(self.voters) if i in ballot] for i in self.projects}
        self.answer = Answer()
        self.part_paid: dict[str, int] = {}
        self.alive = self._before(election)

    def _parts(self, election: Election) -> list[tuple[str, int, set[str]]]:
        if self.params.parts == "category":
            budgets, parts = election.category_budgets, {p.id: p.categories for p in election.projects}
        elif self.params.parts == "district":
            budgets, parts = election.district_budgets, {p.id: (p.district,) for p in election.projects}
        else:
            return []
        return [(name, money, {i for i, mine in parts.items() if name in mine}) for name, money in budgets.items()]

    def _before(self, election: Election) -> list[str]:
        p, alive = self.params, []
        chosen = {group.winner for group in p.conflicts if group.winner}
        shut = {i for group in p.conflicts if group.winner for i in group.projects if i != group.winner}
        assert chosen <= set(self.projects)
        for i in self.projects:
            above = self.key[i] > p.min_score if p.min_score_op == "gt" else self.key[i] >= p.min_score
            if i in p.withdrawn or i in election.withdrawn or self.cost[i] == WITHDRAWN_MARK * self.scale:
                self.answer.reasons[i] = {"withdrawn"}
            elif i in p.extra:
                self.answer.reasons[i] = {"other_money"}
                self.answer.extra.append(i)
            elif i in shut:
                self.answer.reasons[i] = {"excluded"}
            elif not above:
                self.answer.reasons[i] = {"below_threshold"}
            else:
                alive.append(i)
        return alive

    def conflict(self, i: str, won: Iterable[str]) -> bool:
        """Whether ``i`` may not win beside one of ``won`` (or of those that are funded in part)."""
        groups = [g.projects for g in self.params.conflicts if not g.winner and i in g.projects]
        return any(w != i and w in group for group in groups for w in (*won, *self.part_paid))

    def left(
        self, i: str, won: Sequence[str], in_part: Mapping[str, int] | None = None, *, total: bool = True, parts: bool = True
    ) -> list[tuple[str, int]]:
        """Money that ``i`` could use beside ``won``, of each limit that holds it: (kind or name of the part, amount).

        ``in_part``: what those take that are funded in part.
        """
        paid = {w: self.cost[w] for w in won} | dict(self.part_paid if in_part is None else in_part)
        found = [("total", self.budget - sum(paid.values()))] if total else []
        for name, money, members in self.parts if parts else []:
            if i in members:
                found.append((f"part {name}", money - sum(paid[w] for w in paid if w in members)))
        if self.funders:
            found.append(("funders", most_from_funders(self.funders, paid, i)))
        return found

    def fits(self, i: str, won: Sequence[str], *, total: bool = True, parts: bool = True) -> bool:
        """Whether the cost of ``i`` is at most the money left of every limit."""
        return all(self.cost[i] <= money for _, money in self.left(i, won, total=total, parts=parts))

    def order(self, tied: Iterable[str]) -> list[str] | None:
        """Tied projects as the method wants them; None when it does not say."""
        p = self.params
        if p.tie == "id":
            return sorted(tied)
        if p.tie == "cheaper":
            return sorted(tied, key=lambda i: (self.cost[i], -self.votes[i], i))
        if p.tie == "dearer":
            return sorted(tied, key=lambda i: (-self.cost[i], -self.votes[i], i))
        if p.tie == "decision" and set(tied) <= set(p.tie_decision):
            return [i for i in p.tie_decision if i in set(tied)]
        return None

    def stop_at(self, phase: str, tied: Iterable[str], certain: Iterable[str]) -> None:
        """Nobody has settled a decisive tie: all that is not decided yet stays so."""
        answer = self.answer
        answer.open, answer.certain = True, set(certain)
        for i in self.alive:
            if i not in answer.winners and i not in answer.extra:
                answer.reasons[i] = {"tied"} if i in tied else {"behind_tie"}

    def without_supporters(self) -> None:
        """A tie leaves those open who have supporters."""
        for i in self.alive:
            if not self.supporters[i]:
                self.answer.reasons[i] = {"no_support"}


def _voters(election: Election) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """Ballots one by one: what they name, and what they give more than 0 points."""
    profile, named = election.profile, []
    for c, times in enumerate(profile.times.tolist()):
        start, end = int(profile.starts[c]), int(profile.starts[c + 1])
        entries = zip(profile.projects[start:end].tolist(), profile.points[start:end].tolist(), strict=True)
        ballot = {election.projects[i].id: int(points) for i, points in entries}
        named += [ballot] * times
    return named, [{i: points for i, points in ballot.items() if points > 0} for ballot in named]


def most_from_funders(funders: Sequence[tuple[int, set[str]]], costs: dict[str, int], wanted: str) -> int:
    """The most money that can reach ``wanted`` while each of ``costs`` is paid in full (Ford and Fulkerson).

    Source: L. R. Ford, D. R. Fulkerson, "Maximal Flow through a Network", 1956.
    """
    free = [money for money, _ in funders]
    paid: dict[tuple[int, str], int] = {}

    def way(goal: str, seen: frozenset[str]) -> list[tuple[int, str]] | None:
        """Funders and projects, back from ``goal`` to a funder with free money."""
        for k, (_, may) in enumerate(funders):
            if goal in may and free[k]:
                return [(k, goal)]
        for k, (_, may) in enumerate(funders):
            for other in costs if goal in may else ():
                if other not in seen and paid.get((k, other), 0):
                    rest = way(other, seen | {other})
                    if rest:
                        return [(k, goal), *rest]
        return None

    def push(goal: str, most: int | None) -> int:
        got = 0
        while most is None or got < most:
            path = way(goal, frozenset({goal}))
            if path is None:
                break
            amount = min([free[path[-1][0]], *(paid[path[n][0], path[n + 1][1]] for n in range(len(path) - 1))])
            amount = amount if most is None else min(amount, most - got)
            for n, (k, project) in enumerate(path):
                paid[k, project] = paid.get((k, project), 0) + amount
                if n + 1 < len(path):
                    paid[k, path[n + 1][1]] -= amount
            free[path[-1][0]] -= amount
            got += amount
        return got

    for project, cost in costs.items():
        if push(project, cost) < cost:
            raise AssertionError("winners cannot be paid")
    return push(wanted, None)
