"""Files of a team: taken in, used in answers, thrown away."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from qatysu.coaching.commands.guards import lock_work, may, need_sessions, note, touched
from qatysu.coaching.models import Work, WorkFile, WorkState
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.regulation import Action
from qatysu.files.commands import accept_upload, discard_file
from qatysu.files.models import StoredFile
from qatysu.workbook.schema import Kind, form_from

MOST_FILES = 200
_PICTURES = frozenset({Kind.IMAGES, Kind.BEFORE_AFTER})


def add_file(*, actor: Any, work: Work, field: str, upload: UploadedFile[Any], now: datetime) -> WorkFile:
    """Inspect and keep one file for ``field`` ('' for the module as a whole); the same bytes twice are one file.

    Raises Invalid with field ``file`` (``files.commands.accept_upload``; ``picture_needed``, ``too_many_files``).
    """
    with transaction.atomic():
        row = lock_work(work)
        may(actor, Action.WORK_ON_PROJECT, row.workspace, now)
        need_sessions(row.workspace)
        if row.state in (WorkState.SUBMITTED, WorkState.ACCEPTED):
            raise Conflict(f"work_{row.state}")
        asked = form_from(row.module.form).field(field) if field else None
        if field and asked is None:
            raise Invalid("unknown_field", field="file")
        if row.workspace.files.count() >= MOST_FILES:
            raise Invalid("too_many_files", field="file", limit=MOST_FILES)
        needs_picture = asked is not None and asked.kind in _PICTURES
        stored = accept_upload(owner=actor, upload=upload, now=now, allow_office=not needs_picture)
        if needs_picture and stored.kind != StoredFile.Kind.IMAGE:
            discard_file(stored=stored)
            raise Invalid("picture_needed", field="file")
        same = row.files.filter(file__sha256=stored.sha256, field=field).select_related("file").first()
        if same is not None:
            discard_file(stored=stored)
            return same
        made = WorkFile.objects.create(
            workspace=row.workspace, work=row, field=field, file=stored, added_by=actor, at=now
        )
        touched(row.workspace, now)
        note(actor, "add_work_file", row.workspace, now, module=row.module.slug, field=field, size=stored.size_bytes)
        return made


def remove_file(*, actor: Any, work_file: WorkFile, now: datetime) -> None:
    """Throw a file away. One that an answer or a passport still names stays: Conflict ``file_in_use``."""
    with transaction.atomic():
        mine = WorkFile.objects.select_for_update(of=("self",)).filter(pk=work_file.pk).first()
        if mine is None or mine.work is None:
            raise NotFound("file")
        row = lock_work(mine.work)
        may(actor, Action.WORK_ON_PROJECT, row.workspace, now)
        need_sessions(row.workspace)
        stored = mine.file
        named = [json.dumps(work.answers) for work in row.workspace.works.all()]
        if mine.published_at is not None or any(str(stored.public_id) in text for text in named):
            raise Conflict("file_in_use")
        mine.delete()
        discard_file(stored=stored)
        note(actor, "remove_work_file", row.workspace, now, module=row.module.slug)
