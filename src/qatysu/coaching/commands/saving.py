"""Saving what a team writes: nobody's text is lost, whoever was faster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.coaching import notices
from qatysu.coaching.commands.guards import lock_work, may, need_sessions, note, touched
from qatysu.coaching.loading import open_clashes
from qatysu.coaching.models import Clash, Work, WorkState, WorkVersion
from qatysu.coaching.standing import recount
from qatysu.coaching.versions import answers_at, changed
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.regulation import Action
from qatysu.proposals.commands.guards import team_roles
from qatysu.workbook import answers as reading
from qatysu.workbook.changes import Conflicting, merge
from qatysu.workbook.errors import BadAnswer
from qatysu.workbook.schema import Form, form_from

NewId = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did. ``changed``: fields that it changed; ``foreign``: fields that others changed since the form was
    opened; ``clashes``: every open one of the work; ``faults``: answers that could not be read and are kept as typed.
    """

    work: Work
    changed: tuple[str, ...]
    foreign: tuple[str, ...]
    clashes: tuple[Clash, ...]
    faults: tuple[BadAnswer, ...]


def save_work(
    *,
    actor: Any,
    work: Work,
    base: int,
    raw: Mapping[str, Any],
    now: datetime,
    new_id: NewId,
    kind: str = WorkVersion.Kind.SAVE,
) -> Saved:
    """Save the fields in ``raw``, written on top of version ``base``. Fields that are not in ``raw`` stay as they are.

    Saving the same again changes nothing. Raises Conflict ``work_submitted``, ``work_accepted``, ``not_in_sessions``;
    StageClosed; NotAllowed.
    """
    with transaction.atomic():
        row = _writable(actor, work, now)
        form = form_from(row.module.form)
        read = reading.clean(form, raw, new_id=new_id)
        base = min(max(base, 0), row.version)
        old, stored = answers_at(row, base), dict(row.answers)
        wanted = {**old, **read.answers}
        for field in raw:
            if form.field(field) is not None and field not in read.answers and field not in read.unread:
                wanted.pop(field, None)
        merged = merge(form, old, wanted, stored)
        clashes = [_clash(actor, row, conflict, now) for conflict in merged.conflicts]
        is_merged = bool(changed(old, stored)) and kind == WorkVersion.Kind.SAVE
        written = _write(actor, row, merged.answers, WorkVersion.Kind.MERGE if is_merged else kind, now)
        _keep_unread(row, raw, read.unread)
        for clash in clashes:
            notices.tell_clash(clash, now)
        return Saved(row, written, tuple(changed(old, stored)), open_clashes(row), tuple(read.faults))


def _writable(actor: Any, work: Work, now: datetime) -> Work:
    row = lock_work(work)
    may(actor, Action.WORK_ON_PROJECT, row.workspace, now)
    need_sessions(row.workspace)
    if row.state in (WorkState.SUBMITTED, WorkState.ACCEPTED):
        raise Conflict(f"work_{row.state}")
    return row


def _write(actor: Any, row: Work, answers: Mapping[str, Any], kind: str, now: datetime) -> tuple[str, ...]:
    """Store ``answers`` with the version that leads to them; returns the fields that changed."""
    changes = changed(row.answers, answers)
    if not changes:
        return ()
    row.version += 1
    row.answers = {field: value for field, value in answers.items() if value is not None}
    row.changed_at, row.changed_by = now, actor
    counts = recount(row, form_from(row.module.form))
    row.save(update_fields=("version", "answers", "changed_at", "changed_by", *counts))
    WorkVersion.objects.create(work=row, number=row.version, kind=kind, changes=changes, author=actor, at=now)
    if team_roles(actor, row.workspace.proposal, now):
        touched(row.workspace, now)
    else:
        note(actor, "write_on_behalf", row.workspace, now, module=row.module.slug, version=row.version)
    return tuple(changes)


def _keep_unread(row: Work, raw: Mapping[str, Any], unread: Mapping[str, Any]) -> None:
    """What was typed and not understood stays in its field; a field sent again forgets its old mistakes."""
    kept = {field: value for field, value in row.unread.items() if field not in raw} | dict(unread)
    if kept != row.unread:
        row.unread = kept
        row.save(update_fields=("unread",))


def _clash(actor: Any, row: Work, conflict: Conflicting, now: datetime) -> Clash:
    """Both texts, beside each other; of one person in one place only the newest waits."""
    last = row.versions.filter(changes__has_key=conflict.field).order_by("-number").first()
    found, _ = Clash.objects.update_or_create(
        work=row,
        field=conflict.field,
        row=conflict.row,
        column=conflict.column,
        other_author=actor,
        settled_at=None,
        defaults={
            "kept": conflict.theirs,
            "other": conflict.mine,
            "kept_author": last.author if last else None,
            "at": now,
        },
    )
    return found


def settle_clash(*, actor: Any, clash: Clash, raw: Any, now: datetime, new_id: NewId) -> Saved:
    """Somebody chose: ``raw`` is the answer of that field (or cell) from now on. Both texts stay in the history.

    Raises NotFound for a clash that is settled; Invalid (BadAnswer) when the chosen text cannot be read.
    """
    with transaction.atomic():
        row = _writable(actor, clash.work, now)
        mine = Clash.objects.select_for_update(of=("self",)).filter(pk=clash.pk, settled_at=None).first()
        if mine is None:
            raise NotFound("clash")
        form = form_from(row.module.form)
        answers = {**row.answers, mine.field: _chosen(form, mine, row, raw, new_id)}
        written = _write(actor, row, answers, WorkVersion.Kind.MERGE, now)
        mine.settled_at, mine.settled_by = now, actor
        mine.save(update_fields=("settled_at", "settled_by"))
        return Saved(row, written, (), open_clashes(row), ())


def _chosen(form: Form, clash: Clash, work: Work, raw: Any, new_id: NewId) -> Any:
    """The answer of the whole field with the chosen text in its place. Raises BadAnswer, NotFound for a row that is gone."""
    asked = form.field(clash.field)
    if asked is None:
        raise NotFound("clash")
    if not clash.row:
        read = reading.clean(form, {clash.field: raw}, new_id=new_id)
        if read.faults:
            raise read.faults[0]
        return read.answers.get(clash.field)
    value, rows = reading.clean_cell(asked, clash.column, raw), work.answers.get(clash.field) or []
    return [{**line, clash.column: value} if line["id"] == clash.row else line for line in rows]


def restore_version(*, actor: Any, work: Work, number: int, now: datetime) -> Work:
    """Make the answers of version ``number`` the newest ones; what stands now stays in the history.

    Raises NotFound for a version that does not exist.
    """
    with transaction.atomic():
        row = _writable(actor, work, now)
        if not 1 <= number <= row.version:
            raise NotFound("version")
        _write(actor, row, answers_at(row, number), WorkVersion.Kind.RESTORE, now)
        return row


def tick_point(*, actor: Any, work: Work, point: str, is_done: bool, now: datetime) -> Work:
    """Tick a point of the checklist, or take the tick away. Raises Invalid ``point``."""
    with transaction.atomic():
        row = _writable(actor, work, now)
        known = [item["id"] for item in row.module.checklist]
        if point not in known:
            raise Invalid("point", field="point")
        ticked = set(row.ticks) | {point} if is_done else set(row.ticks) - {point}
        row.ticks = [item for item in known if item in ticked]
        row.save(update_fields=("ticks",))
        touched(row.workspace, now)
        return row
