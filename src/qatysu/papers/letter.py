"""The same blocks as PDF; a module of its own so that DOCX and PDF stay equal in what they can say."""

from __future__ import annotations

from datetime import datetime

from qatysu.papers import pdf
from qatysu.papers.blocks import Document, as_data


def render_document(document: Document, language: str, *, made_at: datetime | None = None) -> bytes:
    """``document`` as PDF, A4. Raises Invalid as :func:`qatysu.papers.pdf.render` does."""
    return pdf.render("document", as_data(document), language=language, made_at=made_at)
