"""Install the course of a round."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from qatysu.audit.commands import record
from qatysu.coaching.commands.rooms import furnish
from qatysu.coaching.course_files import Course, LessonText, ModuleText, default_course
from qatysu.coaching.models import CannedRemark, Lesson, Module, PaperTemplate, ProjectType
from qatysu.core.errors import Conflict
from qatysu.core.periods import last_day
from qatysu.core.regulation import Action, Stage
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.queries import zone_of
from qatysu.rounds.touching import locked

Texts = dict[str, str]


def install_course(*, actor: Any, round_: Round, now: datetime) -> int:
    """Give a round the default course, with deadlines spread over its sessions; returns how many modules.

    Teams that are in the sessions already get their rooms. Raises Conflict ``course_installed``; NotAllowed.
    """
    with transaction.atomic():
        row = locked(round_)
        authorize(actor, Action.EDIT_COURSE, row, now=now)
        made = lay_out(round_=row, course=default_course(), now=now)
        record(actor=actor, action="install_course", now=now, place=str(row), target=f"rounds.round:{row.pk}")
        return made


def lay_out(*, round_: Round, course: Course, now: datetime) -> int:
    """Write ``course`` into a round without one, inside the caller's transaction. Raises Conflict ``course_installed``."""
    if Module.objects.filter(round=round_).exists():
        raise Conflict("course_installed")
    days = _deadlines(round_, [module.days for module in course.modules])
    for text, due in zip(course.modules, days, strict=True):
        _module(round_, text, due)
    for kind in course.types:
        ProjectType.objects.create(
            round=round_,
            slug=kind.slug,
            position=kind.position,
            estimate=kind.estimate,
            **_texts("name", kind.name),
            **_texts("guide", kind.guide),
            **_texts("example", kind.example),
        )
    for paper in course.papers:
        PaperTemplate.objects.create(
            round=round_,
            slug=paper.slug,
            position=paper.position,
            project_types=list(paper.project_types) or [t.slug for t in course.types if paper.slug in t.papers],
            is_required=paper.is_required,
            body_kk=paper.body["kk"],
            body_ru=paper.body["ru"],
            **_texts("title", paper.title),
        )
    for proposal in Proposal.objects.filter(round=round_, state=State.IN_SESSIONS).order_by("pk"):
        furnish(proposal=proposal, now=now)
    return len(course.modules)


def _module(round_: Round, text: ModuleText, due: date | None) -> None:
    module = Module.objects.create(
        round=round_,
        slug=text.slug,
        position=text.position,
        form=text.form,
        checklist=text.checklist,
        quiz=text.quiz,
        due_on=due,
        **_texts("title", text.title),
        **_texts("lead", text.lead),
    )
    Lesson.objects.bulk_create(_lesson(module, lesson) for lesson in text.lessons)
    CannedRemark.objects.bulk_create(
        CannedRemark(round=round_, module=module, position=position, **_texts("text", words))
        for position, words in enumerate(text.canned, start=1)
    )


def _lesson(module: Module, text: LessonText) -> Lesson:
    return Lesson(
        module=module,
        position=text.position,
        slug=text.slug,
        minutes=text.minutes,
        video_url=text.video_url,
        **_texts("title", text.title),
        **_texts("body", text.body),
    )


def _texts(field: str, words: Texts) -> Texts:
    """``title`` and {kk, ru, en} as the keyword arguments of a row."""
    return {f"{field}_{language}": words.get(language, "") for language in ("kk", "ru", "en")}


def _deadlines(round_: Round, lengths: list[int]) -> list[date | None]:
    """Last days of the modules, one after the other, in proportion to their lengths within the stage of sessions."""
    stage = round_.stages.filter(stage=Stage.SESSIONS).first()
    if stage is None or not lengths:
        return [None] * len(lengths)
    zone = zone_of(round_)
    first, last = stage.opens_at.astimezone(zone).date(), last_day(stage.closes_at, zone)
    whole, passed, days = max((last - first).days, 0), 0, []
    for length in lengths:
        passed += length
        days.append(first + timedelta(days=whole * passed // sum(lengths)))
    return list(days)
