"""What the pages of the Council show, in a constant number of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet

from qatysu.core import collegial
from qatysu.core.collegial import QuorumState
from qatysu.core.collegial_interests import Interest
from qatysu.core.collegial_states import AppealState, MatterState, MeetingState, ProtocolState
from qatysu.core.errors import NotFound
from qatysu.council.models import (
    AgendaItem,
    Appeal,
    Attendance,
    Decision,
    Matter,
    Meeting,
    Poll,
    PollVote,
    Protocol,
    Seat,
    Verdict,
)
from qatysu.council.queries.seats import bench_of, body_rules, found_conflicts, meeting_day, seats_of
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.models import Round

#: Matters that may be put on an agenda.
WAITING = (MatterState.PENDING, MatterState.POSTPONED, MatterState.REOPENED)


@dataclass(frozen=True, slots=True)
class Home:
    """The Council at a glance."""

    meetings: tuple[Meeting, ...]
    waiting: tuple[Matter, ...]
    decided: tuple[Matter, ...]
    appeals: tuple[Appeal, ...]
    ready: int

    @property
    def next_meeting(self) -> Meeting | None:
        """The meeting that is open, or the nearest that is called."""
        live = [m for m in self.meetings if m.state in (MeetingState.OPEN, MeetingState.ADJOURNED)]
        called = sorted((m for m in self.meetings if m.state == MeetingState.CALLED), key=lambda m: m.starts_at)
        return next(iter([*live, *called]), None)


def home_of(round_: Round) -> Home:
    """Everything on the first page of the Council; five queries."""
    matters = list(Matter.objects.filter(round=round_).select_related("proposal", "rapporteur__account").order_by("number"))
    over = (MatterState.WITHDRAWN, MatterState.DECIDED)
    taken = {m.proposal_id for m in matters if m.proposal_id and m.kind == "admission" and m.state not in over}
    ready = Proposal.objects.filter(round=round_, state=State.READY).exclude(pk__in=taken).count()
    appeals = Appeal.objects.filter(decision__matter__round=round_, state=AppealState.FILED)
    return Home(
        meetings=tuple(Meeting.objects.filter(round=round_).annotate(questions=Count("items")).order_by("-number")),
        waiting=tuple(m for m in matters if m.state in WAITING),
        decided=tuple(m for m in matters if m.state not in (*WAITING, MatterState.WITHDRAWN)),
        appeals=tuple(appeals.select_related("decision__matter__proposal")),
        ready=ready,
    )


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item in the room: the open question, earlier ones, who may still vote, whom the software would recuse."""

    item: AgendaItem
    polls: tuple[Poll, ...]
    open: Poll | None
    quorum: QuorumState
    waiting: tuple[Seat, ...]
    recused: frozenset[int]
    conflicts: tuple[tuple[Seat, Interest], ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting as people in it see it."""

    meeting: Meeting
    seats: tuple[tuple[Seat, Attendance | None], ...]
    quorum: QuorumState
    items: tuple[ItemView, ...]
    protocol: Protocol | None

    @property
    def open_item(self) -> ItemView | None:
        """The item whose question is put now."""
        return next((one for one in self.items if one.open), None)

    @property
    def key(self) -> str:
        """Changes when the page should be loaded anew."""
        current = self.open_item
        over = sum(one.item.is_over for one in self.items)
        return f"{self.meeting.state}-{current.open.pk if current and current.open else 0}-{over}-{len(self.items)}"


def room_of(meeting: Meeting) -> Room:
    """The whole room."""
    rules = body_rules(meeting.round.constitution)
    seats = seats_of(meeting.round, meeting_day(meeting))
    attendance = {row.seat_id: row for row in Attendance.objects.filter(meeting=meeting)}
    bench = bench_of(meeting, None)
    votes = Prefetch("votes", PollVote.objects.select_related("seat__account").order_by("seat_id"))
    polls = Prefetch("polls", Poll.objects.select_related("target").prefetch_related(votes).order_by("position"))
    rows = meeting.items.select_related("matter__proposal__author", "matter__rapporteur__account").prefetch_related(
        polls, "recusals__seat__account"
    )
    return Room(
        meeting=meeting,
        seats=tuple((seat, attendance.get(seat.pk)) for seat in seats),
        quorum=collegial.quorum(rules, bench.seats, bench.present, ()),
        items=tuple(_item_view(item, meeting, seats) for item in rows.order_by("position", "pk")),
        protocol=Protocol.objects.filter(meeting=meeting).first(),
    )


def _item_view(item: AgendaItem, meeting: Meeting, seats: tuple[Seat, ...]) -> ItemView:
    polls = tuple(item.polls.all())
    current = next((poll for poll in polls if poll.closed_at is None), None)
    given = {vote.seat_id for vote in current.votes.all()} if current else set()
    is_letter = meeting.kind == Meeting.Kind.CORRESPONDENCE
    everybody = [str(seat.pk) for seat in seats]
    bench = bench_of(meeting, item, voted=everybody if is_letter else [str(pk) for pk in given])
    rules = body_rules(meeting.round.constitution)
    able = {seat.id for seat in collegial.voters(bench.seats, bench.present, bench.recused)}
    recused = frozenset(int(pk) for pk in bench.recused)
    found: list[tuple[Seat, Interest]] = []
    if item.matter.proposal is not None and not item.is_over and meeting.state in (MeetingState.OPEN, MeetingState.CALLED):
        found = [(seat, one) for seat in seats for one in found_conflicts(seat, item.matter.proposal) if seat.pk not in recused]
    return ItemView(
        item=item,
        polls=polls,
        open=current,
        quorum=collegial.quorum(rules, bench.seats, bench.present, bench.recused),
        waiting=tuple(seat for seat in seats if str(seat.pk) in able and seat.pk not in given) if current else (),
        recused=recused,
        conflicts=tuple(found),
    )


def decisions_of(matter: Matter) -> QuerySet[Decision]:
    """Decisions of a matter with meeting and appeal, the first one first."""
    return matter.decisions.select_related("poll__item__meeting", "appeal", "target").order_by("turn")


@dataclass(frozen=True, slots=True)
class Public:
    """What everybody sees of the Council."""

    seats: tuple[Seat, ...]
    meetings: tuple[Meeting, ...]
    protocols: tuple[Protocol, ...]
    figures: tuple[tuple[str, int], ...]
    reasons: tuple[tuple[str, int], ...]


def public_of(round_: Round, now: datetime) -> Public:
    """Members in office, meetings that are called or held, published protocols, figures by verdict and by reason; five queries."""
    shown = (MeetingState.CALLED, MeetingState.OPEN, MeetingState.ADJOURNED, MeetingState.CLOSED, MeetingState.RECORDED)
    last: dict[int, Decision] = {}
    for row in Decision.objects.filter(matter__round=round_, matter__kind="admission").order_by("matter", "turn"):
        last[row.matter_id] = row
    verdicts = Counter(row.verdict for row in last.values())
    reasons = Counter(code for row in last.values() if row.verdict == Verdict.NOT_ADMIT for code in row.reasons)
    return Public(
        seats=_public_seats(round_, now),
        meetings=tuple(Meeting.objects.filter(round=round_, state__in=shown).order_by("-number")),
        protocols=published_protocols(round_),
        figures=tuple((code, verdicts[code]) for code in Verdict.values if verdicts[code]),
        reasons=tuple(reasons.most_common()),
    )


def _public_seats(round_: Round, now: datetime) -> tuple[Seat, ...]:
    """Who is in office; of a round that is over, who was at its last meeting."""
    current = seats_of(round_, now.date())
    last = Meeting.objects.filter(round=round_).exclude(opened_at=None).order_by("-opened_at").first()
    return current or (seats_of(round_, meeting_day(last)) if last else ())


def published_protocols(round_: Round) -> tuple[Protocol, ...]:
    """The public register, the newest first."""
    rows = Protocol.objects.filter(round=round_, state=ProtocolState.PUBLISHED).select_related("meeting")
    return tuple(rows.order_by("-published_at", "-pk"))


def get_published(round_: Round, pk: int) -> Protocol:
    """A published protocol. Raises NotFound."""
    found = Protocol.objects.filter(round=round_, pk=pk, state=ProtocolState.PUBLISHED).select_related("meeting").first()
    if found is None:
        raise NotFound("protocol")
    return found


def decisions_for_team(proposal: Proposal) -> QuerySet[Decision]:
    """Decisions about a project, the last one first, with appeals."""
    rows = Decision.objects.filter(matter__proposal=proposal, matter__kind="admission")
    return rows.select_related("appeal", "matter__round", "target").order_by("-turn")


def matter_for(proposal: Proposal) -> Matter | None:
    """The matter of admission of a project that is not withdrawn."""
    return Matter.objects.filter(proposal=proposal, kind="admission").exclude(state=MatterState.WITHDRAWN).first()
