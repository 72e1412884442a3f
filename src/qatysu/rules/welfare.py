"""Maximum sum of votes (score) within all limits and conflict groups, proved (docs/outcome-rules.md, Rules, Ties)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from qatysu.core.errors import Invalid
from qatysu.rules.frame import Frame, Progress
from qatysu.rules.knapsack import Best, Knapsack, TooHard, Work
from qatysu.rules.model import Phase, Reason, Tie
from qatysu.rules.separate import Separate
from qatysu.rules.ties import in_order, settled_by

#: Partial sets that the search for smallest changes may list in all; what it does not reach stays unknown.
NEAREST_STATES = 3_000_000
#: Projects up to which smallest changes are searched (two searches for each), and projects with votes that the rule takes at all
#: (one search for each). The largest known election has 220.
MOST_NEAREST, MOST_PROJECTS = 500, 3000


def compute(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:
    """Fund the best set; a tie of best sets is settled by the method, or only what all of them hold is funded.

    Raises Invalid("too_hard") when the best set cannot be proved with a bounded search.
    """
    if sum(frame.keys[p] > 0 for p in frame.alive) > MOST_PROJECTS:
        raise Invalid("too_hard", text=f"the rule welfare takes at most {MOST_PROJECTS} projects that have votes")
    try:
        _Welfare(frame, progress).run()
    except TooHard:
        line = "the best set of this election cannot be proved with a bounded search: too many sets are almost equal"
        raise Invalid("too_hard", text=line) from None
    return 1, ()


class _Welfare:
    def __init__(self, frame: Frame, progress: Progress | None) -> None:
        self._frame, self._progress = frame, progress
        self._items = [*frame.alive, *frame.below_threshold()]
        self._place = {p: n for n, p in enumerate(self._items)}
        given = _limits(frame, self._items)
        self._sack, self._whole, self._work = Separate(*given), Knapsack(*given), Work(NEAREST_STATES)
        alive = frozenset(frame.alive)
        self._out = [n for n, p in enumerate(self._items) if p not in alive or frame.keys[p] == 0]

    def run(self) -> None:
        best = self._best()
        assert best is not None  # noqa: S101 (the empty set always is allowed)
        with_it = {}
        rivals = [p for p in self._frame.alive if self._frame.keys[p] > 0 and self._place[p] not in best.items]
        for n, project in enumerate(rivals):
            with_it[project] = self._best(fixed=[self._place[project]], above=best.value - 1)
            self._tell(n, len(rivals))
        ever = {p for p, other in with_it.items() if other is not None}
        won = {self._items[n] for n in best.items}
        tied = self._tied(best, won, ever) if ever else []
        open_tie = False
        if tied:
            by = settled_by(self._frame, tied, decisive=True)
            self._frame.ties.append(Tie(self._frame.ids(tied), Fraction(best.value), Phase.RULE, True, by))
            open_tie = by == "none"
            won = won - set(tied) if open_tie else self._chosen(won - set(tied), in_order(self._frame, tied), best.value)
        self._write(best.value, won, tied if open_tie else [])

    def _best(self, fixed: Sequence[int] = (), banned: Sequence[int] = (), above: int = -1, work: Work | None = None) -> Best | None:
        out = [n for n in (*self._out, *banned) if n not in fixed]
        return self._sack.best(work or Work(), fixed=fixed, banned=out, above=above)

    def _tied(self, best: Best, won: set[int], ever: set[int]) -> list[int]:
        """Those that some best sets hold and others do not."""
        some = [p for p in won if self._best(banned=[self._place[p]], above=best.value - 1) is not None]
        return sorted({*ever, *some}, key=lambda p: self._frame.projects[p].id)

    def _chosen(self, sure: set[int], order: Sequence[int], value: int) -> set[int]:
        """Of the best sets the one with the first of ``order``, of those the one with the second, and so on."""
        won = set(sure)
        for project in order:
            fixed = [self._place[p] for p in (*won, project)]
            if self._best(fixed=fixed, above=value - 1) is not None:
                won.add(project)
        return won

    def _write(self, value: int, won: set[int], tied: Sequence[int]) -> None:
        frame = self._frame
        ranked = sorted(frame.alive, key=lambda p: (-frame.keys[p], frame.projects[p].id))
        whole = frame.purse.copy()
        votes = {p: self._votes_needed(p, value) for p in self._nearest(won, tied)}
        money = {p: self._money_needed(p, value) for p in votes}
        for project in (p for p in ranked if p in won):
            frame.fund(project, Fraction(frame.keys[project]), best=value)
        for project in (p for p in ranked if p not in won):
            key, lack = Fraction(frame.keys[project]), whole.lack(project)
            reason, named = Reason.NOT_IN_BEST_SET, None
            if project in tied:
                reason = Reason.TIED
            elif not key:
                reason = Reason.NO_SUPPORT
            elif lack is not None:
                reason, named = Reason.DOES_NOT_FIT, lack
            more, less = votes.get(project, 0), money.get(project, 0)
            frame.refuse(project, reason, key, missing_votes=more, missing_money=less, lack=named, best=value)
        for project in frame.below_threshold():
            if votes.get(project):
                frame.note(project, votes_to_win=votes[project])

    def _nearest(self, won: set[int], tied: Sequence[int]) -> list[int]:
        """Those for whom a smallest change can be stated: not with an open tie, nor where left-over money has the last word, nor
        among too many projects.
        """
        if tied or self._frame.params.leftover == "pool" or len(self._items) > MOST_NEAREST:
            return []
        return [p for p in self._items if p not in won]

    def _votes_needed(self, project: int, value: int) -> int:
        """Fewest votes more with which every best set holds ``project``; 0 when it does not fit, or when unknown."""
        try:
            best = self._best(fixed=[self._place[project]], work=self._work)
        except TooHard:
            return 0
        lack = self._frame.threshold_lack(self._frame.keys[project])
        return 0 if best is None else max(lack, value - best.value + 1)

    def _money_needed(self, project: int, value: int) -> int:
        """By how much a lower price would have been enough; 0 when none is, or when unknown: several limits of money."""
        frame, place = self._frame, self._place[project]
        if len(frame.purse.limits) > 1 or not frame.passes(frame.keys[project]) or not frame.keys[project]:
            return 0
        try:
            price = self._whole.highest_price(self._work, place, [n for n in self._out if n != place], value)
        except TooHard:
            return 0
        return max(0, frame.costs[project] - price) if price else 0

    def _tell(self, done: int, of: int) -> None:
        if self._progress is not None:
            self._progress(done, of)


def _limits(frame: Frame, items: Sequence[int]) -> tuple[list[int], list[list[int]], list[int]]:
    """Values, weights and caps: limits of money first, then each conflict group as a limit of one project."""
    limits, groups = frame.purse.limits, frame.groups
    weights = [[frame.costs[p] if p in limit.members else 0 for p in items] for limit in limits]
    weights += [[int(p in group) for p in items] for group in groups]
    return [frame.keys[p] for p in items], weights, [limit.amount for limit in limits] + [1] * len(groups)
