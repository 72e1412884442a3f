"""Composed reads: the list of projects and the page of one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from qatysu.coaching.queries.passports import VALID, has_passport
from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.proposals.models import PUBLIC_STATES, Proposal, State
from qatysu.proposals.queries import ProjectPage, matching
from qatysu.rounds.models import Category, Round
from qatysu.rounds.queries import calendar
from qatysu.tally.queries import live_counts
from qatysu.web.queries_results import Fate, fate_of, published_marks
from qatysu.web.queries_texts import Point, Row, point_of, row_of, with_texts

PER_PAGE = 50
#: Groups of states that the filter offers.
GROUPS: Mapping[str, tuple[State, ...]] = {
    "ballot": (State.ADMITTED,),
    "work": (State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.IN_SESSIONS, State.READY),
    "out": (State.NOT_ADMITTED, State.REJECTED, State.MERGED, State.WITHDRAWN),
    "all": PUBLIC_STATES,
}
#: Bounds of cost in tenge: from (inclusive), below.
COSTS: Mapping[str, tuple[int, int | None]] = {
    "low": (0, 2_000_000),
    "middle": (2_000_000, 5_000_001),
    "high": (5_000_001, None),
}
ORDERS = ("random", "number", "cost", "-cost")
#: Key, number, cost, latitude, longitude.
_Light = tuple[int, int | None, int | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader asked for; unknown values fall back to the default."""

    q: str = ""
    categories: tuple[str, ...] = ()
    cost: str = ""
    group: str = ""
    order: str = ""
    page: int = 1

    @property
    def is_empty(self) -> bool:
        """True when nothing narrows the list."""
        return not (self.q or self.categories or self.cost or self.group)


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a filter with the number of projects behind it."""

    value: str
    label: object
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything the list of projects shows."""

    filters: Filters
    group: str
    order: str
    rows: tuple[Row, ...]
    page: Page[_Light]
    total: int
    shown: int
    points: tuple[Point, ...]
    categories: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    is_live: bool

    @property
    def plans(self) -> tuple[str, ...]:
        """Drawings on this page of the list."""
        return tuple(row.plan for row in self.rows)


@dataclass(frozen=True, slots=True)
class Around:
    """What later stages and the reader's language add to the page of a project."""

    votes: int | None
    point: Point | None
    is_missing: bool
    is_voting: bool
    is_on_ballot: bool
    fate: Fate | None
    has_passport: bool


def listing(round_: Round, filters: Filters, language: str, now: datetime) -> Listing:
    """The list of public projects of ``round_`` as ``filters`` narrow it; a fixed number of queries."""
    every = Proposal.objects.filter(round=round_, state__in=PUBLIC_STATES, number__isnull=False)
    states = Counter(every.order_by().values_list("state", flat=True))
    sizes = {name: sum(states[s] for s in members) for name, members in GROUPS.items()}
    group = filters.group if filters.group in GROUPS else _usual_group(sizes)
    inside = every.filter(state__in=GROUPS[group])
    kinds: Counter[int | None] = Counter(inside.order_by().values_list("category_id", flat=True))
    found = _narrow(inside, filters)
    light: list[_Light] = list(
        found.order_by("number").values_list("pk", "number", "cost_tenge", "latitude", "longitude")
    )
    order = filters.order if filters.order in ORDERS else ("random" if group == "ballot" else "number")
    page = Paginator(_sorted(light, order, round_, now), PER_PAGE).get_page(filters.page)
    votes = live_counts(round_, now) if group == "ballot" else None
    verdicts = published_marks(round_) if group == "ballot" else None
    keys = [row[0] for row in page.object_list]
    rows = {p.pk: p for p in with_texts(Proposal.objects.filter(pk__in=keys))}
    points = (point_of(round_.city, str(number), lat, lon) for _pk, number, _cost, lat, lon in light)
    return Listing(
        filters=filters,
        group=group,
        order=order,
        rows=tuple(row_of(rows[key], language, votes, verdicts) for key in keys if key in rows),
        page=page,
        total=sizes[group],
        shown=len(light),
        points=tuple(p for p in points if p is not None),
        categories=_categories(round_, kinds, filters),
        groups=_groups(sizes, group),
        is_live=votes is not None,
    )


def around(page: ProjectPage, language: str, now: datetime) -> Around:
    """What ``page`` needs beyond its own stage."""
    proposal, round_ = page.proposal, page.round
    votes = live_counts(round_, now) if page.state == State.ADMITTED else None
    return Around(
        votes=None if votes is None else votes.get(page.code, 0),
        point=point_of(round_.city, page.code, proposal.latitude, proposal.longitude),
        is_missing=page.words.language != language,
        is_voting=any(v.stage is Stage.VOTING and v.state is WindowState.OPEN for v in calendar(round_, now)),
        is_on_ballot=hasattr(proposal, "slate_entry"),
        fate=fate_of(round_, page.code, language) if page.state == State.ADMITTED else None,
        has_passport=page.state in VALID and has_passport(round_, page.code),
    )


def _categories(round_: Round, kinds: Mapping[int | None, int], filters: Filters) -> tuple[Choice, ...]:
    every = Category.objects.filter(round=round_)
    choices = (Choice(c.slug, c, kinds[c.pk], c.slug in filters.categories) for c in every)
    return tuple(choice for choice in choices if choice.count or choice.is_chosen)


def _groups(sizes: Mapping[str, int], group: str) -> tuple[Choice, ...]:
    """The groups that hold something; none when there would be nothing to choose between."""
    filled = {name: size for name, size in sizes.items() if size}
    if len(filled) < 3:
        return ()
    return tuple(Choice(name, name, size, name == group) for name, size in filled.items())


def _usual_group(sizes: Mapping[str, int]) -> str:
    return next((name for name in ("ballot", "work") if sizes[name]), "all")


def _narrow(proposals: QuerySet[Proposal], filters: Filters) -> QuerySet[Proposal]:
    if filters.categories:
        proposals = proposals.filter(category__slug__in=filters.categories)
    if filters.cost in COSTS:
        low, below = COSTS[filters.cost]
        proposals = proposals.filter(cost_tenge__gte=low)
        proposals = proposals.filter(cost_tenge__lt=below) if below else proposals
    return matching(proposals, filters.q)


def _sorted(light: list[_Light], order: str, round_: Round, now: datetime) -> list[_Light]:
    if order == "random":
        # The same for everybody within the hour, so that pages and caches hold together.
        return random.Random(f"{round_.pk}:{now:%Y%m%d%H}").sample(light, len(light))  # noqa: S311  # reason: an order, not a draw
    if order in ("cost", "-cost"):
        return sorted(light, key=lambda row: (row[2] or 0, row[1] or 0), reverse=order == "-cost")
    return light
