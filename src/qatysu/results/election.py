"""A round as an election that rules compute with, and the outcome of its constitution's rule."""

from __future__ import annotations

from collections.abc import Sequence

from qatysu.ballots import queries as ballots
from qatysu.ballots.models import SlateEntry
from qatysu.motions.acts import withdrawn
from qatysu.motions.executing import find_log
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.outcome_rule import election_limits, rule_and_params, spendable
from qatysu.rules import registry
from qatysu.rules.model import Election, Kind, Outcome, Project
from qatysu.tally.models import ImportedElection
from qatysu.tally.queries import imported, profile

#: Stands in the exported file, which is in English.
DISQUALIFIED = "disqualified by the Expert Council"


def funded_sum(round_: Round) -> int:
    """What the funders give, whole tenge."""
    return sum(funder.amount_tenge for funder in round_.funders.all())


def budget(round_: Round) -> int:
    """Money the rule may spend: the funders' sums less the reserve for rising prices, never negative."""
    return spendable(round_)


def election(round_: Round) -> Election:
    """The frozen slate with the ballots that count and every limit of money. Whole tenge. A constant number of queries.

    Ballots come from the published log, or from the file of an election held elsewhere. Raises what ``tally.queries.profile`` does.
    """
    entries = list(ballots.entries(round_))
    limits, source = election_limits(round_), imported(round_)
    return Election(
        projects=tuple(_project(entry, source) for entry in entries),
        profile=profile(round_, [entry.code for entry in entries], source),
        budget=budget(round_),
        kind=_kind(round_, source),
        category_budgets=limits.category_budgets,
        district_budgets=source.district_budgets if source is not None else {},
        funders=limits.funders,
        withdrawn=dict.fromkeys(taken_out(round_), DISQUALIFIED),
    )


def taken_out(round_: Round) -> tuple[str, ...]:
    """Codes of projects that two people took out of the count, as the log of the round says."""
    log = find_log(round_)
    return withdrawn(log) if log is not None else ()


def _kind(round_: Round, source: ImportedElection | None) -> Kind:
    if source is not None:
        return Kind(source.kind)
    return Kind.CHOOSE_1 if round_.constitution.ballot_type == Constitution.Ballot.ONE else Kind.APPROVAL


def _project(entry: SlateEntry, source: ImportedElection | None) -> Project:
    category = entry.proposal.category
    slugs: tuple[str, ...] = (category.slug,) if category else ()
    if source is None:
        return Project(entry.code, entry.cost_tenge, entry.title, slugs)
    own = tuple(source.categories.get(entry.code, slugs))
    return Project(entry.code, entry.cost_tenge, entry.title, own, source.districts.get(entry.code, ""))


def law_of(round_: Round, tie_decision: Sequence[str] = ()) -> tuple[str, dict[str, str]]:
    """Rule and parameters of the constitution; projects that the log takes out are withdrawn, and a decision of the Council on ties
    takes the place of its method."""
    rule, params = rule_and_params(round_)
    out = taken_out(round_)
    if out:
        params |= {"withdrawn": ",".join(out)}
    if tie_decision:
        params |= {"tie": "decision", "tie_decision": ",".join(tie_decision)}
    return rule, params


def compute(round_: Round, tie_decision: Sequence[str] = (), *, given: Election | None = None) -> Outcome:
    """The outcome of the constitution's rule for ``given`` (read from the round when None)."""
    rule, params = law_of(round_, tie_decision)
    return registry.run(given if given is not None else election(round_), rule, params)
