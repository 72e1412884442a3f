"""A poster of one view, before and after, for a wall: A3 across; words come ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import segno

from qatysu.papers import letters, pdf, pictures


@dataclass(frozen=True, slots=True)
class PosterSheet:
    """What a poster shows. Either picture (JPEG, PNG, WebP) may be missing; then the other takes the width."""

    programme: str
    title: str
    made_at: datetime
    city: str = ""
    over: str = ""
    before: bytes = b""
    after: bytes = b""
    before_label: str = ""
    after_label: str = ""
    caption: str = ""
    place: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    url: str = ""
    scan_label: str = ""
    illustrative: str = ""


def render_poster(sheet: PosterSheet, language: str) -> bytes:
    """The poster, one page. Raises Invalid as :func:`qatysu.papers.pdf.render` and :func:`pictures.for_print` do."""
    album = {"before.jpg": sheet.before, "after.jpg": sheet.after}
    files = {name: pictures.for_print(image, 2400) for name, image in album.items() if image}
    url = sheet.url if sheet.url.startswith(("https://", "http://")) and len(sheet.url) <= 500 else ""
    if url:
        files["code.svg"] = segno.make(url, error="m", micro=False).svg_inline(border=0, dark="#17211d").encode()
    limits = {"programme": 60, "city": 60, "over": 90, "title": 160, "caption": 240, "place": 140, "scan_label": 60}
    limits |= {"before_label": 40, "after_label": 40, "illustrative": 40}
    data = {name: letters.short(getattr(sheet, name), most) for name, most in limits.items()}
    views = (("before.jpg", data["before_label"]), ("after.jpg", data["after_label"]))
    content = data | {
        "views": [[name, label] for name, label in views if name in files],
        "figures": [[_together(value), letters.short(label, 48)] for value, label in sheet.figures[:3]],
        "url": url,
    }
    return pdf.render("poster", content, language=language, pictures=files, made_at=sheet.made_at)


def _together(value: str) -> str:
    short = letters.short(value, 40)
    return short.replace(" ", "\u00a0") if len(short) <= 16 else short
