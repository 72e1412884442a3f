"""The default course as a whole: nothing that it names is missing, and it can be installed."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from qatysu.coaching import commands, filled
from qatysu.coaching.course_files import default_course
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

COURSE = default_course()


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
