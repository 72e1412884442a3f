"""Editing the course of a round: modules, the fields of their forms, checklists, quizzes, ready remarks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from qatysu.audit.commands import record
from qatysu.coaching.commands.rooms import furnish
from qatysu.coaching.models import CannedRemark, Module
from qatysu.coaching.standing import recount_module
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.core.regulation import Action
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.touching import locked
from qatysu.workbook.quiz import checklist_from, quiz_from
from qatysu.workbook.schema import MOST_FIELDS, Form, Option, form_from, form_to

LANGUAGES = ("kk", "ru", "en")
MOST_MODULES, MOST_CANNED = 12, 60
Texts = Mapping[str, str]
#: Words that follow the number of a project in addresses, so that no module may be called like them.
RESERVED = frozenset(
    {"type", "papers", "files", "talk", "tasks", "events", "coach", "leave", "ready", "opinion", "invite", "translate"}
)


def open_course(actor: Any, round_: Round, now: datetime) -> Round:
    """The round, locked, for somebody who may edit its course. Raises NotAllowed."""
    row = locked(round_)
    authorize(actor, Action.EDIT_COURSE, row, now=now)
    return row


def note(actor: Any, action: str, round_: Round, now: datetime, **detail: Any) -> None:
    """One line of the trail about the course."""
    record(actor=actor, action=action, now=now, place=str(round_), target=f"rounds.round:{round_.pk}", **detail)


def stamp(*values: Any) -> str:
    """What a page was opened on: differs as soon as one of ``values`` differs."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()[:16]


def need_same(base: str, *values: Any) -> None:
    """Raises Conflict ``changed_meanwhile`` when the page was opened on other values; '' asks for nothing."""
    if base and base != stamp(*values):
        raise Conflict("changed_meanwhile")


def texts_of(texts: Texts, name: str, longest: int, *, is_needed: bool = True) -> dict[str, str]:
    """``name_kk``, ``name_ru`` and ``name_en`` cleaned. Raises Invalid ``text_needed`` or ``too_long`` with the field.

    Kazakh and Russian are needed together: a text that only half of the teams can read is none.
    """
    found = {}
    for language in LANGUAGES:
        key = f"{name}_{language}"
        found[key] = texts.get(key, "").replace("\0", "").replace("\r\n", "\n").strip()
        if len(found[key]) > longest:
            raise Invalid("too_long", field=key, limit=longest)
    pair = [f"{name}_kk", f"{name}_ru"]
    if is_needed or any(found.values()):
        empty = [key for key in pair if not found[key]]
        if empty:
            raise Invalid("text_needed", field=empty[0])
    return found


def module_of(round_: Round, module: Module) -> Module:
    """The module read again under the lock of its round. Raises NotFound."""
    found = Module.objects.select_for_update(of=("self",)).filter(pk=module.pk, round=round_).first()
    if found is None:
        raise NotFound("module")
    found.round = round_
    return found


def swap(rows: Sequence[Any], pk: int, by: int) -> bool:
    """Exchange the row ``pk`` with the one before (-1) or after (+1); False at the end of the list. Positions become 1, 2, …"""
    order = list(rows)
    at = next((i for i, row in enumerate(order) if row.pk == pk), None)
    if at is None:
        raise NotFound("row")
    to = at + (1 if by > 0 else -1)
    if not 0 <= to < len(order):
        return False
    order[at], order[to] = order[to], order[at]
    for place, row in enumerate(order, start=1):
        if row.position != place:
            row.position = place
            row.save(update_fields=("position",))
    return True


def add_module(*, actor: Any, round_: Round, slug: str, texts: Texts, now: datetime) -> Module:
    """A new module at the end, with one field to begin with; rooms that exist get a work for it.

    Raises Invalid ``slug``, ``slug_taken``, ``text_needed``, ``too_long``, ``too_many_modules``.
    """
    with transaction.atomic():
        row = open_course(actor, round_, now)
        if not slug.isascii() or not slug.replace("-", "").isalnum() or slug != slug.lower() or len(slug) > 40 or slug in RESERVED:
            raise Invalid("slug", field="slug")
        modules = list(Module.objects.filter(round=row))
        if any(module.slug == slug for module in modules):
            raise Invalid("slug_taken", field="slug")
        if len(modules) >= MOST_MODULES:
            raise Invalid("too_many_modules", field="slug", limit=MOST_MODULES)
        made = Module.objects.create(
            round=row,
            slug=slug,
            position=max((module.position for module in modules), default=0) + 1,
            form={"fields": [{"id": "text", "kind": "long_text", "label": {"kk": "Мәтін", "ru": "Текст", "en": "Text"}}]},
            **texts_of(texts, "title", 160),
            **texts_of(texts, "lead", 400, is_needed=False),
        )
        for proposal in Proposal.objects.filter(round=row, state=State.IN_SESSIONS, workspace__isnull=False).order_by("pk"):
            furnish(proposal=proposal, now=now)
        note(actor, "add_module", row, now, module=slug)
        return made


def edit_module(
    *, actor: Any, module: Module, texts: Texts, opens_on: date | None, due_on: date | None, now: datetime
) -> Module:
    """Titles, leads and days of a module. Raises Invalid with the field; ``opens_after_due`` on ``due_on``."""
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        if opens_on is not None and due_on is not None and opens_on > due_on:
            raise Invalid("opens_after_due", field="due_on")
        values = texts_of(texts, "title", 160) | texts_of(texts, "lead", 400, is_needed=False)
        for name, value in values.items():
            setattr(row, name, value)
        row.opens_on, row.due_on = opens_on, due_on
        row.save(update_fields=(*values, "opens_on", "due_on"))
        note(actor, "edit_module", row.round, now, module=row.slug, due_on=str(due_on or ""))
        return row


def move_module(*, actor: Any, module: Module, by: int, now: datetime) -> None:
    """Earlier (-1) or later (+1) in the course."""
    with transaction.atomic():
        row = open_course(actor, module.round, now)
        if swap(list(Module.objects.filter(round=row)), module.pk, by):
            note(actor, "move_module", row, now, module=module.slug, by=by)


def remove_module(*, actor: Any, module: Module, now: datetime) -> None:
    """Throw away a module in which no team has written yet. Raises Conflict ``module_in_use``."""
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        traces = Q(notes__isnull=False) | Q(files__isnull=False) | Q(remarks__isnull=False) | Q(version__gt=0) | ~Q(state="open")
        # What was typed and not understood is somebody's text too, and a tick somebody's deed.
        typed = any(unread or ticks for unread, ticks in row.works.values_list("unread", "ticks"))
        has_files = row.lessons.filter(files__isnull=False).exists()
        if typed or row.works.filter(traces).exists() or row.attempts.exists() or has_files:
            raise Conflict("module_in_use")
        if Module.objects.filter(round=row.round).count() == 1:
            raise Conflict("last_module")
        row.works.all().delete()
        note(actor, "remove_module", row.round, now, module=row.slug)
        row.delete()


def _store(row: Module, fields: Sequence[Mapping[str, Any]]) -> Form:
    """Check the whole form and store it; every work is counted again. Raises BadForm."""
    form = form_from({"fields": list(fields)})
    row.form = form_to(form)
    row.save(update_fields=("form",))
    recount_module(row)
    return form


def save_field(*, actor: Any, module: Module, field: Mapping[str, Any], now: datetime, base: str = "") -> Module:
    """Add a field at the end of the form, or replace the one with the same id.

    What teams have answered must stay readable: the kind of an answered field, its answered columns and the options that
    somebody has chosen do not change. Raises BadForm with a path inside the field; Conflict ``field_answered``,
    ``column_answered``, ``option_chosen``, ``changed_meanwhile``; Invalid ``too_many_fields``.
    """
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        fields = [dict(item) for item in row.form.get("fields", [])]
        at = next((i for i, item in enumerate(fields) if item["id"] == field.get("id")), None)
        # Alone first, so that the path of a mistake is that of this field.
        alone = form_from({"fields": [field]})
        if at is None:
            if len(fields) >= MOST_FIELDS:
                raise Invalid("too_many_fields", field="kind", limit=MOST_FIELDS)
            need_same(base)
            fields.append(dict(field))
        else:
            need_same(base, fields[at])
            _need_readable(row, form_from({"fields": [fields[at]]}), alone)
            fields[at] = dict(field)
        _store(row, fields)
        note(actor, "save_field", row.round, now, module=row.slug, field=str(field["id"]), kind=str(field["kind"]))
        return row


def _need_readable(module: Module, old: Form, new: Form) -> None:
    was, is_ = old.fields[0], new.fields[0]
    answers = [answers[was.id] for answers in module.works.values_list("answers", flat=True) if answers.get(was.id)]
    if not answers:
        return
    if was.kind is not is_.kind or was.decimals != is_.decimals:
        raise Conflict("field_answered", field="kind", teams=len(answers))
    _need_options(was.options, is_.options, answers)
    kept = {column.id: column for column in is_.columns}
    for column in was.columns:
        cells = [line[column.id] for rows in answers for line in rows if line.get(column.id) not in (None, "")]
        mine = kept.get(column.id)
        if cells and (mine is None or mine.kind is not column.kind or mine.decimals != column.decimals):
            raise Conflict("column_answered", field="columns", label=column.label)
        if mine is not None:
            _need_options(column.options, mine.options, cells)


def _need_options(old: Sequence[Option], new: Sequence[Option], answers: Sequence[Any]) -> None:
    chosen = {one for answer in answers for one in (answer if isinstance(answer, list) else [answer])} if old else set()
    gone = [option for option in old if option.id in chosen and option.id not in {kept.id for kept in new}]
    if gone:
        raise Conflict("option_chosen", field="options", label=gone[0].label)


def move_field(*, actor: Any, module: Module, field: str, by: int, now: datetime) -> Module:
    """One place up (-1) or down (+1); at the end of the form nothing changes. Raises NotFound."""
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        fields = list(row.form.get("fields", []))
        at = next((i for i, item in enumerate(fields) if item["id"] == field), None)
        if at is None:
            raise NotFound("field")
        to = at + (1 if by > 0 else -1)
        if 0 <= to < len(fields):
            fields[at], fields[to] = fields[to], fields[at]
            _store(row, fields)
            note(actor, "move_field", row.round, now, module=row.slug, field=field, by=by)
        return row


def remove_field(*, actor: Any, module: Module, field: str, now: datetime) -> Module:
    """Take a field out of the form. What teams have answered stays in their versions.

    Raises NotFound; Conflict ``last_field``.
    """
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        fields = list(row.form.get("fields", []))
        left = [item for item in fields if item["id"] != field]
        if len(left) == len(fields):
            raise NotFound("field")
        if not left:
            raise Conflict("last_field")
        _store(row, left)
        note(actor, "remove_field", row.round, now, module=row.slug, field=field)
        return row


def save_checklist(*, actor: Any, module: Module, points: Sequence[Mapping[str, Any]], now: datetime, base: str = "") -> Module:
    """Replace the checklist: ``[{id, label}]``. Ticks of points that are gone are forgotten. Raises BadForm, Conflict."""
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        need_same(base, row.checklist)
        checklist_from(list(points))
        row.checklist = list(points)
        row.save(update_fields=("checklist",))
        known = {point["id"] for point in points}
        for work in row.works.exclude(ticks=[]):
            work.ticks = [tick for tick in work.ticks if tick in known]
            work.save(update_fields=("ticks",))
        note(actor, "save_checklist", row.round, now, module=row.slug, points=len(points))
        return row


def save_quiz(*, actor: Any, module: Module, quiz: Sequence[Mapping[str, Any]], now: datetime, base: str = "") -> Module:
    """Replace the quiz. Attempts keep what they were worth. Raises BadForm, Conflict ``changed_meanwhile``."""
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        need_same(base, row.quiz)
        quiz_from(list(quiz))
        row.quiz = list(quiz)
        row.save(update_fields=("quiz",))
        note(actor, "save_quiz", row.round, now, module=row.slug, questions=len(quiz))
        return row


def save_canned(
    *, actor: Any, round_: Round, module: Module | None, texts: Sequence[Texts], now: datetime, base: str = ""
) -> int:
    """Replace the ready remarks of a module, or (None) those for every module; returns how many there are.

    Raises Invalid with field ``0.text_kk`` and so on; Conflict ``changed_meanwhile``.
    """
    with transaction.atomic():
        row = open_course(actor, round_, now)
        mine = module_of(row, module) if module is not None else None
        rows = CannedRemark.objects.filter(round=row, module=mine)
        need_same(base, [[remark.text_kk, remark.text_ru, remark.text_en] for remark in rows])
        if len(texts) > MOST_CANNED:
            raise Invalid("too_many", field="rows", limit=MOST_CANNED)
        made = []
        for place, words in enumerate(texts):
            try:
                values = texts_of(words, "text", 1000)
            except Invalid as error:
                raise Invalid(error.reason, field=f"{place}.{error.field}", **error.params) from None
            made.append(CannedRemark(round=row, module=mine, position=place + 1, **values))
        rows.delete()
        CannedRemark.objects.bulk_create(made)
        note(actor, "save_canned", row, now, module=mine.slug if mine else "", remarks=len(made))
        return len(made)
