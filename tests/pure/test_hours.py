"""Opening hours: lunch, holidays, moved days, and the change of Kazakhstan's time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.core.hours import (
    Hours,
    NeverOpens,
    Span,
    add_open_time,
    closing,
    is_open,
    next_opening,
    open_minutes_between,
    spans_of,
)

ALMATY = ZoneInfo("Asia/Almaty")
DAY = (Span(600, 780), Span(840, 1080))
WEEK = (DAY,) * 5 + ((), ())
HOURS = Hours(WEEK)


def at(text: str) -> datetime:
    """A clock time in Almaty."""
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


def test_lunch_is_no_open_time() -> None:
    assert add_open_time(at("2026-11-23 12:30"), 60, HOURS, ALMATY) == at("2026-11-23 14:30")
    assert not is_open(at("2026-11-23 13:00"), HOURS, ALMATY)
    assert is_open(at("2026-11-23 14:00"), HOURS, ALMATY)
    assert next_opening(at("2026-11-23 13:10"), HOURS, ALMATY) == at("2026-11-23 14:00")
    assert closing(at("2026-11-23 12:00"), HOURS, ALMATY) == at("2026-11-23 13:00")
    assert closing(at("2026-11-23 13:30"), HOURS, ALMATY) is None


def test_a_question_of_friday_evening_is_due_on_monday() -> None:
    assert add_open_time(at("2026-11-20 19:00"), 7 * 60, HOURS, ALMATY) == at("2026-11-23 18:00")


def test_holidays_and_moved_days() -> None:
    hours = Hours(WEEK, {date(2026, 12, 16): (), date(2026, 12, 19): (Span(600, 720),)})
    assert next_opening(at("2026-12-15 18:00"), hours, ALMATY) == at("2026-12-17 10:00")
    assert is_open(at("2026-12-19 11:00"), hours, ALMATY)
    assert open_minutes_between(at("2026-12-15 00:00"), at("2026-12-20 00:00"), hours, ALMATY) == 3 * 420 + 120


def test_the_hour_that_came_twice_is_counted_twice() -> None:
    """At midnight before 1 March 2024 clocks went back by an hour: that night had 25 hours, and from then on it is UTC+5."""
    always = Hours(((Span(0, 1440),),) * 7)
    before, after = at("2024-02-29 12:00"), at("2024-03-01 12:00")
    assert before.utcoffset() == timedelta(hours=6)
    assert after.utcoffset() == timedelta(hours=5)
    assert open_minutes_between(before, after, always, ALMATY) == 25 * 60
    # Ordinary hours of both days are seven hours each, whatever the offset.
    assert open_minutes_between(at("2024-02-29 00:00"), at("2024-03-02 00:00"), HOURS, ALMATY) == 2 * 420
    assert add_open_time(at("2024-02-29 17:00"), 120, HOURS, ALMATY) == datetime(2024, 3, 1, 6, 0, tzinfo=UTC)


def test_hours_that_never_open_say_so() -> None:
    never = Hours(((),) * 7)
    assert next_opening(at("2026-01-01 00:00"), never, ALMATY) is None
    with pytest.raises(NeverOpens):
        add_open_time(at("2026-01-01 00:00"), 1, never, ALMATY)


@pytest.mark.parametrize("pairs", [[[600, 600]], [[700, 600]], [[0, 1441]], [[600, 800], [700, 900]], [[-1, 5]]])
def test_spans_that_make_no_day_are_refused(pairs: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"."):
        spans_of(pairs)


ZONES = st.sampled_from(["Asia/Almaty", "Asia/Qyzylorda", "Asia/Oral", "Europe/Berlin", "America/New_York", "UTC"])
SECONDS = st.integers(0, int(timedelta(days=4 * 365).total_seconds()))
INSTANTS = SECONDS.map(lambda seconds: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


@st.composite
def day_spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to two open stretches of a day."""
    marks = sorted(draw(st.sets(st.integers(0, 96), min_size=0, max_size=4)))
    return tuple(Span(a * 15, b * 15) for a, b in zip(marks[::2], marks[1::2], strict=False))


@st.composite
def opening_hours(draw: st.DrawFn) -> Hours:
    """A week that opens at least once, with a few days that differ."""
    week = [draw(day_spans()) for _ in range(6)]
    special = draw(st.dictionaries(st.dates(date(2023, 1, 1), date(2027, 1, 1)), day_spans(), max_size=3))
    return Hours((*week, DAY), special)


@given(INSTANTS, st.integers(0, 3000), opening_hours(), ZONES)
def test_adding_and_measuring_agree(start: datetime, minutes: int, hours: Hours, name: str) -> None:
    zone = ZoneInfo(name)
    due = add_open_time(start, minutes, hours, zone)
    assert due >= start
    assert open_minutes_between(start, due, hours, zone) == minutes
    if minutes:
        # It is the first such instant: a second earlier the time had not passed.
        assert open_minutes_between(start, due - timedelta(seconds=1), hours, zone) < minutes


@given(INSTANTS, INSTANTS, INSTANTS, opening_hours(), ZONES)
def test_open_time_adds_up(a: datetime, b: datetime, c: datetime, hours: Hours, name: str) -> None:
    first, middle, last = sorted(moment.replace(second=0) for moment in (a, b, c))
    if last - first > timedelta(days=120):
        last = first + timedelta(days=120)
        middle = min(middle, last)
    zone = ZoneInfo(name)
    whole = open_minutes_between(first, last, hours, zone)
    assert whole == open_minutes_between(first, middle, hours, zone) + open_minutes_between(middle, last, hours, zone)
    assert 0 <= whole <= (last - first).total_seconds() / 60


@given(INSTANTS, opening_hours(), ZONES)
def test_the_next_opening_is_open_and_nothing_before_it_is(start: datetime, hours: Hours, name: str) -> None:
    zone = ZoneInfo(name)
    opens = next_opening(start, hours, zone)
    assert opens is not None
    assert is_open(opens, hours, zone)
    assert open_minutes_between(start, opens, hours, zone) == 0
    assert is_open(start, hours, zone) == (opens == start)
