"""What an edition says, fixed as data: titles and blocks in both languages, with its fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from qatysu.core.collegial_states import DocumentState
from qatysu.documents.kinds import LANGUAGES
from qatysu.documents.models import IN_FORCE, Edition
from qatysu.documents.writing import written
from qatysu.papers import docx, letter
from qatysu.papers.blocks import Block, Document, Heading, Paragraph, Run, restored, stored
from qatysu.rounds.models import Round
from qatysu.rounds.queries import is_illustrative
from qatysu.ui import dates
from qatysu.ui.templatetags.ui import in_language

_LABELS = {
    "approved": {"kk": "БЕКІТІЛГЕН", "ru": "УТВЕРЖДЕНО"},
    "draft": {"kk": "Жоба: бұл мәтін әлі бекітілмеген", "ru": "Проект: этот текст ещё не утверждён"},
    "ended": {"kk": "Бұл редакция күшін жойды", "ru": "Эта редакция утратила силу"},
    "fingerprint": {"kk": "Мәтін таңбасы (SHA-256)", "ru": "Отпечаток текста (SHA-256)"},
    "example": {"kk": "мысал деректер", "ru": "данные-пример"},
}


def content_of(edition: Edition, round_: Round) -> dict[str, Any]:
    """Titles and blocks of the edition as the rules are now; reads the whole round."""
    return {
        "round": str(round_), "number": edition.number,
        "title": {code: getattr(edition, f"title_{code}") for code in LANGUAGES},
        "blocks": {code: stored(written(getattr(edition, f"body_{code}"), round_, code)) for code in LANGUAGES},
    }  # fmt: skip


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 (hex) of ``content`` as JSON with sorted keys and no spaces."""
    raw = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(raw.encode()).hexdigest()


def blocks_in(edition: Edition, round_: Round, language: str) -> tuple[Block, ...]:
    """Blocks of an edition: as they were fixed, or of a draft as they would be now."""
    if edition.content:
        return restored(edition.content["blocks"][language])
    return written(getattr(edition, f"body_{language}"), round_, language)


def is_behind(edition: Edition, round_: Round) -> bool:
    """Whether the rules say something else by now than the edition: text and software disagree until there is a new one."""
    now = content_of(edition, round_)["blocks"]
    return bool(edition.content) and edition.content["blocks"] != json.loads(json.dumps(now))


def document_of(edition: Edition, round_: Round, language: str) -> Document:
    """The edition as a document for page, PDF and DOCX."""
    label = {name: both[language] for name, both in _LABELS.items()}
    title = getattr(edition, f"title_{language}")
    foot = [f"{label['fingerprint']}: {edition.digest}"] if edition.digest else []
    if edition.state not in IN_FORCE:
        foot = [label["draft"], *foot]
    elif edition.state != DocumentState.ADOPTED:
        foot = [label["ended"], *foot]
    if is_illustrative(round_):
        foot = [label["example"], *foot]
    city = in_language(round_.city, "name", language)
    return Document(title, tuple(_blocks(edition, round_, language, title, label)), " · ".join(foot), city)


def _blocks(edition: Edition, round_: Round, language: str, title: str, label: dict[str, str]) -> Iterator[Block]:
    if edition.act_on is not None:
        who = getattr(edition, f"signatory_{language}")
        day = dates.long(edition.act_on, language)
        yield Paragraph((Run(label["approved"], is_bold=True), Run(f"\n{who}\n{day}, № {edition.act_number}")), "right")
    yield Heading(title)
    yield Paragraph((Run(f"{in_language(round_, 'title', language)}, {in_language(round_.city, 'name', language)}"),))
    yield from blocks_in(edition, round_, language)


def file_of(edition: Edition, round_: Round, language: str, kind: str) -> bytes:
    """The edition as ``pdf`` or ``docx``."""
    document = document_of(edition, round_, language)
    made = edition.approved_at or edition.submitted_at or edition.made_at
    if kind == "docx":
        return docx.render(document, language, made_at=made)
    return letter.render_document(document, language, made_at=made)
