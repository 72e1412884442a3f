"""The default course as a whole: nothing that it names is missing, and it can be installed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from qatysu.coaching import commands, filled
from qatysu.coaching.course_files import LessonText, ModuleText, PaperText, TypeText, default_course
from qatysu.coaching.models import Lesson, Module, PaperTemplate, ProjectType, Work
from qatysu.core.errors import Conflict
from qatysu.core.regulation import Role, Stage
from qatysu.places.models import City
from qatysu.proposals.models import State
from qatysu.rounds.queries import zone_of
from qatysu.workbook.quiz import checklist_from, quiz_from
from qatysu.workbook.schema import Kind, form_from
from tests import factories

from . import rooms
from .test_course_data_1 import MIXED, assert_kazakh, texts_of

COURSE = default_course()
FIELDS = {
    "technical": {
        "estimate", "price_files", "schedule", "land_owner", "land_status", "land_note", "utilities", "utilities_note",
        "utilities_files", "operator", "upkeep_year", "upkeep_plan", "safety", "technical_notes",
    },
    "documentation": {
        "papers", "consents", "owner_letter", "operator_letter", "permits", "contact_note", "declaration",
    },
}  # fmt: skip
LATE = [module for module in COURSE.modules if module.slug in FIELDS]
LATE_TYPES = [kind for kind in COURSE.types if kind.slug in ("pavement", "greenery", "bus_stop")]


def test_there_are_four_modules_in_order_each_with_lessons_quiz_and_remarks() -> None:
    assert [module.slug for module in COURSE.modules] == ["annotation", "visualisation", "technical", "documentation"]
    for module in COURSE.modules:
        form_from(module.form)
        assert len(quiz_from(module.quiz)) == 4
        assert len(checklist_from(module.checklist)) >= 6
        assert len(module.canned) == 8
        assert len(module.lessons) >= 2
        for lesson in module.lessons:
            assert set(lesson.body) >= {"kk", "ru"}
            assert set(lesson.title) == {"kk", "ru", "en"}
            assert all(len(body.split()) > 150 for body in lesson.body.values())


def test_the_estimate_and_the_schedule_are_in_the_passport() -> None:
    public = {field.kind for module in COURSE.modules for field in form_from(module.form).fields if field.is_public}

    assert {Kind.ESTIMATE, Kind.SCHEDULE, Kind.BEFORE_AFTER, Kind.PLACE} <= public


def test_files_of_letters_and_offers_are_never_public() -> None:
    public = [f.id for m in COURSE.modules for f in form_from(m.form).fields if f.is_public and f.kind is Kind.FILES]

    assert public == []


def test_six_types_of_projects_name_papers_that_exist() -> None:
    papers = {paper.slug for paper in COURSE.papers}

    assert len(COURSE.types) == 6
    for kind in COURSE.types:
        assert set(kind.papers) <= papers
        assert len(kind.estimate) >= 10
        assert all(line["quantity"] > 0 and line["price"] > 0 for line in kind.estimate)
        assert all(text[language] for text in (kind.guide, kind.example) for language in ("kk", "ru"))


@pytest.mark.parametrize("module", LATE, ids=lambda module: module.slug)
def test_late_modules_ask_the_agreed_questions_each_with_an_example(module: ModuleText) -> None:
    form = form_from(module.form)

    assert {field.id for field in form.fields} == FIELDS[module.slug]
    assert all(field.help.kk and field.help.ru and field.help.en for field in form.fields)
    assert all("Мысалы" in field.help.kk and "Например" in field.help.ru for field in form.fields)
    for text in texts_of(module):
        assert set(text) == {"kk", "ru", "en"}
        assert text["kk"] != text["ru"] or text["kk"] in {"Смета", "Газ"}
        assert not MIXED.findall(" ".join(text.values()))


@pytest.mark.parametrize("lesson", [lesson for module in LATE for lesson in module.lessons], ids=lambda it: it.slug)
def test_a_late_lesson_is_short_and_the_same_in_both_languages(lesson: LessonText) -> None:
    kk, ru = lesson.body["kk"], lesson.body["ru"]

    for body in (kk, ru):
        assert 250 <= len(body.split()) <= 450
        assert not MIXED.findall(body)
    assert_kazakh(kk)
    for mark in ("\n## ", "\n- ", "\n1. ", "\n\n"):
        assert kk.count(mark) == ru.count(mark), mark
    assert kk.count("**Нашар:**") == ru.count("**Слабо:**") == kk.count("**Жақсы:**") == ru.count("**Лучше:**") >= 1


@pytest.mark.parametrize("kind", LATE_TYPES, ids=lambda kind: kind.slug)
def test_a_late_guide_says_the_same_in_both_languages(kind: TypeText) -> None:
    assert set(kind.categories) <= {"sport", "yards", "public", "roads", "waste", "other"}
    for text in (kind.guide, kind.example):
        assert_kazakh(text["kk"])
        assert not MIXED.findall(text["kk"] + text["ru"])
        assert text["kk"].count("\n\n") == text["ru"].count("\n\n")
        assert text["kk"].count("\n- ") == text["ru"].count("\n- ")
    assert all(250 <= len(kind.guide[language].split()) <= 500 for language in ("kk", "ru"))
    assert all(kind.example[language].count("**") == 8 for language in ("kk", "ru"))
    assert 10 <= len(kind.estimate) <= 16
    assert 2_000_000 < sum(line["quantity"] * line["price"] // 1000 for line in kind.estimate) < 15_000_000


@pytest.mark.parametrize("paper", COURSE.papers, ids=lambda paper: paper.slug)
def test_a_paper_is_the_same_letter_in_both_languages(paper: PaperText) -> None:
    kk, ru = paper.body["kk"], paper.body["ru"]

    assert_kazakh(kk)
    assert sorted(filled.names(kk)) == sorted(filled.names(ru))
    assert [line.count("|") for line in kk.splitlines()] == [line.count("|") for line in ru.splitlines()]
    assert not MIXED.findall(re.sub(r"\{\{\w+\}\}", "", kk + ru))


def test_papers_of_some_types_are_named_by_these_types() -> None:
    for paper in COURSE.papers:
        for slug in paper.project_types:
            assert paper.slug in next(kind.papers for kind in COURSE.types if kind.slug == slug)
    for kind in COURSE.types:
        some = {paper.slug: paper.project_types for paper in COURSE.papers if paper.project_types}
        assert all(kind.slug in some[slug] for slug in kind.papers if slug in some)


@pytest.mark.django_db
def test_every_gap_of_every_paper_can_be_filled(city: City) -> None:
    room = rooms.make_room(rooms.make_sessions(city))
    known = filled.values_of(room, "kk", timezone.now())

    for paper in COURSE.papers:
        for body in paper.body.values():
            assert set(filled.names(body)) <= set(known)


@pytest.mark.django_db
def test_installing_lays_the_deadlines_within_the_sessions(city: City) -> None:
    round_ = factories.fresh(factories.make_round(city, stage=Stage.SESSIONS))
    proposal = factories.make_proposal(round_, state=State.IN_SESSIONS)
    lead, now = rooms.staff(Role.CENTRE_LEAD, round_), timezone.now()

    assert commands.install_course(actor=lead, round_=round_, now=now) == 4

    stage = round_.stages.get(stage=Stage.SESSIONS)
    days = list(Module.objects.filter(round=round_).order_by("position").values_list("due_on", flat=True))
    assert days == sorted(days)
    assert stage.opens_at.astimezone(zone_of(round_)).date() < days[0]
    assert days[-1] <= stage.closes_at.astimezone(zone_of(round_)).date()
    assert Work.objects.filter(workspace__proposal=proposal).count() == 4
    assert (Lesson.objects.count(), ProjectType.objects.count(), PaperTemplate.objects.count()) == (12, 6, 8)
    with pytest.raises(Conflict, match="course_installed"):
        commands.install_course(actor=lead, round_=round_, now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "kind", "start"), [("kk", "pdf", b"%PDF"), ("ru", "docx", b"PK")])
def test_a_paper_is_made_with_the_teams_data(city: City, language: str, kind: str, start: bytes) -> None:
    round_ = rooms.make_sessions(city)
    room = rooms.make_room(round_)
    paper = COURSE.papers[0]
    template: Any = PaperTemplate(round=round_, slug=paper.slug, position=1, title_kk="Өтініш", title_ru="Обращение")
    template.body_kk, template.body_ru = paper.body["kk"], paper.body["ru"]

    assert filled.document_of(room, template, language, kind, timezone.now()).startswith(start)
