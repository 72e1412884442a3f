"""Lists of proposals: public, similar, the studio's board, a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from qatysu.core.wordforms import similarity, stems, tokenise, word_stems
from qatysu.proposals.models import Proposal, State
from qatysu.proposals.queries.gates import PUBLIC, loaded
from qatysu.rounds.models import Round


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


def matching(rows: QuerySet[Proposal], text: str) -> QuerySet[Proposal]:
    """Those of ``rows`` in which every word of ``text`` occurs (the first eight are looked at).

    A word counts in any of its forms or as the beginning of a word; a number also names a code.
    """
    for word in tokenise(text[:200])[:8]:
        condition = Q(stems__contains=f" {word}")
        for stem in word_stems(word):
            condition |= Q(stems__contains=f" {stem} ")
        if word.isascii() and word.isdigit() and len(word) <= 8:
            condition |= Q(number=int(word))
        rows = rows.filter(condition)
    return rows


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
