"""Load the demonstration (SPEC 17): three cities, five rounds, an account per role. ``qatysu demo`` calls this.

All rows come in one transaction. Then the logs are sealed, opened and counted, which goes on where it stopped.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.audit.models import Deed
from qatysu.ballots import keys
from qatysu.ballots.commands import freeze_slate
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Round
from qatysu.rounds.touching import touch
from qatysu.web.demo import (
    aksu,
    calendars,
    council,
    desk,
    papers,
    plots,
    round_demo,
    rudny,
    rudny_2025,
    sealing,
    sessions,
)
from qatysu.web.demo.accounts import DemoAccount, accounts, address_of, make_authors, make_role_accounts
from qatysu.web.demo.cities import TOWNS
from qatysu.web.demo.khromtau_2020 import ADMITTED
from qatysu.web.demo.khromtau_2020_rest import REST
from qatysu.web.demo.people import INITIALS
from qatysu.web.demo.proposals import Cast, write_ideas
from qatysu.web.demo.shapes import named
from qatysu.web.demo.talk import write_follows, write_remarks
from qatysu.web.demo.towns import make_city, make_round
from qatysu.web.demo.voting import cast_by_codes, cast_groups, cast_history, post_samples, posted_samples

__all__ = ["DemoAccount", "DemoReport", "accounts", "is_loaded", "load", "sample_codes"]
#: Rows are there; everything is there.
FILLED, DEED = "fill_demonstration", "load_demonstration"
SEED = 20_201_108
Roles = Mapping[Role, Account]


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What there is now: accounts of the start screen, one-time codes of khromtau/demo, and whether this call made it."""

    accounts: tuple[DemoAccount, ...]
    sample_codes: tuple[str, ...]
    is_new: bool


def is_loaded() -> bool:
    """True once ``load`` has finished in this database."""
    return Deed.objects.filter(action=DEED).exists()


def sample_codes() -> tuple[str, ...]:
    """One-time codes of khromtau/demo, as printed; empty before the demonstration is loaded."""
    return tuple(posted_samples())


def load(now: datetime, progress: Callable[[str], None]) -> DemoReport:
    """Fill an empty database with the demonstration as of ``now``; a second call changes nothing.

    An interrupted load leaves either nothing, or all rows: then the next call finishes the logs. ``progress`` gets one English
    line per part.
    """
    is_new = not is_loaded()
    if not Deed.objects.filter(action__in=(FILLED, DEED)).exists():
        with _fresh_keys_removed_on_failure(), transaction.atomic():
            _fill(now, progress)
    if is_new:
        progress("logs: ballots are sealed; of the finished rounds opened and counted")
        sealing.seal_all(now)
        council.forget_letters(now)
        record(actor=None, action=DEED, now=now)
    return DemoReport(tuple(accounts()), sample_codes(), is_new)


@contextmanager
def _fresh_keys_removed_on_failure() -> Iterator[None]:
    """Keys are files: a rolled back load must not leave those it made, and must not touch any other."""
    fresh = [name for name in sealing.names() if not keys.path_of(name, "round").exists()]
    try:
        yield
    except BaseException:
        for name in fresh:
            keys.discard_unused_keys(name)
        raise


def _fill(now: datetime, progress: Callable[[str], None]) -> None:
    rng = random.Random(SEED)  # noqa: S311  # reason: the same invented data every time, no secrets
    progress("cities and accounts")
    khromtau, aksu_city, rudny_city = cities = [make_city(town) for town in TOWNS]
    roles = make_role_accounts(cities, now)
    authors = {city.pk: make_authors(city, i, len(INITIALS), now) for i, city in enumerate(cities)}
    progress("khromtau/2020: 45 proposals, 1,111 votes")
    _load_2020(khromtau, Cast(roles, authors[khromtau.pk]), now, rng)
    progress("khromtau/demo: voting is open")
    _load_voting(khromtau, Cast(roles, authors[khromtau.pk]), now, rng)
    progress("aksu/2026: ideas")
    _load_ideas(aksu_city, Cast(roles, authors[aksu_city.pk]), now, rng)
    progress("rudny/2026: project sessions")
    _load_sessions(rudny_city, Cast(roles, authors[rudny_city.pk]), now, rng)
    progress("rudny/2025: 906 invented ballots, where rules differ")
    _load_2025(rudny_city, Cast(roles, authors[rudny_city.pk]), now, rng)
    record(actor=None, action=FILLED, now=now)


def _load_2020(city: City, cast: Cast, now: datetime, rng: random.Random) -> None:
    """The finished round, up to its ballots. Each act is done by the right role on its day of 2020; only ballots need the present."""
    periods = calendars.fixed(calendars.YEAR_2020, ZoneInfo(city.time_zone))
    round_ = make_round(
        actor=cast.roles[Role.COORDINATOR],
        city=city,
        slug="2020",
        title=plots.TITLE_2020,
        periods=periods,
        is_illustrative=False,
        rules=plots.RULES_2020,
        purses=(),
    )
    ideas = ADMITTED + REST
    council.seat_council(round_, cast, periods)
    papers.approve_all(round_, cast, periods)
    rows = write_ideas(round_, ideas, cast, periods, now, rng, until_council=True)
    Round.objects.filter(pk=round_.pk).update(**named("note", plots.NOTE_2020))
    sessions.hold(round_, rows, cast, periods, now, is_over=True)
    council.decide_admission(round_, rows, ideas, periods)
    for row in rows:
        row.refresh_from_db(fields=["state", "changed_at"])
    _freeze(round_, cast, periods)
    cast_history(round_, ideas, rows)


def _load_2025(city: City, cast: Cast, now: datetime, rng: random.Random) -> None:
    """A finished round of another town, wholly invented, in which the rule decides who wins."""
    periods = calendars.fixed(calendars.YEAR_2025, ZoneInfo(city.time_zone))
    round_ = make_round(
        actor=cast.roles[Role.COORDINATOR],
        city=city,
        slug="2025",
        title=plots.TITLE_2025,
        periods=periods,
        is_illustrative=True,
        rules=plots.RULES_2025,
        purses=plots.RUDNY_PURSES_2025,
    )
    rows = write_ideas(round_, rudny_2025.IDEAS, cast, periods, now, rng)
    Round.objects.filter(pk=round_.pk).update(**named("note", plots.NOTE_2025))
    sessions.hold(round_, rows, cast, periods, now, is_over=True)
    _freeze(round_, cast, periods)
    cast_groups(round_, rudny_2025.GROUPS, rows, rng)


def _freeze(round_: Round, cast: Cast, periods: tuple[calendars.Period, ...]) -> None:
    campaign = next(period for period in periods if period.stage is Stage.CAMPAIGN)
    freeze_slate(actor=cast.roles[Role.SECRETARY], round=round_, now=campaign.opens_at + timedelta(hours=11))


def _load_voting(city: City, cast: Cast, now: datetime, rng: random.Random) -> None:
    """The round in voting: ballots by one-time codes, five codes left for newcomers."""
    periods = calendars.relative(calendars.IN_VOTING, now, ZoneInfo(city.time_zone))
    coordinator, resident = cast.roles[Role.COORDINATOR], cast.roles[Role.RESIDENT]
    round_ = make_round(
        actor=coordinator,
        city=city,
        slug="demo",
        title=plots.TITLE_DEMO,
        periods=periods,
        is_illustrative=True,
        rules=plots.RULES_DEMO,
        purses=(),
    )
    rows = write_ideas(round_, round_demo.IDEAS, cast, periods, now, rng)
    sessions.hold(round_, rows, cast, periods, now, is_over=True)
    _freeze(round_, cast, periods)
    codes = cast_by_codes(round_, round_demo.IDEAS, rows, round_demo.VOTERS, coordinator, now, rng)
    post_samples(codes, resident, address_of(Role.RESIDENT), now)
    write_remarks(rows, round_demo.REMARKS, cast, now)
    write_follows(rows, cast, now, rng)
    touch(round_)


def _load_ideas(city: City, cast: Cast, now: datetime, rng: random.Random) -> None:
    periods = calendars.relative(calendars.IN_IDEAS, now, ZoneInfo(city.time_zone))
    round_ = make_round(
        actor=cast.roles[Role.COORDINATOR],
        city=city,
        slug="2026",
        title=plots.TITLE_2026,
        periods=periods,
        is_illustrative=True,
        rules=plots.RULES_NEXT,
        purses=plots.AKSU_PURSES,
    )
    rows = write_ideas(round_, aksu.IDEAS, cast, periods, now, rng)
    write_remarks(rows, aksu.REMARKS, cast, now)
    papers.discuss(round_, cast, now)


def _load_sessions(city: City, cast: Cast, now: datetime, rng: random.Random) -> None:
    periods = calendars.relative(calendars.IN_SESSIONS, now, ZoneInfo(city.time_zone))
    round_ = make_round(
        actor=cast.roles[Role.COORDINATOR],
        city=city,
        slug="2026",
        title=plots.TITLE_2026,
        periods=periods,
        is_illustrative=True,
        rules=plots.RULES_RUDNY,
        purses=plots.RUDNY_PURSES,
    )
    rows = write_ideas(round_, rudny.IDEAS, cast, periods, now, rng)
    sessions.hold(round_, rows, cast, periods, now, is_over=False)
    desk.fill_desk(city=city, rows=rows, roles=cast.roles, now=now)
