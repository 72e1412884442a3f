"""An estimate and a schedule on office paper, for whoever checks prices; words and sums come ready to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from qatysu.papers import gantt, letters, pdf
from qatysu.papers.passport import EstimateRow, Fact, WorkRow, estimate_line

LABELS = (
    "estimate",
    "item",
    "unit",
    "quantity",
    "price",
    "amount",
    "source",
    "schedule",
    "work",
    "who",
    "term",
    "page",
)


@dataclass(frozen=True, slots=True)
class EstimateSheet:
    """What the sheet says. ``over`` stands above the title, ``note`` at the foot; ``signers`` get a line each to sign on."""

    labels: Mapping[str, str]
    title: str
    made_at: datetime
    over: str = ""
    rows: tuple[EstimateRow, ...] = ()
    totals: tuple[Fact, ...] = ()
    remark: str = ""
    schedule: tuple[WorkRow, ...] = ()
    signers: tuple[str, ...] = ()
    note: str = ""


def render_estimate(sheet: EstimateSheet, language: str) -> bytes:
    """The sheet as PDF, A4.

    Raises KeyError for a label of :data:`LABELS` that is missing; Invalid as :func:`qatysu.papers.pdf.render` does.
    """
    data = {
        "labels": {name: sheet.labels[name] for name in LABELS},
        "title": letters.short(sheet.title, 220),
        "over": letters.short(sheet.over, 200),
        "estimate": [estimate_line(row) for row in sheet.rows],
        "has_sources": any(row.source for row in sheet.rows),
        "totals": [[fact.term, fact.text] for fact in sheet.totals],
        "estimate_note": sheet.remark,
        "schedule": [[letters.short(row.work, 400), letters.short(row.who, 200), row.term] for row in sheet.schedule],
        "bars": gantt.bars([(row.start, row.days) for row in sheet.schedule], language),
        "signers": [letters.short(one, 160) for one in sheet.signers[:6]],
        "note": letters.short(sheet.note, 200),
    }
    return pdf.render("estimate", data, language=language, made_at=sheet.made_at)
