"""Reading a PDF back."""

from __future__ import annotations

import re

import pypdfium2


def pages(pdf: bytes) -> list[str]:
    """Text of each page, with all kinds of spaces as one space and without places to break words."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_text(page) for page in document]


def text(pdf: bytes) -> str:
    """Text of the whole document."""
    return " ".join(pages(pdf))


def metadata(pdf: bytes) -> dict[str, str]:
    """Title, author and the like."""
    with pypdfium2.PdfDocument(pdf) as document:
        found: dict[str, str] = document.get_metadata_dict()
        return found


def language(pdf: bytes) -> str:
    """The language that the catalogue of the file names."""
    found = re.search(rb"/Lang ?\(([^)]*)\)", pdf)
    return found.group(1).decode() if found else ""


def _text(page: pypdfium2.PdfPage) -> str:
    words = page.get_textpage().get_text_bounded()
    return " ".join(re.sub("[\u00ad\u200b\ufffe\u0002]", "", words).split())
