"""Reads about rounds: which, which stage is open, who holds which role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from qatysu.core.errors import NotFound
from qatysu.core.periods import Window, WindowState
from qatysu.core.regulation import STAFF_ROLES, Action, Role, Stage, roles_for
from qatysu.identity.models import Account
from qatysu.rounds.models import CalendarAct, Membership, Round, RoundStage
from qatysu.rounds.plain import plain_rules as plain_rules


def db_now() -> datetime:
    """The database's clock (aware, UTC): deadlines are decided by one clock for all processes (SPEC 2)."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]  # type: ignore[no-any-return]  # reason: psycopg gives an aware datetime
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0] + "+00:00")


def zone_of(round_: Round) -> ZoneInfo:
    """Time zone of the round's city."""
    return ZoneInfo(round_.city.time_zone)


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage as pages show it."""

    stage: Stage
    opens_at: datetime
    closes_at: datetime
    state: WindowState
    row: RoundStage


def window(row: RoundStage) -> Window:
    """The pure window of a stage row (pauses must be prefetched for constant query counts)."""
    return Window(row.opens_at, row.closes_at, tuple((p.from_at, p.until_at) for p in row.pauses.all()))


def calendar(round_: Round, now: datetime) -> tuple[StageView, ...]:
    """All stages of the round in order with their state at ``now``; two queries, none when prefetched."""
    rows: Iterable[RoundStage] = round_.stages.all()
    if "stages" not in getattr(round_, "_prefetched_objects_cache", {}):
        rows = round_.stages.prefetch_related("pauses")
    views = [StageView(Stage(r.stage), r.opens_at, r.closes_at, window(r).state(now), r) for r in rows]
    order = list(Stage)
    return tuple(sorted(views, key=lambda view: order.index(view.stage)))


def open_stages(round_: Round, now: datetime) -> frozenset[Stage]:
    """Stages open (not paused) at ``now``; usually one, sometimes two that overlap."""
    return frozenset(view.stage for view in calendar(round_, now) if view.state is WindowState.OPEN)


def current_stage(round_: Round, now: datetime) -> StageView | None:
    """The last stage that is open or paused; else the last that has ended; else the first to come."""
    views = calendar(round_, now)
    running = [v for v in views if v.state in (WindowState.OPEN, WindowState.PAUSED)]
    if running:
        return running[-1]
    over = [v for v in views if v.state is WindowState.AFTER]
    return over[-1] if over else (views[0] if views else None)


def visible_rounds(viewer: object = None) -> QuerySet[Round]:
    """Rounds that ``viewer`` may see, with city, constitution and calendar loaded: public ones, and those of own staff roles."""
    rounds = Round.objects.select_related("city", "constitution").prefetch_related("stages__pauses", "funders")
    condition = Q(is_public=True)
    if isinstance(viewer, Account):
        cities = active_memberships(viewer, timezone.now().date()).values("city_id")
        condition |= Q(city_id__in=cities)
    return rounds.filter(condition)


def get_round(city_slug: str, round_slug: str, viewer: object = None) -> Round:
    """The round at this address. Raises NotFound when it is absent or not yet public for ``viewer``."""
    found = visible_rounds(viewer).filter(city__slug=city_slug, slug=round_slug).first()
    if found is None:
        raise NotFound("round")
    return found


def active_memberships(account: Account, today: date) -> QuerySet[Membership]:
    """Roles that ``account`` holds on ``today``."""
    return Membership.objects.filter(account=account, from_on__lte=today).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today)
    )


def is_staff(account: object, *, today: date) -> bool:
    """True when the account holds any staff role on ``today``."""
    return isinstance(account, Account) and active_memberships(account, today).exists()


def works_in_studio(account: object, *, today: date) -> bool:
    """True when the account holds a role today that opens the organisers' pages."""
    posts = [str(role) for role in roles_for(Action.SEE_STUDIO, None)]
    return isinstance(account, Account) and active_memberships(account, today).filter(role__in=posts).exists()


def roles_of(account: object, round_: Round, today: date) -> frozenset[Role]:
    """Roles of a person in a round: visitor; resident when signed in; staff roles of the city or the round."""
    if not isinstance(account, Account) or not account.is_active:
        return frozenset({Role.VISITOR})
    rows = active_memberships(account, today).filter(city_id=round_.city_id).filter(Q(round=None) | Q(round=round_))
    granted = {Role(role) for role in rows.values_list("role", flat=True)}
    return frozenset({Role.VISITOR, Role.RESIDENT} | (granted & STAFF_ROLES))


def city_roles(account: object, city_id: int, today: date) -> frozenset[Role]:
    """Staff roles that hold in the whole city, for acts that have no round yet."""
    if not isinstance(account, Account) or not account.is_active:
        return frozenset()
    rows = active_memberships(account, today).filter(city_id=city_id, round=None)
    return frozenset(Role(role) for role in rows.values_list("role", flat=True)) & STAFF_ROLES


def budget_of(round_: Round) -> int:
    """Money of all funders together, whole tenge; no query when funders are prefetched."""
    return sum(funder.amount_tenge for funder in round_.funders.all())


def studio_rounds(account: Account, today: date) -> tuple[Round, ...]:
    """Rounds where the account holds a staff role, newest first, with city, constitution, calendar and funders loaded."""
    own = active_memberships(account, today)
    condition = Q(city_id__in=own.filter(round=None).values("city_id")) | Q(
        pk__in=own.filter(round__isnull=False).values("round_id")
    )
    rounds = Round.objects.select_related("city", "constitution").prefetch_related("stages__pauses", "funders")
    return tuple(rounds.filter(condition).order_by("city__slug", "-created_at"))


def studio_round(city_slug: str, round_slug: str, account: object, today: date) -> Round:
    """The round at this address for a person with a staff role in it. Raises NotFound for absent and foreign alike."""
    rounds = Round.objects.select_related("city", "constitution").prefetch_related(
        "stages__pauses", "funders", "categories"
    )
    found = rounds.filter(city__slug=city_slug, slug=round_slug).first()
    if found is None or not roles_of(account, found, today) & STAFF_ROLES:
        raise NotFound("round")
    return found


def stage_row(round_: Round, stage: str) -> RoundStage:
    """The row of a stage. Raises NotFound when the round has no such stage."""
    row = round_.stages.prefetch_related("pauses").filter(stage=stage).first()
    if row is None:
        raise NotFound("stage")
    return row


def calendar_acts(round_: Round) -> QuerySet[CalendarAct]:
    """Public acts that changed the calendar, newest first."""
    return CalendarAct.objects.filter(stage__round=round_).select_related("stage")


def is_illustrative(round_: Round) -> bool:
    """Whether the round or projects of it are made up as an example: papers about it say so."""
    return round_.is_illustrative or round_.proposals.filter(is_illustrative=True).exists()
