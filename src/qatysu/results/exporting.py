"""A declared round as a ``.pb`` file (pabulib.org/format) and as CSV: what anybody needs to count again.

Only approved or published results leave the house: before, running counts may be sealed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from math import floor
from zoneinfo import ZoneInfo

from qatysu.ballots import queries as ballots
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Stage
from qatysu.results import queries
from qatysu.results.election import election
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.rules.model import Election, Funder
from qatysu.rules.model import Outcome as RuleOutcome
from qatysu.rules.pb import writing
from qatysu.tally.queries import imported

#: Columns of the CSV.
COLUMNS = ("place", "code", "title", "category", "votes", "score", "cost_tenge", "status", "reason", "latitude", "longitude")
#: What an imported round says of itself as its file did.
_OF_FILE = ("description", "country", "unit", "instance", "date_begin", "date_end", "min_length", "max_length", "language", "currency")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
#: Completions of equal shares that META can name.
_COMPLETIONS = {"add1": "equalshares/add1", "none": "equalshares"}


def declared_outcome(round_: Round) -> Outcome:
    """The approved or published outcome. Raises NotFound("results") while there is none."""
    outcome = queries.outcome_of(round_)
    if outcome is None or outcome.state == Outcome.State.PROVISIONAL:
        raise NotFound("results")
    return outcome


def pb_text(round_: Round) -> str:
    """The round as a ``.pb`` file: its ballots in force, numbered in an order that tells nothing, and the winners.

    Raises NotFound before the results are approved, ``rules.pb.model.PbError`` for what the format cannot say.
    """
    outcome = declared_outcome(round_)
    rows = queries.lines(outcome)
    computed = queries.rule_outcome(outcome, rows)
    selected = dict.fromkeys(computed.winners, 1) | dict.fromkeys(computed.extra, 2)
    places = {row.entry.code: (row.entry.proposal.latitude, row.entry.proposal.longitude) for row in rows}
    columns = {
        code: {"latitude": f"{lat:.6f}", "longitude": f"{lon:.6f}"}
        for code, (lat, lon) in places.items()
        if lat is not None and lon is not None
    }
    given = _stated(round_, computed)
    illustrative = round_.is_illustrative or any(row.entry.proposal.is_illustrative for row in rows)
    meta = _meta(round_, computed, illustrative=illustrative)
    source = imported(round_)
    if source is None:
        return writing.write(given, meta=meta, selected=selected, project_columns=columns)
    ids = source.file_ids
    return writing.write(
        _as_in_file(round_, given, ids),
        meta=meta | {name: source.meta[name] for name in _OF_FILE if source.meta.get(name)},
        selected={ids[code]: mark for code, mark in selected.items()},
        project_columns={ids[code]: cells for code, cells in columns.items()},
    )


def _as_in_file(round_: Round, election: Election, ids: Mapping[str, str]) -> Election:
    """An imported election with the ids and the names of categories that its file had."""
    names = {row.slug: row.name_en for row in round_.categories.all()}
    projects = (replace(p, id=ids[p.id], categories=tuple(names[slug] for slug in p.categories)) for p in election.projects)
    budgets = {names[slug]: amount for slug, amount in election.category_budgets.items()}
    return replace(election, projects=tuple(projects), category_budgets=budgets)


def _stated(round_: Round, computed: RuleOutcome) -> Election:
    """The election with the budget that was given out, funders by name, and budgets of parts only where they counted."""
    found = election(round_)
    names = {str(row.position): row.name_en for row in round_.funders.all()}
    return replace(
        found,
        budget=computed.budget,
        category_budgets=found.category_budgets if computed.params.get("parts") == "category" else {},
        funders=tuple(Funder(names.get(f.name, f.name), f.amount, f.categories, f.districts) for f in found.funders),
    )


def _meta(round_: Round, computed: RuleOutcome, *, illustrative: bool) -> dict[str, str]:
    city, slate = round_.city, ballots.slate_of(round_)
    voting = round_.stages.filter(stage=Stage.VOTING).first()
    zone = ZoneInfo(city.time_zone)
    return {
        "description": f"{city.programme_en}: {round_.title_en}, {city.name_en}",
        "country": "Kazakhstan",
        "unit": city.name_en,
        "instance": round_.slug,
        "date_begin": _day(voting.opens_at, zone) if voting else "",
        "date_end": _day(voting.closes_at, zone, last=True) if voting else "",
        "rule": pabulib_rule(computed.rule, computed.params),
        "min_project_score_threshold": _threshold(computed.params),
        "min_length": str(slate.min_choices) if slate else "",
        "max_length": str(slate.max_choices) if slate else "",
        "language": "kk",
        "currency": "KZT",
        "comment": _comment(computed, illustrative=illustrative),
    }


def _day(moment: datetime, zone: ZoneInfo, *, last: bool = False) -> str:
    """``08.11.2020``; for the end of a window [opens, closes) the last day that counted."""
    local = moment.astimezone(zone)
    if last:
        local = datetime.fromtimestamp(moment.timestamp() - 1, zone)
    return f"{local:%d.%m.%Y}"


def pabulib_rule(rule: str, params: Mapping[str, str]) -> str:
    """Pabulib's name of a rule; ``unknown`` where it has none for exactly this one."""
    if rule == "votes":
        if params.get("partial"):
            return "greedy-custom"
        if params.get("conflicts"):
            return "greedy-exclusive"
        if params.get("fit") == "stop":
            return "greedy-no-skip"
        return "greedy-threshold" if _threshold(params) else "greedy"
    if rule == "equal-shares" and params.get("utility") == "cost" and params.get("completion") in _COMPLETIONS:
        return _COMPLETIONS[params["completion"]] + ("-comparison" if params.get("comparison") == "votes" else "")
    return "unknown"


def _threshold(params: Mapping[str, str]) -> str:
    """The fewest votes with which a project takes part ("more than 10" is 11); '' without a threshold."""
    least = Fraction(params.get("min_score", "0"))
    if params.get("min_score_op") == "gt":
        return str(floor(least) + 1) if least >= 0 else ""
    return params["min_score"] if least > 0 else ""


def _comment(computed: RuleOutcome, *, illustrative: bool) -> str:
    params = " ".join(f"{name}={text}" for name, text in computed.params.items())
    remarks = [f"#1: Rule and parameters as the portal Qatysu names them: {computed.rule} {params}."]
    if illustrative:
        remarks.append("#2: Costs and texts of projects are illustrative.")
    return " ".join(remarks)


def csv_text(round_: Round) -> str:
    """Projects with votes, cost and status as CSV (RFC 4180). A text that a spreadsheet could take for a formula gets an
    apostrophe before it. Raises NotFound before the results are approved.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for line in queries.lines(declared_outcome(round_)):
        proposal = line.entry.proposal
        texts = (line.entry.code, line.entry.title, proposal.category.slug if proposal.category else "")
        place = ("" if value is None else f"{value:.6f}" for value in (proposal.latitude, proposal.longitude))
        table.writerow(
            (line.place, *map(_harmless, texts), line.votes, line.score, line.entry.cost_tenge, line.verdict, line.reason, *place)
        )
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text
