"""What a rule reads and what it answers. Money is ``int`` in minor units of the file; shares are ``Fraction``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

#: Cost by which Pabulib marks a project that was withdrawn after the vote.
WITHDRAWN_COST = 999_999_999


class Kind(StrEnum):
    """Ballot types, as META ``vote_type`` of Pabulib names them."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    ORDINAL = "ordinal"
    SCORING = "scoring"

    @property
    def has_points(self) -> bool:
        """Whether ballots give points, so that the score is another number than the votes."""
        return self not in (Kind.APPROVAL, Kind.CHOOSE_1)


@dataclass(frozen=True, slots=True)
class Project:
    """A project on the ballot. ``paper`` are votes counted on paper, without the ballots themselves."""

    id: str
    cost: int
    name: str = ""
    categories: tuple[str, ...] = ()
    district: str = ""
    paper: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Distinct ballots in compressed rows: ballot ``c`` names ``projects[starts[c]:starts[c + 1]]`` (indices, each once)
    with ``points`` beside them, and ``times[c]`` voters cast it.

    Arrays: ``starts`` int64 (C + 1), ``projects`` int32 (N), ``points`` int64 (N), ``times`` int64 (C).
    """

    starts: NDArray[np.int64]
    projects: NDArray[np.int32]
    points: NDArray[np.int64]
    times: NDArray[np.int64]

    @classmethod
    def build(cls, ballots: Iterable[tuple[Sequence[int], Sequence[int] | None, int]]) -> Profile:
        """From triples (indices of projects, points or None for 1 each, number of voters). Equal ballots need not be joined."""
        starts: list[int] = [0]
        projects: list[int] = []
        points: list[int] = []
        times: list[int] = []
        for indices, values, count in ballots:
            projects.extend(indices)
            points.extend(values if values is not None else [1] * len(indices))
            starts.append(len(projects))
            times.append(count)
        return cls(
            np.asarray(starts, np.int64),
            np.asarray(projects, np.int32),
            np.asarray(points, np.int64),
            np.asarray(times, np.int64),
        )

    @property
    def ballots(self) -> int:
        """Number of ballots cast, empty ones included."""
        return int(self.times.sum())

    @property
    def rows(self) -> NDArray[np.int64]:
        """For each entry of ``projects`` the distinct ballot it stands on, int64 (N)."""
        return np.repeat(np.arange(len(self.times)), np.diff(self.starts))

    def votes(self, count: int) -> tuple[int, ...]:
        """Ballots that name each of the ``count`` projects."""
        return self._sums(count, self.times[self.rows])

    def scores(self, count: int) -> tuple[int, ...]:
        """Sum of points of each of the ``count`` projects."""
        return self._sums(count, self.times[self.rows] * self.points)

    def _sums(self, count: int, weights: NDArray[np.int64]) -> tuple[int, ...]:
        # np.bincount would add in floating point; np.add.at stays in integers.
        sums = np.zeros(count, np.int64)
        np.add.at(sums, self.projects, weights)
        return tuple(int(value) for value in sums)


@dataclass(frozen=True, slots=True)
class Funder:
    """Who pays.

    Empty ``categories`` and ``districts`` mean no restriction; otherwise a project must lie in one of each that is given.
    """

    name: str
    amount: int
    categories: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()

    def pays_for(self, project: Project) -> bool:
        """Whether this funder may pay for ``project``."""
        in_category = not self.categories or not self.categories.isdisjoint(project.categories)
        return in_category and (not self.districts or project.district in self.districts)


@dataclass(frozen=True, slots=True, eq=False)
class Election:
    """Everything that a rule reads. ``budget`` is what may be spent (a reserve is already taken off).

    ``scale`` minor units make one unit of the file's currency (1, 10, 100, ...). ``withdrawn`` maps ids to a reason.
    """

    projects: tuple[Project, ...]
    profile: Profile
    budget: int
    kind: Kind = Kind.APPROVAL
    scale: int = 1
    category_budgets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    district_budgets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    funders: tuple[Funder, ...] = ()
    withdrawn: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def voters(self) -> int:
        """Number of ballots."""
        return self.profile.ballots


class Verdict(StrEnum):
    """What became of a project."""

    FUNDED = "funded"
    EXTRA = "extra"
    NOT_FUNDED = "not_funded"
    WITHDRAWN = "withdrawn"
    UNDECIDED = "undecided"


class Reason(StrEnum):
    """Why. The first is for winners, the last two for what nobody has decided yet."""

    SELECTED = "selected"
    PARTIAL = "partial"  # extra: the money left covered the share that the constitution asks
    OTHER_MONEY = "other_money"  # extra: people decided to pay it from elsewhere
    WITHDRAWN = "withdrawn"
    EXCLUDED = "excluded"  # another of its conflict group was chosen beforehand
    BELOW_THRESHOLD = "below_threshold"
    CONFLICT = "conflict"  # another of its conflict group has won
    DOES_NOT_FIT = "does_not_fit"
    AFTER_STOP = "after_stop"
    NO_SUPPORT = "no_support"  # nobody voted for it
    SUPPORTERS_LACK = "supporters_lack"  # equal shares: its supporters have too little money left
    NOT_IN_BEST_SET = "not_in_best_set"  # welfare
    TIED = "tied"
    BEHIND_TIE = "behind_tie"


class Phase(StrEnum):
    """Part of the computation in which a step was made."""

    BEFORE = "before"
    RULE = "rule"
    COMPLETION = "completion"
    LEFTOVER = "leftover"
    EXTRA = "extra"


@dataclass(frozen=True, slots=True)
class Step:
    """One decision about one project: ``place`` counts from 1 in the order of the steps; money in minor units.

    ``key`` is what the rule compared: votes or points, votes per cost, price (payment per utility), load; None where
    nothing was compared.
    ``missing_votes``: fewest votes (points) more that would have made it win, all else equal, whatever the order of ties;
    with BELOW_THRESHOLD those that lacked to the threshold (fact ``votes_to_win``: to win); 0 when unknown or no cause.
    ``missing_money``: by this much a lower price would have been enough (or its supporters lacked it, with
    SUPPORTERS_LACK); 0 likewise.
    ``facts``: what else the sentence needs: ``limit`` (name of the limit that lacks), ``limit_kind`` (total, category,
    district, funders), ``limit_left``, ``limit_missing``
    (both minor units), ``by`` (id of the project that blocked it), ``supporters``, ``supporters_hold`` (minor units,
    Fraction), ``run`` ...
    """

    project: str
    place: int
    verdict: Verdict
    reason: Reason
    phase: Phase
    left_before: int
    left_after: int
    key: Fraction | None = None
    missing_votes: int = 0
    missing_money: int = 0
    facts: Mapping[str, int | str | Fraction] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Tie:
    """Projects between which the rule had to choose, ids sorted.

    ``settled_by`` is the method that chose: id, cheaper, dearer, decision, or ``none`` for a decisive tie that nobody has
    settled. ``proved`` is False when the search for other outcomes met its bound.
    """

    projects: tuple[str, ...]
    key: Fraction | None
    phase: Phase
    decisive: bool
    settled_by: str
    proved: bool = True


@dataclass(frozen=True, slots=True)
class Tallied:
    """Counts of one project: ``votes`` and ``score`` with paper votes added."""

    votes: int
    score: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Answer of a rule. Ties are a value, not an exception. ``runs`` is the number of repetitions of equal shares; ``notes`` are
    texts for ``hints.note_sentence``.
    """

    rule: str
    params: Mapping[str, str]
    budget: int
    steps: tuple[Step, ...]
    ties: tuple[Tie, ...]
    counts: Mapping[str, Tallied]
    runs: int = 1
    notes: tuple[str, ...] = ()

    @property
    def winners(self) -> tuple[str, ...]:
        """Ids of funded projects in the order of selection."""
        return tuple(step.project for step in self.steps if step.verdict is Verdict.FUNDED)

    @property
    def extra(self) -> tuple[str, ...]:
        """Ids of projects funded apart from the rule."""
        return tuple(step.project for step in self.steps if step.verdict is Verdict.EXTRA)

    @property
    def spent(self) -> int:
        """Cost of the winners, minor units."""
        return sum(s.left_before - s.left_after for s in self.steps if s.verdict is Verdict.FUNDED)

    @property
    def undecided(self) -> tuple[Tie, ...]:
        """Decisive ties that nobody has settled; while there is one, no winners may be declared."""
        return tuple(tie for tie in self.ties if tie.decisive and tie.settled_by == "none")

    def step_of(self, project: str) -> Step:
        """The last step about ``project``: what became of it. Raises KeyError for an unknown id."""
        for step in reversed(self.steps):
            if step.project == project:
                return step
        raise KeyError(project)
