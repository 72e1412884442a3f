"""Lists of proposals: public, similar, the studio's board, a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Sum, Value
from django.db.models.functions import MD5, Cast, Concat

from qatysu.core.wordforms import similarity, stems, tokenise, word_stems
from qatysu.proposals.models import Proposal, State
from qatysu.proposals.queries.gates import PUBLIC, loaded
from qatysu.proposals.words import words_of
from qatysu.rounds.models import Round

ORDERS: tuple[str, ...] = ("random", "number", "cost", "cost-down", "newest")
_ORDER_BY = {
    "number": ("number",),
    "cost": ("cost_tenge", "number"),
    "cost-down": ("-cost_tenge", "number"),
    "newest": ("-number",),
}


@dataclass(frozen=True, slots=True)
class Band:
    """A span of costs ``[from_tenge, to_tenge)``; without an upper end ``to_tenge`` is None."""

    code: str
    from_tenge: int
    to_tenge: int | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; empty fields ask for nothing. ``seed`` keeps a random order while paging."""

    text: str = ""
    category: str = ""
    band: str = ""
    states: tuple[str, ...] = ()
    order: str = "random"
    seed: str = ""


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A proposal on the plan of the city: thousandths of its width and height from the north-west corner."""

    code: str
    title: str
    x: int
    y: int
    latitude: float
    longitude: float
    state: str


@dataclass(frozen=True, slots=True)
class Similar:
    """A proposal that resembles a text, and the share of words in common."""

    proposal: Proposal
    share: Fraction


@dataclass(frozen=True, slots=True)
class Counts:
    """Figures of a round: everything submitted, however it ended."""

    submitted: int
    authors: int
    admitted: int
    cost_tenge: int
    by_state: dict[str, int]
    by_category: dict[str, int]


def cost_bands(round_: Round) -> tuple[Band, ...]:
    """Three spans of the cap: up to a quarter, up to a half, above."""
    quarter, half = round_.constitution.cap // 4, round_.constitution.cap // 2
    return Band("small", 0, quarter), Band("middle", quarter, half), Band("large", half, None)


def public_list(round_: Round, filters: Filters) -> QuerySet[Proposal]:
    """Submitted proposals that match every filter, in the wanted order; unknown values of filters are ignored."""
    rows = loaded().filter(PUBLIC, round=round_)
    if filters.text.strip():
        rows = rows.filter(_matches(filters.text))
    if filters.category:
        rows = rows.filter(category__slug=filters.category)
    known = [state for state in filters.states if state in State.values]
    if known:
        rows = rows.filter(state__in=known)
    for band in cost_bands(round_):
        if band.code == filters.band:
            rows = rows.filter(cost_tenge__gte=band.from_tenge)
            rows = rows if band.to_tenge is None else rows.filter(cost_tenge__lt=band.to_tenge)
    return _ordered(rows, filters)


def _ordered(rows: QuerySet[Proposal], filters: Filters) -> QuerySet[Proposal]:
    if filters.order in _ORDER_BY:
        return rows.order_by(*_ORDER_BY[filters.order])
    key = Concat(Value(f"{filters.seed[:40]}:"), Cast("pk", CharField()), output_field=CharField())
    return rows.order_by(MD5(key), "pk")


def _matches(text: str) -> Q:
    """Every word of the query occurs, in any of its forms or as the beginning of a word; a number also names a code."""
    condition = Q()
    for word in tokenise(text[:200])[:10]:
        one = Q()
        for stem in word_stems(word):
            one |= Q(stems__contains=f" {stem}" if len(stem) > 2 else f" {stem} ")
        if word.isascii() and word.isdigit() and len(word) <= 6:
            one |= Q(number=int(word))
        condition &= one
    return condition


def similar(round_: Round, text: str, limit: int = 4, exclude: int | None = None) -> tuple[Similar, ...]:
    """Submitted proposals of all public rounds of the city that share words with ``text``, the nearest first."""
    wanted = [stem for stem in stems(text[:400]) if len(stem) > 2][:30]
    if not wanted:
        return ()
    any_stem = Q()
    for stem in wanted:
        any_stem |= Q(stems__contains=f" {stem} ")
    rows = loaded().filter(PUBLIC, any_stem, round__city=round_.city_id, round__is_public=True)
    if exclude is not None:
        rows = rows.exclude(pk=exclude)
    found = [Similar(row, _nearest(text, row)) for row in rows.order_by("-pk")[:200]]
    near = [item for item in found if item.share >= Fraction(1, 3)]
    return tuple(
        sorted(near, key=lambda item: (-item.share, -_words_in(item.proposal, wanted), -item.proposal.pk))[:limit]
    )


def _words_in(row: Proposal, wanted: Sequence[str]) -> int:
    return sum(f" {stem} " in row.stems for stem in wanted)


def _nearest(text: str, row: Proposal) -> Fraction:
    titles = [row.title, *(translation.title for translation in row.translations.all())]
    return max(similarity(text, title) for title in titles)


def admitted(round_: Round) -> QuerySet[Proposal]:
    """Proposals admitted to the vote, by number."""
    return loaded().filter(round=round_, state=State.ADMITTED).order_by("number")


def ideas_of(account: Any) -> QuerySet[Proposal]:
    """Drafts and proposals on whose team the person is, or that the person files for a resident; newest first."""
    mine = Q(team__account=account) | Q(filed_by=account, state__in=(State.DRAFT, State.RETURNED))
    keys = Proposal.objects.filter(mine).values("pk")
    return loaded().filter(pk__in=keys).order_by("-changed_at", "-pk")


def board(round_: Round, states: Sequence[str] = ()) -> tuple[tuple[str, tuple[Proposal, ...]], ...]:
    """Pairs (state, proposals that waited longest first) for the studio, in the order of the year; constant queries."""
    wanted = [state for state in State.values if state != State.DRAFT and (not states or state in states)]
    columns: dict[str, list[Proposal]] = {state: [] for state in wanted}
    rows = (
        loaded()
        .filter(PUBLIC, round=round_, state__in=wanted)
        .annotate(comment_count=Count("comments", filter=Q(comments__hidden_at=None), distinct=True))
    )
    for row in rows.order_by("changed_at", "number"):
        columns[row.state].append(row)
    return tuple((state, tuple(found)) for state, found in columns.items())


def counts(round_: Round) -> Counts:
    """Figures of the round; three queries."""
    rows = Proposal.objects.filter(PUBLIC, round=round_)
    by_state = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    by_category = dict(rows.order_by().values_list("category__slug").annotate(n=Count("pk")))
    figures = rows.aggregate(n=Count("pk"), authors=Count("author", distinct=True), cost=Sum("cost_tenge"))
    return Counts(
        figures["n"],
        figures["authors"],
        by_state.get(State.ADMITTED, 0),
        figures["cost"] or 0,
        by_state,
        {str(slug): n for slug, n in by_category.items() if slug},
    )


def map_points(round_: Round, rows: QuerySet[Proposal] | None = None) -> tuple[MapPoint, ...]:
    """Points of proposals (all public ones by default) that lie inside the corners of the city."""
    found = []
    for row in rows if rows is not None else public_list(round_, Filters(order="number")):
        place = on_plan(round_, row.latitude, row.longitude)
        if place is not None and row.latitude is not None and row.longitude is not None:
            found.append(MapPoint(row.code, words_of(row).title, *place, row.latitude, row.longitude, row.state))
    return tuple(found)


def on_plan(round_: Round, latitude: float | None, longitude: float | None) -> tuple[int, int] | None:
    """(x, y) in thousandths of the city's plan; None outside its corners or without a point."""
    city = round_.city
    if latitude is None or longitude is None:
        return None
    if not (city.south <= latitude <= city.north and city.west <= longitude <= city.east):
        return None
    x = (longitude - city.west) / (city.east - city.west)
    y = (city.north - latitude) / (city.north - city.south)
    return round(x * 1000), round(y * 1000)


def from_plan(round_: Round, x: float, y: float) -> tuple[float, float]:
    """(latitude, longitude) of a place given as shares, 0 to 1, of the plan's width and height; five decimals (1 m)."""
    city = round_.city
    x, y = min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
    return round(city.north - y * (city.north - city.south), 5), round(city.west + x * (city.east - city.west), 5)


def waiting_since(proposal: Proposal, now: datetime) -> int:
    """Whole days since the last change."""
    return (now - proposal.changed_at).days
