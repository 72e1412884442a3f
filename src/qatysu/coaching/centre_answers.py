"""Answers of a team as somebody outside it reads them: nothing to fill in, doubts beside the estimate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qatysu.coaching.centre_words import DOUBTS
from qatysu.coaching.fields import Drawn, FieldView, files_of
from qatysu.coaching.models import Remark, Work
from qatysu.coaching.queries.files import typical_lines
from qatysu.workbook import estimate
from qatysu.workbook.schema import Kind

LANGUAGES = ("kk", "ru", "en")


@dataclass(frozen=True, slots=True)
class Answer:
    """One field: ``doubts`` in words by id of a row, ``draft`` of a remark that was typed but not sent."""

    view: FieldView
    is_empty: bool
    doubts: Mapping[str, str]
    draft: str = ""

    @property
    def earlier(self) -> tuple[Remark, ...]:
        """Remarks that are resolved."""
        return tuple(remark for remark in self.view.remarks if remark.resolved_at is not None)

    @property
    def open(self) -> tuple[Remark, ...]:
        """Remarks that still wait."""
        return tuple(remark for remark in self.view.remarks if remark.resolved_at is None)


def answers_of(
    work: Work, language: str, *, remarks: Sequence[Remark] = (), drafts: Mapping[str, str] | None = None
) -> tuple[Answer, ...]:
    """Every field of a work for a reader; one query, two with a type of project."""
    drawn = Drawn(
        work=work,
        language=language,
        files=files_of(work),
        remarks=remarks,
        cap=work.workspace.proposal.round.constitution.cap,
    )
    found = []
    for view in drawn.views():
        value = work.answers.get(view.field.id)
        doubts = _doubts(work, value) if view.field.kind is Kind.ESTIMATE and value else {}
        found.append(Answer(view, value in (None, "", [], {}), doubts, (drafts or {}).get(view.field.id, "")))
    return tuple(found)


def _doubts(work: Work, lines: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What to ask about each line, by id of the row."""
    kind, typical = work.workspace.project_type, {}
    if kind is not None:
        typical = {str(row["item"]).lower(): row["price"] for name in LANGUAGES for row in typical_lines(kind, name)}
    asked: dict[str, list[str]] = {}
    for doubt in estimate.doubts(lines, typical):
        asked.setdefault(doubt.row, []).append(str(DOUBTS[doubt.code]))
    return {row: "; ".join(words) for row, words in asked.items()}
