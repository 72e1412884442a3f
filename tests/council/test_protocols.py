"""Protocols: what they say, how they are signed, and that they stay."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from qatysu.core.collegial_states import MeetingState, ProtocolState
from qatysu.core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from qatysu.council import commands
from qatysu.council.models import Matter, Meeting, Protocol, Verdict
from qatysu.council.protocol_content import digest_of
from qatysu.council.protocol_print import file_of
from qatysu.proposals.models import TeamMember
from qatysu.vault.triggers import refused_by
from tests.council import holding
from tests.council.holding import Council
from tests.council.test_deciding import REFUSAL
from tests.papers import reading

pytestmark = pytest.mark.django_db
SHOTS = os.environ.get("QATYSU_TEST_SHOTS", "")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def scan(name: str = "scan.pdf", body: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body)


@pytest.fixture
def meeting(council: Council, ready: Any, now: datetime) -> Meeting:
    """A closed sitting: one project admitted with a dissent and a recusal, one refused, one postponed."""
    first, second, third = (ready(title=title, language="kk") for title in ("Аула жарығы", "Субұрқақ", "Базар күркесі"))
    TeamMember.objects.create(proposal=first, account=council.members[0].account, role="member", joined_at=now)
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    matters = {matter.proposal_id: matter for matter in Matter.objects.all()}
    sitting = holding.sitting(council, list(matters.values()), now)
    poll = holding.put(council, sitting, matters[first.pk], Verdict.ADMIT, now)
    holding.vote(poll, dict.fromkeys(council.seats[:2], "for"), now)
    seat = council.members[1]
    commands.cast_voice(
        actor=seat.account, poll=poll, seat=seat, voice="against", dissent="Күту шығыны анық емес.", language="kk", now=now
    )
    commands.close_poll(actor=council.keeper, poll=poll, now=now)
    poll = holding.put(council, sitting, matters[second.pk], Verdict.NOT_ADMIT, now, **REFUSAL)
    holding.vote(poll, dict.fromkeys(council.seats, "for"), now)
    commands.close_poll(actor=council.keeper, poll=poll, now=now)
    item = sitting.items.get(matter=matters[third.pk])
    commands.write_minutes(actor=council.keeper, item=item, text="Сәулет бөлімінің хаты керек.", now=now)
    commands.postpone_item(actor=council.keeper, item=item, reason="Хат келген жоқ", now=now)
    return commands.close_meeting(actor=council.keeper, meeting=sitting, now=now + timedelta(hours=1))


@pytest.fixture
def signing(council: Council, meeting: Meeting, now: datetime) -> Protocol:
    """A protocol whose text is fixed."""
    made = commands.draft_protocol(actor=council.keeper, meeting=meeting, now=now)
    return commands.fix_text(actor=council.keeper, protocol=made, now=now)


def test_the_protocol_holds_the_facts_of_the_meeting(council: Council, meeting: Meeting, now: datetime) -> None:
    made = commands.draft_protocol(actor=council.keeper, meeting=meeting, now=now)
    content = made.content
    assert made.number == f"1/{now.year}"
    assert (content["quorum"]["present"], content["presides"]) == (5, council.chair.account.name)
    first, second, third = content["items"]
    assert first["recusals"] == [{"name": council.members[0].account.name, "kind": "team"}]
    assert first["polls"][0]["counts"]["not_voted"] == 1
    assert first["polls"][0]["voices"][-1]["dissent"] == "Күту шығыны анық емес."
    assert second["polls"][0]["reasons"][0]["code"] == "land"
    assert second["polls"][0]["appeal_last_day"] > now.date().isoformat()
    assert (third["minutes"], third["polls"]) == ("Сәулет бөлімінің хаты керек.", [])


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("kk", ("ХАТТАМА", "Аула жарығы", "ҚАУЛЫ ЕТТІ", "Ерекше пікір", "Жер жеке меншікте.", "кейінге қалдырылды")),
        ("ru", ("ПРОТОКОЛ", "Аула жарығы", "ПОСТАНОВИЛИ", "Особое мнение", "Земля частная.", "отложен")),
    ],
)
def test_it_is_printed_in_both_languages(signing: Protocol, language: str, expected: tuple[str, ...]) -> None:
    body = file_of(signing, language, "pdf")
    text = " ".join(reading.text(body).split())
    word = docx.Document(BytesIO(file_of(signing, language, "docx")))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    written = " ".join([*(paragraph.text for paragraph in word.paragraphs), *cells])
    for words in expected:
        assert words in text
        assert words in written
    assert signing.digest[:20] in text
    if SHOTS:
        with pypdfium2.PdfDocument(body) as document:
            for at in range(len(document)):
                document[at].render(scale=1.2).to_pil().save(Path(SHOTS, f"protocol-{language}-{at + 1}.png"))


def test_only_a_closed_meeting_has_a_protocol(council: Council, ready: Any, now: datetime) -> None:
    ready()
    commands.collect_matters(actor=council.keeper, round_=council.round, now=now)
    sitting = holding.sitting(council, [Matter.objects.get()], now)
    with pytest.raises(Conflict, match="meeting_not_closed"):
        commands.draft_protocol(actor=council.keeper, meeting=sitting, now=now)


def test_two_protocols_of_a_round_have_two_numbers(council: Council, meeting: Meeting, ready: Any, now: datetime) -> None:
    commands.draft_protocol(actor=council.keeper, meeting=meeting, number="5", now=now)
    matter = Matter.objects.get(state="postponed")
    other = holding.decided(council, matter, Verdict.ADMIT, now)
    with pytest.raises(Conflict, match="protocol_number"):
        commands.draft_protocol(actor=council.keeper, meeting=other, number="5", now=now)


def test_it_is_signed_by_whoever_presided_and_the_secretary(council: Council, signing: Protocol, now: datetime) -> None:
    keeper = council.keeper
    assert set(commands.needed_seats(signing)) == {council.chair, council.secretary}
    with pytest.raises(NotAllowed, match="not_a_signatory"):
        commands.sign_by_scan(actor=keeper, protocol=signing, seat=council.members[0], upload=scan(), now=now)
    with pytest.raises(Invalid, match="file_type"):
        commands.sign_by_scan(actor=keeper, protocol=signing, seat=council.chair, upload=scan("x.txt", b"no paper"), now=now)
    commands.sign_by_scan(actor=council.chair.account, protocol=signing, seat=council.chair, upload=scan(), now=now)
    with pytest.raises(Conflict, match="signed_already"):
        commands.sign_by_scan(actor=keeper, protocol=signing, seat=council.chair, upload=scan(), now=now)
    with pytest.raises(IllegalMove):
        commands.freeze_protocol(actor=keeper, protocol=signing, now=now)
    commands.sign_by_scan(actor=keeper, protocol=signing, seat=council.secretary, upload=scan(), now=now)
    signing.refresh_from_db()
    assert signing.state == ProtocolState.SIGNED
    commands.freeze_protocol(actor=keeper, protocol=signing, now=now)
    published = commands.publish_protocol(actor=keeper, protocol=signing, now=now)
    assert published.digest == digest_of(published.content)
    assert Meeting.objects.get().state == MeetingState.RECORDED


def test_a_mistake_sends_it_back_and_voids_the_signatures(council: Council, signing: Protocol, now: datetime) -> None:
    commands.sign_by_scan(actor=council.keeper, protocol=signing, seat=council.chair, upload=scan(), now=now)
    back = commands.send_back(actor=council.secretary.account, protocol=signing, reason="Wrong cost in item 2", now=now)
    assert (back.state, back.digest) == (ProtocolState.DRAFT, "")
    assert signing.signatures.get().void_reason == "Wrong cost in item 2"
    again = commands.fix_text(actor=council.keeper, protocol=back, now=now)
    commands.sign_by_scan(actor=council.keeper, protocol=again, seat=council.chair, upload=scan(), now=now)
    assert signing.signatures.count() == 2


def test_after_freezing_nothing_of_the_meeting_changes(council: Council, signing: Protocol, now: datetime) -> None:
    for seat in (council.chair, council.secretary):
        commands.sign_by_scan(actor=council.keeper, protocol=signing, seat=seat, upload=scan(), now=now)
    commands.freeze_protocol(actor=council.keeper, protocol=signing, now=now)
    item = signing.meeting.items.first()
    assert item is not None
    with pytest.raises(Conflict, match="meeting_recorded"):
        commands.write_minutes(actor=council.keeper, item=item, text="Another", now=now)
    for change in ({"place": "x"}, {"note": "x"}):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            Meeting.objects.filter(pk=signing.meeting_id).update(**change)
        assert refused_by(error.value) == "qatysu:council:meeting_kept"
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Protocol.objects.filter(pk=signing.pk).update(content={})
    assert refused_by(error.value) == "qatysu:council:protocol_kept"
