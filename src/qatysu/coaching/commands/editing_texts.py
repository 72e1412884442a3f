"""Editing what teams read: lessons with their files, types of projects, papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.text import slugify

from qatysu.coaching.commands.editing import Texts, module_of, need_same, note, open_course, swap, texts_of
from qatysu.coaching.models import Lesson, LessonFile, Module, PaperTemplate, ProjectType, Workspace
from qatysu.core.errors import Conflict, Invalid, NotFound
from qatysu.files.commands import accept_upload, discard_file
from qatysu.rounds.models import Round

LONGEST_BODY, LONGEST_MINUTES, MOST_LINES = 40_000, 240, 100
MOST_LESSONS, MOST_LESSON_FILES, MOST_TYPES, MOST_PAPERS = 30, 20, 30, 40
#: Quantities in thousandths and prices in tenge that a typical line may have.
MOST_QUANTITY, MOST_PRICE = 10**12, 10**12


def lesson_stamp(lesson: Lesson | None) -> list[Any]:
    """What of a lesson a page edits."""
    if lesson is None:
        return []
    return [getattr(lesson, f"{name}_{lang}") for name in ("title", "body") for lang in ("kk", "ru", "en")]


def save_lesson(
    *,
    actor: Any,
    module: Module,
    lesson: Lesson | None,
    texts: Texts,
    video_url: str,
    minutes: int,
    now: datetime,
    base: str = "",
) -> Lesson:
    """Write a lesson anew (``None``) or over. Raises Invalid with the field; Conflict ``changed_meanwhile``."""
    with transaction.atomic():
        row = module_of(open_course(actor, module.round, now), module)
        values: dict[str, Any] = texts_of(texts, "title", 160) | texts_of(texts, "body", LONGEST_BODY)
        values |= {"video_url": _link(video_url), "minutes": _minutes(minutes)}
        if lesson is None:
            count = row.lessons.count()
            if count >= MOST_LESSONS:
                raise Invalid("too_many_lessons", field="title_kk", limit=MOST_LESSONS)
            slug = _free_slug(values["title_en"] or values["title_ru"], "lesson", {one.slug for one in row.lessons.all()})
            mine = Lesson(module=row, slug=slug, position=max((one.position for one in row.lessons.all()), default=0) + 1)
        else:
            mine = _lesson(row, lesson)
            need_same(base, lesson_stamp(mine))
        for name, value in values.items():
            setattr(mine, name, value)
        mine.save()
        note(actor, "save_lesson", row.round, now, module=row.slug, lesson=mine.slug)
        return mine


def _lesson(module: Module, lesson: Lesson) -> Lesson:
    found = Lesson.objects.select_for_update(of=("self",)).filter(pk=lesson.pk, module=module).first()
    if found is None:
        raise NotFound("lesson")
    return found


def _link(url: str) -> str:
    clean = url.replace("\0", "").strip()
    if not clean:
        return ""
    try:
        parts = urlsplit(clean)
        is_fine = parts.scheme == "https" and bool(parts.hostname) and not any(c.isspace() or c in "<>\"'\\" for c in clean)
    except ValueError:
        is_fine = False
    if not is_fine or len(clean) > 300:
        raise Invalid("video_url", field="video_url")
    return clean


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid("minutes", field="minutes", limit=LONGEST_MINUTES)
    return minutes


def _free_slug(title: str, fallback: str, taken: set[str]) -> str:
    """An address for a new row: from its title when that has Latin letters."""
    stem = slugify(title)[:30].strip("-_") or fallback
    found, number = stem, 1
    while found in taken:
        number += 1
        found = f"{stem}-{number}"
    return found


def move_lesson(*, actor: Any, lesson: Lesson, by: int, now: datetime) -> None:
    """Earlier (-1) or later (+1) in its module."""
    with transaction.atomic():
        row = module_of(open_course(actor, lesson.module.round, now), lesson.module)
        if swap(list(row.lessons.all()), lesson.pk, by):
            note(actor, "move_lesson", row.round, now, module=row.slug, lesson=lesson.slug, by=by)


def remove_lesson(*, actor: Any, lesson: Lesson, now: datetime) -> None:
    """Throw a lesson away, with its files."""
    with transaction.atomic():
        row = module_of(open_course(actor, lesson.module.round, now), lesson.module)
        mine = _lesson(row, lesson)
        for one in mine.files.select_related("file"):
            stored = one.file
            one.delete()
            discard_file(stored=stored)
        note(actor, "remove_lesson", row.round, now, module=row.slug, lesson=mine.slug)
        mine.delete()


def add_lesson_file(*, actor: Any, lesson: Lesson, upload: UploadedFile[Any], texts: Texts, now: datetime) -> LessonFile:
    """Put a sample beside a lesson. Raises Invalid with field ``file`` or a title."""
    with transaction.atomic():
        row = module_of(open_course(actor, lesson.module.round, now), lesson.module)
        mine = _lesson(row, lesson)
        titles = texts_of(texts, "title", 160)
        if mine.files.count() >= MOST_LESSON_FILES:
            raise Invalid("too_many_files", field="file", limit=MOST_LESSON_FILES)
        stored = accept_upload(owner=actor, upload=upload, now=now)
        made = LessonFile.objects.create(lesson=mine, file=stored, **titles)
        note(actor, "add_lesson_file", row.round, now, lesson=mine.slug, size=stored.size_bytes)
        return made


def remove_lesson_file(*, actor: Any, lesson_file: LessonFile, now: datetime) -> None:
    """Throw a sample away."""
    with transaction.atomic():
        row = module_of(open_course(actor, lesson_file.lesson.module.round, now), lesson_file.lesson.module)
        mine = LessonFile.objects.select_related("file").filter(pk=lesson_file.pk).first()
        if mine is None:
            raise NotFound("file")
        stored = mine.file
        mine.delete()
        discard_file(stored=stored)
        note(actor, "remove_lesson_file", row.round, now, lesson=lesson_file.lesson.slug)


def type_stamp(kind: ProjectType | None) -> list[Any]:
    """What of a type a page edits."""
    if kind is None:
        return []
    names = [f"{name}_{lang}" for name in ("name", "guide", "example") for lang in ("kk", "ru", "en")]
    return [*(getattr(kind, name) for name in names), kind.estimate]


def save_type(
    *,
    actor: Any,
    round_: Round,
    kind: ProjectType | None,
    texts: Texts,
    lines: Sequence[Mapping[str, Any]],
    now: datetime,
    base: str = "",
) -> ProjectType:
    """Write a type of project: advice, example and typical lines ``{item, unit: {kk, ru, en}, quantity, price}``.

    Quantities in thousandths, prices in whole tenge. Raises Invalid with the field (``2.item.kk``); Conflict.
    """
    with transaction.atomic():
        row = open_course(actor, round_, now)
        values: dict[str, Any] = texts_of(texts, "name", 120)
        values |= texts_of(texts, "guide", LONGEST_BODY, is_needed=False)
        values |= texts_of(texts, "example", LONGEST_BODY, is_needed=False)
        values["estimate"] = _lines(lines)
        rows = list(ProjectType.objects.select_for_update(of=("self",)).filter(round=row))
        if kind is None:
            if len(rows) >= MOST_TYPES:
                raise Invalid("too_many", field="name_kk", limit=MOST_TYPES)
            slug = _free_slug(values["name_en"] or values["name_ru"], "type", {one.slug for one in rows})
            mine = ProjectType(round=row, slug=slug, position=max((one.position for one in rows), default=0) + 1)
        else:
            mine = _of(rows, kind.pk)
            need_same(base, type_stamp(mine))
        for name, value in values.items():
            setattr(mine, name, value)
        mine.save()
        note(actor, "save_type", row, now, type=mine.slug)
        return mine


def _of(rows: Sequence[Any], pk: int) -> Any:
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise NotFound("row")
    return found


def _lines(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(lines) > MOST_LINES:
        raise Invalid("too_many", field="rows", limit=MOST_LINES)
    found = []
    for place, line in enumerate(lines):
        for name, longest in (("item", 200), ("unit", 30)):
            words = line[name]
            for language in ("kk", "ru"):
                if not words.get(language):
                    raise Invalid("text_needed", field=f"{place}.{name}.{language}")
            if any(len(text) > longest for text in words.values()):
                raise Invalid("too_long", field=f"{place}.{name}.kk", limit=longest)
        for name, most in (("quantity", MOST_QUANTITY), ("price", MOST_PRICE)):
            if not isinstance(line[name], int) or not 0 < line[name] <= most:
                raise Invalid("bad_number", field=f"{place}.{name}")
        found.append(dict(line))
    return found


def remove_type(*, actor: Any, kind: ProjectType, now: datetime) -> None:
    """Throw away a type that no team has chosen. Raises Conflict ``type_in_use``."""
    with transaction.atomic():
        row = open_course(actor, kind.round, now)
        if Workspace.objects.filter(project_type=kind).exists():
            raise Conflict("type_in_use")
        note(actor, "remove_type", row, now, type=kind.slug)
        ProjectType.objects.filter(pk=kind.pk, round=row).delete()


def paper_stamp(paper: PaperTemplate | None) -> list[Any]:
    """What of a paper a page edits."""
    if paper is None:
        return []
    names = ("title_kk", "title_ru", "title_en", "body_kk", "body_ru", "project_types", "is_required")
    return [getattr(paper, name) for name in names]


def save_paper(
    *,
    actor: Any,
    round_: Round,
    paper: PaperTemplate | None,
    texts: Texts,
    project_types: Sequence[str],
    is_required: bool,
    now: datetime,
    base: str = "",
) -> PaperTemplate:
    """Write a document to be filled. Raises Invalid with the field; Conflict ``changed_meanwhile``."""
    with transaction.atomic():
        row = open_course(actor, round_, now)
        values: dict[str, Any] = texts_of(texts, "title", 160) | texts_of({**texts, "body_en": ""}, "body", LONGEST_BODY)
        del values["body_en"]
        known = [one.slug for one in ProjectType.objects.filter(round=row)]
        values |= {"project_types": [slug for slug in known if slug in project_types], "is_required": is_required}
        rows = list(PaperTemplate.objects.select_for_update(of=("self",)).filter(round=row))
        if paper is None:
            if len(rows) >= MOST_PAPERS:
                raise Invalid("too_many", field="title_kk", limit=MOST_PAPERS)
            slug = _free_slug(values["title_en"] or values["title_ru"], "paper", {one.slug for one in rows})
            mine = PaperTemplate(round=row, slug=slug, position=max((one.position for one in rows), default=0) + 1)
        else:
            mine = _of(rows, paper.pk)
            need_same(base, paper_stamp(mine))
        for name, value in values.items():
            setattr(mine, name, value)
        mine.save()
        note(actor, "save_paper", row, now, paper=mine.slug)
        return mine


def remove_paper(*, actor: Any, paper: PaperTemplate, now: datetime) -> None:
    """Throw a document away."""
    with transaction.atomic():
        row = open_course(actor, paper.round, now)
        note(actor, "remove_paper", row, now, paper=paper.slug)
        PaperTemplate.objects.filter(pk=paper.pk, round=row).delete()
