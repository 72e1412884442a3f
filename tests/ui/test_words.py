"""Dates, typography, money in words, colours: pure pieces of the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation

from qatysu.ui import brand, dates, typography

NBSP = "\u00a0"
ZONE = ZoneInfo("Asia/Almaty")
CITY = SimpleNamespace(time_zone="Asia/Almaty", brand={})


@pytest.mark.parametrize(
    ("language", "expected"),
    [("kk", "2020 ж. 8 қараша"), ("ru", "8 ноября 2020 г."), ("en", "8 November 2020")],
)
def test_a_day_is_written_as_the_language_writes_it(language: str, expected: str) -> None:
    assert dates.long(date(2020, 11, 8), language).replace(NBSP, " ") == expected


@pytest.mark.parametrize(("language", "expected"), [("kk", "8 қараша, 23:59"), ("ru", "8 ноября, 23:59")])
def test_a_deadline_names_the_last_minute_that_counts(language: str, expected: str) -> None:
    closes_at = datetime(2020, 11, 9, tzinfo=ZONE)
    with translation.override(language):
        shown = Template("{{ at|deadline:city }}").render(Context({"at": closes_at, "city": CITY}))
    assert shown.replace(NBSP, " ") == expected


def test_a_period_names_its_year_once() -> None:
    span = date(2020, 8, 15), date(2020, 10, 2)
    assert dates.period(*span, "ru").replace(NBSP, " ") == "15 августа – 2 октября"
    assert dates.period_long(*span, "ru").replace(NBSP, " ") == "15 августа – 2 октября 2020 г."
    assert dates.period_long(*span, "kk").replace(NBSP, " ") == "2020 ж. 15 тамыз – 2 қазан"
    assert dates.period(date(2020, 8, 1), date(2020, 8, 9), "en").replace(NBSP, " ") == "1–9 August"
    across = dates.period(date(2020, 12, 1), date(2021, 1, 9), "en").replace(NBSP, " ")
    assert across == "1 December 2020 – 9 January 2021"


def test_the_day_is_that_of_the_city() -> None:
    late = datetime(2020, 11, 8, 23, 30, tzinfo=UTC)
    assert dates.local(late, ZONE) == date(2020, 11, 9)


def test_little_words_and_numbers_are_bound() -> None:
    assert typography.bind("в парке № 4 и 17 домов — у реки") == (
        f"в{NBSP}парке №{NBSP}4 и{NBSP}17{NBSP}домов{NBSP}— у{NBSP}реки"
    )


def test_typo_keeps_markup_escaped() -> None:
    assert Template("{{ t|typo }}").render(Context({"t": "<b> в доме"})) == f"&lt;b&gt; в{NBSP}доме"


@pytest.mark.parametrize(("name", "expected"), [("Мадина Бекова", f"М.{NBSP}Б."), ("Айгүл", "А."), ("", "")])
def test_people_appear_as_initials(name: str, expected: str) -> None:
    assert typography.initials(name) == expected


@pytest.mark.parametrize(("language", "expected"), [("ru", "61,04"), ("kk", "61,04"), ("en", "61.04")])
def test_millions_have_at_most_two_decimals(language: str, expected: str) -> None:
    with translation.override(language):
        assert Template("{{ 61040000|mln_number }}").render(Context()) == expected
        assert Template("{{ 65000000|mln_number }}").render(Context()) == "65"


EXAMPLE = {
    "--brand": "#1d4f7c", "--brand-deep": "#102f4a", "--on-brand": "#fffdf7", "--on-deep": "#f2f2e8",
    "--accent": "#f2b52e", "--on-accent": "#1b2019",
}  # fmt: skip


def test_the_example_theme_of_the_design_passes() -> None:
    assert brand.weak_pairs(EXAMPLE) == []
    assert round(brand.contrast("#fffdf7", "#1d4f7c"), 1) == 8.4


def test_a_theme_that_cannot_be_read_is_not_served() -> None:
    assert brand.weak_pairs({"brand": "#88ccbb"}) == ["on-brand/brand 1.8 < 7", "brand/paper 1.7 < 4.5"]
    assert brand.stylesheet({"brand": "#88ccbb"}, "") == ""


def test_only_known_tokens_with_plain_colours_reach_the_style_sheet() -> None:
    css = brand.stylesheet(EXAMPLE | {"ink": "#ffffff", "accent-strong": "red;} body{display:none"}, "light")
    assert "--ink" not in css
    assert "display" not in css
    assert "--brand: #1d4f7c;" in css


def test_the_dark_theme_keeps_its_own_colours_on_paper() -> None:
    assert "--brand:" not in brand.stylesheet(EXAMPLE, "dark")
    assert "--brand-deep: #102f4a;" in brand.stylesheet(EXAMPLE, "dark")
    assert "prefers-color-scheme: dark" in brand.stylesheet(EXAMPLE, "")
