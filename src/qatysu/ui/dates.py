"""Dates in the three languages (DESIGN 8). Django's Kazakh formats are incomplete, hence a table of our own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

NBSP = "\u00a0"
_MONTHS: dict[str, tuple[str, ...]] = {
    "kk": (
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ),
    "ru": (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_YEAR = {"kk": "{year}{sp}ж. {day}", "ru": "{day} {year}{sp}г.", "en": "{day} {year}"}


def local(moment: date | datetime, zone: ZoneInfo) -> date:
    """The calendar day of ``moment`` in ``zone``; a plain date stays as it is."""
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def short(day: date, language: str) -> str:
    """``8 қараша``, ``8 ноября``, ``8 November``."""
    return f"{day.day}{NBSP}{_months(language)[day.month - 1]}"


def long(day: date, language: str) -> str:
    """``2020 ж. 8 қараша``, ``8 ноября 2020 г.``, ``8 November 2020``."""
    pattern = _YEAR.get(language, _YEAR["en"])
    return pattern.format(day=short(day, language), year=day.year, sp=NBSP)


def last_moment(closes_at: datetime, zone: ZoneInfo) -> tuple[date, str]:
    """Day and ``HH:MM`` of the last minute that a window closing at ``closes_at`` includes."""
    last = (closes_at - timedelta(microseconds=1)).astimezone(zone)
    return last.date(), f"{last:%H:%M}"


def period(opens: date, last: date, language: str) -> str:
    """``15 августа – 2 октября``: both days included; the year is named only when the two differ."""
    if opens == last:
        return short(opens, language)
    if opens.year != last.year:
        return f"{long(opens, language)} – {long(last, language)}"
    if opens.month == last.month:
        return f"{opens.day}–{short(last, language)}"
    return f"{short(opens, language)} – {short(last, language)}"


def period_long(opens: date, last: date, language: str) -> str:
    """``15 августа – 2 октября 2020 г.``: as ``period``, with the year once."""
    if opens.year != last.year:
        return period(opens, last, language)
    pattern = _YEAR.get(language, _YEAR["en"])
    return pattern.format(day=period(opens, last, language), year=last.year, sp=NBSP)


def _months(language: str) -> tuple[str, ...]:
    return _MONTHS.get(language, _MONTHS["en"])
