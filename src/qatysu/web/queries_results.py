"""Composed read: the results of a round, every share with what it is a share of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from qatysu.ballots import queries as ballots
from qatysu.core.money import share
from qatysu.core.regulation import Action
from qatysu.proposals.models import PUBLIC_STATES, Proposal
from qatysu.proposals.words import Words, words_of
from qatysu.results import explain
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.results.queries import Turnout, lines, outcome_of, turnout_shares, won
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Category, Funder, Round
from qatysu.rules.explain import Context
from qatysu.tally.queries import turnout_by_channel
from qatysu.web.queries_outcome import Comparison, Method, Origin, comparison_of, method_of, origin_of
from qatysu.web.words import OUTCOMES, Mark


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a strip; ``x`` and ``width`` are percentages as SVG attributes want them."""

    thing: object
    amount_tenge: int
    x: str
    width: str
    css: str


@dataclass(frozen=True, slots=True)
class Line:
    """One project with its votes and the reason of its fate."""

    code: str
    text: Words
    cost_tenge: int
    votes: int
    width: str
    mark: Mark
    is_won: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """What happened in one category."""

    category: Category
    projects: int
    winners: int
    votes: int
    cost_tenge: int


@dataclass(frozen=True, slots=True)
class AnnulledLine:
    """How many annulled ballots had chosen a project, beside the votes that it got."""

    code: str
    title: str
    annulled: int
    votes: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the first idea to the decision; widths are percentages of the proposals."""

    proposals: int
    authors: int
    admitted: int
    winners: int

    @property
    def admitted_share(self) -> Fraction | None:
        """Admitted of all proposals."""
        return share(self.admitted, self.proposals)

    @property
    def won_of_admitted(self) -> Fraction | None:
        """Winners of those admitted."""
        return share(self.winners, self.admitted)

    @property
    def won_share(self) -> Fraction | None:
        """Winners of all proposals."""
        return share(self.winners, self.proposals)

    @property
    def admitted_width(self) -> str:
        """Width of the second bar."""
        return _percent(self.admitted, self.proposals)

    @property
    def winners_width(self) -> str:
        """Width of the third bar."""
        return _percent(self.winners, self.proposals)


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Everything the results page shows."""

    outcome: Outcome
    is_published: bool
    funnel: Funnel
    funders: tuple[Segment, ...]
    uses: tuple[Segment, ...]
    unspent_tenge: int
    lines: tuple[Line, ...]
    threshold_x: str
    votes: int
    turnout: tuple[Turnout, ...]
    channels: tuple[tuple[str, int, Fraction | None], ...]
    ballots_stored: int
    categories: tuple[CategoryLine, ...]
    method: Method
    comparison: Comparison | None
    origin: Origin | None
    annulled: tuple[AnnulledLine, ...]


def results_page(round_: Round, viewer: object, language: str, now: datetime) -> ResultsPage | None:
    """The results of ``round_``; None before publication, save for the organisers, who see them marked as provisional."""
    outcome = outcome_of(round_)
    if outcome is None:
        return None
    published = outcome.state == Outcome.State.PUBLISHED
    if not published and not decide(viewer, Action.SEE_STUDIO, round_, now=now).allowed:
        return None
    rows = lines(outcome)
    funders = list(round_.funders.all())
    context = explain.context_of(outcome, rows, language)
    return ResultsPage(
        outcome=outcome,
        is_published=published,
        funnel=_funnel(round_, rows),
        funders=_strip((f, f.amount_tenge, f"c{i % 4 + 1}") for i, f in enumerate(funders)),
        uses=_uses(outcome, funders),
        unspent_tenge=outcome.budget_tenge - outcome.spent_tenge,
        lines=_lines(rows, language, context, round_),
        threshold_x=_percent(round_.constitution.threshold_votes, _scale(rows)),
        votes=sum(row.votes for row in rows),
        turnout=tuple(turnout_shares(round_, outcome.voters)),
        channels=_channels(round_),
        ballots_stored=ballots.ballots_stored(round_),
        categories=_categories(rows),
        method=method_of(outcome, rows, context, language),
        comparison=comparison_of(outcome, list(round_.categories.all()), context, language),
        origin=origin_of(round_, outcome, rows, context),
        annulled=annulled_lines(outcome, rows, context),
    )


def annulled_lines(outcome: Outcome, rows: list[OutcomeLine], context: Context) -> tuple[AnnulledLine, ...]:
    """Every project of the ballot with the votes that annulment took from it, most first; empty when nothing was annulled.

    Annulments were decided before anybody saw a choice; here everybody sees whether they hurt one project (LEDGER 1.9).
    """
    if not outcome.box.get("annulled"):
        return ()
    votes = outcome.box["annulled_votes"]
    lines = [AnnulledLine(row.entry.code, context.name(row.entry.code), votes.get(row.entry.code, 0), row.votes) for row in rows]
    return tuple(sorted(lines, key=lambda line: -line.annulled))


@dataclass(frozen=True, slots=True)
class Fate:
    """What the published outcome says about one project."""

    votes: int
    mark: Mark
    sentence: str


def published_marks(round_: Round) -> dict[str, Mark]:
    """Verdicts by code once the results are published; empty before. One query."""
    rows = OutcomeLine.objects.filter(outcome__round=round_, outcome__state=Outcome.State.PUBLISHED)
    return {code: _mark(reason) for code, reason in rows.values_list("entry__code", "reason")}


def fate_of(round_: Round, code: str, language: str) -> Fate | None:
    """The verdict on the project ``code`` with its reason; None before publication. At most four queries."""
    found = OutcomeLine.objects.filter(outcome__round=round_, outcome__state=Outcome.State.PUBLISHED)
    found = found.select_related("outcome", "entry__proposal").prefetch_related("entry__proposal__translations")
    row = found.filter(entry__code=code).first()
    if row is None:
        return None
    named = [row, *(found.filter(entry__code=row.facts["by"]) if "by" in row.facts else ())]
    context = explain.context_of(row.outcome, named, language)
    return Fate(row.votes, _mark(row.reason), explain.why(row, context, language, round_))


def _mark(reason: str) -> Mark:
    return OUTCOMES.get(reason, Mark(reason))


def _funnel(round_: Round, rows: list[OutcomeLine]) -> Funnel:
    proposals = Proposal.objects.filter(round=round_, state__in=PUBLIC_STATES, number__isnull=False)
    return Funnel(
        proposals=proposals.count(),
        authors=proposals.order_by().values("author_id").distinct().count(),
        admitted=len(rows),
        winners=sum(1 for row in rows if won(row)),
    )


def _scale(rows: list[OutcomeLine]) -> int:
    return max((row.votes for row in rows), default=0) or 1


def _lines(rows: list[OutcomeLine], language: str, context: Context, round_: Round) -> tuple[Line, ...]:
    scale = _scale(rows)
    return tuple(
        Line(
            code=row.entry.code,
            text=words_of(row.entry.proposal, language),
            cost_tenge=row.entry.cost_tenge,
            votes=row.votes,
            width=_percent(row.votes, scale),
            mark=_mark(row.reason),
            is_won=won(row),
            sentence=explain.why(row, context, language, round_),
        )
        for row in rows
    )


def _uses(outcome: Outcome, funders: list[Funder]) -> tuple[Segment, ...]:
    """What the money is for: winners, reserve, and what nobody claimed, out of everything the funders gave."""
    given = sum(f.amount_tenge for f in funders)
    rest = max(0, given - outcome.spent_tenge - outcome.reserve_tenge)
    parts = (
        ("winners", outcome.spent_tenge, "c1"),
        ("reserve", outcome.reserve_tenge, "hatch"),
        ("rest", rest, "hollow"),
    )
    return _strip(part for part in parts if part[1])


def _strip(parts: Iterable[tuple[object, int, str]]) -> tuple[Segment, ...]:
    known = list(parts)
    whole = sum(amount for _thing, amount, _css in known)
    segments, before = [], 0
    for thing, amount, css in known:
        segments.append(Segment(thing, amount, _percent(before, whole), _percent(amount, whole), css))
        before += amount
    return tuple(segments)


def _channels(round_: Round) -> tuple[tuple[str, int, Fraction | None], ...]:
    found = turnout_by_channel(round_)
    whole = sum(found.values())
    return tuple((name, count, share(count, whole)) for name, count in sorted(found.items(), key=lambda item: -item[1]))


def _categories(rows: list[OutcomeLine]) -> tuple[CategoryLine, ...]:
    groups: dict[Category, list[OutcomeLine]] = defaultdict(list)
    for row in rows:
        if row.entry.proposal.category is not None:
            groups[row.entry.proposal.category].append(row)
    lines = [
        CategoryLine(
            category=category,
            projects=len(members),
            winners=sum(1 for row in members if won(row)),
            votes=sum(row.votes for row in members),
            cost_tenge=sum(row.entry.cost_tenge for row in members if won(row)),
        )
        for category, members in groups.items()
    ]
    return tuple(sorted(lines, key=lambda line: -line.votes))


def _percent(part: int, whole: int) -> str:
    """``37.5%`` for an SVG attribute; pixels may be floats."""
    return f"{100 * part / whole:.2f}%" if whole else "0%"
