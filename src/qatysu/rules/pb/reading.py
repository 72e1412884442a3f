"""Read a ``.pb`` file: strictly, with the line of what is wrong; or leniently, with a note of what was made of it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from types import MappingProxyType

from qatysu.rules.model import WITHDRAWN_COST, Election, Kind, Project
from qatysu.rules.pb import ballots, layout, numbers
from qatysu.rules.pb.model import PbError, PbFile
from qatysu.rules.pb.numbers import Money
from qatysu.rules.pb.source import LARGEST_FILE, Log, Source, shown

MOST_PROJECTS = 100_000
MOST_KEYS = 10_000


def read(path: str | PathLike[str], *, lenient: bool = False) -> PbFile:
    """The election in the file at ``path``. Raises PbError, and nothing else, for whatever cannot be read."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise PbError(f"{path} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise PbError(f"{shown(str(path))} cannot be read: {error}") from None
    return read_bytes(data, lenient=lenient)


def read_bytes(data: bytes, *, lenient: bool = False) -> PbFile:
    """The election in ``data``. Raises PbError, and nothing else.

    ``lenient`` turns what is wrong, but still has a meaning, into notes: wrong counts and columns, repeated voters; projects that
    do not exist and ballots that say nothing are left out, bytes that are not UTF-8 replaced.
    """
    log = Log(lenient=lenient)
    source = Source(data, log)
    try:
        return _Reader(source, log).file()
    except UnicodeDecodeError:
        raise source.wrong_bytes() from None
    except csv.Error as error:
        raise source.wrong_row(error) from None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of PROJECTS."""

    line: int
    cost: Money
    cells: Mapping[str, str]


class _Reader:
    def __init__(self, source: Source, log: Log) -> None:
        self.source, self.log = source, log
        self.meta: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.rows: dict[str, _Row] = {}
        self.columns: tuple[str, ...] = ()
        self.decimals = 0

    def file(self) -> PbFile:
        """Everything of the file. Raises PbError."""
        self._read_meta()
        kind, budget = self._kind(), self._money("budget", "the budget")
        parts = {name: self._parts(name, key) for name, key in layout.PARTS}
        self._read_projects()
        amounts = [budget, *(row.cost for row in self.rows.values()), *(m for part in parts.values() for m in part.values())]
        self.decimals = max(amount.decimals for amount in amounts)
        if max(amount.minor(self.decimals) for amount in amounts) > numbers.LARGEST_AMOUNT:
            raise PbError("the amounts of money are too large and too fine to be counted together")
        projects = self._projects()
        seen = ballots.take(self.source, self.log)
        self._check_number("num_votes", seen.rows, "ballots")
        if seen.has_points and not kind.has_points:
            self.log.note("unused_points", f"the points of {kind} ballots are not used")
        index = {project.id: place for place, project in enumerate(projects)}
        counted = ballots.Counter(kind, index, self._bounds(projects), self.log).count(seen)
        self._check_columns(counted, kind)
        minor = {name: MappingProxyType({k: m.minor(self.decimals) for k, m in part.items()}) for name, part in parts.items()}
        election = Election(
            projects, counted.profile, budget.minor(self.decimals), kind, 10**self.decimals,
            category_budgets=minor["categories"], district_budgets=minor["neighborhoods"],
        )
        columns = {name: row.cells for name, row in self.rows.items()}
        return PbFile(
            MappingProxyType(self.meta), election, self._selected(), MappingProxyType(columns),
            columns=self.columns, vote_columns=seen.columns, notes=self.log.notes,
        )

    # META

    def _read_meta(self) -> None:
        rows, log = self.source.section("META"), self.log
        for place, row in enumerate(rows):
            line, key = self.source.line, row[0].strip()
            if place == 0 and key.lower() == "key":
                continue
            if place == 0:
                log.note("meta_header", "META does not begin with key;value", line)
            while len(row) > 2 and not row[-1]:
                row.pop()
            if len(row) > 2:
                log.note("meta_cells", f"the value of {shown(key)} has a ; that is not quoted", line)
            value = ";".join(row[1:]).strip()
            if not key or key in self.meta:
                log.deviate("meta_key", f"the key {shown(key)} stands above already" if key else "an empty key", line)
            elif len(self.meta) >= MOST_KEYS:
                raise PbError(f"more than {MOST_KEYS:,} keys in META", line)
            else:
                self.meta[key], self.lines[key] = value, line
        for key in layout.NEEDED:
            if not self.meta.get(key):
                text = f"META has no {key}" if key not in self.meta else f"{key} in META is empty"
                if key in layout.NEEDED[:2]:
                    raise PbError(text, self.lines.get(key, 0))
                log.deviate("meta_missing", text, self.lines.get(key, 0))
        for key in layout.EXPECTED:
            if not self.meta.get(key):
                log.note("meta_missing", f"META has no {key}")

    def _kind(self) -> Kind:
        text = self.meta["vote_type"].strip()
        try:
            return Kind(text)
        except ValueError:
            known = ", ".join(Kind)
            raise PbError(f"the vote_type {shown(text)} is not one of {known}", self.lines["vote_type"]) from None

    def _money(self, key: str, what: str) -> Money:
        return numbers.money(self.meta[key], what, self.lines[key], keep_zeros=key == "budget")

    def _parts(self, names_key: str, budgets_key: str) -> dict[str, Money]:
        """Budgets of categories or of neighbourhoods, by name."""
        if not self.meta.get(budgets_key):
            return {}
        line = self.lines[budgets_key]
        names = _listed(self.meta.get(names_key, ""))
        amounts = [a.strip() for a in self.meta[budgets_key].split(",")]
        if len(names) != len(amounts) or len(set(names)) != len(names):
            self.log.deviate("parts", f"{budgets_key} has {len(amounts)} amounts, {names_key} {len(set(names))} different names", line)
            return {}
        return {n: numbers.money(a, f"the budget of {shown(n)}", line) for n, a in zip(names, amounts, strict=True)}

    def _bounds(self, projects: Sequence[Project]) -> ballots.Bounds:
        found: dict[str, int] = {}
        for key in ("min_length", "max_length", "min_sum_points", "max_sum_points"):
            if self.meta.get(key):
                try:
                    found[key] = numbers.whole(self.meta[key], key, self.lines[key])
                except PbError as error:
                    self.log.note("meta_number", error.what, error.line)
        for key in ("min_sum_cost", "max_sum_cost"):
            if self.meta.get(key):
                try:
                    amount = self._money(key, key)
                except PbError as error:
                    self.log.note("meta_number", error.what, error.line)
                    continue
                if amount.decimals <= self.decimals:
                    found[key] = amount.minor(self.decimals)
        return ballots.Bounds(**found, costs=[project.cost for project in projects])

    # PROJECTS

    def _read_projects(self) -> None:
        source, log = self.source, self.log
        rows = source.section("PROJECTS")
        self.columns = columns = ballots.header(rows, source, "PROJECTS", ("project_id", "cost"))
        name_at, cost_at, width = columns.index("project_id"), columns.index("cost"), len(columns)
        for row in rows:
            line = source.line
            if len(row) != width:
                row = ballots.fitted(row, width, source, log)
            name = row[name_at].strip()
            if not name or "," in name:
                raise PbError(f"a project cannot have the id {shown(name)}", line)
            if name in self.rows:
                raise PbError(f"the project {shown(name)} stands on line {self.rows[name].line} already", line)
            if len(self.rows) >= MOST_PROJECTS:
                raise PbError(f"more than {MOST_PROJECTS:,} projects", line)
            cost = numbers.money(row[cost_at], f"the cost of project {_plain(name)}", line, above_zero=True)
            if cost.digits == WITHDRAWN_COST * 10**cost.decimals:
                log.note("withdrawn", f"project {_plain(name)} costs {WITHDRAWN_COST}: it counts as withdrawn", line)
            self.rows[name] = _Row(line, cost, MappingProxyType(dict(zip(columns, row, strict=True))))
        if not self.rows:
            raise PbError("PROJECTS holds no project")
        self._check_number("num_projects", len(self.rows), "projects")

    def _projects(self) -> tuple[Project, ...]:
        place = next((column for column in layout.PLACES if column in self.columns), "")
        return tuple(
            Project(
                name,
                row.cost.minor(self.decimals),
                row.cells.get("name", "").strip(),
                tuple(dict.fromkeys(_listed(row.cells.get("category", "")))),
                row.cells.get(place, "").strip(),
            )
            for name, row in self.rows.items()
        )

    def _selected(self) -> Mapping[str, int]:
        if "selected" not in self.columns:
            return MappingProxyType({})
        found = {}
        for name, row in self.rows.items():
            text = row.cells["selected"].strip()
            if text not in ("0", "1", "2", "3"):
                self.log.deviate("selected", f"selected of project {_plain(name)} is not 0, 1, 2 or 3: {shown(text)}", row.line)
                text = "0"
            found[name] = int(text)
        return MappingProxyType(found)

    # What the file says twice

    def _check_number(self, key: str, real: int, what: str) -> None:
        if not self.meta.get(key):
            return
        line = self.lines[key]
        try:
            stated = numbers.whole(self.meta[key], key, line)
        except PbError as error:
            self.log.deviate(key, error.what, line)
            return
        if stated != real:
            self.log.deviate(key, f"{key} is {stated}, but the file holds {real} {what}; is it truncated?", line)

    def _check_columns(self, counted: ballots.Counted, kind: Kind) -> None:
        size, profile = len(self.rows), counted.profile
        self._check_column("votes", profile.votes(size), counted.more_votes)
        if kind.has_points:
            self._check_column("score", profile.scores(size), counted.more_score)
        else:
            self._check_column("score", profile.votes(size), counted.more_votes)

    def _check_column(self, column: str, counts: Iterable[int], more: Mapping[int, int]) -> None:
        if column not in self.columns:
            return
        for place, ((name, row), count) in enumerate(zip(self.rows.items(), counts, strict=True)):
            text, what = row.cells[column], f"the {column} of project {_plain(name)}"
            try:
                stated = numbers.whole(text, what, row.line, negative=True)
            except PbError as error:
                self.log.deviate(column, error.what, row.line)
                continue
            if stated not in (count, count + more.get(place, 0)):
                self.log.deviate(column, f"{what}: the file says {stated}, its ballots {count}", row.line)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _plain(name: str) -> str:
    """``name`` for a message: as it is when it is short and harmless, quoted otherwise."""
    return name if name.isprintable() and len(name) <= 60 and " " not in name else shown(name)
