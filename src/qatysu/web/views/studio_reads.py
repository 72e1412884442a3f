"""Reads for the organisers' pages that look at several stages at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from qatysu.audit.models import Deed
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Stage
from qatysu.proposals.models import Comment, Proposal, State
from qatysu.proposals.reasons import STATE_LABELS, STATE_MARKS
from qatysu.rounds import queries
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.presets import PRESETS, VALUE_FIELDS, mrp_of_year
from qatysu.rounds.queries import StageView

#: Columns of the board in the order of the year.
BOARD = (
    State.SUBMITTED, State.RETURNED, State.ACCEPTED, State.IN_SESSIONS, State.READY, State.ADMITTED, State.NOT_ADMITTED,
    State.REJECTED, State.MERGED, State.WITHDRAWN,
)
PAGE = 50


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round in the list of one's own rounds."""

    round: Round
    stage: StageView | None
    waiting: int
    reports: int


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the board with its proposals."""

    state: State
    label: Any
    mark: str
    proposals: list[Proposal]


def cards(rounds: Iterable[Round], now: datetime) -> list[RoundCard]:
    """Rounds with what waits in them: ideas to check, reported comments; two queries for any number of rounds."""
    rounds = list(rounds)
    waiting = counts_by_state(rounds)
    reports = reports_by_round(rounds)
    return [
        RoundCard(r, queries.current_stage(r, now), waiting[r.pk].get(State.SUBMITTED, 0), reports.get(r.pk, 0)) for r in rounds
    ]


def counts_by_state(rounds: Iterable[Round]) -> dict[int, dict[str, int]]:
    """Round id -> state -> number of proposals, drafts left out."""
    rows = Proposal.objects.filter(round__in=list(rounds)).exclude(state=State.DRAFT).exclude(number=None)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows.order_by().values("round_id", "state").annotate(n=Count("pk")):
        found[row["round_id"]][row["state"]] = row["n"]
    return found


def reports_by_round(rounds: Iterable[Round]) -> dict[int, int]:
    """Round id -> comments that somebody asked to moderate and nobody has looked at."""
    rows = Comment.objects.filter(proposal__round__in=list(rounds), reports__isnull=False, reports__answered_at=None)
    counted = rows.order_by().values("proposal__round_id").annotate(n=Count("pk", distinct=True))
    return {row["proposal__round_id"]: row["n"] for row in counted}


def board(round_: Round, *, state: str = "", category: str = "", q: str = "") -> list[Column]:
    """Proposals of the round by state, oldest change first; drafts are nobody's business but their authors'."""
    rows = Proposal.objects.filter(round=round_, number__isnull=False).exclude(state=State.DRAFT).select_related("category", "author")
    if state in BOARD:
        rows = rows.filter(state=state)
    if category:
        rows = rows.filter(category__slug=category)
    if q:
        match = Q(title__icontains=q) | Q(address__icontains=q)
        rows = rows.filter(match | Q(number=int(q)) if q.isdecimal() and len(q) < 8 else match)
    by_state: dict[str, list[Proposal]] = defaultdict(list)
    for row in rows.order_by("changed_at", "pk"):
        by_state[row.state].append(row)
    shown = [state] if state in BOARD else BOARD
    return [Column(State(s), STATE_LABELS[State(s)], STATE_MARKS[State(s)], by_state.get(s, [])) for s in shown]


def get_proposal(round_: Round, code: str) -> Proposal:
    """A numbered proposal of the round with all that the desk shows. Raises NotFound, also for drafts."""
    rows = Proposal.objects.filter(round=round_).exclude(state=State.DRAFT)
    rows = rows.select_related("category", "author", "merged_into", "round__city", "round__constitution")
    rows = rows.prefetch_related("team__account", "files__file", "moves__actor", "translations", "versions", "merge_offers__target")
    found = rows.filter(number=int(code)).first() if code.isdecimal() and len(code) < 8 else None
    if found is None:
        raise NotFound("proposal")
    return found


def merge_targets(proposal: Proposal) -> QuerySet[Proposal]:
    """Proposals of the same round into which this one could be merged."""
    live = (State.SUBMITTED, State.ACCEPTED, State.IN_SESSIONS)
    return Proposal.objects.filter(round=proposal.round_id, state__in=live).exclude(pk=proposal.pk).order_by("number")


def reported(round_: Round) -> list[Comment]:
    """Comments that wait for the moderator, longest waiting first."""
    rows = Comment.objects.filter(proposal__round=round_, reports__isnull=False, reports__answered_at=None).distinct()
    return list(rows.select_related("proposal", "author").annotate(asked=Count("reports")).order_by("at")[:PAGE])


def recent_comments(round_: Round) -> list[Comment]:
    """The newest comments of the round, hidden ones too."""
    return list(Comment.objects.filter(proposal__round=round_).select_related("proposal", "author").order_by("-at", "-pk")[:PAGE])


def get_comment(round_: Round, pk: int) -> Comment:
    """A comment of the round. Raises NotFound."""
    found = Comment.objects.filter(proposal__round=round_, pk=pk).select_related("proposal__round__city").first()
    if found is None:
        raise NotFound("comment")
    return found


def trail(round_: Round, before: int | None = None) -> list[Deed]:
    """A page of deeds of the round, newest first, older than the deed ``before``."""
    rows = Deed.objects.filter(place=str(round_)).select_related("actor").order_by("-pk")
    return list((rows.filter(pk__lt=before) if before else rows)[:PAGE])


def numbers_of(round_: Round) -> dict[str, int]:
    """Key of a proposal, as text -> its number in the round."""
    rows = Proposal.objects.filter(round=round_, number__isnull=False)
    return {str(pk): number or 0 for pk, number in rows.values_list("pk", "number")}


def rule_changes(constitution: Constitution, first_day: datetime | None) -> list[tuple[str, Any, Any]]:
    """What differs from the preset: (field, value of the preset, present value); empty for an unknown preset."""
    model = PRESETS.get(constitution.preset)
    if model is None:
        return []
    wanted = dict(model.values)
    if wanted.get("cap_mrp") and first_day is not None:
        wanted["mrp_tenge"] = mrp_of_year(first_day.year)
    fresh = Constitution()
    defaults = {name: getattr(fresh, name) for name in VALUE_FIELDS}
    pairs = [(name, wanted.get(name, defaults[name]), getattr(constitution, name)) for name in VALUE_FIELDS]
    return [(name, old, new) for name, old, new in pairs if (old or None) != (new or None)]


def year_before(round_: Round) -> Round | None:
    """The round that this one was copied from in the same city, else the public one made last before it; None for a first one."""
    if round_.copied_from_id and round_.copied_from is not None and round_.copied_from.city_id == round_.city_id:
        return round_.copied_from
    rows = Round.objects.filter(city_id=round_.city_id, is_public=True, created_at__lt=round_.created_at).exclude(pk=round_.pk)
    return rows.select_related("constitution").order_by("-created_at", "-pk").first()


def changes_since(constitution: Constitution, old: Constitution) -> dict[str, list[Any]]:
    """Rules that differ from those of another round: ``{name: [old, new]}``."""
    return {
        name: [getattr(old, name), getattr(constitution, name)]
        for name in VALUE_FIELDS if (getattr(old, name) or None) != (getattr(constitution, name) or None)
    }  # fmt: skip


def voting_stage(round_: Round, now: datetime) -> StageView | None:
    """The voting stage of the round."""
    return next((view for view in queries.calendar(round_, now) if view.stage is Stage.VOTING), None)


def upcoming(round_: Round, now: datetime) -> StageView | None:
    """The next stage that has not begun."""
    return next((view for view in queries.calendar(round_, now) if view.opens_at > now), None)
