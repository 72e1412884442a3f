"""What the public checker of Pabulib finds wrong in a file, before it is published.

Left out is what is true of many sound elections: projects that nobody voted for, nobody who used the whole ballot, labels and
coordinates that look alike. That the declared rule gives the winners of ``selected`` is the audit of ``qatysu tally``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from qatysu.rules.model import WITHDRAWN_COST, Kind
from qatysu.rules.pb import layout
from qatysu.rules.pb.model import PbFile
from qatysu.rules.pb.source import shown

#: Codes of notes that the checker calls warnings; ``None``: it does not mind. All other notes are errors to it.
_LEVELS: Mapping[str, str | None] = {
    "blank_lines": "warning",
    "min_sum_points": "warning",
    "max_sum_points": "warning",
    "min_sum_cost": "warning",
    "max_sum_cost": "warning",
    "withdrawn": None,
}
_GREEDY = {"greedy": "error", "greedy-threshold": "error", "greedy-exclusive": "warning", "greedy-custom": "warning"}
_POINT_KEYS = ("min_points", "max_points", "min_sum_points", "max_sum_points", "default_score")
_INTEGERS = ("min_length", "max_length", "min_sum_points", "max_sum_points", "min_points", "max_points", "min_project_score_threshold")


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` is stable; ``level`` is error or warning; ``text`` one English line."""

    code: str
    level: str
    text: str


def check(pb: PbFile) -> tuple[Finding, ...]:
    """Everything found, errors first; empty for a file that can be published as it is."""
    found = [*_of_notes(pb), *_of_meta(pb), *_of_dates(pb), *_of_ballot_type(pb), *_of_money(pb), *_of_columns(pb), *_of_parts(pb)]
    return tuple(sorted(found, key=lambda finding: finding.level != "error"))


def _error(code: str, text: str) -> Finding:
    return Finding(code, "error", text)


def _warning(code: str, text: str) -> Finding:
    return Finding(code, "warning", text)


def _of_notes(pb: PbFile) -> Iterator[Finding]:
    for note in pb.notes:
        level = _LEVELS.get(note.code, "error")
        if level:
            yield Finding(note.code, level, str(note))


def _of_meta(pb: PbFile) -> Iterator[Finding]:
    meta, patterns = pb.meta, {"currency": r"[A-Z]{3}", "language": r"[a-z]{2}", "fully_funded": "1", "experimental": "1"}
    yield from _order("META", [key for key in meta if key], layout.META)
    for key, pattern in patterns.items():
        if key in meta and not re.fullmatch(pattern, meta[key]):
            yield _error(key, f"{key} is {shown(meta[key])}")
    for key in _INTEGERS:
        if key in meta and not re.fullmatch(r"-?\d+", meta[key], re.ASCII):
            yield _error("meta_number", f"{key} is not a whole number: {shown(meta[key])}")
    for key, value in meta.items():
        if not value and key not in (*layout.NEEDED, *layout.EXPECTED):
            yield _error("meta_empty", f"{key} in META is empty")
    marks = re.findall(r"#(\d{1,6}):", meta.get("comment", ""))
    if meta.get("comment") and not meta["comment"].startswith("#1: "):
        yield _error("comment", "the comment does not begin with #1: ")
    elif marks != [str(number) for number in range(1, len(marks) + 1)]:
        yield _warning("comment", "the remarks of the comment are not numbered one after another")
    rule = meta.get("rule", "")
    if rule and rule not in layout.RULES:
        yield _error("rule", f"the rule {shown(rule)} is not one of the format")
    if rule == "greedy-threshold" and not meta.get("min_project_score_threshold"):
        yield _error("threshold", "the rule greedy-threshold needs min_project_score_threshold")
    if rule == "greedy" and meta.get("min_project_score_threshold"):
        yield _error("threshold", "min_project_score_threshold goes with the rule greedy-threshold")
    if rule == "greedy-custom" and not meta.get("comment"):
        yield _warning("rule", "the rule greedy-custom needs a comment that explains it")


def _order(section: str, names: list[str], order: tuple[str, ...]) -> Iterator[Finding]:
    known = [name for name in names if name in order]
    if known != sorted(known, key=order.index):
        yield _warning("order", f"{section} is not in the order of the format")
    unknown = [name for name in names if name not in order]
    if unknown:
        yield _error("unknown_name", f"{section} has what the format does not know: {', '.join(map(shown, unknown[:5]))}")


def _of_dates(pb: PbFile) -> Iterator[Finding]:
    days = {}
    for key in ("date_begin", "date_end"):
        text = pb.meta.get(key, "")
        days[key] = _day(text)
        if text and days[key] is None:
            yield _error("date", f"{key} is neither a year nor a day as 31.12.2025: {shown(text)}")
    begin, end = days["date_begin"], days["date_end"]
    if begin and end and begin > end:
        yield _error("date", "date_end is before date_begin")


def _day(text: str) -> date | None:
    match = re.fullmatch(r"(?:(\d{2})\.(\d{2})\.)?(\d{4})", text, re.ASCII)
    try:
        return date(int(match[3]), int(match[2] or 1), int(match[1] or 1)) if match else None
    except ValueError:
        return None


def _of_ballot_type(pb: PbFile) -> Iterator[Finding]:
    meta, kind = pb.meta, pb.election.kind
    longest = meta.get("max_length", "")
    if not kind.has_points:
        for key in _POINT_KEYS:
            if meta.get(key):
                yield _warning("ballot_type", f"{key} does not go with {kind} ballots")
    if kind is Kind.CHOOSE_1:
        for key in ("min_length", "max_length"):
            if meta.get(key, "1") != "1":
                yield _error("ballot_type", f"{key} of choose-1 ballots is 1")
    elif longest == "1" and len(pb.election.projects) > 1:
        yield _warning("ballot_type", "max_length is 1, which is the vote_type choose-1")
    if kind is Kind.CUMULATIVE and not meta.get("max_sum_points"):
        yield _error("ballot_type", "cumulative ballots need max_sum_points")
    if re.fullmatch(r"\d{1,15}", longest, re.ASCII) and int(longest) > len(pb.election.projects):
        yield _error("max_length_high", "max_length is higher than the number of projects")


def _of_money(pb: PbFile) -> Iterator[Finding]:
    election, flag = pb.election, pb.meta.get("fully_funded") == "1"
    mark = WITHDRAWN_COST * election.scale
    costs = {project.id: project.cost for project in election.projects}
    for name, cost in costs.items():
        if cost == mark and pb.selected.get(name):
            yield _error("withdrawn_selected", f"project {shown(name)} is selected, and its cost says that it was withdrawn")
        elif mark != cost > election.budget:
            yield _error("cost_above_budget", f"project {shown(name)} costs more than the whole budget")
    spent = sum(cost for name, cost in costs.items() if pb.selected.get(name) == 1)
    if spent > election.budget:
        yield _error("budget_exceeded", "the selected projects cost more than the budget")
    if flag and sum(costs.values()) > election.budget:
        yield _error("fully_funded", "fully_funded is 1, but the projects together cost more than the budget")
    elif not flag and sum(costs.values()) < election.budget:
        yield _error("fully_funded", "the budget pays for all projects; fully_funded must be 1")
    elif not flag:
        yield from _unused(pb, costs, election.budget - spent)


def _unused(pb: PbFile, costs: Mapping[str, int], left: int) -> Iterator[Finding]:
    """Money left that a rule which passes over what does not fit would have given to a project."""
    level = _GREEDY.get(pb.rule)
    if not pb.selected or level is None:
        return
    profile, size = pb.election.profile, len(costs)
    counts = profile.scores(size) if pb.election.kind.has_points else profile.votes(size)
    least = pb.meta.get("min_project_score_threshold", "")
    threshold = int(least) if re.fullmatch(r"\d{1,15}", least, re.ASCII) else -1
    places = [p for p, name in enumerate(costs) if not pb.selected.get(name) and counts[p] > threshold]
    names, fit = list(costs), []
    for place in sorted(places, key=lambda p: -counts[p]):
        if costs[names[place]] <= left:
            left -= costs[names[place]]
            fit.append(names[place])
    if fit:
        yield Finding("unused_money", level, f"the money left would pay for {', '.join(map(shown, fit[:5]))}")


def _of_columns(pb: PbFile) -> Iterator[Finding]:
    yield from _order("PROJECTS", list(pb.columns), layout.PROJECTS)
    yield from _order("VOTES", list(pb.vote_columns), layout.VOTES)
    if not pb.has_votes_column and not pb.has_score_column:
        yield _warning("no_counts", "PROJECTS has neither votes nor score")
    if not pb.selected:
        yield _warning("no_selected", "PROJECTS has no column selected")
    for name, cells in pb.project_columns.items():
        for column in ("category", "beneficiaries"):
            text = cells.get(column, "")
            if any(part != part.strip() for part in text.split(",")):
                yield _error("spaces_in_list", f"{column} of project {shown(name)} has spaces around a comma")
        if any(text != text.strip() for text in cells.values()):
            yield _error("spaces_in_cell", f"a cell of project {shown(name)} begins or ends with a space")
        if bool(cells.get("latitude", "")) != bool(cells.get("longitude", "")):
            yield _error("coordinates", f"project {shown(name)} has one coordinate without the other")
        if not cells.get("name", "-"):
            yield _error("name_empty", f"project {shown(name)} has no name")


def _of_parts(pb: PbFile) -> Iterator[Finding]:
    for key, column in (("categories", "category"), ("neighborhoods", "neighborhood")):
        if not pb.meta.get(key) or column not in pb.columns:
            continue
        declared = {part.strip() for part in pb.meta[key].split(",")}
        used: set[str] = set()
        for cells in pb.project_columns.values():
            text = cells[column].strip()
            used.update(part.strip() for part in text.split(",") if part.strip()) if key == "categories" else used.add(text)
        used.discard("")
        for text, names in (("not used", declared - used), ("not declared", used - declared)):
            if used and names:
                yield _warning("parts", f"{key} {text}: {', '.join(map(shown, sorted(names)[:5]))}")
