"""A Council that sits and decides, by the real commands: for tests that need a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qatysu.core.collegial import Presence, SeatRole
from qatysu.core.regulation import Role
from qatysu.council import commands
from qatysu.council.models import Matter, Meeting, Poll, Protocol, Seat, Verdict
from qatysu.identity.models import Account
from qatysu.rounds.models import Round
from tests import factories

ROLES = {SeatRole.CHAIR: Role.CHAIR, SeatRole.SECRETARY: Role.SECRETARY, SeatRole.MEMBER: Role.EXPERT}


@dataclass(frozen=True)
class Council:
    """A chair, a secretary with a vote, and members; the coordinator named them."""

    round: Round
    coordinator: Account
    chair: Seat
    secretary: Seat
    members: tuple[Seat, ...]

    @property
    def seats(self) -> tuple[Seat, ...]:
        return (self.chair, self.secretary, *self.members)

    @property
    def keeper(self) -> Account:
        return self.secretary.account


def seated(round_: Round, now: datetime, *, members: int = 3) -> Council:
    """Seats in office from yesterday on."""
    coordinator = factories.make_staff(Role.COORDINATOR, round_.city)
    made = []
    for role in (SeatRole.CHAIR, SeatRole.SECRETARY, *[SeatRole.MEMBER] * members):
        person = factories.make_staff(ROLES[role], round_.city, name=f"{role} {len(made)}")
        seat = commands.name_seat(
            actor=coordinator, round_=round_, account=person, role=role, since_on=(now - timedelta(days=2)).date(), until_on=None,
            basis="Order No. 1", now=now,
        )  # fmt: skip
        made.append(commands.accept_seat(actor=person, seat=seat, now=now))
    return Council(round_, coordinator, made[0], made[1], tuple(made[2:]))


def sitting(council: Council, matters: Sequence[Matter], now: datetime, present: Sequence[Seat] | None = None) -> Meeting:
    """An open sitting about these matters; everybody is there unless ``present`` says who."""
    keeper = council.keeper
    meeting = commands.draft_meeting(
        actor=keeper, round_=council.round, kind=Meeting.Kind.SITTING, starts_at=now, ends_at=now + timedelta(hours=2),
        place="Akimat, room 12", now=now,
    )  # fmt: skip
    for matter in matters:
        commands.add_item(actor=keeper, meeting=meeting, matter=matter, now=now)
    commands.call_meeting(actor=keeper, meeting=meeting, now=now)
    commands.open_meeting(actor=keeper, meeting=meeting, now=now)
    for seat in council.seats if present is None else present:
        commands.mark_attendance(actor=keeper, meeting=meeting, seat=seat, how=Presence.ROOM, now=now)
    meeting.refresh_from_db()
    return meeting


def put(council: Council, meeting: Meeting, matter: Matter, verdict: Verdict, now: datetime, **draft: Any) -> Poll:
    """A question about one matter of the meeting."""
    return commands.put_question(actor=council.keeper, item=meeting.items.get(matter=matter), verdict=verdict, now=now, **draft)


def vote(poll: Poll, voices: Mapping[Seat, str], now: datetime) -> None:
    """Each member gives the own voice."""
    for seat, voice in voices.items():
        commands.cast_voice(actor=seat.account, poll=poll, seat=seat, voice=voice, now=now)


def decided(council: Council, matter: Matter, verdict: Verdict, now: datetime, voice: str = "for", **draft: Any) -> Meeting:
    """A whole sitting that decides one matter with all voices; it is closed."""
    meeting = sitting(council, [matter], now)
    poll = put(council, meeting, matter, verdict, now, **draft)
    vote(poll, dict.fromkeys(council.seats, voice), now)
    commands.close_poll(actor=council.keeper, poll=poll, now=now)
    return commands.close_meeting(actor=council.keeper, meeting=meeting, now=now)


def recorded(meeting: Meeting, now: datetime, number: str = "7") -> Protocol:
    """A frozen protocol of the meeting, written straight into the table."""
    return Protocol.objects.create(
        meeting=meeting, round=meeting.round, number=number, state="frozen", digest="d" * 64, made_by=meeting.created_by, made_at=now,
        frozen_at=now,
    )  # fmt: skip
