"""The course editor over HTTP: what a methodologist writes, what the editor refuses, what teams keep."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from qatysu.audit.models import Deed
from qatysu.coaching import commands
from qatysu.coaching.commands import editing
from qatysu.coaching.models import CannedRemark, Lesson, LessonFile, Module, PaperTemplate, ProjectType, Work, Workspace
from qatysu.core.errors import NotAllowed
from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Round
from qatysu.workbook.schema import Kind, form_from
from tests import factories

from . import rooms

pytestmark = pytest.mark.django_db


def at(name: str, round_: Round, **more: Any) -> str:
    with translation.override("ru"):
        return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


def three(name: str, text: str) -> dict[str, str]:
    """A text in three languages, as a form sends it."""
    return {f"{name}_{lang}": f"{text} {lang}" for lang in ("kk", "ru", "en")}


@pytest.fixture
def consultant(round: Round) -> Account:
    return rooms.staff(Role.CONSULTANT, round, "Ирина Ф.")


@pytest.fixture
def browser(consultant: Account) -> Client:
    return factories.client_for(consultant)


@pytest.fixture
def module(round: Round) -> Module:
    return Module.objects.get(round=round, slug="annotation")


@pytest.fixture
def answered(annotation: Work, captain: Account, now: datetime) -> Work:
    """The first module with everything filled in."""
    raw = {**rooms.FULL["annotation"], "ages": ["kids"]}
    commands.save_work(actor=captain, work=annotation, base=0, raw=raw, now=now, new_id=rooms.ids())
    return rooms.work_in(annotation.workspace, "annotation")


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
def standard(round: Round, consultant: Account, browser: Client) -> Round:
    """A round with the standard course, installed by the button."""
    Module.objects.filter(round=round).delete()
    assert browser.post(at("centre_course", round), {"install": "1"}).status_code == 302
    return round


def test_every_page_of_the_standard_course_opens_for_who_edits_it_and_for_nobody_else(
    standard: Round, browser: Client, city: City
) -> None:
    strangers = [
        factories.client_for(rooms.staff(Role.COACH, standard)),
        factories.client_for(factories.make_account("Айгүл Т.", city=city)),
        factories.client_for(factories.make_staff(Role.CONSULTANT, factories.make_city("aksu"))),
    ]
    for path in every_page(standard):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert "{{" not in page.content.decode().replace("{{ name }}", "") or "papers/" in path, path
        assert all(one.get(path).status_code in (302, 403, 404) for one in strangers), path


def test_the_standard_course_is_stored_again_unchanged(standard: Round, browser: Client) -> None:
    """Every field of the standard course can be opened and saved, and stays what it was."""
    for module in Module.objects.filter(round=standard):
        before = form_from(module.form)
        for field in before.fields:
            path = at("course_field", standard, module=module.slug, field=field.id)
            sent = inputs(browser.get(path).content.decode())
            answer = browser.post(path, sent)
            assert answer.status_code == 302, (field.id, answer.context["refusal"])
        module.refresh_from_db()
        assert form_from(module.form) == before
        for name in ("checklist", "quiz"):
            path, stored = at(f"course_{name}", standard, module=module.slug), getattr(module, name)
            assert browser.post(path, inputs(browser.get(path).content.decode())).status_code == 302
            module.refresh_from_db()
            assert getattr(module, name) == stored


def inputs(page: str) -> dict[str, Any]:
    """What a browser without a script sends from the largest form of a page."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.forms: list[dict[str, Any]] = []
            self.area = self.select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            a = dict(attrs)
            if tag == "form":
                self.forms.append({})
            elif tag == "textarea":
                self.area = a["name"] or ""
                self.forms[-1][self.area] = ""
            elif tag == "select":
                self.select = a["name"] or ""
            elif tag == "option" and self.select:
                if "selected" in a or self.select not in self.forms[-1]:
                    self.forms[-1][self.select] = a["value"]
            elif tag == "input" and a.get("name"):
                name, value = a["name"] or "", a.get("value") or ""
                is_ticked = "checked" in a or a.get("type") not in ("checkbox", "radio", "file")
                if is_ticked:
                    self.forms[-1][name] = value

        def handle_data(self, data: str) -> None:
            if self.area:
                self.forms[-1][self.area] += data.removeprefix("\n") if not self.forms[-1][self.area] else data

        def handle_endtag(self, tag: str) -> None:
            if tag in ("textarea", "select"):
                self.area = self.select = ""

    reader = Reader()
    reader.feed(page)
    return max(reader.forms, key=len)


def test_a_field_of_every_kind_is_built_moved_and_removed(round: Round, browser: Client, module: Module) -> None:
    new = at("course_field_new", round, module="annotation")
    table = {"columns.0.kind": "choice", "columns.0.choices": "иә | да\nжоқ | нет", **three("columns.0.label", "Баған")}
    for kind in Kind:
        sent = {"kind": str(kind), **three("label", f"Сұрақ {kind}"), "is_required": "1", "is_public": "1"}
        if kind in (Kind.CHOICE, Kind.CHOICES):
            sent |= three("options.0.label", "Бірі") | three("options.1.label", "Екіншісі")
        sent |= table if kind is Kind.TABLE else {}
        assert browser.post(new, sent).status_code == 302, kind
    module.refresh_from_db()
    fields = form_from(module.form).fields
    assert [field.kind for field in fields[3:]] == list(Kind)
    column = next(field for field in fields if field.kind is Kind.TABLE).columns[0]
    assert [option.label.ru for option in column.options] == ["да", "нет"]

    form, last = at("course_form", round, module="annotation"), fields[-1].id
    browser.post(form, {"up": last})
    module.refresh_from_db()
    assert [item["id"] for item in module.form["fields"]][-2] == last
    assert "Remove" in browser.post(form.replace("/ru/", "/en/"), {"remove": last}).content.decode()
    browser.post(form, {"remove!": last})
    module.refresh_from_db()
    assert form_from(module.form).field(last) is None
    assert Deed.objects.filter(action="remove_field").count() == 1


@pytest.mark.parametrize(
    ("kind", "sent", "wrong"),
    [
        ("text", {"label_kk": ""}, "label_kk"),
        ("text", {"label_ru": ""}, "label_ru"),
        ("text", {"most": "10000"}, "most"),
        ("text", {"most": "көп"}, "most"),
        ("text", {"least": "9", "most": "3"}, "least"),
        ("number", {"decimals": "9"}, "decimals"),
        ("estimate", {"reserve_percent": "90"}, "reserve_percent"),
        ("choice", {}, "options"),
        ("choice", {"options.0.label_kk": "Бір"}, "options.0.label_ru"),
        ("table", {}, "columns"),
        (
            "table",
            {"columns.0.label_kk": "Бір", "columns.0.label_ru": "Один", "columns.0.kind": "table"},
            "columns.0.kind",
        ),
        ("long_text", {"help_kk": "Тек қазақша"}, "help_ru"),
    ],
)
def test_a_mistake_is_told_at_its_input_and_nothing_is_lost(
    round: Round, browser: Client, module: Module, kind: str, sent: dict[str, str], wrong: str
) -> None:
    answer = browser.post(
        at("course_field_new", round, module="annotation"),
        {"kind": kind, "label_kk": "Сұрақ", "label_ru": "Вопрос", **sent},
    )

    assert (answer.status_code, answer.context["wrong"]) == (422, wrong)
    assert answer.context["refusal"]
    page = answer.content.decode()
    assert f'id="{wrong}"' in page
    assert all(text in page for text in sent.values())
    assert module.form == Module.objects.get(pk=module.pk).form


def test_what_teams_have_answered_stays_readable(
    round: Round, browser: Client, module: Module, answered: Work, captain: Account
) -> None:
    people = at("course_field", round, module="annotation", field="people")
    ages = at("course_field", round, module="annotation", field="ages")
    labels = {"label_kk": "Адам", "label_ru": "Люди"}

    assert browser.post(people, {"kind": "text", **labels}).status_code == 409
    gone = browser.post(
        ages, {"kind": "choices", **labels, "options.0.id": "old", "options.0.label_kk": "a", "options.0.label_ru": "b"}
    )
    assert gone.status_code == 409
    assert "kids" in gone.context["refusal"]
    assert browser.post(people, {"kind": "number", **labels, "is_required": "1"}).status_code == 302

    browser.post(at("course_form", round, module="annotation"), {"remove!": "people"})
    answered.refresh_from_db()
    assert answered.answers["people"] == 120
    assert answered.versions.get(number=1).changes["people"] == 120
    page = factories.client_for(captain).get(room_page(answered.workspace))
    assert page.status_code == 200
    assert 'name="f.people"' not in page.content.decode()


def room_page(room: Workspace) -> str:
    return at("workspace_module", room.proposal.round, code=room.proposal.code, module="annotation")


def test_a_new_required_field_is_asked_of_every_team(round: Round, browser: Client, answered: Work) -> None:
    assert (answered.required, answered.answered) == (2, 2)
    browser.post(
        at("course_field_new", round, module="annotation"),
        {"kind": "text", **three("label", "Жаңа"), "is_required": "1"},
    )
    answered.refresh_from_db()
    assert (answered.required, answered.answered) == (3, 2)


def test_two_editors_do_not_write_over_each_other(round: Round, browser: Client, module: Module) -> None:
    for name, sent in (
        ("course_checklist", {"checklist.0.label_kk": "Бірінші", "checklist.0.label_ru": "Первый"}),
        ("course_remarks", {"remarks.0.text_kk": "Бағасы қайдан?", "remarks.0.text_ru": "Откуда цена?"}),
        ("course_field", {"kind": "number", "label_kk": "Басқа", "label_ru": "Другое"}),
    ):
        path = at(name, round, module="annotation", **({"field": "people"} if name == "course_field" else {}))
        base = browser.get(path).context
        opened = base["base"] if "base" in base else base["sent"]["base"]
        assert browser.post(path, {**sent, "base": opened}).status_code == 302
        late = browser.post(path, {**sent, "base": opened})
        assert late.status_code == 409, name
        assert all(text in late.content.decode() for text in sent.values())


def test_modules_are_dated_ordered_added_and_removed(
    round: Round, browser: Client, module: Module, room: Workspace, consultant: Account, captain: Account, now: datetime
) -> None:
    path = at("course_module", round, module="annotation")
    texts = three("title", "Аннотация") | three("lead", "Мәні")
    assert browser.post(path, {**texts, "opens_on": "2027-03-10", "due_on": "2027-03-01"}).status_code == 422
    assert browser.post(path, {**texts, "opens_on": "2027-03-01", "due_on": "2027-03-10"}).status_code == 302
    module.refresh_from_db()
    assert (module.title_ru, module.due_on) == ("Аннотация ru", date(2027, 3, 10))

    browser.post(at("centre_course", round), {"up": "technical"})
    assert [m.slug for m in Module.objects.filter(round=round)] == ["technical", "annotation"]

    new = at("course_module_new", round)
    assert browser.post(new, {**texts, "slug": "opinion"}).status_code == 422
    assert browser.post(new, {**texts, "slug": "annotation"}).context["wrong"] == "slug"
    assert browser.post(new, {**texts, "slug": "upkeep"}).status_code == 302
    assert Work.objects.filter(workspace=room, module__slug="upkeep").count() == 1
    browser.post(at("centre_course", round), {"remove": "upkeep"})
    assert not Module.objects.filter(round=round, slug="upkeep").exists()

    commands.save_work(
        actor=captain, work=rooms.work_in(room, "annotation"), base=0, raw={"people": "5"}, now=now, new_id=rooms.ids()
    )
    browser.post(at("centre_course", round), {"remove": "annotation"})
    assert Module.objects.filter(round=round, slug="annotation").exists()


def test_lessons_with_previews_files_and_an_order(
    round: Round, browser: Client, module: Module, captain: Account, room: Workspace
) -> None:
    new = at("course_lesson_new", round, module="annotation")
    texts = three("title", "Сабақ") | {
        "body_kk": "## Мәселе\n\n<script>alert(1)</script>",
        "body_ru": "Текст **важный**",
        "minutes": "7",
    }
    preview = browser.post(new, {**texts, "preview": "1"}).content.decode()
    assert "<strong>важный</strong>" in preview
    assert "<script>alert" not in preview
    assert not Lesson.objects.exists()
    assert browser.post(new, {**texts, "video_url": "javascript:alert(1)"}).context["wrong"] == "video_url"
    assert browser.post(new, {**texts, "minutes": "0"}).context["wrong"] == "minutes"
    assert browser.post(new, {**texts, "body_ru": ""}).context["wrong"] == "body_ru"
    assert browser.post(new, texts).status_code == 302
    assert browser.post(new, texts | {"title_en": "Second"}).status_code == 302
    first, second = Lesson.objects.filter(module=module)

    browser.post(at("course_module", round, module="annotation"), {"down": first.slug})
    assert list(Lesson.objects.filter(module=module)) == [second, first]

    path = at("course_lesson", round, module="annotation", slug=first.slug)
    file = {
        "add": "1",
        **three("file", "Үлгі"),
        "file": SimpleUploadedFile("x.pdf", b"%PDF-1.4\n%%EOF", "application/pdf"),
    }
    assert browser.post(path, {"add": "1", **three("file", "Үлгі")}).context["wrong"] == "file"
    bad = SimpleUploadedFile("x.exe", b"MZ", "application/pdf")
    assert browser.post(path, {**file, "file": bad}).status_code == 422
    assert browser.post(path, file).status_code == 302
    row = LessonFile.objects.get(lesson=first)
    assert browser.get(path).status_code == 200
    browser.post(path, {"drop": str(row.pk)})
    assert not LessonFile.objects.exists()
    assert "yes" in browser.post(path, {"remove": "ask"}).content.decode()
    browser.post(path, {"remove": "yes"})
    assert list(Lesson.objects.filter(module=module)) == [second]


def test_checklist_quiz_and_ready_remarks(
    round: Round, browser: Client, module: Module, annotation: Work, captain: Account, now: datetime
) -> None:
    commands.tick_point(actor=captain, work=annotation, point="asked", is_done=True, now=now)
    points = {"checklist.0.id": "read", "checklist.0.order": "2", **three("checklist.0.label", "Оқыдық")}
    points |= {"checklist.1.order": "1", **three("checklist.1.label", "Сұрадық")}
    assert browser.post(at("course_checklist", round, module="annotation"), points).status_code == 302
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
    missing = browser.post(path, question)
    assert (missing.status_code, missing.context["wrong"]) == (422, "quiz.0.answer")
    assert browser.post(path, {**question, "quiz.0.answer": "2"}).status_code == 302
    module.refresh_from_db()
    assert module.quiz[0]["answer"] == module.quiz[0]["options"][1]["id"]

    remarks = at("course_remarks", round, module="annotation")
    assert browser.post(remarks, {"remarks.0.text_kk": "Бағасы қайдан?"}).context["wrong"] == "remarks.0.text_ru"
    assert browser.post(remarks, three("remarks.0.text", "Баға")).status_code == 302
    assert CannedRemark.objects.get(module=module).text_kk == "Баға kk"


def test_types_and_papers(round: Round, browser: Client, room: Workspace, captain: Account, now: datetime) -> None:
    new = at("course_type_new", round)
    lines = (
        three("lines.0.item", "Тірек")
        | three("lines.0.unit", "дана")
        | {"lines.0.quantity": "2,5", "lines.0.price": "150 000"}
    )
    assert (
        browser.post(new, {**three("name", "Жарық"), **lines, "lines.0.price": "-5"}).context["wrong"]
        == "lines.0.price"
    )
    assert (
        browser.post(new, {**three("name", "Жарық"), **lines, "lines.0.unit_ru": ""}).context["wrong"]
        == "lines.0.unit_ru"
    )
    assert browser.post(new, {**three("name", "Light"), **lines}).status_code == 302
    kind = ProjectType.objects.get(round=round)
    assert (kind.slug, kind.estimate[0]["quantity"], kind.estimate[0]["price"]) == ("light-en", 2500, 150_000)
    path = at("course_type", round, slug=kind.slug)
    sent = inputs(browser.get(path).content.decode())
    assert browser.post(path, sent).status_code == 302
    kind.refresh_from_db()
    assert kind.estimate[0]["item"] == {"kk": "Тірек kk", "ru": "Тірек ru", "en": "Тірек en"}

    paper = at("course_paper_new", round)
    body = {"body_kk": "{{ city }} — {{ wrong_name }}", "body_ru": "{{ cost }}", "types": kind.slug}
    shown = browser.post(paper, {**three("title", "Хат"), **body, "preview": "1"})
    assert shown.context["unknown"] == ["wrong_name"]
    assert "2 400 000 ₸" in shown.content.decode()
    assert browser.post(paper, {**three("title", "Letter"), **body}).status_code == 302
    assert PaperTemplate.objects.get(round=round).project_types == [kind.slug]

    commands.choose_type(actor=captain, workspace=room, slug=kind.slug, now=now)
    browser.post(path, {"remove": "1"})
    assert ProjectType.objects.filter(pk=kind.pk).exists()
    browser.post(at("course_paper", round, slug="letter-en"), {"remove": "1"})
    assert not PaperTemplate.objects.exists()


def test_a_consultant_edits_the_course_and_accepts_nothing_a_coach_the_other_way_round(
    module: Module, answered: Work, captain: Account, coach: Account, consultant: Account, now: datetime
) -> None:
    raw = {"id": "f_new", "kind": "text", "label": {"kk": "Жаңа", "ru": "Новое"}}
    commands.submit_work(actor=captain, work=answered, now=now)

    with pytest.raises(NotAllowed):
        commands.accept_work(actor=consultant, work=answered, now=now)
    with pytest.raises(NotAllowed):
        editing.save_field(actor=coach, module=module, field=raw, now=now)
    editing.save_field(actor=consultant, module=module, field=raw, now=now)
    assert commands.accept_work(actor=coach, work=answered, now=now).state == "accepted"


def test_a_module_of_another_round_is_out_of_reach(round: Round, browser: Client, city: City) -> None:
    other = factories.make_round(factories.make_city("aksu"), slug="own")
    foreign, _ = rooms.make_course(other)
    foreign.slug = "foreign"
    foreign.save()

    assert browser.get(at("course_module", round, module="foreign")).status_code == 404
    assert browser.get(at("course_module", other, module="foreign")).status_code == 404
    browser.post(at("centre_course", round), {"remove": "foreign"})
    assert Module.objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize("text", ["\0", "9" * 400, "<script>", "½", "{{x}}", "-1", "​", "' OR 1=1", "1e9", "٣"])
def test_no_input_breaks_the_editor(standard: Round, browser: Client, text: str) -> None:
    """Every input of every page filled with rubbish is answered, never with a fault of the portal."""
    fields = [page for page in every_page(standard) if "/form/" in page]
    for path in [page for page in every_page(standard) if page not in fields[8:]]:
        found = inputs(browser.get(path).content.decode())
        # The kind stays true, so that what depends on it is read too.
        kept = {"kind": found["kind"]} if "kind" in found else {}
        answer = browser.post(path, {**dict.fromkeys(found, text), **kept})
        assert answer.status_code in (302, 404, 409, 422), path
