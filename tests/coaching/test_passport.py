"""The passport for everybody: page, PDF, poster, pictures; nothing before it is ready, nothing of the team's other files."""

from __future__ import annotations

from datetime import datetime

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from qatysu.coaching import commands
from qatysu.coaching.models import Passport, WorkFile, Workspace
from qatysu.identity.models import Account
from qatysu.proposals.models import Proposal, State

from . import rooms
from .test_handing import accepted
from .test_team_pages import at, png

pytestmark = pytest.mark.django_db


def where(room: Workspace, name: str, **more: object) -> str:
    round_ = room.proposal.round
    kwargs = {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": room.proposal.code, **more}
    return reverse(name, kwargs=kwargs)


@pytest.fixture
def ready(captain: Account, coach: Account, room: Workspace, now: datetime) -> Passport:
    work = rooms.work_in(room, "technical")
    kept = commands.add_file(actor=captain, work=work, field="photos", upload=png((400, 300)), now=now)
    offer = SimpleUploadedFile("offer.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "application/pdf")
    commands.add_file(actor=captain, work=work, field="offers", upload=offer, now=now)
    raw = {"photos": [{"before": str(kept.file.public_id), "after": "", "caption": "Аула"}]}
    commands.save_work(actor=captain, work=work, base=0, raw=raw, now=now, new_id=rooms.ids())
    accepted(captain, coach, room, now)
    return commands.mark_ready(actor=coach, proposal=room.proposal, now=now)


def test_there_is_no_passport_before_the_project_is_ready(room: Workspace) -> None:
    for name, more in (("passport", {}), ("passport_pdf", {"language": "kk"}), ("passport_poster", {"language": "ru"})):
        assert Client().get(where(room, name, **more)).status_code == 404


def test_everybody_reads_the_page(ready: Passport, room: Workspace) -> None:
    text = Client().get(where(room, "passport")).content.decode()

    assert room.proposal.title in text
    assert "315\u202f000" in text
    assert ready.digest in text


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize(("name", "least"), [("passport_pdf", 2), ("passport_poster", 1)])
def test_it_prints_in_both_languages(ready: Passport, room: Workspace, name: str, least: int, language: str) -> None:
    reply = Client().get(where(room, name, language=language))

    document = pypdfium2.PdfDocument(reply.content)
    text = " ".join(document[0].get_textpage().get_text_range().split())
    assert len(document) >= least
    assert room.proposal.title.split()[0] in text
    assert document[0].render(scale=0.2).to_pil().convert("L").getextrema()[0] < 100
    assert Client().get(where(room, name, language="en")).status_code == 404


def test_its_pictures_are_public_and_the_offers_are_not(ready: Passport, room: Workspace) -> None:
    files = {one.field: one.file.public_id for one in WorkFile.objects.select_related("file")}

    assert Client().get(where(room, "passport_picture", public_id=files["photos"])).status_code == 200
    assert Client().get(where(room, "passport_picture", public_id=files["offers"])).status_code == 404
    assert Client().get(at("workspace_file", room, public_id=files["offers"])).status_code == 404


def test_a_project_sent_back_to_the_sessions_has_none(ready: Passport, room: Workspace) -> None:
    Proposal.objects.filter(pk=room.proposal_id).update(state=State.IN_SESSIONS)

    assert Client().get(where(room, "passport")).status_code == 404
