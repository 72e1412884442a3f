"""Terms in days: weekends, holidays, moved working days, and the end of the day in the city's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qatysu.core.collegial_terms import LONGEST_TERM_DAYS, is_day_off, reply_due, term_ends
from qatysu.core.errors import Invalid

AQTOBE = ZoneInfo("Asia/Aqtobe")
FRIDAY = date(2026, 11, 20)
NATIONAL_DAY = date(2026, 12, 16)
NEAR = st.dates(date(2026, 1, 1), date(2026, 12, 31))
DAYS_OFF = st.frozensets(NEAR, max_size=8)


@pytest.mark.parametrize(
    ("day", "days", "is_working_days", "due"),
    [
        (FRIDAY, 5, False, date(2026, 11, 25)),
        (FRIDAY, 5, True, date(2026, 11, 27)),
        (FRIDAY, 1, False, date(2026, 11, 23)),
        (FRIDAY, 1, True, date(2026, 11, 23)),
        (date(2026, 12, 11), 5, False, date(2026, 12, 17)),
        (date(2026, 12, 11), 4, True, date(2026, 12, 18)),
        (FRIDAY, 0, True, FRIDAY),
        (date(2026, 11, 21), 0, False, date(2026, 11, 23)),
    ],
)
def test_terms_by_hand(day, days, is_working_days, due) -> None:
    assert reply_due(day, days, is_working_days, {NATIONAL_DAY}) == due


def test_a_moved_working_day_counts() -> None:
    saturday = date(2026, 11, 21)
    assert reply_due(FRIDAY, 1, True, (), {saturday}) == saturday
    assert is_day_off(saturday)
    assert is_day_off(saturday, holidays={saturday}, worked={saturday})


def test_the_deadline_is_the_end_of_the_day_in_the_zone() -> None:
    ends = term_ends(FRIDAY, 5, AQTOBE)
    assert ends == datetime(2026, 11, 26, tzinfo=AQTOBE)
    assert ends.utcoffset() == timedelta(hours=5)
    assert term_ends(FRIDAY, 5, AQTOBE, is_working_days=True, holidays={date(2026, 11, 23)}) == datetime(2026, 12, 1, tzinfo=AQTOBE)


@pytest.mark.parametrize(("day", "days"), [(FRIDAY, -1), (FRIDAY, LONGEST_TERM_DAYS + 1), (date(9001, 1, 1), 1), (date.max, 0)])
def test_no_such_term(day, days) -> None:
    for is_working_days in (True, False):
        with pytest.raises(Invalid, match="term_days"):
            reply_due(day, days, is_working_days)


@given(NEAR, st.integers(0, 60), DAYS_OFF, DAYS_OFF)
def test_terms_counted_day_by_day(day, days, holidays, worked) -> None:
    def works(one):
        return one not in holidays and (one.isoweekday() < 6 or one in worked)

    ahead = [day + timedelta(days=n) for n in range(400)]
    calendar = reply_due(day, days, False, holidays, worked)
    assert calendar == next(one for one in ahead[days:] if works(one))
    working = [one for one in ahead[1:] if works(one)]
    expected = working[days - 1] if days else next(one for one in ahead if works(one))
    assert reply_due(day, days, True, holidays, worked) == expected
    assert expected >= calendar
    assert term_ends(day, days, AQTOBE, holidays=holidays, worked=worked).date() == calendar + timedelta(days=1)
