"""The course editor over HTTP: what a methodologist writes, what the editor refuses, who may edit at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qatysu.coaching import commands
from qatysu.coaching.models import CannedRemark, Lesson, LessonFile, Module, PaperTemplate, ProjectType, Work, Workspace
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Round
from qatysu.workbook.schema import Kind, form_from
from tests import factories

from . import rooms
from .editing import at, inputs, three

pytestmark = pytest.mark.django_db


def every_page(round_: Round) -> list[str]:
    """Addresses of the editor in a round with the standard course."""
    module = Module.objects.filter(round=round_).exclude(lessons=None).first()
    lesson, kind, paper = Lesson.objects.first(), ProjectType.objects.first(), PaperTemplate.objects.first()
    assert module
    assert lesson
    assert kind
    plain = ["centre_course", "course_module_new", "course_type_new", "course_paper_new", "course_all_remarks"]
    own = ["course_module", "course_lesson_new", "course_form", "course_checklist", "course_quiz", "course_remarks"]
    found = [at(name, round_) for name in plain] + [at(name, round_, module=module.slug) for name in own]
    found.append(at("course_lesson", round_, module=lesson.module.slug, slug=lesson.slug))
    found.append(at("course_type", round_, slug=kind.slug))
    if paper is not None:
        found.append(at("course_paper", round_, slug=paper.slug))
    for one in Module.objects.filter(round=round_):
        found += [at("course_field", round_, module=one.slug, field=item["id"]) for item in one.form["fields"]]
    return found + [at("course_field_new", round_, module=module.slug) + f"?kind={kind}" for kind in Kind]


@pytest.fixture
def standard(round: Round, consultant: Account, editor: Client) -> Round:
    """A round with the standard course, installed by the button."""
    Module.objects.filter(round=round).delete()
    assert editor.post(at("centre_course", round), {"install": "1"}).status_code == 302
    return round


def test_every_page_of_the_standard_course_opens_for_who_edits_it_and_for_nobody_else(
    standard: Round, editor: Client, city: City
) -> None:
    strangers = [
        factories.client_for(rooms.staff(Role.COACH, standard)),
        factories.client_for(factories.make_account("Айгүл Т.", city=city)),
        factories.client_for(factories.make_staff(Role.CONSULTANT, factories.make_city("aksu"))),
    ]
    for path in every_page(standard):
        page = editor.get(path)
        assert page.status_code == 200, path
        assert "{{" not in page.content.decode().replace("{{ name }}", "") or "papers/" in path, path
        assert all(one.get(path).status_code in (302, 403, 404) for one in strangers), path


def test_the_standard_course_is_stored_again_unchanged(standard: Round, editor: Client) -> None:
    """Every field of the standard course can be opened and saved, and stays what it was."""
    for module in Module.objects.filter(round=standard):
        before = form_from(module.form)
        for field in before.fields:
            path = at("course_field", standard, module=module.slug, field=field.id)
            sent = inputs(editor.get(path).content.decode())
            answer = editor.post(path, sent)
            assert answer.status_code == 302, (field.id, answer.context["refusal"])
        module.refresh_from_db()
        assert form_from(module.form) == before
        for name in ("checklist", "quiz"):
            path, stored = at(f"course_{name}", standard, module=module.slug), getattr(module, name)
            assert editor.post(path, inputs(editor.get(path).content.decode())).status_code == 302
            module.refresh_from_db()
            assert getattr(module, name) == stored


def test_modules_are_dated_ordered_added_and_removed(
    round: Round, editor: Client, module: Module, room: Workspace, consultant: Account, captain: Account, now: datetime
) -> None:
    path = at("course_module", round, module="annotation")
    texts = three("title", "Аннотация") | three("lead", "Мәні")
    assert editor.post(path, {**texts, "opens_on": "2027-03-10", "due_on": "2027-03-01"}).status_code == 422
    assert editor.post(path, {**texts, "opens_on": "2027-03-01", "due_on": "2027-03-10"}).status_code == 302
    module.refresh_from_db()
    assert (module.title_ru, module.due_on) == ("Аннотация ru", date(2027, 3, 10))

    editor.post(at("centre_course", round), {"up": "technical"})
    assert [m.slug for m in Module.objects.filter(round=round)] == ["technical", "annotation"]

    new = at("course_module_new", round)
    assert editor.post(new, {**texts, "slug": "opinion"}).status_code == 422
    assert editor.post(new, {**texts, "slug": "annotation"}).context["wrong"] == "slug"
    assert editor.post(new, {**texts, "slug": "upkeep"}).status_code == 302
    assert Work.objects.filter(workspace=room, module__slug="upkeep").count() == 1
    editor.post(at("centre_course", round), {"remove": "upkeep"})
    assert not Module.objects.filter(round=round, slug="upkeep").exists()

    commands.save_work(
        actor=captain, work=rooms.work_in(room, "annotation"), base=0, raw={"people": "5"}, now=now, new_id=rooms.ids()
    )
    editor.post(at("centre_course", round), {"remove": "annotation"})
    assert Module.objects.filter(round=round, slug="annotation").exists()


def test_lessons_with_previews_files_and_an_order(
    round: Round, editor: Client, module: Module, captain: Account, room: Workspace
) -> None:
    new = at("course_lesson_new", round, module="annotation")
    texts = three("title", "Сабақ") | {
        "body_kk": "## Мәселе\n\n<script>alert(1)</script>",
        "body_ru": "Текст **важный**",
        "minutes": "7",
    }
    preview = editor.post(new, {**texts, "preview": "1"}).content.decode()
    assert "<strong>важный</strong>" in preview
    assert "<script>alert" not in preview
    assert not Lesson.objects.exists()
    assert editor.post(new, {**texts, "video_url": "javascript:alert(1)"}).context["wrong"] == "video_url"
    assert editor.post(new, {**texts, "minutes": "0"}).context["wrong"] == "minutes"
    assert editor.post(new, {**texts, "body_ru": ""}).context["wrong"] == "body_ru"
    assert editor.post(new, texts).status_code == 302
    assert editor.post(new, texts | {"title_en": "Second"}).status_code == 302
    first, second = Lesson.objects.filter(module=module)

    editor.post(at("course_module", round, module="annotation"), {"down": first.slug})
    assert list(Lesson.objects.filter(module=module)) == [second, first]

    path = at("course_lesson", round, module="annotation", slug=first.slug)
    file = {
        "add": "1",
        **three("file", "Үлгі"),
        "file": SimpleUploadedFile("x.pdf", b"%PDF-1.4\n%%EOF", "application/pdf"),
    }
    assert editor.post(path, {"add": "1", **three("file", "Үлгі")}).context["wrong"] == "file"
    bad = SimpleUploadedFile("x.exe", b"MZ", "application/pdf")
    assert editor.post(path, {**file, "file": bad}).status_code == 422
    assert editor.post(path, file).status_code == 302
    row = LessonFile.objects.get(lesson=first)
    assert editor.get(path).status_code == 200
    editor.post(path, {"drop": str(row.pk)})
    assert not LessonFile.objects.exists()
    assert "yes" in editor.post(path, {"remove": "ask"}).content.decode()
    editor.post(path, {"remove": "yes"})
    assert list(Lesson.objects.filter(module=module)) == [second]


def test_checklist_quiz_and_ready_remarks(
    round: Round, editor: Client, module: Module, annotation: Work, captain: Account, now: datetime
) -> None:
    commands.tick_point(actor=captain, work=annotation, point="asked", is_done=True, now=now)
    points = {"checklist.0.id": "read", "checklist.0.order": "2", **three("checklist.0.label", "Оқыдық")}
    points |= {"checklist.1.order": "1", **three("checklist.1.label", "Сұрадық")}
    assert editor.post(at("course_checklist", round, module="annotation"), points).status_code == 302
    module.refresh_from_db()
    assert [point["label"]["ru"] for point in module.checklist] == ["Сұрадық ru", "Оқыдық ru"]
    assert module.checklist[1]["id"] == "read"
    annotation.refresh_from_db()
    assert annotation.ticks == []

    path = at("course_quiz", round, module="annotation")
    question = (
        three("quiz.0.question", "Неге?")
        | three("quiz.0.options.0.label", "Сол")
        | three("quiz.0.options.2.label", "Бұл")
    )
    missing = editor.post(path, question)
    assert (missing.status_code, missing.context["wrong"]) == (422, "quiz.0.answer")
    assert editor.post(path, {**question, "quiz.0.answer": "2"}).status_code == 302
    module.refresh_from_db()
    assert module.quiz[0]["answer"] == module.quiz[0]["options"][1]["id"]

    remarks = at("course_remarks", round, module="annotation")
    assert editor.post(remarks, {"remarks.0.text_kk": "Бағасы қайдан?"}).context["wrong"] == "remarks.0.text_ru"
    assert editor.post(remarks, three("remarks.0.text", "Баға")).status_code == 302
    assert CannedRemark.objects.get(module=module).text_kk == "Баға kk"


def test_types_and_papers(round: Round, editor: Client, room: Workspace, captain: Account, now: datetime) -> None:
    new = at("course_type_new", round)
    lines = (
        three("lines.0.item", "Тірек")
        | three("lines.0.unit", "дана")
        | {"lines.0.quantity": "2,5", "lines.0.price": "150 000"}
    )
    assert (
        editor.post(new, {**three("name", "Жарық"), **lines, "lines.0.price": "-5"}).context["wrong"]
        == "lines.0.price"
    )
    assert (
        editor.post(new, {**three("name", "Жарық"), **lines, "lines.0.unit_ru": ""}).context["wrong"]
        == "lines.0.unit_ru"
    )
    assert editor.post(new, {**three("name", "Light"), **lines}).status_code == 302
    kind = ProjectType.objects.get(round=round)
    assert (kind.slug, kind.estimate[0]["quantity"], kind.estimate[0]["price"]) == ("light-en", 2500, 150_000)
    path = at("course_type", round, slug=kind.slug)
    sent = inputs(editor.get(path).content.decode())
    assert editor.post(path, sent).status_code == 302
    kind.refresh_from_db()
    assert kind.estimate[0]["item"] == {"kk": "Тірек kk", "ru": "Тірек ru", "en": "Тірек en"}

    paper = at("course_paper_new", round)
    body = {"body_kk": "{{ city }} — {{ wrong_name }}", "body_ru": "{{ cost }}", "types": kind.slug}
    shown = editor.post(paper, {**three("title", "Хат"), **body, "preview": "1"})
    assert shown.context["unknown"] == ["wrong_name"]
    assert "2 400 000 ₸" in shown.content.decode()
    assert editor.post(paper, {**three("title", "Letter"), **body}).status_code == 302
    assert PaperTemplate.objects.get(round=round).project_types == [kind.slug]

    commands.choose_type(actor=captain, workspace=room, slug=kind.slug, now=now)
    editor.post(path, {"remove": "1"})
    assert ProjectType.objects.filter(pk=kind.pk).exists()
    editor.post(at("course_paper", round, slug="letter-en"), {"remove": "1"})
    assert not PaperTemplate.objects.exists()


def test_a_module_of_another_round_is_out_of_reach(round: Round, editor: Client, city: City) -> None:
    other = factories.make_round(factories.make_city("aksu"), slug="own")
    foreign, _ = rooms.make_course(other)
    foreign.slug = "foreign"
    foreign.save()

    assert editor.get(at("course_module", round, module="foreign")).status_code == 404
    assert editor.get(at("course_module", other, module="foreign")).status_code == 404
    editor.post(at("centre_course", round), {"remove": "foreign"})
    assert Module.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("text", ["\0", "9" * 400, "<script>", "½", "{{x}}", "-1", "​", "' OR 1=1", "1e9", "٣"])
def test_no_input_breaks_the_editor(standard: Round, editor: Client, text: str) -> None:
    """Every input of every page filled with rubbish is answered, never with a fault of the portal."""
    fields = [page for page in every_page(standard) if "/form/" in page]
    for path in [page for page in every_page(standard) if page not in fields[8:]]:
        found = inputs(editor.get(path).content.decode())
        # The kind stays true, so that what depends on it is read too.
        kept = {"kind": found["kind"]} if "kind" in found else {}
        answer = editor.post(path, {**dict.fromkeys(found, text), **kept})
        assert answer.status_code in (302, 404, 409, 422), path
