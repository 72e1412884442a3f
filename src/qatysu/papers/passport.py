"""The project passport on paper: what it holds and how it becomes a PDF.

The caller gives words that are ready to print: translated, with money, dates and shares formatted. What is empty leaves no hole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import segno

from qatysu.papers import gantt, letters, pdf, pictures, plans

#: Fixed words of the passport; the caller gives one sentence or word for each.
LABELS = (
    *("passport", "project", "before", "after", "problem", "solution", "place", "scan"),
    *("estimate", "item", "unit", "quantity", "price", "amount", "source"),
    *("schedule", "work", "who", "term", "views", "opinions", "team", "document"),
    *("number", "date", "digest", "digest_note", "illustrative", "illustrative_note", "page"),
)
FRONT_CHARACTERS = 420
#: Of one passport, and the longer side of those behind the front page; together far under the bounds of the press.
MOST_PICTURES, INNER_SIDE_PX = 24, 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the large numbers of the front page: ``3 260 000 ₸``, what it is, and an optional note."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures of one view (JPEG, PNG or WebP); either may be missing (``b""``)."""

    before: bytes
    after: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Sketch:
    """A single picture with its caption."""

    image: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """A line of the estimate, formatted for people."""

    item: str
    unit: str
    quantity: str
    price: str
    amount: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what is said of it; used for totals, land, owner, utilities, upkeep."""

    term: str
    text: str


@dataclass(frozen=True, slots=True)
class FactGroup:
    """A section of facts with its heading: «Земля и сети», «Кто содержит»."""

    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work of the schedule. ``term`` is its written form; ``days`` counts from ``start``, which it includes, for the bar."""

    work: str
    term: str
    who: str = ""
    start: date | None = None
    days: int = 0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an expert or specialist said. ``standing``: ``fine``, ``mend`` or ``stop`` chooses the mark beside ``verdict``."""

    who: str
    verdict: str
    text: str
    standing: str = "fine"
    when: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the team under the public name."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class PassportSheet:
    """Everything that a printed passport says. Only the first group is required."""

    labels: Mapping[str, str]
    programme: str
    city: str
    code: str
    title: str
    made_at: datetime

    category: str = ""
    lead: str = ""
    place: str = ""
    plan: plans.Plan | None = None
    place_picture: bytes = b""
    pairs: tuple[Pair, ...] = ()
    sketches: tuple[Sketch, ...] = ()
    figures: tuple[Figure, ...] = ()
    problem: str = ""
    solution: str = ""
    estimate: tuple[EstimateRow, ...] = ()
    totals: tuple[Fact, ...] = ()
    estimate_note: str = ""
    schedule: tuple[WorkRow, ...] = ()
    facts: tuple[FactGroup, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    team: tuple[Member, ...] = ()
    url: str = ""
    number: str = ""
    date: str = ""
    digest: str = ""
    is_illustrative: bool = False


@dataclass(slots=True)
class _Album:
    """Pictures on their way to the press, and the names by which the data mention them."""

    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, image: bytes, longest: int = pictures.LONGEST_SIDE_PX) -> str:
        """Name of ``image`` in the document; empty for no picture, or when the document holds enough of them."""
        if not image or len(self.files) >= MOST_PICTURES:
            return ""
        name = f"picture-{len(self.files) + 1}.jpg"
        self.files[name] = pictures.for_print(image, longest)
        return name

    def draw(self, name: str, svg: bytes) -> str:
        """Name of a drawing of ours in the document."""
        self.files[name] = svg
        return name


def render_passport(sheet: PassportSheet, language: str) -> bytes:
    """The passport as PDF, A4.

    Raises KeyError for a missing label; Invalid as :func:`qatysu.papers.pdf.render` and :func:`pictures.for_print` do.
    """
    album = _Album()
    data = _front(sheet, album) | _inside(sheet, language, album)
    return pdf.render("passport", data, language=language, pictures=album.files, made_at=sheet.made_at)


def _front(sheet: PassportSheet, album: _Album) -> dict[str, Any]:
    """What hangs in the entrance hall."""
    short = [letters.short(text, FRONT_CHARACTERS) for text in (sheet.problem, sheet.solution)]
    is_whole = short == [" ".join(text.split()) for text in (sheet.problem, sheet.solution)]
    plan = album.draw("plan.svg", plans.svg(sheet.plan)) if sheet.plan else ""
    url = sheet.url if sheet.url.startswith(("https://", "http://")) and len(sheet.url) <= 500 else ""
    code = segno.make(url, error="m", micro=False) if url else None
    return {
        "labels": {name: sheet.labels[name] for name in LABELS},
        "programme": letters.short(sheet.programme, 60),
        "city": letters.short(sheet.city, 60),
        "code": letters.short(sheet.code, 24),
        "title": letters.short(sheet.title, 220),
        "category": letters.short(sheet.category, 60),
        "lead": letters.short(sheet.lead, 200),
        "place": letters.short(sheet.place, 110),
        "plan": plan or album.add(sheet.place_picture, 700),
        "pairs": _pairs(sheet, album),
        "figures": [_figure(figure) for figure in sheet.figures[:3]],
        "problem_short": short[0],
        "solution_short": short[1],
        "problem": [] if is_whole else letters.paragraphs(sheet.problem),
        "solution": [] if is_whole else letters.paragraphs(sheet.solution),
        "url": url,
        "qr": album.draw("code.svg", code.svg_inline(border=0, dark="#17211d").encode()) if code else "",
        "is_illustrative": sheet.is_illustrative,
    }


def _inside(sheet: PassportSheet, language: str, album: _Album) -> dict[str, Any]:
    """The pages after the first."""
    return {
        "sketches": [
            {"image": album.add(one.image, INNER_SIDE_PX), "caption": one.caption}
            for one in sheet.sketches
            if one.image
        ],
        "estimate": [estimate_line(row) for row in sheet.estimate],
        "has_sources": any(row.source for row in sheet.estimate),
        "totals": [[fact.term, fact.text] for fact in sheet.totals],
        "estimate_note": sheet.estimate_note,
        "schedule": [[letters.short(row.work, 400), letters.short(row.who, 200), row.term] for row in sheet.schedule],
        "bars": gantt.bars([(row.start, row.days) for row in sheet.schedule], language),
        "facts": [
            {
                "title": group.title,
                "rows": [[fact.term, letters.paragraphs(fact.text)] for fact in group.facts if fact.text.strip()],
            }
            for group in sheet.facts
            if any(fact.text.strip() for fact in group.facts)
        ],
        "opinions": [
            {
                "who": one.who,
                "verdict": one.verdict,
                "standing": one.standing,
                "when": one.when,
                "text": letters.paragraphs(one.text),
            }
            for one in sheet.opinions
        ],
        "team": [[member.name, member.role] for member in sheet.team],
        "number": sheet.number,
        "date": sheet.date,
        "digest": [_groups(sheet.digest[at : at + 32]) for at in range(0, len(sheet.digest), 32)],
    }


def estimate_line(row: EstimateRow) -> list[str]:
    """Cells of ``row`` that fit into the narrow columns of the table."""
    numbers = [letters.short(cell, 24).replace(" ", "\u00a0") for cell in (row.quantity, row.price, row.amount)]
    unit = letters.pliant(letters.printable(letters.short(row.unit, 40)), 8)
    return [letters.short(row.item, 400), unit, *numbers, letters.short(row.source, 250)]


def _pairs(sheet: PassportSheet, album: _Album) -> list[dict[str, str]]:
    """Pairs that have a picture; the first hangs on the front page and is finer."""
    found: list[dict[str, str]] = []
    for pair in sheet.pairs:
        if pair.before or pair.after:
            side = INNER_SIDE_PX if found else pictures.LONGEST_SIDE_PX
            images = {"before": album.add(pair.before, side), "after": album.add(pair.after, side)}
            found.append(images | {"caption": letters.short(pair.caption, 200)})
    return found


def _groups(digits: str) -> str:
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))


def _figure(figure: Figure) -> list[str]:
    value = letters.short(figure.value, 40)
    if len(value) <= 16:  # «3 260 000 ₸» stays on one line
        value = value.replace(" ", "\u00a0")
    return [value, letters.short(figure.label, 48), letters.short(figure.note, 70)]
