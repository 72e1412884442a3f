"""What a machine can see to be missing before a round may open (SPEC 2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations, pairwise
from zoneinfo import available_timezones

from django.db.models import Q

from qatysu.core.regulation import Role, Stage
from qatysu.rounds import queries
from qatysu.rounds.checks_outcome import check_outcome
from qatysu.rounds.models import Membership, Round
from qatysu.rounds.problem import Problem as Problem
from qatysu.rounds.problem import Where as Where
from qatysu.rounds.queries import StageView

#: Stages without which no round can be held.
NEEDED = (Stage.IDEAS, Stage.COUNCIL, Stage.VOTING, Stage.RESULTS)
COUNCIL = (Role.EXPERT, Role.CHAIR, Role.SECRETARY)


def check_round(round_: Round, now: datetime) -> tuple[Problem, ...]:
    """All findings, the stopping ones first; empty when nothing is amiss."""
    found = [
        *_place(round_), *_money(round_), *_rules(round_), *check_outcome(round_), *_calendar(round_, now), *_people(round_, now),
    ]
    return tuple(sorted(found, key=lambda problem: not problem.stops))


def stopping(round_: Round, now: datetime) -> tuple[Problem, ...]:
    """Only the findings that forbid publishing."""
    return tuple(problem for problem in check_round(round_, now) if problem.stops)


def _place(round_: Round) -> list[Problem]:
    found = []
    if round_.city.time_zone not in available_timezones():
        found.append(Problem("zone_unknown", "city"))
    if not round_.city.populations.exists():
        found.append(Problem("no_population", "city", stops=False))
    return found


def _money(round_: Round) -> list[Problem]:
    budget = queries.budget_of(round_)
    found = []
    if not budget:
        found.append(Problem("budget_zero", "money"))
    elif round_.reserve_tenge > budget:
        found.append(Problem("reserve_over_budget", "money"))
    elif round_.reserve_tenge == budget:
        found.append(Problem("reserve_is_all", "money"))
    if budget and round_.constitution.cap > budget - round_.reserve_tenge:
        found.append(Problem("cap_over_budget", "rules", stops=False))
    return found


def _rules(round_: Round) -> list[Problem]:
    c = round_.constitution
    found = []
    if not c.cap:
        found.append(Problem("cap_missing", "rules"))
    if not c.methods:
        found.append(Problem("no_method", "rules"))
    if not round_.categories.exists():
        found.append(Problem("no_category", "categories"))
    if "code" in c.methods and {"phone", "email"} & set(c.methods):
        found.append(Problem("codes_beside_accounts", "rules", stops=False))
    if {"phone", "email"} <= set(c.methods):
        found.append(Problem("phone_beside_email", "rules", stops=False))
    if c.counts_mode == "live":
        found.append(Problem("live_counts", "rules", stops=False))
    return found


def _calendar(round_: Round, now: datetime) -> list[Problem]:
    views = queries.calendar(round_, now)
    by_stage = {view.stage: view for view in views}
    found = [Problem("stage_missing", "calendar", detail=stage) for stage in NEEDED if stage not in by_stage]
    for earlier, later in pairwise(views):
        if later.opens_at < earlier.opens_at:
            found.append(Problem("out_of_order", "calendar", detail=later.stage))
        elif later.opens_at - earlier.closes_at > timedelta(days=60) and later.stage != Stage.WORKS:
            found.append(Problem("gap", "calendar", detail=later.stage, stops=False))
    for stage, stops in _overlaps(views).items():
        found.append(Problem("overlap", "calendar", detail=stage, stops=stops))
    voting = by_stage.get(Stage.VOTING)
    if voting is not None:
        found += _voting(round_, voting, now)
    return found


def _overlaps(views: tuple[StageView, ...]) -> dict[Stage, bool]:
    """Stages that begin while an earlier one runs, with whether that is forbidden."""
    found: dict[Stage, bool] = {}
    for earlier, later in combinations(views, 2):
        if earlier.opens_at <= later.opens_at < earlier.closes_at:
            found[later.stage] = found.get(later.stage, False) or forbids_overlap(earlier.stage, later.stage)
    return found


def forbids_overlap(earlier: Stage, later: Stage) -> bool:
    """True where two stages may not run together: what is voted on must stand, what is counted must be complete."""
    return later is Stage.VOTING or earlier is Stage.VOTING


def _voting(round_: Round, voting: StageView, now: datetime) -> list[Problem]:
    found = []
    length = voting.closes_at - voting.opens_at
    if length < timedelta(days=3):
        found.append(Problem("voting_short", "calendar", stops=False))
    if round_.constitution.frozen_at is None and round_.is_public and now >= voting.opens_at - timedelta(days=7):
        found.append(Problem("no_slate", "slate", stops=now >= voting.opens_at))
    return found


def _people(round_: Round, now: datetime) -> list[Problem]:
    today = now.date()
    rows = Membership.objects.filter(city=round_.city, from_on__lte=today).filter(Q(round=None) | Q(round=round_))
    held = set(rows.filter(Q(until_on=None) | Q(until_on__gte=today)).values_list("role", flat=True))
    found = []
    if not held & set(COUNCIL):
        found.append(Problem("no_council", "people", stops=False))
    elif Role.CHAIR not in held and Role.SECRETARY not in held:
        found.append(Problem("no_chair", "people", stops=False))
    if not held & {Role.COACH, Role.CENTRE_LEAD}:
        found.append(Problem("no_centre", "people", stops=False))
    return found
