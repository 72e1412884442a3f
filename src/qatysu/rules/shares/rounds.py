"""Runs of equal shares with more and more money, and where the choices at their ties lead (docs/outcome-rules.md, Rules)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from qatysu.core.errors import Invalid
from qatysu.rules.frame import Frame, Progress
from qatysu.rules.shares.barriers import Barriers
from qatysu.rules.shares.buying import Buying
from qatysu.rules.shares.voters import Voters
from qatysu.rules.ties import in_order, settled_by
from qatysu.rules.variants import Fork, Search, Ways, Winners, chosen_wins, decisive

#: More runs mean that the step was chosen too small for the money of this election.
MOST_RUNS = 200_000
#: Runs beyond the last one that counts, to learn where another choice at a tie would have led.
MOST_BEYOND = 200


@dataclass(frozen=True, slots=True)
class Round:
    """One run: its winners by the method of the constitution, ties, and all that other choices give."""

    winners: Winners
    forks: tuple[Fork, ...]
    ways: Ways


@dataclass(frozen=True, slots=True)
class Met:
    """A tie of run ``run``, weighed."""

    run: int
    fork: Fork
    decisive: bool
    proved: bool
    settled_by: str
    ways: Ways


@dataclass(frozen=True, slots=True)
class Beyond:
    """Where run k and those after it lead: to ``ways``, and to the winners of run k - 1 when ``back`` (it may cost too much)."""

    ways: Ways
    back: bool

    def after(self, before: Winners) -> Ways:
        """All ends when run k - 1 gave ``before``."""
        return Ways(self.ways.sets | {before}, self.ways.whole) if self.back else self.ways


class Rounds:
    """All runs. ``last``: the run whose winners count (by the method), ``count``: runs that were needed to know it."""

    def __init__(self, frame: Frame, progress: Progress | None) -> None:
        """Computes them."""
        self._frame, self._progress = frame, progress
        self.voters = Voters(frame, frame.params.utility)
        count = frame.election.voters
        self._share = Fraction(frame.budget, count) if count else Fraction(0)
        self._step = frame.params.step * frame.election.scale
        self._repeats = frame.params.completion.startswith("add1")
        self._search = Search(lambda tied: in_order(frame, tied))
        self._rounds: list[Round] = []
        self._states: dict[Winners, str] = {}
        self.last, self.count = self._all()
        self._beyond = self._backward()

    def moment(self, run: int, until: int | None = None) -> Buying:
        """Run ``run`` (from 0) by the method, to its end or until it has ``until`` winners."""
        moment = Buying(self._frame, self.voters, self._share + run * self._step)
        self._search.forward(moment, until)
        return moment

    def ties(self) -> list[Met]:
        """Ties of the run that counts, and decisive ones of all runs, in order."""
        met = [one for run in range(self.count) for one in self._ties_of(run)]
        return [one for one in met if one.decisive or one.run == self.last]

    def _ties_of(self, run: int) -> Iterable[Met]:
        for fork in self._rounds[run].forks:
            ends = [self._ends(run, ways) for ways in fork.ways.values()]
            matters, proved = decisive(ends) if ends else (False, True)
            proved = proved or (not self._repeats and chosen_wins(fork.ways))
            by = settled_by(self._frame, fork.tied, decisive=matters)
            yield Met(run, fork, matters, proved, by, Ways.join(ends))

    def _all(self) -> tuple[int, int]:
        counts: tuple[int, int] | None = None
        while True:
            run = len(self._rounds)
            done = self._one(run)
            self._rounds.append(done)
            if counts is None:
                state = self._state(done.winners)
                counts = {"over": (run - 1, run + 1), "end": (run, run + 1), "on": None}[state]
            elsewhere = any(self._state(winners) == "on" for winners in done.ways.sets)
            if counts is not None and (not elsewhere or run >= counts[0] + MOST_BEYOND):
                return counts
            if run >= MOST_RUNS:
                line = f"step is so small that more than {MOST_RUNS} runs would be needed"
                raise Invalid("param_value", field="step", text=line, name="step")

    def _one(self, run: int) -> Round:
        if self._progress is not None:
            self._progress(run, 0)
        moment = Buying(self._frame, self.voters, self._share + run * self._step)
        forks = tuple(self._search.forks(moment))
        winners = frozenset(moment.won)
        last = self._rounds[-1] if self._rounds else None
        if last is not None and last.winners == winners and not forks and not last.forks:
            return last
        first = next((fork for fork in forks if fork.ways), None)
        ways = Ways(frozenset({winners}))
        if first is not None:
            ways = Ways.join([Ways(frozenset({winners})), *first.ways.values()])
        return Round(winners, forks, ways)

    def _state(self, winners: Winners) -> str:
        """``over``: costs too much, the run before wins; ``end``: this one wins; ``on``: once more, with more money."""
        if winners not in self._states:
            self._states[winners] = self._find_state(winners)
        return self._states[winners]

    def _find_state(self, winners: Winners) -> str:
        frame = self._frame
        if not self._repeats:
            return "end"
        left = frame.budget - sum(frame.costs[p] for p in winners)
        if left < 0:
            return "over"
        return "on" if self._could_grow(winners, left) else "end"

    def _could_grow(self, winners: Winners, left: int) -> bool:
        """Whether more money could still buy a project (with add1e: one that fits the budget)."""
        barriers, won = Barriers(self._frame), sorted(winners)
        for project in won:
            barriers.pay(project)
        rest = [p for p in self.voters.by_project if p not in winners and not barriers.bar(p, won)]
        return any(self._frame.params.completion != "add1e" or self._frame.costs[p] <= left for p in rest)

    def _backward(self) -> list[Beyond]:
        found = [Beyond(Ways(frozenset(), False), False)]
        for done in reversed(self._rounds):
            states = {winners: self._state(winners) for winners in done.ways.sets}
            ends = [self._end(winners, states[winners], found[-1]) for winners in done.ways.sets if states[winners] != "over"]
            ways = Ways.join([*ends, Ways(frozenset(), done.ways.whole)])
            found.append(Beyond(ways, "over" in states.values()))
        return found[::-1]

    @staticmethod
    def _end(winners: Winners, state: str, later: Beyond) -> Ways:
        return Ways(frozenset({winners})) if state == "end" else later.after(winners)

    def _ends(self, run: int, ways: Ways) -> Ways:
        """Where it ends when run ``run`` gives one of ``ways``."""
        found = [Ways(frozenset(), ways.whole)]
        for winners in ways.sets:
            state = self._state(winners)
            if state == "over":
                found.append(Ways(frozenset({self._rounds[run - 1].winners})))
            else:
                found.append(self._end(winners, state, self._beyond[run + 1]))
        return Ways.join(found)
