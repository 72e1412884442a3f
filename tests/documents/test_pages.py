"""The pages of documents: the organisers' desk from the template to the publication, and what everybody reads."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qatysu.documents import commands
from qatysu.documents.kinds import Kind
from qatysu.documents.models import Edition, EditionComment
from qatysu.identity.models import Account
from qatysu.rounds.models import Constitution, Round
from tests import factories
from tests.documents.working import approved, started

pytestmark = pytest.mark.django_db
DESK = "/en/studio/khromtau/demo/documents/"
READ = "/ru/khromtau/demo/documents/"


def send(client: Client, path: str, status: int = 302, **fields: Any) -> str:
    answer = client.post(path, fields)
    assert answer.status_code == status, answer.content.decode()[-1500:]
    return answer.content.decode()


def texts(edition: Edition, **changes: Any) -> dict[str, Any]:
    fields = {name: getattr(edition, name) for name in ("title_kk", "title_ru", "body_kk", "body_ru", "version")}
    return fields | changes


def test_from_the_template_to_the_public_page(
    round_: Round, lead: Account, approver: Account, resident: Account, now: datetime
) -> None:
    desk, akim, reader = factories.client_for(lead), factories.client_for(approver), factories.client_for(resident, verified=False)
    assert "Regulation on the selection of projects" in desk.get(DESK).content.decode()
    send(desk, DESK, kind="selection")
    edition = Edition.objects.get()
    path = f"{DESK}selection/"
    preview = send(desk, path, 200, do="preview", **texts(edition, body_ru=edition.body_ru + "\n\nПробный пункт."))
    assert "Пробный пункт." in preview
    assert "Пробный пункт." not in Edition.objects.get().body_ru
    send(desk, path, do="save", **texts(edition, body_ru=edition.body_ru + "\n\nОсобый пункт."))
    send(desk, path, do="discuss", until=(now + timedelta(days=5)).date().isoformat())
    assert "Положение об отборе проектов" in Client().get(READ).content.decode()

    draft = f"{READ}selection/1/"
    assert "Особый пункт." in Client().get(draft).content.decode()
    assert Client().post(f"{draft}comment/", {"text": "Мало времени"}).status_code == 302
    assert not EditionComment.objects.exists()
    send(reader, f"{draft}comment/", text="Мало времени на сессии")
    said = EditionComment.objects.get()
    assert "1 comment waits" in desk.get(DESK).content.decode()
    refused = send(desk, path, 409, do="submit")
    assert "Answer every comment first" in refused
    send(desk, path, do="answer", comment=said.pk, text="Продлим")
    assert "Продлим" in Client().get(draft).content.decode()
    send(desk, path, do="submit")

    page = akim.get(path).content.decode()
    assert "You decide on this text" in page
    bad = send(akim, path, 422, do="approve", act_number="12", signatory_kk="Әкім", signatory_ru="Аким", act_on="2999-01-01")
    assert 'value="12"' in bad
    act = {"act_number": "12", "signatory_kk": "Аудан әкімі", "signatory_ru": "Аким района"}
    send(akim, path, do="approve", act_on=now.date().isoformat(), **act)
    public = Client().get(f"{READ}selection/").content.decode()
    assert "Аким района" in public
    assert Edition.objects.get().digest in public


def test_a_typed_text_is_never_lost(round_: Round, lead: Account, now: datetime) -> None:
    desk, edition = factories.client_for(lead), started(round_, lead, now)
    path = f"{DESK}selection/"
    wrong = send(desk, path, 422, do="save", **texts(edition, body_kk="Мәтін [[ақша]]"))
    assert "Мәтін [[ақша]]" in wrong
    assert "There is no such insert" in wrong
    send(desk, path, do="save", **texts(edition, title_ru="Положение об отборе"))
    late = send(desk, path, 409, do="save", **texts(edition, title_ru="Моё название"))
    assert "Моё название" in late
    # Who has seen the other text may save the own one over it.
    assert 'name="version" value="1"' in late
    send(desk, path, do="save", **texts(edition, title_ru="Моё название", version=1))
    assert Edition.objects.get().title_ru == "Моё название"


def test_drafts_are_for_those_who_write_them(round_: Round, lead: Account, resident: Account, now: datetime) -> None:
    started(round_, lead, now)
    reader = factories.client_for(resident, verified=False)
    for path in ("selection/", "selection/1/", "selection/1/ru.pdf", "selection/1/changes/"):
        assert Client().get(READ + path).status_code == 404
        assert reader.get(READ + path).status_code == 404
    assert factories.client_for(lead).get(f"{READ}selection/1/kk.docx").status_code == 200
    assert reader.get(DESK).status_code == 403
    assert Client().get(DESK).status_code == 302


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_files_of_an_edition(round_: Round, lead: Account, approver: Account, now: datetime, language: str) -> None:
    edition = approved(started(round_, lead, now), lead, approver, now)
    pdf = Client().get(f"{READ}selection/1/{language}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    docx = zipfile.ZipFile(io.BytesIO(Client().get(f"{READ}selection/1/{language}.docx").content))
    text = docx.read("word/document.xml").decode()
    assert {"kk": "БЕКІТІЛГЕН", "ru": "УТВЕРЖДЕНО"}[language] in text
    assert edition.digest in "".join(docx.read(name).decode() for name in docx.namelist() if name.endswith(".xml"))
    assert Client().get(f"{READ}selection/1/en.pdf").status_code == 404


def test_the_page_says_when_the_rules_have_moved_on(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    approved(started(round_, lead, now), lead, approver, now)
    assert "нужна новая редакция" not in Client().get(f"{READ}selection/").content.decode()
    Constitution.objects.filter(round=round_).update(max_attempts=2)
    assert "нужна новая редакция" in Client().get(f"{READ}selection/").content.decode()


def test_what_an_edition_changes(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    approved(started(round_, lead, now), lead, approver, now)
    Constitution.objects.filter(round=round_).update(appeal_days=9)
    approved(started(factories.fresh(round_), lead, now), lead, approver, now)
    page = Client().get(f"{READ}selection/2/changes/").content.decode()
    assert "<del>5</del>" in page
    assert "<ins>9</ins>" in page
    assert Client().get(f"{READ}selection/1/changes/").status_code == 404


@pytest.mark.parametrize(
    "fields", [{}, {"kind": "law"}, {"kind": "other"}, {"kind": "other", "title_kk": "а" * 300, "title_ru": "б" * 9}]
)
def test_a_new_document_with_bad_input(round_: Round, lead: Account, fields: dict[str, str]) -> None:
    send(factories.client_for(lead), DESK, 422, **fields)
    assert not Edition.objects.exists()


@pytest.mark.parametrize("verb", ["", "fly", "approve", "repeal", "answer", "mend", "back"])
def test_deeds_that_do_not_fit_change_nothing(round_: Round, lead: Account, now: datetime, verb: str) -> None:
    edition = started(round_, lead, now)
    answer = factories.client_for(lead).post(f"{DESK}selection/", {"do": verb, "comment": "99999999999"})
    assert answer.status_code in (403, 404, 409, 422)
    edition.refresh_from_db()
    assert edition.state == "draft"


def test_the_list_asks_the_same_of_the_database_for_many(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(DESK).status_code == 200
        return len(caught)

    desk = factories.client_for(lead)
    started(round_, lead, now, Kind.CENTRE)
    one = asked()
    for number in range(4):
        commands.start_edition(
            actor=lead, round_=round_, kind=Kind.OTHER, title_kk=f"Құжат {number}", title_ru=f"Документ {number}", now=now
        )
    assert asked() == one


def test_the_check_of_the_round_tells_of_the_regulation(round_: Round, lead: Account, approver: Account, now: datetime) -> None:
    studio, path = factories.client_for(lead), "/en/studio/khromtau/demo/check/"
    assert "No regulation on the selection" in studio.get(path).content.decode()
    approved(started(round_, lead, now), lead, approver, now)
    assert "regulation" not in studio.get(path).content.decode().replace("Regulation", "")
    Constitution.objects.filter(round=round_).update(max_attempts=2)
    assert "A new edition is due" in studio.get(path).content.decode()
