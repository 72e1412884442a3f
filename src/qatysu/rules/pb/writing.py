"""Write an election as a ``.pb`` file that the public checker of Pabulib accepts and ``reading`` gives back as it was."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qatysu.rules.model import WITHDRAWN_COST, Election, Funder, Kind
from qatysu.rules.pb import layout
from qatysu.rules.pb.model import PbError
from qatysu.rules.pb.numbers import MOST_DECIMALS, MOST_DIGITS
from qatysu.rules.pb.source import shown

#: Line breaks, other control characters and halves of surrogate pairs: no file can keep them apart from its own.
_UNWRITABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_COMMA = re.compile(r"\s*,\s*")
#: The csv module reads no longer cell.
LONGEST_CELL = 131_072
#: Columns that are made from the election.
_COMPUTED = ("project_id", "cost", "votes", "score", "name", "category", "selected")


def write(
    election: Election,
    *,
    meta: Mapping[str, str],
    selected: Mapping[str, int] | None = None,
    project_columns: Mapping[str, Mapping[str, str]] | None = None,
    ranked: bool = False,
) -> str:
    """The text of the file; save it as UTF-8.

    ``meta``: what the election does not know (description, country, rule, dates, ...); counts, budget, ballot type, budgets of parts
    and ``fully_funded`` are computed and replace what it says of them. ``selected``: project id -> 0..3, those not named 0; None: no
    column. ``project_columns``: project id -> {column: text}, further columns of PROJECTS.
    ``ranked``: rows of PROJECTS in falling order of score (votes), winners first among equals, as files of Pabulib are: its checker
    breaks ties by the order of rows. Otherwise they stand in the order of the election.

    Voters are numbered in an order made from what the ballots hold, so that it tells nothing. Line breaks in texts become spaces and
    a comma in the name of a category or district `` / ``. A withdrawn project gets the cost 999999999; its own cost, votes on paper
    and several funders, for which the format has no place, go into ``comment``.
    Raises PbError for what the format cannot say: ids with commas, points of approval ballots other than 1, ...
    """
    _check_ids(election)
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    rows.writerows(_meta(election, meta).items())
    rows.writerow(["PROJECTS"])
    rows.writerows(_projects(election, selected, project_columns or {}, ranked=ranked))
    rows.writerow(["VOTES"])
    out.writelines(_votes(election))
    return out.getvalue()


def money(amount: int, scale: int, *, full: bool = False) -> str:
    """``amount`` minor units in units, exact; ``full``: with all decimals that the scale has.

    Raises PbError for a scale that is no power of 10, and for more digits than are read.
    """
    decimals = len(str(scale)) - 1
    if amount < 0 or len(str(amount)) > MOST_DIGITS:
        raise PbError(f"the amount {shown(str(amount))} is below 0 or has more than {MOST_DIGITS} digits")
    if scale != 10**decimals or decimals > MOST_DECIMALS:
        raise PbError(f"money in 1/{scale} of a unit cannot be written with decimals")
    units, rest = divmod(amount, scale)
    text = f"{units}.{rest:0{decimals}d}" if decimals else str(units)
    return text if full or not decimals else text.rstrip("0").rstrip(".")


def _clean(text: str) -> str:
    text = _UNWRITABLE.sub(" ", text).strip()
    if len(text) >= LONGEST_CELL:
        raise PbError(f"a text of {len(text):,} characters is too long for a cell")
    return text


def _listable(name: str) -> str:
    """``name`` without commas, which separate the names of a list."""
    return _COMMA.sub(" / ", _clean(name)).strip()


def _check_ids(election: Election) -> None:
    ids = [project.id for project in election.projects]
    for name in ids:
        if not name or "," in name or _clean(name) != name:
            raise PbError(f"the project id {shown(name)} cannot be written")
    if len(set(ids)) != len(ids):
        raise PbError("a project id stands twice")
    if not ids:
        raise PbError("there is no project to write")


# META


def _meta(election: Election, given: Mapping[str, str]) -> dict[str, str]:
    """All keys in canonical order, unknown ones behind."""
    texts = {_clean(key): _clean(value) for key, value in given.items()}
    texts |= {
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.voters),
        "budget": money(election.budget, election.scale, full=True),
        "vote_type": election.kind.value,
        "comment": _comment(texts.get("comment", ""), election),
        "fully_funded": "1" if _all_fit(election) else "",
    }
    for (names, budgets), parts in zip(layout.PARTS, (election.category_budgets, election.district_budgets), strict=True):
        listed = [_listable(name) for name in parts]
        if len(set(listed)) != len(listed) or not all(listed):
            raise PbError(f"{names}: two names are alike, or one is empty")
        texts[budgets] = ",".join(money(amount, election.scale) for amount in parts.values())
        if listed:
            texts[names] = ",".join(listed)
    if election.kind is Kind.CUMULATIVE and not texts.get("max_sum_points"):
        texts["max_sum_points"] = str(max((sum(values) for _, values, _ in _distinct(election)), default=0))
    known = [key for key in layout.META if texts.get(key)]
    return {key: texts[key] for key in (*known, *(key for key in texts if key and texts[key] and key not in layout.META))}


def _all_fit(election: Election) -> bool:
    return not election.withdrawn and sum(project.cost for project in election.projects) <= election.budget


def _comment(given: str, election: Election) -> str:
    """The comment with what the format has no place for, as further numbered remarks."""
    marks = re.findall(r"#(\d{1,6}):", given)
    remarks = [given if marks or not given else f"#1: {given}"]
    number = max(map(int, marks), default=1 if given else 0)
    for text in _remarks(election):
        number += 1
        remarks.append(f"#{number}: {text}")
    return " ".join(filter(None, remarks))


def _remarks(election: Election) -> Iterator[str]:
    for project in election.projects:
        if project.id in election.withdrawn:
            cost = money(project.cost, election.scale)
            why = _clean(election.withdrawn[project.id]).rstrip(".")
            yield f"Project {project.id} was withdrawn{f' ({why})' if why else ''}: its cost {cost} is replaced by {WITHDRAWN_COST}."
    paper = ",".join(f"{project.id}:{project.paper}" for project in election.projects if project.paper)
    if paper:
        yield f"Votes counted on paper are not among the ballots: paper={paper}."
    if election.funders:
        funders = ", ".join(_funder(funder, election.scale) for funder in election.funders)
        yield f"The budget comes from several funders: {funders}."


def _funder(funder: Funder, scale: int) -> str:
    only = sorted(funder.categories) + sorted(funder.districts)
    return f"{_clean(funder.name)} {money(funder.amount, scale)}" + (f" (only for {_clean(', '.join(only))})" if only else "")


# PROJECTS


def _projects(
    election: Election, selected: Mapping[str, int] | None, extra: Mapping[str, Mapping[str, str]], *, ranked: bool
) -> Iterator[list[str]]:
    """Header and rows."""
    computed = {column: list(cells) for column, cells in _computed(election, selected, extra).items()}
    others = dict.fromkeys(column for cells in extra.values() for column in cells if column.strip() and column not in _COMPUTED)
    columns = [c for c in layout.PROJECTS if c in computed or c in others]
    columns += [c for c in others if c not in layout.PROJECTS]
    yield [_clean(column) for column in columns]
    places = list(range(len(election.projects)))
    if ranked:
        size, chosen = len(places), selected or {}
        counts = election.profile.scores(size) if election.kind.has_points else election.profile.votes(size)
        places.sort(key=lambda place: (-counts[place], chosen.get(election.projects[place].id, 0) != 1))
    for place in places:
        own = extra.get(election.projects[place].id, {})
        yield [_clean(computed[c][place] if c in computed else own.get(c, "")) for c in columns]


def _computed(
    election: Election, selected: Mapping[str, int] | None, extra: Mapping[str, Mapping[str, str]]
) -> dict[str, Iterable[str]]:
    """Cells of the columns that are made from the election."""
    projects, size = election.projects, len(election.projects)
    mark = money(WITHDRAWN_COST * election.scale, election.scale)
    found: dict[str, Iterable[str]] = {
        "project_id": (p.id for p in projects),
        "cost": (mark if p.id in election.withdrawn else money(p.cost, election.scale) for p in projects),
        "votes": map(str, election.profile.votes(size)),
    }
    if election.kind.has_points:
        found["score"] = map(str, election.profile.scores(size))
    if any(p.name for p in projects):
        found["name"] = (p.name for p in projects)
    if any(p.categories for p in projects):
        found["category"] = (",".join(map(_listable, p.categories)) for p in projects)
    if selected is not None:
        found["selected"] = (str(selected.get(p.id, 0)) for p in projects)
    if any(p.district for p in projects) or election.district_budgets:
        given = [c for c in layout.PLACES if any(c in cells for cells in extra.values())]
        place = "neighborhood" if election.district_budgets else next(iter(given), "district")
        found[place] = (_listable(p.district) for p in projects)
    return found


# VOTES


def _distinct(election: Election) -> Iterator[tuple[list[int], list[int], int]]:
    """Places of projects, points and number of voters of every distinct ballot."""
    profile = election.profile
    starts, projects, points = profile.starts.tolist(), profile.projects.tolist(), profile.points.tolist()
    for c, times in enumerate(profile.times.tolist()):
        yield projects[starts[c] : starts[c + 1]], points[starts[c] : starts[c + 1]], times


def _votes(election: Election) -> Iterator[str]:
    """Lines of the section, the header first."""
    stated = election.kind in (Kind.CUMULATIVE, Kind.SCORING)
    yield "voter_id;vote;points\n" if stated else "voter_id;vote\n"
    ids = [project.id for project in election.projects]
    found: dict[tuple[str, str], int] = {}
    for names, points, times in _distinct(election):
        cells = _ballot(election.kind, names, points, ids)
        found[cells] = found.get(cells, 0) + times
    voter = 0
    for (vote, given), times in sorted(found.items()):
        line = io.StringIO()
        csv.writer(line, delimiter=";", lineterminator="\n").writerow(["", vote, given] if stated else ["", vote])
        rest = line.getvalue()
        yield from (f"{number}{rest}" for number in range(voter + 1, voter + times + 1))
        voter += times


def _ballot(kind: Kind, names: Sequence[int], points: Sequence[int], ids: Sequence[str]) -> tuple[str, str]:
    """Cells ``vote`` and ``points``: projects with more points first, then in the order of the file. Raises PbError."""
    order = sorted(range(len(names)), key=lambda place: (-points[place], names[place]))
    values = [points[place] for place in order]
    wrong = (
        (kind is Kind.ORDINAL and values != list(range(len(values), 0, -1)))
        or (not kind.has_points and any(value != 1 for value in values))
        or (kind is Kind.CHOOSE_1 and len(values) != 1)
        or (kind is Kind.CUMULATIVE and any(value < 0 for value in values))
    )
    if wrong:
        raise PbError(f"a ballot with the points {shown(','.join(map(str, values)))} cannot be written as {kind}")
    vote = ",".join(ids[names[place]] for place in order)
    return vote, ",".join(map(str, values)) if kind in (Kind.CUMULATIVE, Kind.SCORING) else ""
