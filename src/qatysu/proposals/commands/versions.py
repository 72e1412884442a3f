"""The text of a proposal as it was after each edit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.core.wordforms import stored_stems
from qatysu.proposals.models import Proposal, Version
from qatysu.proposals.readiness import STEP_FIELDS

CONTENT_FIELDS: tuple[str, ...] = tuple(field for fields in STEP_FIELDS.values() for field in fields)


def content_of(proposal: Proposal) -> dict[str, Any]:
    """Everything that a version keeps; the category by its slug, which survives renaming."""
    content = {field: getattr(proposal, field) for field in CONTENT_FIELDS if field != "category_id"}
    return content | {"category": proposal.category.slug if proposal.category else ""}


def keep_version(proposal: Proposal, actor: Any, now: datetime) -> None:
    """Store the present text under its revision; a revision that is stored already stays as it is."""
    Version.objects.get_or_create(
        proposal=proposal,
        revision=proposal.revision,
        defaults={"content": content_of(proposal), "actor": actor, "at": now},
    )


def stems_of(proposal: Proposal) -> str:
    """Stems of the text and of its translations, for search."""
    texts = [proposal.title, proposal.problem, proposal.solution, proposal.address]
    if proposal.pk:
        for row in proposal.translations.all():
            texts += [row.title, row.problem, row.solution, row.address]
    return stored_stems(*texts)
