"""Who sits, who may vote on an item, and who the viewer is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from qatysu.core import collegial
from qatysu.core.collegial import BodyRules, Majority, Presence, QuorumState, RecusalRule, SeatRole
from qatysu.core.collegial_interests import Interest, InterestKind, MemberFacts, ProjectFacts, TeamPerson, conflicts
from qatysu.core.collegial_states import SeatState
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Action, Role, roles_for
from qatysu.council.models import AgendaItem, Attendance, Matter, Meeting, Recusal, Seat
from qatysu.proposals.models import Proposal
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.queries import roles_of, zone_of


@dataclass(frozen=True, slots=True)
class Bench:
    """The body on one item, as ``core.collegial`` takes it: seats in office, ids present, ids recused."""

    seats: tuple[collegial.Seat, ...]
    present: frozenset[str]
    recused: frozenset[str]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the Council's pages, and what they may offer. Commands decide anew."""

    seat: Seat | None
    may_see: bool
    may_keep: bool
    may_seat: bool
    may_answer_for_unit: bool

    @property
    def votes(self) -> bool:
        """True for a seat that has a vote."""
        return self.seat is not None and self.seat.votes and self.seat.state == SeatState.ACTIVE


def body_rules(constitution: Constitution) -> BodyRules:
    """What the constitution says of the Council. A share of 100 per cent means all but none against: 99 of 100."""
    c = constitution
    return BodyRules(
        quorum=Fraction(c.council_quorum_percent, 100),
        quorum_least=c.council_quorum_least,
        majority=Majority(c.council_majority),
        share=Fraction(min(max(c.council_majority_percent, 50), 99), 100),
        chair_breaks_ties=c.council_chair_breaks_ties,
        recusal=RecusalRule(c.council_recusal),
        remote_counts=c.council_remote_counts,
        correspondence_allowed=c.council_correspondence,
    )


def seats_of(round_: Round, day: date) -> tuple[Seat, ...]:
    """Seats in office on ``day`` (of the city): active ones whose term includes it, the chair first; one query."""
    rows = round_.council_seats.filter(state=SeatState.ACTIVE).select_related("account", "stands_in_for__account")
    order = list(SeatRole)
    found = [row for row in rows if row.since_on <= day and (row.until_on is None or day <= row.until_on)]
    return tuple(sorted(found, key=lambda row: (order.index(SeatRole(row.role)), row.deputy or 99, row.pk)))


def pure_seats(rows: Iterable[Seat]) -> tuple[collegial.Seat, ...]:
    """The same seats for ``core.collegial``; a substitute of somebody who is not in office stands in for nobody and is left out."""
    rows = tuple(rows)
    ids = {row.pk for row in rows}
    return tuple(
        collegial.Seat(
            id=str(row.pk),
            role=SeatRole(row.role),
            since=row.since_on,
            until=row.until_on,
            stands_in_for=str(row.stands_in_for_id) if row.stands_in_for_id else None,
            votes=row.votes,
            deputy=row.deputy if row.role in (SeatRole.MEMBER, SeatRole.SECRETARY) else None,
        )
        for row in rows
        if row.stands_in_for_id is None or row.stands_in_for_id in ids
    )


def day_of(round_: Round, now: datetime) -> date:
    """The day in the city's zone."""
    return now.astimezone(zone_of(round_)).date()


def meeting_day(meeting: Meeting) -> date:
    """The day of the city that decides who is in office at a meeting: that of its opening, or of its beginning."""
    return day_of(meeting.round, meeting.opened_at or meeting.starts_at)


def bench_of(meeting: Meeting, item: AgendaItem | None, *, voted: Collection[str] = ()) -> Bench:
    """The body at this meeting, for this item. ``voted``: ids that voted already and count as present though they left since."""
    rules = body_rules(meeting.round.constitution)
    seats = pure_seats(seats_of(meeting.round, meeting_day(meeting)))
    if meeting.kind == Meeting.Kind.CORRESPONDENCE:
        present = frozenset(voted)
    else:
        rows = Attendance.objects.filter(meeting=meeting, left_at=None).values_list("seat_id", "how")
        present = collegial.attending(rules, {str(pk): Presence(how) for pk, how in rows}) | frozenset(voted)
    recused = Recusal.objects.filter(item=item).values_list("seat_id", flat=True) if item else ()
    return Bench(seats, present, frozenset(str(pk) for pk in recused))


def quorum_of(meeting: Meeting, item: AgendaItem | None = None) -> QuorumState:
    """State of the quorum at this moment, for one item when it is given (recusals); three queries."""
    bench = bench_of(meeting, item)
    return collegial.quorum(body_rules(meeting.round.constitution), bench.seats, bench.present, bench.recused)


def presiding_seat(meeting: Meeting, item: AgendaItem | None = None) -> Seat | None:
    """Who presides now, or None."""
    bench = bench_of(meeting, item)
    head = collegial.presiding(body_rules(meeting.round.constitution), bench.seats, bench.present, bench.recused)
    return Seat.objects.select_related("account").get(pk=int(head.id)) if head else None


def found_conflicts(seat: Seat, proposal: Proposal) -> tuple[Interest, ...]:
    """Interests of a member in a project, from what the member told and who stands in the team; three queries."""
    told = list(seat.interests.filter(ended_at=None))
    team = [
        TeamPerson(account=str(row.account_id), name=row.account.name)
        for row in proposal.team.select_related("account").order_by("pk")
    ]
    author = proposal.author
    member = MemberFacts(
        account=str(seat.account_id),
        employers=tuple(filter(None, (seat.organisation, *(r.detail for r in told if r.kind == InterestKind.EMPLOYER)))),
        relatives=tuple(r.detail for r in told if r.kind == InterestKind.RELATIVE),
        declared=tuple((str(r.proposal_id), r.detail) for r in told if r.proposal_id),
    )
    project = ProjectFacts(str(proposal.pk), TeamPerson(str(author.pk), author.name), tuple(team))
    return conflicts(member, project)


def seat_of(round_: Round, account: Any, now: datetime) -> Seat | None:
    """The seat in office that this person holds now, or None."""
    pk = getattr(account, "pk", None)
    return next((row for row in seats_of(round_, day_of(round_, now)) if row.account_id == pk), None) if pk else None


def standing(round_: Round, viewer: Any, now: datetime) -> Viewer:
    """What ``viewer`` is to the Council of this round. Roles come from memberships, the seat from the Council's own rows."""
    roles: frozenset[Role] = roles_of(viewer, round_, now.date())
    granted = {action: bool(roles & roles_for(action, None)) for action in _ASKED}
    return Viewer(
        seat=seat_of(round_, viewer, now),
        may_see=granted[Action.SEE_COUNCIL],
        may_keep=granted[Action.KEEP_COUNCIL],
        may_seat=granted[Action.SEAT_COUNCIL],
        may_answer_for_unit=granted[Action.GIVE_UNIT_OPINION],
    )


_ASKED = (Action.SEE_COUNCIL, Action.KEEP_COUNCIL, Action.SEAT_COUNCIL, Action.GIVE_UNIT_OPINION)


def _visible(round_: Round, viewer: Any, now: datetime, what: str) -> None:
    if not standing(round_, viewer, now).may_see:
        raise NotFound(what)


def get_meeting(round_: Round, number: int, viewer: Any, now: datetime) -> Meeting:
    """A meeting by its number, for people who see the Council. Raises NotFound."""
    _visible(round_, viewer, now, "meeting")
    rows = Meeting.objects.select_related("round__city", "round__constitution")
    found = rows.filter(round=round_, number=number).first()
    if found is None:
        raise NotFound("meeting")
    return found


def get_matter(round_: Round, number: int, viewer: Any, now: datetime) -> Matter:
    """A matter by its number, for people who see the Council. Raises NotFound."""
    _visible(round_, viewer, now, "matter")
    rows = Matter.objects.select_related("round__city", "round__constitution", "proposal__category", "rapporteur__account")
    found = rows.filter(round=round_, number=number).first()
    if found is None:
        raise NotFound("matter")
    return found
