"""The form builder: fields of every kind, mistakes at their inputs, answers of teams that stay readable."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from qatysu.audit.models import Deed
from qatysu.coaching import commands
from qatysu.coaching.commands import editing
from qatysu.coaching.models import Module, Work
from qatysu.core.errors import NotAllowed
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
from qatysu.workbook.schema import Kind, form_from
from tests import factories

from .editing import at, room_page, three

pytestmark = pytest.mark.django_db


def test_a_field_of_every_kind_is_built_moved_and_removed(round: Round, editor: Client, module: Module) -> None:
    new = at("course_field_new", round, module="annotation")
    table = {"columns.0.kind": "choice", "columns.0.choices": "иә | да\nжоқ | нет", **three("columns.0.label", "Баған")}
    for kind in Kind:
        sent = {"kind": str(kind), **three("label", f"Сұрақ {kind}"), "is_required": "1", "is_public": "1"}
        if kind in (Kind.CHOICE, Kind.CHOICES):
            sent |= three("options.0.label", "Бірі") | three("options.1.label", "Екіншісі")
        sent |= table if kind is Kind.TABLE else {}
        assert editor.post(new, sent).status_code == 302, kind
    module.refresh_from_db()
    fields = form_from(module.form).fields
    assert [field.kind for field in fields[3:]] == list(Kind)
    column = next(field for field in fields if field.kind is Kind.TABLE).columns[0]
    assert [option.label.ru for option in column.options] == ["да", "нет"]

    form, last = at("course_form", round, module="annotation"), fields[-1].id
    editor.post(form, {"up": last})
    module.refresh_from_db()
    assert [item["id"] for item in module.form["fields"]][-2] == last
    assert "Remove" in editor.post(form.replace("/ru/", "/en/"), {"remove": last}).content.decode()
    editor.post(form, {"remove!": last})
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
    round: Round, editor: Client, module: Module, kind: str, sent: dict[str, str], wrong: str
) -> None:
    answer = editor.post(
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
    round: Round, editor: Client, module: Module, answered: Work, captain: Account
) -> None:
    people = at("course_field", round, module="annotation", field="people")
    ages = at("course_field", round, module="annotation", field="ages")
    labels = {"label_kk": "Адам", "label_ru": "Люди"}

    assert editor.post(people, {"kind": "text", **labels}).status_code == 409
    gone = editor.post(
        ages, {"kind": "choices", **labels, "options.0.id": "old", "options.0.label_kk": "a", "options.0.label_ru": "b"}
    )
    assert gone.status_code == 409
    assert "kids" in gone.context["refusal"]
    assert editor.post(people, {"kind": "number", **labels, "is_required": "1"}).status_code == 302

    editor.post(at("course_form", round, module="annotation"), {"remove!": "people"})
    answered.refresh_from_db()
    assert answered.answers["people"] == 120
    assert answered.versions.get(number=1).changes["people"] == 120
    page = factories.client_for(captain).get(room_page(answered.workspace))
    assert page.status_code == 200
    assert 'name="f.people"' not in page.content.decode()


def test_a_new_required_field_is_asked_of_every_team(round: Round, editor: Client, answered: Work) -> None:
    assert (answered.required, answered.answered) == (2, 2)
    editor.post(
        at("course_field_new", round, module="annotation"),
        {"kind": "text", **three("label", "Жаңа"), "is_required": "1"},
    )
    answered.refresh_from_db()
    assert (answered.required, answered.answered) == (3, 2)


def test_two_editors_do_not_write_over_each_other(round: Round, editor: Client, module: Module) -> None:
    for name, sent in (
        ("course_checklist", {"checklist.0.label_kk": "Бірінші", "checklist.0.label_ru": "Первый"}),
        ("course_remarks", {"remarks.0.text_kk": "Бағасы қайдан?", "remarks.0.text_ru": "Откуда цена?"}),
        ("course_field", {"kind": "number", "label_kk": "Басқа", "label_ru": "Другое"}),
    ):
        path = at(name, round, module="annotation", **({"field": "people"} if name == "course_field" else {}))
        base = editor.get(path).context
        opened = base["base"] if "base" in base else base["sent"]["base"]
        assert editor.post(path, {**sent, "base": opened}).status_code == 302
        late = editor.post(path, {**sent, "base": opened})
        assert late.status_code == 409, name
        assert all(text in late.content.decode() for text in sent.values())


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
