"""A passport in one language: what the page and the paper show. Reads the fixed content only, never the works."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from qatysu.coaching.models import Passport
from qatysu.core.money import grouped, tenge
from qatysu.ui import dates
from qatysu.workbook import estimate
from qatysu.workbook.schema import Field, Kind, form_from

#: Ids of the default course that have a place of their own on the front page.
PEOPLE = "beneficiaries_count"


@dataclass(frozen=True, slots=True)
class Said:
    """A person's text and its language; ``is_foreign`` when there is no translation into the language of the page."""

    text: str
    language: str
    is_foreign: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the estimate; quantity and money formatted."""

    item: str
    unit: str
    quantity: str
    price: str
    amount: str
    source: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A work of the schedule: first day or None, length in days, and the bar in percent of the whole."""

    work: str
    who: str
    start: date | None
    days: int
    term: str
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Fact:
    """An answer in words."""

    term: str
    said: Said


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of one module."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class PassportPage:
    """Everything in order; pictures by the id of their file. Sums formatted, whole tenge."""

    title: Said
    address: Said
    problem: Said
    solution: Said
    cost: str
    total: str
    reserve: str
    people: str
    term: str
    lines: tuple[Line, ...]
    schedule: tuple[Stretch, ...]
    pairs: tuple[tuple[str, str, str], ...]
    pictures: tuple[tuple[str, str], ...]
    point: tuple[float, float] | None
    shape: tuple[tuple[float, float], ...]
    groups: tuple[Group, ...]
    opinions: tuple[Mapping[str, str], ...]
    team: tuple[str, ...]
    is_illustrative: bool


def page_of(passport: Passport, language: str) -> PassportPage:
    """The passport in ``language``."""
    content = passport.content
    with override(language):
        answers = tuple(_answers(content))
        schedule = _schedule(answers, language)
        return PassportPage(
            title=_said(content["title"], content["language"], language),
            address=_said(content["address"], content["language"], language),
            problem=_said(content["problem"], content["language"], language),
            solution=_said(content["solution"], content["language"], language),
            cost=tenge(content["cost"] or 0),
            total=tenge(content["total"] or 0),
            reserve=tenge(content["reserve"]) if content["reserve"] else "",
            people=next((grouped(a) for f, a, _t in answers if f.id == PEOPLE and isinstance(a, int)), ""),
            term=_length(schedule),
            lines=tuple(_lines(answers)),
            schedule=schedule,
            pairs=tuple(_pairs(answers)),
            pictures=tuple(_pictures(answers)),
            **_place(content, answers),
            groups=tuple(_groups(content, language)),
            opinions=tuple({**o, "day": dates.long(date.fromisoformat(o["on"]), language)} for o in content["opinions"]),
            team=tuple(content["team"]),
            is_illustrative=bool(content["is_illustrative"]),
        )


def _answers(content: Mapping[str, Any]) -> Iterator[tuple[Field, Any, Mapping[str, str]]]:
    """(field, answer, translations) of every public answer, in order."""
    for module in content["modules"]:
        for entry in module["fields"]:
            (field,) = form_from({"fields": [entry["field"]]}).fields
            yield field, entry["answer"], entry["translations"]


def _said(texts: Mapping[str, str], original: str, language: str) -> Said:
    if texts.get(language):
        return Said(texts[language], language)
    text = texts.get(original) or next(iter(texts.values()), "")
    return Said(text, original, bool(text))


def _lines(answers: tuple[tuple[Field, Any, Mapping[str, str]], ...]) -> Iterator[Line]:
    for field, answer, _texts in answers:
        for row in answer if field.kind is Kind.ESTIMATE else ():
            quantity, price = _decimal(row.get("quantity") or 0, 3), tenge(row.get("price") or 0)
            amount = tenge(estimate.amount(row))
            yield Line(row.get("item", ""), row.get("unit", ""), quantity, price, amount, row.get("source", ""))


def _decimal(value: int, decimals: int) -> str:
    """``12,5`` from thousandths (or other powers of ten), without trailing zeros."""
    whole, rest = divmod(abs(value), 10**decimals)
    tail = str(rest).zfill(decimals).rstrip("0") if decimals else ""
    return ("−" if value < 0 else "") + grouped(whole) + (f",{tail}" if tail else "")


def _schedule(answers: tuple[tuple[Field, Any, Mapping[str, str]], ...], language: str) -> tuple[Stretch, ...]:
    rows = [row for field, answer, _t in answers if field.kind is Kind.SCHEDULE for row in answer]
    dated = [(date.fromisoformat(row["start"]), row["days"]) for row in rows if row.get("start")]
    first = min((start for start, _days in dated), default=None)
    last = max((start + timedelta(days=days) for start, days in dated), default=None)
    whole = max((last - first).days, 1) if first and last else 1
    found = []
    for row in rows:
        start = date.fromisoformat(row["start"]) if row.get("start") else None
        days = int(row.get("days") or 0)
        end = start + timedelta(days=max(days - 1, 0)) if start else None
        term = dates.period(start, end, language) if start and end else _days(days)
        left = (start - first).days * 100 // whole if start and first else 0
        found.append(Stretch(row["work"], row.get("who", ""), start, days, term, left, max(days * 100 // whole, 1)))
    return tuple(found)


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days} if days else ""


def _length(schedule: tuple[Stretch, ...]) -> str:
    """How long the works last from the first day to the last."""
    dated = [(s.start, s.start + timedelta(days=s.days)) for s in schedule if s.start]
    if not dated:
        return ""
    return _days((max(end for _s, end in dated) - min(start for start, _e in dated)).days)


def _pairs(answers: tuple[tuple[Field, Any, Mapping[str, str]], ...]) -> Iterator[tuple[str, str, str]]:
    for field, answer, _texts in answers:
        for row in answer if field.kind is Kind.BEFORE_AFTER else ():
            yield row.get("before", ""), row.get("after", ""), row.get("caption", "")


def _pictures(answers: tuple[tuple[Field, Any, Mapping[str, str]], ...]) -> Iterator[tuple[str, str]]:
    for field, answer, _texts in answers:
        for row in answer if field.kind is Kind.IMAGES else ():
            yield row["file"], row.get("caption", "")


def _place(content: Mapping[str, Any], answers: tuple[tuple[Field, Any, Mapping[str, str]], ...]) -> dict[str, Any]:
    place: dict[str, Any] = next((answer for field, answer, _t in answers if field.kind is Kind.PLACE), {})
    lat, lon = place.get("lat", content["latitude"]), place.get("lon", content["longitude"])
    point = None if lat is None or lon is None else (float(lat), float(lon))
    return {"point": point, "shape": tuple((float(a), float(b)) for a, b in place.get("shape", ()))}


def _groups(content: Mapping[str, Any], language: str) -> Iterator[Group]:
    """What is neither picture, place, estimate nor schedule, by module."""
    for module in content["modules"]:
        facts = []
        for entry in module["fields"]:
            (field,) = form_from({"fields": [entry["field"]]}).fields
            said = _fact(field, entry["answer"], entry["translations"], content["language"], language)
            if said.text and field.id != PEOPLE:
                facts.append(Fact(field.label.in_(language), said))
        if facts:
            yield Group(module["title"].get(language) or module["title"]["ru"], tuple(facts))


def _fact(field: Field, answer: Any, translations: Mapping[str, str], original: str, language: str) -> Said:
    if field.kind in (Kind.TEXT, Kind.LONG_TEXT):
        # Numbers, names and dates look the same in every language: only texts meant for translation can be foreign.
        if translations.get(language):
            return Said(translations[language], language)
        return Said(str(answer), original, field.is_translated and original != language)
    return Said(_plain(field, answer, language), language)


def _plain(field: Field, answer: Any, language: str) -> str:
    """An answer of a simple kind in words; '' for kinds that have a place of their own."""
    if field.kind is Kind.NUMBER:
        return _decimal(answer, field.decimals)
    if field.kind is Kind.MONEY:
        return tenge(answer)
    if field.kind is Kind.DATE:
        return dates.long(date.fromisoformat(answer), language)
    if field.kind in (Kind.CHOICE, Kind.CHOICES):
        chosen = [answer] if isinstance(answer, str) else list(answer)
        return ", ".join(option.label.in_(language) for option in field.options if option.id in chosen)
    if field.kind is Kind.TABLE:
        cells = ((column, row.get(column.id)) for row in answer for column in field.columns)
        return "; ".join(str(v) if c.kind in (Kind.TEXT, Kind.LONG_TEXT) else _plain(c, v, language) for c, v in cells if v)
    return ""


def labels() -> dict[str, str]:
    """Fixed words of the printed passport in the active language."""
    return {
        "passport": _("Project passport"), "project": _("Project"), "before": _("Now"), "after": _("With the project"),
        "problem": _("Problem"), "solution": _("Solution"), "place": _("Place"), "scan": _("The whole project on the portal"),
        "estimate": _("Estimate"), "item": _("Work or material"), "unit": _("Unit"), "quantity": _("Quantity"),
        "price": _("Price"), "amount": _("Sum"), "source": _("Source of the price"), "schedule": _("Schedule of works"),
        "work": _("Work"), "who": _("Who"), "term": _("Term"), "views": _("Sketches and plans"),
        "opinions": _("Opinions of experts"), "team": _("Team"), "document": _("About this document"), "number": _("Number"),
        "date": _("Date"), "digest": _("Fingerprint (SHA-256)"),
        "digest_note": _("Whoever changes a word of the passport changes this fingerprint."),
        "illustrative": _("Made up as an example"),
        "illustrative_note": _("Sums, dates and texts that the study does not publish are made up for the demonstration."),
        "page": _("page"),
    }  # fmt: skip
