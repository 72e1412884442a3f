"""Photos and documents of a proposal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.regulation import Action
from qatysu.files.commands import accept_upload, discard_file
from qatysu.proposals.commands.drafting import EDITABLE
from qatysu.proposals.commands.guards import lock, note, team_roles
from qatysu.proposals.models import Proposal, ProposalFile
from qatysu.rounds.authorize import authorize
from qatysu.rounds.touching import touch

MAX_FILES = 8


def _open(actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    row = lock(proposal)
    authorize(actor, Action.EDIT_PROPOSAL, row.round, now=now, also=team_roles(actor, row, now))
    if row.state not in EDITABLE:
        raise Conflict("not_editable", state=row.state)
    return row


def _done(actor: Any, action: str, row: Proposal, now: datetime) -> None:
    Proposal.objects.filter(pk=row.pk).update(changed_at=now)
    if row.number is not None:
        note(actor, action, row, now)
        touch(row.round)


def add_photo(
    *, actor: Any, proposal: Proposal, upload: UploadedFile[Any], caption: str, now: datetime
) -> ProposalFile:
    """Inspect and attach one file; the same bytes twice are one file.

    Raises Invalid with field ``file`` (see ``files.commands.accept_upload``; ``too_many_files`` above eight).
    """
    with transaction.atomic():
        row = _open(actor, proposal, now)
        if row.files.count() >= MAX_FILES:
            raise Invalid("too_many_files", field="file", limit=MAX_FILES)
        stored = accept_upload(owner=actor, upload=upload, now=now)
        same = row.files.filter(file__sha256=stored.sha256).first()
        if same is not None:
            discard_file(stored=stored)
            return same
        last = row.files.aggregate(n=Max("position"))["n"]
        made = ProposalFile.objects.create(
            proposal=row, file=stored, caption=caption.strip()[:160], position=0 if last is None else last + 1
        )
        _done(actor, "add_photo", row, now)
        return made


def _of(row: Proposal, pk: int) -> ProposalFile:
    found = row.files.select_related("file").filter(pk=pk).first()
    if found is None:
        raise NotFound("photo")
    return found


def caption_photo(*, actor: Any, proposal: Proposal, photo: int, caption: str, now: datetime) -> ProposalFile:
    """Change what is written under a photo. Raises NotFound for a photo of another proposal."""
    with transaction.atomic():
        row = _open(actor, proposal, now)
        found = _of(row, photo)
        found.caption = caption.strip()[:160]
        found.save(update_fields=("caption",))
        _done(actor, "caption_photo", row, now)
        return found


def raise_photo(*, actor: Any, proposal: Proposal, photo: int, now: datetime) -> None:
    """Move a photo one place towards the front; the first stays first."""
    with transaction.atomic():
        row = _open(actor, proposal, now)
        _of(row, photo)
        order = list(row.files.order_by("position", "pk"))
        at = next(i for i, item in enumerate(order) if item.pk == photo)
        if at:
            order[at - 1], order[at] = order[at], order[at - 1]
        for position, item in enumerate(order):
            ProposalFile.objects.filter(pk=item.pk).update(position=position)
        _done(actor, "order_photos", row, now)


def remove_photo(*, actor: Any, proposal: Proposal, photo: int, now: datetime) -> None:
    """Take a photo away, with its bytes. Removing one that is gone already changes nothing."""
    with transaction.atomic():
        row = _open(actor, proposal, now)
        found = row.files.select_related("file").filter(pk=photo).first()
        if found is None:
            return
        stored = found.file
        found.delete()
        discard_file(stored=stored)
        _done(actor, "remove_photo", row, now)
