"""The Council of Khromtau 2020: the study says that there was one and what it approved; people and voices are illustrative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from qatysu.core.collegial import Presence, SeatRole
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.regulation import Role, Stage
from qatysu.council import commands
from qatysu.council.models import AgendaItem, Matter, Meeting, Seat, Verdict
from qatysu.council.protocol_print import file_of
from qatysu.identity.contact import Contact
from qatysu.identity.models import Account, Channel
from qatysu.outbox.models import Message
from qatysu.places.models import City
from qatysu.proposals.models import Proposal
from qatysu.results import asking
from qatysu.rounds.models import Round
from qatysu.vault import seal
from qatysu.web.demo.accounts import author_number
from qatysu.web.demo.calendars import Period
from qatysu.web.demo.courses import split
from qatysu.web.demo.proposals import Cast
from qatysu.web.demo.shapes import Idea

#: Initials, post in Kazakh and in Russian, order among the chair's deputies.
MEMBERS: tuple[tuple[str, str, str, int], ...] = (
    ("Б. С.", "аудандық мәслихат депутаты", "депутат районного маслихата", 1),
    ("А. Ж.", "тұрғын үй бөлімінің инженері", "инженер отдела жилищного хозяйства", 2),
)
OFFICERS: Mapping[Role, tuple[SeatRole, str, str]] = {
    Role.CHAIR: (SeatRole.CHAIR, "аудан әкімінің орынбасары", "заместитель акима района"),
    Role.SECRETARY: (SeatRole.SECRETARY, "экономика бөлімінің маманы", "специалист отдела экономики"),
    Role.EXPERT: (SeatRole.MEMBER, "сәулетші", "архитектор"),
}
BASIS = "Өкім № 87 / распоряжение № 87 (мысал / пример)"
PLACE = "Хромтау, әкімдік"
DISSENT = "Прошу до начала работ проверить глубину водопровода у школы."
MINUTES = "Команда ответила на вопросы о содержании и сроках."
#: Which question of the admission one member stands aside on, and on which another one dissents.
RECUSED, DISSENTED = 5, 6


@dataclass(frozen=True, slots=True)
class Bench:
    """Who sits: the keeper is the secretary."""

    seats: tuple[Seat, ...]
    keeper: Account


def seat_council(round_: Round, cast: Cast, periods: Sequence[Period]) -> None:
    """Name the members before the ideas are collected; each accepts."""
    now = next(period for period in periods if period.stage is Stage.PREPARATION).opens_at + timedelta(days=3, hours=10)
    term: dict[str, Any] = {
        "actor": cast.roles[Role.COORDINATOR], "round_": round_, "since_on": now.date(), "until_on": date(now.year + 1, now.month, 1),
        "basis": BASIS, "now": now,
    }  # fmt: skip
    for role, (seat_role, kk, ru) in OFFICERS.items():
        seat = commands.name_seat(account=cast.roles[role], role=seat_role, post_kk=kk, post_ru=ru, **term)
        commands.accept_seat(actor=seat.account, seat=seat, now=now)
    for number, (name, kk, ru, deputy) in enumerate(MEMBERS, 1):
        person = _member(round_.city, name, number, now)
        seat = commands.name_seat(account=person, role=SeatRole.MEMBER, post_kk=kk, post_ru=ru, deputy=deputy, **term)
        commands.accept_seat(actor=person, seat=seat, now=now)


def _member(city: City, name: str, number: int, now: datetime) -> Account:
    contact = Contact(Channel.SMS, author_number(90, number))
    return Account.objects.create(
        name=name, language="ru", phone_hash=contact.hash, phone_sealed=seal(contact.value), created_at=now, city=city,
        declared_at=now, birth_year=1975,
    )  # fmt: skip


def _bench(round_: Round) -> Bench:
    seats = tuple(round_.council_seats.select_related("account").order_by("pk"))
    return Bench(seats, next(seat.account for seat in seats if seat.role == SeatRole.SECRETARY))


def decide_admission(round_: Round, rows: Sequence[Proposal], ideas: Sequence[Idea], periods: Sequence[Period]) -> None:
    """One meeting decides on every ready project as ``ideas`` say; its protocol is published the next day."""
    bench, stage = _bench(round_), next(period for period in periods if period.stage is Stage.COUNCIL)
    begins = stage.opens_at.astimezone(ZoneInfo(round_.city.time_zone)).replace(hour=15, minute=0) + timedelta(days=2)
    commands.collect_matters(actor=bench.keeper, round_=round_, now=begins - timedelta(days=2))
    known = {row.pk: idea for row, idea in zip(rows, ideas, strict=True)}
    matters = list(Matter.objects.filter(round=round_).select_related("proposal").order_by("number"))
    meeting = _open(round_, bench, matters, begins, timedelta(hours=2, minutes=40))
    items = meeting.items.select_related("matter__proposal", "meeting").order_by("position")
    for number, item in enumerate(items, 1):
        _decide(bench, item, known[item.matter.proposal_id or 0], number, begins + timedelta(minutes=5 * number))
    commands.write_minutes(actor=bench.keeper, item=items[0], text=MINUTES, now=begins + timedelta(hours=2))
    _record(bench, meeting, begins + timedelta(hours=2, minutes=40))


def approve_results(round_: Round, now: datetime) -> None:
    """A meeting approves the outcome with its rating and register of winners; then the outcome follows the protocol."""
    bench = _bench(round_)
    matter = asking.ask_for_approval(actor=bench.keeper, round=round_, now=now - timedelta(days=1))
    meeting = _open(round_, bench, [matter], now, timedelta(hours=1))
    poll = commands.put_question(
        actor=bench.keeper, item=meeting.items.get(), verdict=Verdict.APPROVE, now=now,
        text_kk="Жобалар рейтингі мен жеңімпаздар тізілімі бекітілсін.",
        text_ru="Утвердить рейтинг проектов и реестр победителей.",
    )  # fmt: skip
    for each in bench.seats:
        commands.cast_voice(actor=each.account, poll=poll, seat=each, voice="for", now=now)
    commands.close_poll(actor=bench.keeper, poll=poll, now=now)
    _record(bench, meeting, now + timedelta(hours=1))
    asking.carry_out_approval(actor=bench.keeper, round=round_, now=now + timedelta(hours=3))


def forget_letters(now: datetime) -> None:
    """What was sent to people years ago does not fill the visible outbox."""
    Message.objects.filter(created_at__lt=now - timedelta(days=200)).delete()


def _open(round_: Round, bench: Bench, matters: Sequence[Matter], begins: datetime, length: timedelta) -> Meeting:
    """A called and opened sitting with these matters; everybody is in the room, the last member by call."""
    keeper, before = bench.keeper, begins - timedelta(days=1)
    meeting = commands.draft_meeting(
        actor=keeper, round_=round_, kind=Meeting.Kind.SITTING, starts_at=begins, ends_at=begins + length, place=PLACE, now=before
    )
    for matter in matters:
        commands.add_item(actor=keeper, meeting=meeting, matter=matter, now=before)
    commands.call_meeting(actor=keeper, meeting=meeting, now=before)
    commands.open_meeting(actor=keeper, meeting=meeting, now=begins)
    for each in bench.seats:
        how = Presence.REMOTE if each == bench.seats[-1] else Presence.ROOM
        commands.mark_attendance(actor=keeper, meeting=meeting, seat=each, how=how, now=begins)
    meeting.refresh_from_db()
    return meeting


def _decide(bench: Bench, item: AgendaItem, idea: Idea, number: int, now: datetime) -> None:
    course, reason = split(idea.path)
    draft: dict[str, Any] = {}
    if course == "not_admitted":
        draft = {"reasons": [reason], "text_kk": idea.reason[0], "text_ru": idea.reason[1]}
    aside = bench.seats[-1] if number == RECUSED else None
    if aside is not None:
        commands.recuse(
            actor=aside.account, item=item, seat=aside, kind=InterestKind.DECLARED_OTHER, text="живёт в этом дворе (пример)", now=now
        )
    verdict = Verdict.NOT_ADMIT if draft else Verdict.ADMIT
    poll = commands.put_question(actor=bench.keeper, item=item, verdict=verdict, now=now, **draft)
    for each in bench.seats:
        if each == aside:
            continue
        differs = number == DISSENTED and each == bench.seats[-2]
        commands.cast_voice(
            actor=each.account, poll=poll, seat=each, voice="against" if differs else "for", now=now,
            dissent=DISSENT if differs else "", language="ru",
        )  # fmt: skip
    commands.close_poll(actor=bench.keeper, poll=poll, now=now)


def _record(bench: Bench, meeting: Meeting, ends: datetime) -> None:
    """Close the meeting; the protocol is signed by scan, closed and published."""
    keeper = bench.keeper
    commands.close_meeting(actor=keeper, meeting=meeting, now=ends)
    protocol = commands.draft_protocol(actor=keeper, meeting=meeting, now=ends)
    protocol = commands.fix_text(actor=keeper, protocol=protocol, now=ends)
    scan = file_of(protocol, "ru", "pdf")
    for each in commands.needed_seats(protocol):
        upload = SimpleUploadedFile("protocol.pdf", scan, content_type="application/pdf")
        commands.sign_by_scan(actor=keeper, protocol=protocol, seat=each, upload=upload, now=ends + timedelta(hours=1))
    commands.freeze_protocol(actor=keeper, protocol=protocol, now=ends + timedelta(hours=2))
    commands.publish_protocol(actor=keeper, protocol=protocol, now=ends + timedelta(hours=2))
