"""The section VOTES: equal rows are counted before they are taken apart, so that a ballot costs little however often it is cast."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter

import numpy as np

from qatysu.rules.model import Kind, Profile
from qatysu.rules.pb.model import PbError
from qatysu.rules.pb.numbers import MOST_POINT_DIGITS, whole
from qatysu.rules.pb.source import Log, Source, shown

MOST_BALLOTS = 2_000_000
#: Projects on all distinct ballots together.
MOST_ENTRIES = 20_000_000
#: Lines that a note names.
FEW = 3

Cells = tuple[str, str]
UNKNOWN = -1


@dataclass(slots=True)
class Seen:
    """Rows of VOTES: for each distinct (vote, points) how many there are and the line of the first."""

    columns: tuple[str, ...] = ()
    times: dict[Cells, int] = field(default_factory=dict)
    first: dict[Cells, int] = field(default_factory=dict)
    rows: int = 0

    @property
    def has_points(self) -> bool:
        """Whether there is a column of points."""
        return "points" in self.columns


def take(source: Source, log: Log) -> Seen:
    """All rows of VOTES. Raises PbError for repeated voters, wrong numbers of cells and too many ballots."""
    rows = source.section("VOTES")
    columns = header(rows, source, "VOTES", ("voter_id", "vote"))
    seen = Seen(columns)
    voter, vote, width = columns.index("voter_id"), columns.index("vote"), len(columns)
    pick: Callable[[list[str]], Cells] = (
        itemgetter(vote, columns.index("points")) if seen.has_points else (lambda row: (row[vote], ""))
    )
    times, first, voters, count = seen.times, seen.first, set[str](), 0
    for row in rows:
        if len(row) != width:
            row = fitted(row, width, source, log)
        name = row[voter]
        if name in voters or not name:
            _wrong_voter(name, source.line, log)
        voters.add(name)
        cells = pick(row)
        if cells in times:
            times[cells] += 1
        else:
            times[cells] = 1
            first[cells] = source.line
        count += 1
        if count > MOST_BALLOTS:
            raise PbError(f"more than {MOST_BALLOTS:,} ballots", source.line)
    source.finish()
    seen.rows = count
    return seen


def header(rows: Iterator[list[str]], source: Source, section: str, needed: Iterable[str]) -> tuple[str, ...]:
    """Names of the columns of a section. Raises PbError when one is missing or stands twice."""
    names = [name.strip() for name in next(rows, [])]
    while names and not names[-1]:
        names.pop()
    for name in needed:
        if name not in names:
            raise PbError(f"{section} has no column {name}", source.line)
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise PbError(f"{section} has the column {shown(min(twice))} twice", source.line)
    return tuple(names)


def fitted(row: list[str], width: int, source: Source, log: Log) -> list[str]:
    """``row`` with as many cells as the header; empty ones at its end do not matter. Raises PbError for others unless lenient."""
    if len(row) < width or any(row[width:]):
        why = "is a ; inside a text not quoted?" if len(row) > width else "is the file truncated?"
        log.deviate("cells", f"{len(row)} cells where the header has {width}; {why}", source.line)
    return (row + [""] * width)[:width]


def _wrong_voter(name: str, line: int, log: Log) -> None:
    if not name:
        log.deviate("voter_empty", "the voter has no id", line)
    else:
        log.deviate("voter_repeated", f"the voter {shown(name)} has a ballot above already", line)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What META allows on one ballot; None where it says nothing. ``costs`` of projects and sums of cost in minor units."""

    min_length: int | None = None
    max_length: int | None = None
    min_sum_points: int | None = None
    max_sum_points: int | None = None
    min_sum_cost: int | None = None
    max_sum_cost: int | None = None
    costs: Sequence[int] = ()

    def free(self) -> range:
        """Numbers of projects on a ballot that break no bound whatever its projects are; for most elections all that occur."""
        if any(bound is not None for bound in (self.min_sum_points, self.max_sum_points, self.min_sum_cost, self.max_sum_cost)):
            return range(0)
        most = len(self.costs) if self.max_length is None else min(self.max_length, len(self.costs))
        return range(max(1, self.min_length or 0), most + 1)

    def broken(self, names: Sequence[int], points: Sequence[int]) -> Iterator[str]:
        """Names of the bounds that a ballot breaks."""
        yield from _outside("length", len(names), self.min_length, self.max_length)
        if points:
            yield from _outside("sum_points", sum(points), self.min_sum_points, self.max_sum_points)
        if self.min_sum_cost is not None or self.max_sum_cost is not None:
            yield from _outside("sum_cost", sum(self.costs[i] for i in names), self.min_sum_cost, self.max_sum_cost)


def _outside(name: str, value: int, least: int | None, most: int | None) -> Iterator[str]:
    if least is not None and value < least:
        yield f"min_{name}"
    if most is not None and value > most:
        yield f"max_{name}"


#: Places of projects, rising, and their points; none where each gets 1.
Key = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(slots=True)
class Counted:
    """The ballots, and by how much repeated projects raise a count that does not join them: project -> number."""

    profile: Profile
    more_votes: dict[int, int]
    more_score: dict[int, int]


class Counter:
    """Takes distinct rows apart and joins equal ballots."""

    def __init__(self, kind: Kind, index: Mapping[str, int], bounds: Bounds, log: Log) -> None:
        """``index``: project id -> place in the election."""
        self._kind, self._index, self._bounds, self._log = kind, index, bounds, log
        self._free = bounds.free()
        self._joined: dict[Key, int] = {}
        self._kinds: dict[str, list[tuple[int, int]]] = {}  # what ballots have in common: (line, times)
        self._more_votes: dict[int, int] = {}
        self._more_score: dict[int, int] = {}

    def count(self, seen: Seen) -> Counted:
        """Raises PbError for the first ballot that has no meaning (lenient: it is dropped)."""
        entries = 0
        joined, place, approval = self._joined, self._index.get, self._kind is Kind.APPROVAL
        for (vote, points), times in seen.times.items():
            if approval:
                # The usual ballot, of which there is nothing to say, in one go.
                known = [place(name, UNKNOWN) for name in vote.split(",")]
                entries += len(known)
                if len(known) in self._free and UNKNOWN not in known and len(set(known)) == len(known) and entries <= MOST_ENTRIES:
                    key: Key = (tuple(sorted(known)), ())
                    joined[key] = joined.get(key, 0) + times
                    continue
                entries -= len(known)
            line = seen.first[vote, points]
            try:
                names, values = self._ballot(vote, points, line, times)
            except PbError as error:
                if not self._log.lenient:
                    raise
                self._log.note("ballot_dropped", f"the ballot is dropped ({times} like it): {error.what}", line)
                continue
            entries += len(names)
            if entries > MOST_ENTRIES:
                raise PbError(f"more than {MOST_ENTRIES:,} projects on distinct ballots", line)
            self._add(names, values, line, times)
        for kind, places in self._kinds.items():
            self._log.note(kind, _TEXTS[kind] + _others(places), min(places)[0])
        return Counted(self._profile(), self._more_votes, self._more_score)

    def _ballot(self, vote: str, points: str, line: int, times: int) -> tuple[list[int], list[int]]:
        """Places of the named projects, as often as they are named, with their points; none where each gets 1."""
        names = self._projects(vote, line, times)
        kind, complete = self._kind, UNKNOWN not in names
        if kind is Kind.CUMULATIVE or kind is Kind.SCORING:
            values = _numbers(points, line, negative=kind is Kind.SCORING)
            if len(values) != len(names):
                raise PbError(f"{len(values)} points for {len(names)} projects", line)
            values = values if complete else [value for name, value in zip(names, values, strict=True) if name != UNKNOWN]
        names = names if complete else [name for name in names if name != UNKNOWN]
        if kind is Kind.APPROVAL:
            return names, []
        if kind is Kind.CHOOSE_1:
            if len(set(names)) != 1:
                raise PbError(f"a choose-1 ballot names one project, this one {len(set(names))}", line)
            return names, []
        if kind is Kind.ORDINAL:
            values = list(range(len(names), 0, -1))
            if points and complete and _numbers(points, line, negative=False) != values:
                right = shown(",".join(map(str, values)))
                raise PbError(f"the points {shown(points)} are not those of the order: {right}", line)
        return names, values

    def _projects(self, vote: str, line: int, times: int) -> list[int]:
        """Places of the named projects, UNKNOWN for those of which PROJECTS has no row."""
        index = self._index
        if not vote.strip():
            return []
        try:
            return [index[name] for name in vote.split(",")]
        except KeyError:
            found = [index.get(name.strip(), UNKNOWN) for name in vote.split(",")]
        if UNKNOWN in found:
            name = vote.split(",")[found.index(UNKNOWN)]
            self._log.deviate("unknown_project", f"the ballot names the unknown project {shown(name.strip())}", line)
        else:
            self._same("spaces", line, times)
        return found

    def _add(self, names: list[int], values: list[int], line: int, times: int) -> None:
        if len(names) not in self._free:
            for broken in self._bounds.broken(names, values):
                self._same(broken, line, times)
            if not names:
                self._same("empty_ballot", line, times)
        if len(set(names)) != len(names):
            self._same("repeated_project", line, times)
            names, values = self._once(names, values, times)
        if values:
            both = sorted(zip(names, values, strict=True))
            key: Key = tuple(name for name, _ in both), tuple(value for _, value in both)
        else:
            key = tuple(sorted(names)), ()
        self._joined[key] = self._joined.get(key, 0) + times

    def _once(self, names: list[int], values: list[int], times: int) -> tuple[list[int], list[int]]:
        """Every project once, with its first points; an ordinal ballot is then as long as it has projects."""
        points: dict[int, int] = {}
        for name, value in zip(names, values or [0] * len(names), strict=True):
            points.setdefault(name, value)
        if self._kind is Kind.ORDINAL:
            points = dict(zip(points, range(len(points), 0, -1), strict=True))
        for name, value in zip(names, values or [0] * len(names), strict=True):
            self._more_votes[name] = self._more_votes.get(name, 0) + times
            self._more_score[name] = self._more_score.get(name, 0) + value * times
        for name, value in points.items():
            self._more_votes[name] -= times
            self._more_score[name] -= value * times
        return list(points), list(points.values()) if values else []

    def _same(self, kind: str, line: int, times: int) -> None:
        self._kinds.setdefault(kind, []).append((line, times))

    def _profile(self) -> Profile:
        if self._kind.has_points:
            return Profile.build((names, points, times) for (names, points), times in self._joined.items())
        lengths = np.fromiter((len(names) for names, _ in self._joined), np.int64, len(self._joined))
        starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
        projects = np.fromiter(chain.from_iterable(names for names, _ in self._joined), np.int32, int(starts[-1]))
        times = np.fromiter(self._joined.values(), np.int64, len(self._joined))
        return Profile(starts, projects, np.ones(len(projects), np.int64), times)


_TEXTS = {
    "spaces": "spaces around the id of a project do not count",
    "repeated_project": "a ballot names a project twice, it counts once",
    "empty_ballot": "a ballot names no project",
    "min_length": "a ballot names fewer projects than min_length",
    "max_length": "a ballot names more projects than max_length",
    "min_sum_points": "a ballot gives fewer points than min_sum_points",
    "max_sum_points": "a ballot gives more points than max_sum_points",
    "min_sum_cost": "a ballot costs less than min_sum_cost",
    "max_sum_cost": "a ballot costs more than max_sum_cost",
}


def _others(places: list[tuple[int, int]]) -> str:
    """Where else, behind the line that a note names: `` (as on lines 9, 12 and 4 more)``; '' for one ballot."""
    lines = sorted(line for line, _ in places)[1 : FEW + 1]
    more = sum(times for _, times in places) - 1 - len(lines)
    if not lines:
        return f" (and {more} more)" if more else ""
    named = ", ".join(map(str, lines))
    return f" (as on {'lines' if len(lines) > 1 else 'line'} {named}{f' and {more} more' if more else ''})"


def _numbers(text: str, line: int, *, negative: bool) -> list[int]:
    if not text.strip():
        return []
    return [whole(part, "a point", line, negative=negative, digits=MOST_POINT_DIGITS) for part in text.split(",")]
