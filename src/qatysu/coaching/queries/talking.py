"""Reads of the talk and the tasks of a team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from qatysu.coaching.commands.talking import people_of as people_of
from qatysu.coaching.commands.talking import text_of_remark
from qatysu.coaching.mentions import Piece, pieces
from qatysu.coaching.models import Mention, Note, Remark, Task, Work, Workspace
from qatysu.coaching.queries.rooms import get_workspace, standing_of
from qatysu.core.errors import NotFound
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
from qatysu.rounds.queries import zone_of
from qatysu.workbook.schema import form_from

#: Threads on one page of the talk.
PAGE = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A note as a page shows it; ``label`` of the field it is about; ``is_new`` when the reader was called and has not seen it."""

    note: Note
    pieces: tuple[Piece, ...]
    replies: tuple[Said, ...] = ()
    is_new: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One page of the talk, the newest thread first. ``new``: calls to the reader in this room that were not seen."""

    threads: tuple[Said, ...]
    people: tuple[Account, ...]
    new: int
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Chore:
    """A task as a page shows it; ``days_left`` until its day, negative when it is over, None without a day."""

    task: Task
    days_left: int | None
    is_mine: bool

    @property
    def late_by(self) -> int:
        """Days since the day it was due; 0 while there is time."""
        return max(0, -(self.days_left or 0))


@dataclass(frozen=True, slots=True)
class Chores:
    """Open tasks, own ones first and then by day; done ones, newest first; open remarks that are no task yet."""

    mine: tuple[Chore, ...]
    others: tuple[Chore, ...]
    done: tuple[Chore, ...]
    suggested: tuple[Remark, ...]
    people: tuple[Account, ...]


def room_to_talk(round_: Round, code: str, viewer: Any, now: datetime) -> Workspace:
    """The room, for those who may talk in it: others who may read rooms do not read what a team says to its coach."""
    room = get_workspace(round_, code, viewer, now)
    if not standing_of(room, viewer, now).may_talk:
        raise NotFound("workspace")
    return room


def notes_of(work: Work, viewer: Any = None) -> Mapping[str, tuple[Said, ...]]:
    """Threads about one module by field id ('' for the whole), oldest first. Five queries."""
    rows = list(Note.objects.filter(work=work).select_related("author", "work__module").order_by("at", "pk"))
    threads = _threads(rows, people_of(work.workspace), _unseen(work.workspace, viewer))
    found: dict[str, list[Said]] = {}
    for said in threads:
        found.setdefault(said.note.field, []).append(said)
    return {field: tuple(said) for field, said in found.items()}


def talk_of(room: Workspace, viewer: Any, module: str = "", page: int = 1) -> Talk:
    """One page of everything said in the room, or only about ``module`` (its slug). A constant number of queries."""
    tops = room.notes.filter(parent=None)
    if module:
        tops = tops.filter(work__module__slug=module)
    total = tops.count()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    shown = list(tops.select_related("author", "work__module").order_by("-at", "-pk")[(page - 1) * PAGE : page * PAGE])
    answers = list(Note.objects.filter(parent__in=shown).select_related("author").order_by("at", "pk"))
    people, unseen = people_of(room), _unseen(room, viewer)
    return Talk(_threads([*shown, *answers], people, unseen), people, len(unseen), total, page, pages)


def _unseen(room: Workspace, viewer: Any) -> frozenset[int]:
    pk = getattr(viewer, "pk", None)
    if pk is None:
        return frozenset()
    rows = Mention.objects.filter(account_id=pk, note__workspace=room, seen_at=None)
    return frozenset(rows.values_list("note_id", flat=True))


def _threads(rows: Sequence[Note], people: Iterable[Account], unseen: frozenset[int]) -> tuple[Said, ...]:
    """Threads in the order of ``rows``, each with its answers."""
    names = [(person.pk, person.name) for person in people]
    answers: dict[int, list[Said]] = {}
    for note in rows:
        if note.parent_id is not None:
            said = Said(note, pieces(note.text, names), is_new=note.pk in unseen)
            answers.setdefault(note.parent_id, []).append(said)
    return tuple(
        Said(note, pieces(note.text, names), tuple(answers.get(note.pk, ())), note.pk in unseen, _label(note))
        for note in rows
        if note.parent_id is None
    )


def _label(note: Note) -> str:
    """What the field is called to the reader; '' for a note on a whole module, or on a field that the form has no more."""
    if not note.field or note.work is None:
        return ""
    field = form_from(note.work.module.form).field(note.field)
    return field.label.in_((get_language() or "kk")[:2]) if field is not None else ""


def get_note(room: Workspace, pk: int) -> Note:
    """A note of this room. Raises NotFound."""
    found = Note.objects.select_related("work__module", "author", "parent__author").filter(pk=pk, workspace=room).first()
    if found is None:
        raise NotFound("note")
    return found


def get_task(room: Workspace, pk: int) -> Task:
    """A task of this room. Raises NotFound."""
    found = Task.objects.filter(pk=pk, workspace=room).first()
    if found is None:
        raise NotFound("task")
    found.workspace = room
    return found


def chores_of(room: Workspace, viewer: Any, now: datetime) -> Chores:
    """The tasks of a room for ``viewer`` at ``now``. Three queries and those of ``people_of``."""
    today = now.astimezone(zone_of(room.proposal.round)).date()
    rows = list(room.tasks.select_related("assignee", "author", "done_by"))
    for task in rows:
        task.workspace = room
    shown = [_chore(task, viewer, today) for task in rows]
    going = sorted((one for one in shown if one.task.done_at is None), key=_by_day)
    known = {task.text for task in rows}
    remarks = Remark.objects.filter(work__workspace=room, resolved_at=None).select_related("work__module", "author")
    return Chores(
        mine=tuple(one for one in going if one.is_mine),
        others=tuple(one for one in going if not one.is_mine),
        done=tuple(sorted((one for one in shown if one.task.done_at), key=lambda one: one.task.done_at or now, reverse=True)),
        suggested=tuple(remark for remark in remarks if text_of_remark(remark) not in known),
        people=people_of(room),
    )


def _chore(task: Task, viewer: Any, today: date) -> Chore:
    left = None if task.due_on is None else (task.due_on - today).days
    return Chore(task, left, task.assignee_id is not None and task.assignee_id == getattr(viewer, "pk", None))


def _by_day(one: Chore) -> tuple[bool, int, int]:
    return (one.days_left is None, one.days_left or 0, one.task.pk)
