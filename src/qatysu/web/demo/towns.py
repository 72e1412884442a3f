"""Write cities and rounds."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from qatysu.identity.models import Account
from qatysu.places.models import City, Organiser, Population
from qatysu.rounds import commands as rounds
from qatysu.rounds.models import Constitution, Funder, Round, RoundStage
from qatysu.web.demo.calendars import Period
from qatysu.web.demo.shapes import Purse, Text, Town, named

#: Nobody's number, in every city: the true ones of 2020 are not repeated.
HOTLINE = "+7 700 000-00-00"


def make_city(town: Town) -> City:
    """Create a city with its head counts and organisers."""
    (latitude, longitude), (high, wide) = town.middle, town.half
    city = City.objects.create(
        slug=town.slug,
        kato=town.kato,
        hotline_phone=HOTLINE,
        time_zone=town.zone,
        south=latitude - high,
        north=latitude + high,
        west=longitude - wide,
        east=longitude + wide,
        **named("name", town.name),
        **named("slogan", town.slogan),
        **named("hotline_hours", town.hours),
        **named("centre_address", town.address),
    )
    Population.objects.bulk_create(
        Population(
            city=city,
            count=head.count,
            counted_on=date(*head.on),
            source=head.source,
            **named("territory", head.territory),
        )
        for head in town.heads
    )
    Organiser.objects.bulk_create(
        Organiser(
            city=city, position=i, roles=sorted(o.roles), email=o.email, **named("name", o.name), **named("role", o.role),
            **named("duties", o.duties),
        )
        for i, o in enumerate(town.organisers, 1)
    )
    return city


def make_round(
    *,
    actor: Account,
    city: City,
    slug: str,
    title: Text,
    periods: tuple[Period, ...],
    is_illustrative: bool,
    rules: dict[str, object],
    purses: tuple[Purse, ...],
) -> Round:
    """Create a public round from the preset of 2020 with its own calendar; ``rules`` and ``purses`` replace the preset's."""
    opens_at = periods[0].opens_at
    round_ = rounds.create_round(
        actor=actor,
        city=city,
        slug=slug,
        titles=rounds.Titles(*title),
        preset="khromtau-2020",
        starts_on=opens_at.astimezone(ZoneInfo(city.time_zone)).date(),
        now=opens_at,
    )
    set_calendar(round_, periods)
    if rules:
        Constitution.objects.filter(round=round_).update(**rules)
    if purses:
        _set_purses(round_, purses)
    Round.objects.filter(pk=round_.pk).update(is_illustrative=is_illustrative)
    rounds.publish_round(
        actor=actor, round_=Round.objects.select_related("city", "constitution").get(pk=round_.pk), now=opens_at
    )
    return Round.objects.select_related("city", "constitution").get(pk=round_.pk)


def _set_purses(round_: Round, purses: tuple[Purse, ...]) -> None:
    Funder.objects.filter(round=round_).delete()
    Funder.objects.bulk_create(
        Funder(
            round=round_,
            position=i,
            amount_tenge=p.amount_tenge,
            is_approximate=p.is_approximate,
            **named("name", p.name),
        )
        for i, p in enumerate(purses, 1)
    )


def set_calendar(round_: Round, periods: tuple[Period, ...]) -> None:
    """Replace the whole calendar of a round that has had no acts yet."""
    RoundStage.objects.filter(round=round_).delete()
    RoundStage.objects.bulk_create(
        RoundStage(round=round_, stage=p.stage, opens_at=p.opens_at, closes_at=p.closes_at) for p in periods
    )
