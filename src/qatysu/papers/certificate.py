"""Certificates of participation as PDF, A4 across; the caller gives words that are ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import segno

from qatysu.papers import letters, pdf


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """What a certificate says. ``lead`` stands above the name («вручается»), ``deed`` under it, ``done`` lists what was done."""

    heading: str
    name: str
    number: str
    made_at: datetime
    programme: str
    city: str = ""
    round: str = ""
    lead: str = ""
    deed: str = ""
    done: Sequence[str] = ()
    number_label: str = "№"
    date: str = ""
    signer: str = ""
    signer_role: str = ""
    url: str = ""
    scan_label: str = ""
    illustrative: str = ""


def render_certificate(sheet: CertificateSheet, language: str) -> bytes:
    """The certificate, one page. Raises Invalid as :func:`qatysu.papers.pdf.render` does."""
    facts = asdict(sheet)
    made_at = facts.pop("made_at")
    limits = {
        "heading": 60,
        "name": 120,
        "deed": 420,
        "lead": 160,
        "number": 60,
        "round": 90,
        "signer": 80,
        "signer_role": 120,
    }
    data: dict[str, Any] = {
        key: letters.short(value, limits.get(key, 160)) for key, value in facts.items() if isinstance(value, str)
    }
    data["url"] = sheet.url if sheet.url.startswith(("https://", "http://")) else ""
    data["done"] = [letters.short(one, 110) for one in sheet.done[:6]]
    drawings: dict[str, bytes] = {}
    if data["url"]:
        code = segno.make(data["url"], error="m", micro=False)
        drawings["code.svg"] = code.svg_inline(border=0, dark="#0b3a30").encode()
    return pdf.render("certificate", data, language=language, pictures=drawings, made_at=made_at)
