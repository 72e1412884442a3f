"""Composed reads: the installation, a city, the front page of a round."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from qatysu.core.periods import WindowState
from qatysu.core.regulation import Stage
from qatysu.places.models import City, Organiser, Population
from qatysu.places.queries import get_city
from qatysu.proposals.models import PUBLIC_STATES, Proposal, State
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.rounds.models import CalendarAct, Round
from qatysu.rounds.queries import StageView, calendar, current_stage, visible_rounds
from qatysu.tally.queries import turnout
from qatysu.web.queries_texts import Point, Row, point_of, row_of, with_texts
from qatysu.web.words import ACTS, STAGE_LEADS, STAGE_NAMES, STAGE_NEWS, Words

#: Stages that the rail shows in every round; the others appear while they run.
_RAIL = frozenset({Stage.IDEAS, Stage.SESSIONS, Stage.COUNCIL, Stage.VOTING, Stage.RESULTS, Stage.WORKS})
ALIVE = tuple(s for s in PUBLIC_STATES if s not in {State.MERGED, State.WITHDRAWN, State.REJECTED, State.NOT_ADMITTED})


@dataclass(frozen=True, slots=True)
class StageNews:
    """A stage in words: what is going on, and until when."""

    view: StageView | None
    name: Words
    headline: Words
    lead: Words
    is_complete: bool = False

    @property
    def state(self) -> str:
        """``before``, ``open``, ``paused``, ``after``; '' for a round without a calendar."""
        return str(self.view.state) if self.view else ""

    @property
    def stage(self) -> str:
        """Name of the stage in the regulation."""
        return str(self.view.stage) if self.view else ""


@dataclass(frozen=True, slots=True)
class RailItem:
    """One stage on the rail; ``css`` is ``is-done``, ``is-now`` or ''."""

    name: Words
    opens_at: datetime
    closes_at: datetime
    css: str
    is_paused: bool


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round in a list."""

    round: Round
    news: StageNews
    money_tenge: int


@dataclass(frozen=True, slots=True)
class CityCard:
    """A city and its rounds, newest first."""

    city: City
    rounds: tuple[RoundCard, ...]


@dataclass(frozen=True, slots=True)
class CityPage:
    """Everything the page of a city shows."""

    city: City
    rounds: tuple[RoundCard, ...]
    organisers: tuple[Organiser, ...]
    populations: tuple[Population, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """A public act of the calendar."""

    word: Words
    stage: Words
    row: CalendarAct


@dataclass(frozen=True, slots=True)
class RoundPage:
    """Everything the front page of a round shows."""

    round: Round
    news: StageNews
    rail: tuple[RailItem, ...]
    days_left: int | None
    projects: int
    is_ballot: bool
    money_tenge: int
    voters: int | None
    is_voting: bool
    counted_at: datetime
    points: tuple[Point, ...]
    featured: tuple[Row, ...]
    organisers: tuple[Organiser, ...]
    acts: tuple[Act, ...]
    has_results: bool
    winners: int


def news_of(round_: Round, now: datetime) -> StageNews:
    """What is going on in ``round_`` at ``now``; no query when the calendar is prefetched."""
    view = current_stage(round_, now)
    if view is None:
        return StageNews(None, "", _("The calendar is being prepared"), STAGE_LEADS[Stage.PREPARATION])
    name = STAGE_NAMES[view.stage]
    if view.state is WindowState.AFTER and all(v.state is WindowState.AFTER for v in calendar(round_, now)):
        return StageNews(view, name, _("The round is complete"), STAGE_LEADS[Stage.CLOSING], is_complete=True)
    headlines: dict[WindowState, str | Promise] = {
        WindowState.OPEN: STAGE_NEWS[view.stage],
        WindowState.PAUSED: _("A pause in the calendar"),
        WindowState.AFTER: _("The stage is over: %(stage)s") % {"stage": name},
        WindowState.BEFORE: _("The round has not begun yet"),
    }
    return StageNews(view, name, headlines[view.state], STAGE_LEADS[view.stage])


def _with_results(news: StageNews, published: bool) -> StageNews:
    """Between the vote and the award the results themselves are the news, whatever the calendar says."""
    if published and news.stage in (Stage.AUDIT, Stage.RESULTS):
        return replace(news, headline=_("The results are published"), lead=STAGE_LEADS[Stage.RESULTS])
    if not published and news.stage == Stage.RESULTS:
        return replace(news, lead=STAGE_LEADS[Stage.AUDIT])
    return news


def _card(round_: Round, now: datetime) -> RoundCard:
    return RoundCard(round_, news_of(round_, now), sum(f.amount_tenge for f in round_.funders.all()))


def installation(viewer: object, now: datetime) -> tuple[CityCard, ...]:
    """All cities that have a round ``viewer`` may see, by slug."""
    rounds = visible_rounds(viewer).order_by("city__slug", "-created_at", "slug")
    return tuple(
        CityCard(group[0].city, tuple(_card(r, now) for r in group))
        for group in (list(found) for _key, found in groupby(rounds, key=lambda r: r.city_id))
    )


def city_page(city_slug: str, viewer: object, now: datetime) -> CityPage:
    """A city with its rounds, organisers and head counts. Raises NotFound for an unknown city."""
    city = get_city(city_slug)
    rounds = visible_rounds(viewer).filter(city=city)
    return CityPage(
        city=city,
        rounds=tuple(_card(r, now) for r in rounds),
        organisers=tuple(city.organisers.all()),
        populations=tuple(city.populations.order_by("-counted_on")),
    )


def rail(round_: Round, now: datetime) -> tuple[RailItem, ...]:
    """Stages of the round as the rail shows them."""
    here = current_stage(round_, now)
    items = []
    for view in calendar(round_, now):
        is_now = view.state in (WindowState.OPEN, WindowState.PAUSED) and here is not None and view.stage == here.stage
        if view.stage in _RAIL or is_now:
            css = "is-now" if is_now else ("is-done" if view.state is WindowState.AFTER else "")
            paused = view.state is WindowState.PAUSED
            items.append(RailItem(STAGE_NAMES[view.stage], view.opens_at, view.closes_at, css, paused))
    return tuple(items)


def round_page(round_: Round, language: str, now: datetime) -> RoundPage:
    """The front page of ``round_`` for a reader of ``language``."""
    light = list(
        Proposal.objects.filter(round=round_, state__in=ALIVE)
        .order_by("number")
        .values_list("pk", "number", "latitude", "longitude", "state")
    )
    ballot = [row for row in light if row[4] == State.ADMITTED]
    chosen = ballot or light
    published = Outcome.objects.filter(round=round_, state=Outcome.State.PUBLISHED).exists()
    news = _with_results(news_of(round_, now), published)
    is_open = news.view is not None and news.view.state is WindowState.OPEN
    voting = [v for v in calendar(round_, now) if v.stage is Stage.VOTING and v.state is not WindowState.BEFORE]
    points = (point_of(round_.city, str(number), lat, lon) for _pk, number, lat, lon, _state in chosen)
    won = _winners(round_) if published else []
    return RoundPage(
        round=round_,
        news=news,
        rail=rail(round_, now),
        days_left=_days_left(news.view.closes_at, now) if is_open and news.view else None,
        projects=len(chosen),
        is_ballot=bool(ballot),
        money_tenge=sum(f.amount_tenge for f in round_.funders.all()),
        voters=turnout(round_) if voting else None,
        is_voting=any(v.state is WindowState.OPEN for v in voting),
        counted_at=now,
        points=tuple(p for p in points if p is not None),
        featured=_featured(won or [row[0] for row in chosen], round_, language, now),
        organisers=tuple(round_.city.organisers.all()),
        acts=_acts(round_),
        has_results=published,
        winners=len(won),
    )


def _winners(round_: Round) -> list[int]:
    """Keys of the winning projects."""
    lines = OutcomeLine.objects.filter(outcome__round=round_, verdict="funded").order_by("place")
    return list(lines.values_list("entry__proposal_id", flat=True))


def _days_left(closes_at: datetime, now: datetime) -> int:
    return -((now - closes_at) // timedelta(days=1))


def _featured(keys: Sequence[int], round_: Round, language: str, now: datetime) -> tuple[Row, ...]:
    """Four projects, others every hour: no project stands in the window longer than another (DESIGN 1.6)."""
    chance = random.Random(f"{round_.pk}:{now:%Y%m%d%H}")  # noqa: S311  # reason: a shop window, not a draw
    keys = chance.sample(list(keys), min(4, len(keys)))
    found = {p.pk: p for p in with_texts(Proposal.objects.filter(pk__in=keys))}
    return tuple(row_of(found[key], language) for key in keys if key in found)


def _acts(round_: Round) -> tuple[Act, ...]:
    rows = CalendarAct.objects.filter(stage__round=round_).select_related("stage").order_by("-at", "-pk")[:12]
    return tuple(Act(ACTS.get(row.kind, row.kind), STAGE_NAMES[row.stage.stage], row) for row in rows)
