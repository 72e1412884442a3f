"""Files of a team, and typical lines of an estimate."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from qatysu.coaching.models import ProjectType, WorkFile, Workspace
from qatysu.coaching.queries.rooms import get_workspace
from qatysu.core.errors import NotFound
from qatysu.files.models import StoredFile
from qatysu.rounds.queries import get_round
from qatysu.workbook import estimate


def get_work_file(workspace: Workspace, public_id: uuid.UUID) -> WorkFile:
    """The file of this room. Raises NotFound."""
    found = WorkFile.objects.select_related("file", "work").filter(workspace=workspace, file__public_id=public_id).first()
    if found is None:
        raise NotFound("file")
    return found


def get_file(
    city_slug: str, round_slug: str, code: str, public_id: uuid.UUID, viewer: Any, now: datetime
) -> tuple[StoredFile, bool]:
    """A file of a room that ``viewer`` may have, and whether everybody may. Raises NotFound for absent and foreign alike."""
    rows = WorkFile.objects.select_related("file", "workspace__proposal__round")
    mine = rows.filter(
        file__public_id=public_id,
        workspace__proposal__round__slug=round_slug,
        workspace__proposal__round__city__slug=city_slug,
    ).first()
    if mine is None or mine.workspace.proposal.code != code:
        raise NotFound("file")
    if mine.published_at is not None and mine.workspace.proposal.round.is_public:
        return mine.file, True
    # Raises NotFound for a stranger.
    get_workspace(get_round(city_slug, round_slug, viewer), code, viewer, now)
    return mine.file, False


def typical_lines(kind: ProjectType, language: str) -> list[dict[str, Any]]:
    """Lines of a typical estimate in ``language``; quantities in thousandths, prices and amounts in whole tenge."""
    lines = []
    for row in kind.estimate:
        words = {name: row[name].get(language) or row[name]["ru"] for name in ("item", "unit")}
        line = {**words, "quantity": row["quantity"], "price": row["price"]}
        lines.append({**line, "amount": estimate.amount(line)})
    return lines
