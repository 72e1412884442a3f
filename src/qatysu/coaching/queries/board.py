"""The board of the Centre: every team of a round at once, in a constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, Q

from qatysu.coaching.models import Module, Work, Workspace, WorkState
from qatysu.coaching.queries.overview import risk_of, stale_questions
from qatysu.coaching.risk import Risk
from qatysu.desk import queries as desk
from qatysu.identity.models import Account
from qatysu.proposals.models import State
from qatysu.rounds.models import Round
from qatysu.rounds.queries import zone_of

#: States of proposals that the board shows; those who left are counted apart.
SHOWN = (State.IN_SESSIONS, State.READY, State.ADMITTED, State.NOT_ADMITTED)


@dataclass(frozen=True, slots=True)
class Slip:
    """One team. ``waiting`` since when something lies with the Centre (None: nothing); ``column`` is a module's slug,
    or ``ready``; ``questions`` of the team that have no answer yet.
    """

    workspace: Workspace
    column: str
    works: tuple[Work, ...]
    accepted: int
    risk: Risk
    waiting: timedelta | None
    waits_for: Work | None
    questions: int


@dataclass(frozen=True, slots=True)
class Column:
    """Teams whose first unfinished module is this one; ``module`` is None for those that are ready."""

    key: str
    module: Module | None
    slips: tuple[Slip, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """A coach, how many teams, and how many of them wait; None for teams without a coach."""

    coach: Account | None
    teams: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Board:
    """The whole round. ``queue``: what waits, longest first. ``left``: teams that dropped out, by reason code."""

    columns: tuple[Column, ...]
    queue: tuple[Slip, ...]
    at_risk: tuple[Slip, ...]
    loads: tuple[Load, ...]
    slips: tuple[Slip, ...]
    left: Mapping[str, int]


def board(round_: Round, now: datetime) -> Board:
    """Every team of ``round_`` at ``now``. Six queries, however many teams there are."""
    today = now.astimezone(zone_of(round_)).date()
    modules = tuple(round_.modules.order_by("position", "pk"))
    rooms = _rooms(round_, modules)
    ids = [room.proposal_id for room in rooms]
    unanswered = desk.unanswered_for(ids, now)
    slips = tuple(_slip(room, unanswered.get(room.proposal_id), now, today) for room in rooms)
    columns = [Column(m.slug, m, tuple(s for s in slips if s.column == m.slug)) for m in modules]
    columns.append(Column("ready", None, tuple(s for s in slips if s.column == "ready")))
    waiting = sorted((s for s in slips if s.waiting is not None), key=lambda s: s.waiting or timedelta(), reverse=True)
    risky = sorted((s for s in slips if s.risk.level >= 2), key=lambda s: -s.risk.level)
    return Board(tuple(columns), tuple(waiting), tuple(risky), _loads(slips), slips, _left(round_))


def _rooms(round_: Round, modules: tuple[Module, ...]) -> list[Workspace]:
    """Rooms with works; modules and round are shared objects, so that a form is parsed for none of them."""
    works = Work.objects.defer("answers", "unread", "ticks").annotate(
        open_remarks=Count("remarks", filter=Q(remarks__resolved_at=None))
    )
    rows = Workspace.objects.filter(proposal__round=round_, proposal__state__in=SHOWN).select_related(
        "proposal__category", "proposal__author", "coach", "project_type"
    )
    by_pk = {module.pk: module for module in modules}
    rooms = list(rows.prefetch_related(Prefetch("works", queryset=works), "proposal__translations").order_by("proposal__number"))
    for room in rooms:
        room.proposal.round = round_
        for work in room.works.all():
            work.module = by_pk[work.module_id]
            work.workspace = room
    return rooms


def _slip(room: Workspace, asked: tuple[int, datetime] | None, now: datetime, today: date) -> Slip:
    works = tuple(sorted(room.works.all(), key=lambda work: work.module.position))
    handed = [work for work in works if work.state == WorkState.SUBMITTED and work.submitted_at is not None]
    first = min(handed, key=lambda work: work.submitted_at or now, default=None)
    count, oldest = asked or (0, now)
    since = min([work.submitted_at or now for work in handed] + ([oldest] if count else []), default=None)
    unfinished = next((work for work in works if work.state != WorkState.ACCEPTED), None)
    is_over = room.proposal.state != State.IN_SESSIONS or unfinished is None
    return Slip(
        workspace=room,
        column="ready" if is_over or unfinished is None else unfinished.module.slug,
        works=works,
        accepted=sum(work.state == WorkState.ACCEPTED for work in works),
        risk=risk_of(room, works, stale_questions(asked, now), now, today),
        waiting=None if since is None or room.proposal.state != State.IN_SESSIONS else now - since,
        waits_for=first,
        questions=count,
    )


def _loads(slips: tuple[Slip, ...]) -> tuple[Load, ...]:
    """Coaches with their teams in the sessions, the busiest first; teams without a coach last."""
    current = [slip for slip in slips if slip.workspace.proposal.state == State.IN_SESSIONS]
    teams = Counter(slip.workspace.coach for slip in current)
    waiting = Counter(slip.workspace.coach for slip in current if slip.waiting is not None)
    loads = [Load(coach, count, waiting[coach]) for coach, count in teams.items()]
    return tuple(sorted(loads, key=lambda load: (load.coach is None, -load.teams, load.coach.name if load.coach else "")))


def _left(round_: Round) -> Mapping[str, int]:
    """How many teams left the sessions, by reason."""
    rows = round_.proposals.filter(state=State.WITHDRAWN, moves__new=State.WITHDRAWN, moves__old=State.IN_SESSIONS)
    counted = rows.values_list("moves__reason_code").annotate(n=Count("pk", distinct=True)).order_by()
    return {code: count for code, count in counted if code}


def coaches_of(round_: Round, today: date) -> tuple[Account, ...]:
    """People of the Centre who may be given a team, by name."""
    posts = Q(memberships__role__in=("coach", "centre_lead", "consultant"), memberships__city=round_.city)
    place = Q(memberships__round=None) | Q(memberships__round=round_)
    term = Q(memberships__from_on__lte=today) & (Q(memberships__until_on=None) | Q(memberships__until_on__gte=today))
    return tuple(Account.objects.filter(posts & place & term, is_active=True).distinct().order_by("name", "pk"))
