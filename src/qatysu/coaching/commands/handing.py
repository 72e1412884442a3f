"""Handing in, returning with remarks, accepting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.coaching import notices
from qatysu.coaching.commands.guards import lock_work, may, need_sessions, note, touched
from qatysu.coaching.models import WORK, Remark, Work, WorkState
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action
from qatysu.proposals.commands.guards import team_roles
from qatysu.workbook.answers import missing
from qatysu.workbook.schema import form_from

LONGEST_REMARK, MOST_REMARKS = 2000, 60


def _move(row: Work, new: WorkState, **fields: Any) -> None:
    WORK.check(WorkState(row.state), new)
    row.state = new
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=("state", *fields))


def submit_work(*, actor: Any, work: Work, now: datetime) -> Work:
    """The team hands a complete work in. Handing it in twice changes nothing.

    Raises Conflict ``work_incomplete`` with ``missing`` (field ids), ``clashes_open``, ``unread_answers``; IllegalMove.
    """
    with transaction.atomic():
        row = lock_work(work)
        may(actor, Action.WORK_ON_PROJECT, row.workspace, now)
        need_sessions(row.workspace)
        if row.state == WorkState.SUBMITTED:
            return row
        lacks = missing(form_from(row.module.form), row.answers)
        if row.unread:
            raise Conflict("unread_answers", fields=tuple(row.unread))
        if lacks:
            raise Conflict("work_incomplete", missing=lacks)
        if row.clashes.filter(settled_at=None).exists():
            raise Conflict("clashes_open")
        _move(row, WorkState.SUBMITTED, submitted_at=now)
        touched(row.workspace, now)
        note(actor, "submit_work", row.workspace, now, module=row.module.slug, version=row.version)
        notices.tell_submitted(row, now)
        return row


def take_back(*, actor: Any, work: Work, now: datetime) -> Work:
    """The team takes its work back to write on, as long as nobody has decided on it."""
    with transaction.atomic():
        row = lock_work(work)
        may(actor, Action.WORK_ON_PROJECT, row.workspace, now)
        need_sessions(row.workspace)
        _move(row, WorkState.OPEN)
        touched(row.workspace, now)
        note(actor, "take_back_work", row.workspace, now, module=row.module.slug)
        return row


def _decidable(actor: Any, work: Work, now: datetime) -> Work:
    """The work, locked, for somebody of the Centre who is not of the team."""
    row = lock_work(work)
    may(actor, Action.COACH_PROJECT, row.workspace, now)
    if team_roles(actor, row.workspace.proposal, now):
        raise NotAllowed("own_proposal")
    return row


def return_work(
    *, actor: Any, work: Work, remarks: Sequence[tuple[str, str]], language: str, now: datetime
) -> Work:
    """The Centre gives a work back; ``remarks`` are (field id or '', text), at least one, or one open from before.

    An accepted work can be returned as long as the project is in the sessions. Raises Invalid ``remark_needed``.
    """
    with transaction.atomic():
        row = _decidable(actor, work, now)
        need_sessions(row.workspace)
        made = [_remark(actor, row, field, text, language, now) for field, text in remarks if text.strip()]
        still = row.remarks.filter(resolved_at=None).count()
        if not still:
            raise Invalid("remark_needed", field="remark")
        if len(made) > MOST_REMARKS:
            raise Invalid("too_many", field="remark", limit=MOST_REMARKS)
        _move(row, WorkState.RETURNED, decided_at=now, decided_by=actor)
        note(actor, "return_work", row.workspace, now, module=row.module.slug, remarks=len(made), version=row.version)
        notices.tell_returned(row, still, now)
        return row


def accept_work(*, actor: Any, work: Work, now: datetime) -> Work:
    """The Centre accepts a work; its open remarks are thereby resolved."""
    with transaction.atomic():
        row = _decidable(actor, work, now)
        need_sessions(row.workspace)
        _move(row, WorkState.ACCEPTED, decided_at=now, decided_by=actor)
        row.remarks.filter(resolved_at=None).update(resolved_at=now, resolved_by=actor)
        note(actor, "accept_work", row.workspace, now, module=row.module.slug, version=row.version)
        notices.tell_accepted(row, now)
        return row


def add_remark(*, actor: Any, work: Work, field: str, text: str, language: str, now: datetime) -> Remark:
    """A remark on a field (or on the whole: '') without returning the work. Raises Invalid."""
    with transaction.atomic():
        row = _decidable(actor, work, now)
        made = _remark(actor, row, field, text, language, now)
        note(actor, "add_remark", row.workspace, now, module=row.module.slug, field=field)
        return made


def resolve_remark(*, actor: Any, remark: Remark, now: datetime) -> Remark:
    """The Centre, or the team that has mended it, marks a remark as done; again changes nothing."""
    with transaction.atomic():
        row = lock_work(remark.work)
        is_team = bool(team_roles(actor, row.workspace.proposal, now))
        may(actor, Action.WORK_ON_PROJECT if is_team else Action.COACH_PROJECT, row.workspace, now)
        mine = Remark.objects.select_for_update(of=("self",)).filter(pk=remark.pk, work=row).first()
        if mine is None:
            raise NotFound("remark")
        if mine.resolved_at is None:
            mine.resolved_at, mine.resolved_by = now, actor
            mine.save(update_fields=("resolved_at", "resolved_by"))
            note(actor, "resolve_remark", row.workspace, now, module=row.module.slug, field=mine.field)
        return mine


def _remark(actor: Any, row: Work, field: str, text: str, language: str, now: datetime) -> Remark:
    text = text.replace("\0", "").strip()
    if not text:
        raise Invalid("remark_needed", field="remark")
    if len(text) > LONGEST_REMARK:
        raise Invalid("too_long", field="remark", limit=LONGEST_REMARK)
    if field and form_from(row.module.form).field(field) is None:
        raise Invalid("unknown_field", field="remark")
    return Remark.objects.create(work=row, field=field, text=text, language=language, author=actor, at=now)
