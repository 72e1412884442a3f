"""Notes and tasks: how a team and its coach work together without meeting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from qatysu.coaching import notices_talk
from qatysu.coaching.commands.guards import lock_room, may, note, touched
from qatysu.coaching.mentions import named
from qatysu.coaching.models import Mention, Note, Remark, Task, Work, Workspace
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.regulation import Action
from qatysu.identity.limits import Limit, take
from qatysu.identity.models import Account
from qatysu.proposals.commands.guards import team_roles
from qatysu.rounds.authorize import decide
from qatysu.workbook.schema import form_from

NOTES = Limit("notes", 30, 600)
TASKS = Limit("tasks", 60, 600)
LONGEST_NOTE, LONGEST_TASK, MOST_TASKS = 4000, 300, 200
#: The same words of the same person within this time are a second click, not a second message.
AGAIN = timedelta(minutes=10)
#: The farthest day that a task may be due.
FARTHEST = timedelta(days=730)


def people_of(room: Workspace) -> tuple[Account, ...]:
    """Whom one can call in a room: the team, captain first, then the coach; active accounts only."""
    rows = room.proposal.team.select_related("account").filter(account__is_active=True).order_by("role", "joined_at", "pk")
    found = {row.account_id: row.account for row in rows}
    if room.coach is not None and room.coach.is_active:
        found.setdefault(room.coach.pk, room.coach)
    return tuple(found.values())


def write_note(
    *,
    actor: Any,
    workspace: Workspace,
    text: str,
    language: str,
    now: datetime,
    work: Work | None = None,
    field: str = "",
    parent: Note | None = None,
    mentioned: Collection[int] = (),
) -> Note:
    """Say something to the team: about the project, a module or a field, or in answer to ``parent``.

    ``mentioned`` are ids of accounts chosen in a list; strangers among them are ignored. The same words again within ten
    minutes are the same note. Raises Invalid with field ``text``, ``unknown_field``; NotFound; TooMany.
    """
    with transaction.atomic():
        room = lock_room(workspace)
        may(actor, Action.TALK_IN_TEAM, room, now)
        work, field = _subject(room, work, field, parent)
        people = people_of(room)
        chosen = [person for person in people if person.pk in mentioned]
        words = _with_names(_words(text, LONGEST_NOTE), people, chosen)
        recent = room.notes.filter(author=actor, at__gte=now - AGAIN, text=words)
        top = (parent.parent or parent) if parent is not None else None
        same = recent.filter(work=work, field=field, parent=top).first()
        if same is not None:
            return same
        take([(NOTES, str(actor.pk))], now=now)
        is_team = bool(team_roles(actor, room.proposal, now))
        made = Note.objects.create(
            workspace=room, work=work, field=field, parent=top, author=actor, is_staff=not is_team,
            language=language if language in ("kk", "ru", "en") else "kk", text=words, at=now,
        )  # fmt: skip
        _call(made, people, parent, now)
        if is_team:
            touched(room, now)
        note(actor, "write_note", room, now, note=made.pk)
        return made


def _words(text: str, limit: int) -> str:
    clean = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not clean or len(clean) > limit:
        raise Invalid("too_long" if clean else "text_needed", field="text", limit=limit)
    return clean


def _with_names(text: str, people: Collection[Account], chosen: Collection[Account]) -> str:
    """The text, with those chosen in a list named in front of it unless it names them already."""
    already = named(text, [(person.pk, person.name) for person in people])
    missing = [f"@{person.name}" for person in chosen if person.name and person.pk not in already]
    if not missing:
        return text
    return _words(f"{' '.join(missing)} {text}", LONGEST_NOTE)


def _subject(room: Workspace, work: Work | None, field: str, parent: Note | None) -> tuple[Work | None, str]:
    """What a note is about; an answer is about the same as what it answers."""
    if parent is not None:
        if parent.workspace_id != room.pk:
            raise NotFound("note")
        return parent.work, parent.field
    if work is None:
        return None, ""
    if work.workspace_id != room.pk:
        raise NotFound("work")
    if field and form_from(work.module.form).field(field) is None:
        raise Invalid("unknown_field", field="text")
    return work, field


def _call(made: Note, people: Collection[Account], parent: Note | None, now: datetime) -> None:
    """Rows for those whom a note names or answers, and messages to them."""
    pairs = [(person.pk, person.name) for person in people]
    called = set(named(made.text, pairs)) - {made.author_id}
    answered: set[int] = set()
    if parent is not None:
        asked = {one.author for one in (parent, parent.parent) if one is not None}
        answered = {person.pk for person in asked if _may_read(person, made.workspace, now)} - {made.author_id}
    Mention.objects.bulk_create(Mention(note=made, account_id=pk) for pk in sorted(called | answered))
    notices_talk.tell_note(made, called, answered, now)


def _may_read(person: Account, room: Workspace, now: datetime) -> bool:
    """True while the person is of the team or of the Centre: whoever has left hears nothing more."""
    own = team_roles(person, room.proposal, now)
    return decide(person, Action.TALK_IN_TEAM, room.proposal.round, now=now, also=own).allowed


def see_notes(*, actor: Any, workspace: Workspace, now: datetime) -> int:
    """The person has seen what was said to them in this room; returns how many calls that were."""
    may(actor, Action.TALK_IN_TEAM, workspace, now)
    rows = Mention.objects.filter(account=actor, note__workspace=workspace, seen_at=None)
    return rows.update(seen_at=now)


def add_task(
    *, actor: Any, workspace: Workspace, text: str, assignee: int | None, due_on: date | None, now: datetime
) -> Task:
    """Something to do, for ``assignee`` (account id) or for whoever takes it.

    Raises Invalid with field ``text``, ``assignee`` or ``due_on``; Conflict ``too_many_tasks``; TooMany.
    """
    with transaction.atomic():
        room = lock_room(workspace)
        may(actor, Action.TALK_IN_TEAM, room, now)
        words = " ".join(_words(text, LONGEST_TASK).split())
        who, day = _assignee(room, assignee), _day(due_on, now)
        same = room.tasks.filter(author=actor, text=words, done_at=None, at__gte=now - AGAIN).first()
        if same is not None:
            return same
        if room.tasks.filter(done_at=None).count() >= MOST_TASKS:
            raise Conflict("too_many_tasks", limit=MOST_TASKS)
        take([(TASKS, str(actor.pk))], now=now)
        made = Task.objects.create(workspace=room, text=words, assignee=who, due_on=day, author=actor, at=now)
        _did(actor, "add_task", made, now)
        notices_talk.tell_task(made, now)
        return made


def task_of_remark(*, actor: Any, remark: Remark, now: datetime) -> Task:
    """An open remark becomes a task for nobody yet. Again it is the same task. Raises Conflict ``remark_resolved``."""
    with transaction.atomic():
        room = lock_room(remark.work.workspace)
        may(actor, Action.TALK_IN_TEAM, room, now)
        if Remark.objects.get(pk=remark.pk).resolved_at is not None:
            raise Conflict("remark_resolved")
        words = text_of_remark(remark)
        same = room.tasks.filter(text=words).first()
        return same or add_task(actor=actor, workspace=room, text=words, assignee=None, due_on=None, now=now)


def text_of_remark(remark: Remark) -> str:
    """The task that a remark becomes: its words on one line, cut where a task ends."""
    words = " ".join(remark.text.split())
    return words if len(words) <= LONGEST_TASK else words[: LONGEST_TASK - 1] + "…"


def give_task(*, actor: Any, task: Task, assignee: int | None, due_on: date | None, now: datetime) -> Task:
    """Another person, another day. Raises Invalid with field ``assignee`` or ``due_on``; Conflict ``task_done``."""
    with transaction.atomic():
        row = _lock_task(actor, task, now)
        if row.done_at is not None:
            raise Conflict("task_done")
        who = _assignee(row.workspace, assignee)
        is_new = who is not None and who.pk != row.assignee_id
        row.assignee, row.due_on = who, due_on if due_on == row.due_on else _day(due_on, now)
        row.save(update_fields=("assignee", "due_on"))
        _did(actor, "give_task", row, now)
        if is_new and who is not None and who.pk != actor.pk:
            notices_talk.tell_task(row, now)
        return row


def finish_task(*, actor: Any, task: Task, is_done: bool, now: datetime) -> Task:
    """Mark a task as done, or as not done after all; the same again changes nothing."""
    with transaction.atomic():
        row = _lock_task(actor, task, now)
        if (row.done_at is not None) != is_done:
            row.done_at, row.done_by = (now, actor) if is_done else (None, None)
            row.save(update_fields=("done_at", "done_by"))
            _did(actor, "finish_task" if is_done else "reopen_task", row, now)
        return row


def _lock_task(actor: Any, task: Task, now: datetime) -> Task:
    room = lock_room(task.workspace)
    may(actor, Action.TALK_IN_TEAM, room, now)
    row = Task.objects.select_for_update(of=("self",)).filter(pk=task.pk, workspace=room).first()
    if row is None:
        raise NotFound("task")
    row.workspace = room
    return row


def _did(actor: Any, action: str, task: Task, now: datetime) -> None:
    if team_roles(actor, task.workspace.proposal, now):
        touched(task.workspace, now)
    note(actor, action, task.workspace, now, task=task.pk)


def _assignee(room: Workspace, pk: int | None) -> Account | None:
    if pk is None:
        return None
    found = next((person for person in people_of(room) if person.pk == pk), None)
    if found is None:
        raise Invalid("assignee", field="assignee")
    return found


def _day(day: date | None, now: datetime) -> date | None:
    """Raises Invalid for a day that is over, or years away."""
    today = now.date()
    if day is not None and not today - timedelta(days=1) <= day <= today + FARTHEST:
        raise Invalid("due_on", field="due_on")
    return day
