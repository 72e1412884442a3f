"""The team's room over HTTP: with and without a script, by two people at once, by strangers."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook
from PIL import Image

from qatysu.coaching import commands, queries
from qatysu.coaching.models import Clash, ProjectType, Work, WorkFile, Workspace, WorkState
from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
from tests import factories

from . import rooms

pytestmark = pytest.mark.django_db


def at(name: str, room: Workspace, **more: Any) -> str:
    round_ = room.proposal.round
    where = {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": room.proposal.code}
    return reverse(name, kwargs={**where, **more})


def page(room: Workspace, slug: str = "annotation") -> str:
    return at("workspace_module", room, module=slug)


def png(size: tuple[int, int] = (40, 30)) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, "PNG")
    return SimpleUploadedFile("photo.png", out.getvalue(), "image/png")


def sheet(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    for row in (("Работа", "Ед.", "Количество", "Цена", "Источник"), *rows):
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("смета.xlsx", out.getvalue())


def with_part(workbook: bytes, name: str, size: int) -> bytes:
    """The workbook with one more part of ``size`` noughts."""
    out = io.BytesIO(workbook)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, b"0" * size)
    return out.getvalue()


@pytest.fixture
def browser(captain: Account) -> Client:
    return factories.client_for(captain)


@pytest.fixture
def second(mate: Account) -> Client:
    return factories.client_for(mate)


@pytest.mark.parametrize(
    "name", ["workspace", "workspace_papers", "workspace_talk", "workspace_tasks", "workspace_events"]
)
def test_pages_open_for_the_team_and_for_nobody_else(browser: Client, round: Round, room: Workspace, name: str) -> None:
    other = rooms.make_room(round)

    assert browser.get(at(name, room)).status_code == 200
    assert factories.client_for(other.proposal.author).get(at(name, room)).status_code == 404
    assert Client().get(at(name, room)).status_code == 302


def test_the_room_says_what_comes_next(browser: Client, room: Workspace) -> None:
    text = browser.get(at("workspace", room)).content.decode()

    assert page(room) in text
    assert "annotation kk" in text


def test_a_form_is_saved_without_a_script(browser: Client, room: Workspace) -> None:
    sent = {"base": "0", "do": "save", "f.problem": "Қараңғы.", "f.people": "1 200", "f.ages": ["", "kids"]}

    reply = browser.post(page(room), sent)

    assert reply.status_code == 302
    assert rooms.work_in(room, "annotation").answers == {"problem": "Қараңғы.", "people": 1200, "ages": ["kids"]}


def test_what_was_not_understood_comes_back_as_typed_and_the_rest_is_saved(browser: Client, room: Workspace) -> None:
    reply = browser.post(page(room), {"base": "0", "f.problem": "Қараңғы.", "f.people": "жүз шақты"})

    assert reply.status_code == 422
    assert 'value="жүз шақты"' in reply.content.decode()
    assert rooms.work_in(room, "annotation").answers == {"problem": "Қараңғы."}


def test_lines_are_added_moved_and_removed_by_buttons(browser: Client, room: Workspace) -> None:
    address = page(room, "technical")
    lines = {f"f.estimate.new{n}.{key}": value for n in (1, 2) for key, value in rooms.line(f"Жол {n}").items()}
    browser.post(address, {"base": "0", **lines})
    first, second_ = (row["id"] for row in rooms.work_in(room, "technical").answers["estimate"])
    as_shown = {
        f"f.estimate.{id_}.{key}": value
        for n, id_ in ((1, first), (2, second_))
        for key, value in rooms.line(f"Жол {n}").items()
    }

    browser.post(address, {"base": "1", "do": f"up:estimate:{second_}", **as_shown})
    assert [row["item"] for row in rooms.work_in(room, "technical").answers["estimate"]] == ["Жол 2", "Жол 1"]

    browser.post(address, {"base": "2", "do": f"remove:estimate:{first}", **as_shown})
    assert [row["id"] for row in rooms.work_in(room, "technical").answers["estimate"]] == [second_]
    assert "f.estimate.new" in browser.get(address + "?more=estimate").content.decode()


def test_autosave_answers_with_version_sums_and_ids_of_new_lines(browser: Client, room: Workspace) -> None:
    lines = {f"f.estimate.new7.{key}": value for key, value in rooms.line().items()}

    told = browser.post(at("workspace_autosave", room, module="technical"), {"base": "0", **lines}).json()

    (row,) = rooms.work_in(room, "technical").answers["estimate"]
    assert told["version"] == 1
    assert told["rows"] == {"estimate.new7": row["id"]}
    assert list(told["sums"]) == [row["id"]]
    assert told["standing"]["state"] == "ok"


def test_a_line_that_is_sent_twice_is_one_line(browser: Client, room: Workspace) -> None:
    """A phone that got no answer sends the same again, on top of the same version."""
    save, lines = at("workspace_autosave", room, module="technical"), rooms.line()
    sent = {"base": "0", **{f"f.estimate.0a1b2c3d.{key}": value for key, value in lines.items()}}

    first, again = browser.post(save, sent).json(), browser.post(save, sent).json()

    assert [row["id"] for row in rooms.work_in(room, "technical").answers["estimate"]] == ["0a1b2c3d"]
    assert (first["version"], again["version"]) == (1, 1)


def test_the_longest_estimate_is_one_form(browser: Client, room: Workspace) -> None:
    lines = {f"f.estimate.{n:08x}.{key}": value for n in range(300) for key, value in rooms.line(f"Жол {n}").items()}

    told = browser.post(at("workspace_autosave", room, module="technical"), {"base": "0", **lines})

    assert told.status_code == 200
    assert len(rooms.work_in(room, "technical").answers["estimate"]) == 300


def test_a_mistake_is_named_at_its_input_though_empty_lines_stand_before_it(browser: Client, room: Workspace) -> None:
    wrong = {**rooms.line(), "price": "көп"}
    sent = {"f.estimate.00000001.item": "", **{f"f.estimate.00000002.{key}": value for key, value in wrong.items()}}

    told = browser.post(at("workspace_autosave", room, module="technical"), {"base": "0", **sent}).json()

    assert list(told["faults"]) == ["f-estimate-00000002-price"]
    assert 'value="көп"' in browser.get(page(room, "technical")).content.decode()


def test_two_people_in_one_field_both_see_both_texts(browser: Client, second: Client, room: Workspace) -> None:
    save = at("workspace_autosave", room, module="annotation")
    browser.post(save, {"base": "0", "f.problem": "Капитанның сөзі."})

    told = second.post(save, {"base": "0", "f.problem": "Мараттың сөзі."}).json()

    assert "Капитанның сөзі." in told["fields"]["problem"]
    assert "Мараттың сөзі." in told["fields"]["problem"]
    for one in (browser, second):
        text = one.get(page(room)).content.decode()
        assert "Капитанның сөзі." in text
        assert "Мараттың сөзі." in text
    clash = Clash.objects.get()
    browser.post(page(room), {"base": "1", "do": f"settle:{clash.pk}:mine", f"settle.{clash.pk}": "Екеуі."})
    assert rooms.work_in(room, "annotation").answers["problem"] == "Екеуі."


def test_a_closed_stage_gives_the_text_back_to_copy(browser: Client, round: Round, room: Workspace) -> None:
    factories.move_to(round, Stage.VOTING, timezone.now())

    reply = browser.post(page(room), {"base": "0", "f.problem": "Кеш жазылған сөз."})

    assert reply.status_code == 409
    assert "Кеш жазылған сөз." in reply.content.decode()
    told = browser.post(at("workspace_autosave", room, module="annotation"), {"base": "0", "f.problem": "Кеш."})
    assert (told.status_code, list(told.json())) == (409, ["refused"])


def test_pasted_html_is_shown_as_text(browser: Client, room: Workspace) -> None:
    browser.post(page(room), {"base": "0", "f.problem": "<script>alert(1)</script><b>қою</b>"})

    text = browser.get(page(room)).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    "sent",
    [
        {"f.nowhere": "x", "f.problem.deep.er.and.deeper": "x"},
        {"f.estimate.zzzz.item": "\x00", "f.ages": "nobody"},
        {"base": "99999999999999999999", "f.people": "9" * 400},
        {"base": "-5", "do": "remove:problem:1"},
        {"do": "settle:1:kept"},
        {"do": "tick:nothing"},
        {"do": "import:estimate"},
        {"do": "typical:estimate"},
        {"f.problem": "x" * 30_000},
    ],
)
def test_hostile_posts_are_answered(browser: Client, room: Workspace, sent: dict[str, str]) -> None:
    for slug in ("annotation", "technical"):
        assert browser.post(page(room, slug), sent).status_code in (302, 404, 409, 422)
        assert browser.post(at("workspace_autosave", room, module=slug), sent).status_code in (200, 404, 409, 422)


def test_handing_in_shows_what_is_missing_and_goes_on_when_nothing_is(browser: Client, room: Workspace) -> None:
    assert browser.post(page(room), {"base": "0", "do": "submit", "f.people": "5"}).status_code == 409
    assert rooms.work_in(room, "annotation").answers == {"people": 5}

    reply = browser.post(page(room), {"base": "1", "do": "submit", "f.people": "5", "f.problem": "Қараңғы."})

    assert (reply.status_code, reply["Location"]) == (302, at("workspace", room))
    assert rooms.work_in(room, "annotation").state == WorkState.SUBMITTED
    browser.post(at("workspace_take_back", room, module="annotation"))
    assert rooms.work_in(room, "annotation").state == WorkState.OPEN


def test_remarks_stand_at_their_fields(browser: Client, coach: Account, captain: Account, room: Workspace) -> None:
    work, now = rooms.work_in(room, "annotation"), timezone.now()
    commands.save_work(actor=captain, work=work, base=0, raw=rooms.FULL["annotation"], now=now, new_id=rooms.ids())
    commands.submit_work(actor=captain, work=work, now=now)
    commands.return_work(actor=coach, work=work, remarks=[("people", "Қалай санадыңыз?")], language="kk", now=now)

    text = browser.get(page(room)).content.decode()

    assert "Қалай санадыңыз?" in text
    assert 'href="#f-people-field"' in text


def test_versions_show_the_words_that_changed(browser: Client, room: Workspace) -> None:
    browser.post(page(room), {"base": "0", "f.problem": "Аула қараңғы."})
    browser.post(page(room), {"base": "1", "f.problem": "Аула өте қараңғы.", "f.people": "12"})

    text = browser.get(at("workspace_versions", room, module="annotation") + "?old=1&new=2").content.decode()

    assert "<ins>өте" in text
    assert browser.post(at("workspace_restore", room, module="annotation", number=1)).status_code == 302
    assert rooms.work_in(room, "annotation").answers == {"problem": "Аула қараңғы."}


def test_files_are_the_teams_until_they_are_published(browser: Client, round: Round, room: Workspace) -> None:
    browser.post(page(room, "technical"), {"base": "0", "file.photos.new1.before": png()})
    kept = WorkFile.objects.select_related("file").get()
    (row,) = rooms.work_in(room, "technical").answers["photos"]
    address = at("workspace_file", room, public_id=kept.file.public_id)
    everywhere = reverse("file", kwargs={"public_id": kept.file.public_id})
    stranger = factories.client_for(rooms.make_room(round).proposal.author)

    assert row["before"] == str(kept.file.public_id)
    assert browser.get(address).status_code == 200
    for other in (Client(), stranger):
        assert other.get(address).status_code == 404
        assert other.get(everywhere, follow=True).status_code == 404
    WorkFile.objects.update(published_at=timezone.now())
    assert Client().get(address).status_code == 200


def test_a_file_that_is_no_picture_is_named_with_its_reason(browser: Client, room: Workspace) -> None:
    html = SimpleUploadedFile("план.png", b"<html><script>alert(1)</script></html>", "image/png")

    reply = browser.post(page(room, "technical"), {"base": "0", "f.owner": "Қала", "file.photos.new1.after": html})

    assert reply.status_code == 422
    assert "план.png" in reply.content.decode()
    assert rooms.work_in(room, "technical").answers == {"owner": "Қала"}
    assert WorkFile.objects.count() == 0


def test_lines_come_in_from_a_workbook_and_go_out_again(browser: Client, room: Workspace) -> None:
    file = sheet(("Опора", "шт.", 9, 148000, "прайс"), ("Кабель", "м", 210.5, 3400, ""), ("Итого", "", "", "", ""))

    browser.post(page(room, "technical"), {"base": "0", "do": "import:estimate", "sheet": file})

    rows = rooms.work_in(room, "technical").answers["estimate"]
    assert [(row["item"], row["quantity"], row["price"]) for row in rows] == [("Опора", 9000, 148000), ("Кабель", 210500, 3400)]
    back = browser.get(at("workspace_estimate_xlsx", room, module="technical"))
    assert back.content[:2] == b"PK"
    assert "attachment" in back["Content-Disposition"]


def test_a_formula_is_refused_with_its_cell_and_nothing_is_lost(browser: Client, room: Workspace) -> None:
    file = sheet(("Опора", "шт.", 9, "=A1*2", ""))

    reply = browser.post(page(room, "technical"), {"base": "0", "do": "import:estimate", "f.owner": "Қала", "sheet": file})

    assert reply.status_code == 422
    assert "D2" in reply.content.decode()
    assert rooms.work_in(room, "technical").answers == {"owner": "Қала"}


@pytest.mark.parametrize("kind", ["macros", "bomb", "old", "html", "polyglot"])
def test_hostile_workbooks_are_refused(browser: Client, room: Workspace, kind: str) -> None:
    good = sheet(("Опора", "шт.", 9, 100, "")).read()
    bodies = {
        "old": b"\xd0\xcf\x11\xe0" + b"0" * 600,
        "html": b"<html></html>",
        "polyglot": good + b"<script>",
        "macros": with_part(good, "xl/vbaProject.bin", 10),
        "bomb": with_part(good, "xl/big.xml", 40_000_000),
    }
    file = SimpleUploadedFile("смета.xlsx", bodies[kind])

    reply = browser.post(page(room, "technical"), {"base": "0", "do": "import:estimate", "sheet": file})

    assert reply.status_code == 422
    assert rooms.work_in(room, "technical").answers == {}


def test_typical_lines_of_the_chosen_type_are_put_in(browser: Client, round: Round, room: Workspace) -> None:
    lines = [{"item": rooms.words("Шам"), "unit": rooms.words("дана"), "quantity": 2500, "price": 40000}]
    kind = ProjectType.objects.create(round=round, slug="light", position=1, name_kk="Жарық", name_ru="Свет", estimate=lines)
    browser.post(at("workspace_type", room), {"project_type": "light"})

    browser.post(page(room, "technical"), {"base": "0", "do": "typical:estimate"})

    (row,) = rooms.work_in(room, "technical").answers["estimate"]
    assert (row["item"], row["quantity"], row["price"]) == ("Шам", 2500, 40000)
    assert browser.get(at("workspace_guide", room, slug=kind.slug)).status_code == 200


def test_queries_of_the_module_page_do_not_grow_with_what_is_in_it(
    browser: Client, captain: Account, room: Workspace, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        work = rooms.work_in(room, "annotation")
        raw = {"problem": f"Сөз {number}"}
        then = timezone.now() + timedelta(hours=number)
        commands.save_work(actor=captain, work=work, base=work.version, raw=raw, now=then, new_id=rooms.ids())

    with django_assert_max_num_queries(45):
        browser.get(page(room))
    assert Work.objects.filter(workspace=room).count() == 2
    assert json.dumps(rooms.work_in(room, "annotation").answers)


@pytest.mark.parametrize("name", ["workspace_type", "workspace_task", "workspace_note"])
def test_the_sign_nul_is_a_bad_request_on_either_database(browser: Client, room: Workspace, name: str) -> None:
    more = {"pk": 1} if name == "workspace_task" else {}

    reply = browser.post(at(name, room, **more), {"project_type": "a\x00b", "module": "a\x00b", "text": "\x00"})

    assert reply.status_code in (302, 400, 404, 409, 422)


def test_a_question_to_the_centre_starts_in_the_room_and_is_seen_on_the_board(
    browser: Client, coach: Account, room: Workspace
) -> None:
    reply = browser.post(at("workspace_ask", room), {"subject": "Смета", "text": "Баға көзі қандай болады?"})

    assert reply.status_code == 302
    assert "Смета" in browser.get(at("workspace", room)).content.decode()
    (slip,) = queries.board(room.proposal.round, timezone.now()).slips
    assert slip.questions == 1


def test_a_stranger_cannot_ask_for_a_team(round: Round, room: Workspace) -> None:
    stranger = factories.client_for(rooms.make_room(round).proposal.author)

    assert stranger.post(at("workspace_ask", room), {"subject": "a", "text": "b"}).status_code == 404
