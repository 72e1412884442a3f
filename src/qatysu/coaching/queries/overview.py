"""The room at a glance: modules, what comes next, money, risk, readiness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from qatysu.coaching.models import Module, Passport, Work, Workspace, WorkState
from qatysu.coaching.queries.works import form_of, works_of
from qatysu.coaching.risk import Facts, Risk, WorkFacts, assess
from qatysu.coaching.standing import estimate_of
from qatysu.core.money import share
from qatysu.desk import queries as desk
from qatysu.proposals.models import State
from qatysu.rounds.queries import zone_of
from qatysu.workbook.answers import missing
from qatysu.workbook.estimate import Standing

#: A question that waits longer is a sign of its own.
STALE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Card:
    """One module of a team. ``share`` of the required fields; ``days_left`` until the end of the last day, None without one."""

    module: Module
    work: Work
    share: Fraction
    missing: tuple[str, ...]
    days_left: int | None
    is_late: bool
    open_remarks: int
    open_clashes: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do now: mend, write, hand_in, wait, ready, gone, or choose_type; ``module`` where one is meant."""

    kind: str
    module: Module | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One condition of a complete passport; codes: module, title_kk, title_ru, cost, place, opinion_stop."""

    code: str
    is_done: bool
    module: Module | None = None
    is_binding: bool = True


@dataclass(frozen=True, slots=True)
class Readiness:
    """May the project go to the Council?"""

    items: tuple[Item, ...]

    @property
    def is_ready(self) -> bool:
        """True when every binding item is done."""
        return all(item.is_done for item in self.items if item.is_binding)

    @property
    def missing(self) -> tuple[Item, ...]:
        """Binding items that are not done."""
        return tuple(item for item in self.items if item.is_binding and not item.is_done)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the front page of a room shows."""

    cards: tuple[Card, ...]
    next_step: NextStep
    estimate: Standing | None
    risk: Risk
    readiness: Readiness
    passport: Passport | None


def overview(workspace: Workspace, now: datetime) -> Overview:
    """The room at ``now``; a constant number of queries."""
    today = now.astimezone(zone_of(workspace.proposal.round)).date()
    cards = tuple(_card(work, today) for work in works_of(workspace))
    works = [card.work for card in cards]
    asked = desk.unanswered_for([workspace.proposal_id], now).get(workspace.proposal_id)
    risk = risk_of(workspace, works, stale_questions(asked, now), now, today)
    return Overview(
        cards,
        _next(workspace, cards),
        _estimate(workspace, works),
        risk,
        readiness(workspace, works),
        workspace.passports.order_by("-number").first(),
    )


def stale_questions(asked: tuple[int, datetime] | None, now: datetime) -> int:
    """How many questions to the Centre (count, since when) lie longer than two days; the oldest decides."""
    return 0 if asked is None or now - asked[1] < STALE else asked[0]


def _card(work: Work, today: date) -> Card:
    due, is_done = work.module.due_on, work.state in (WorkState.ACCEPTED, WorkState.SUBMITTED)
    return Card(
        module=work.module,
        work=work,
        share=share(work.answered, work.required) or Fraction(0),
        missing=missing(form_of(work.module), work.answers),
        days_left=None if due is None else (due - today).days,
        is_late=due is not None and due < today and not is_done,
        open_remarks=getattr(work, "open_remarks", 0),
        open_clashes=getattr(work, "open_clashes", 0),
    )


def _next(workspace: Workspace, cards: Sequence[Card]) -> NextStep:
    if workspace.proposal.state != State.IN_SESSIONS:
        is_past = workspace.proposal.state in (State.READY, State.ADMITTED)
        return NextStep("ready" if is_past else "gone")
    for kind, state in (("mend", WorkState.RETURNED), ("write", WorkState.OPEN)):
        for card in cards:
            if card.work.state == state:
                is_full = not card.missing and not card.open_remarks and card.work.version > 0
                return NextStep("hand_in" if is_full else kind, card.module)
    is_waiting = any(card.work.state == WorkState.SUBMITTED for card in cards)
    return NextStep("wait" if is_waiting or cards else "empty")


def _estimate(workspace: Workspace, works: Sequence[Work]) -> Standing | None:
    cap = workspace.proposal.round.constitution.cap
    standings = (estimate_of(form_of(work.module), work.answers, cap) for work in works)
    return next((standing for standing in standings if standing is not None), None)


def risk_of(workspace: Workspace, works: Sequence[Work], questions: int, now: datetime, today: date) -> Risk:
    """The risk that this team leaves; modules must be loaded. No query."""
    facts = Facts(
        opened_at=workspace.opened_at,
        touched_at=workspace.touched_at,
        works=[
            WorkFacts(w.module.slug, w.state, w.version, w.module.due_on, w.submitted_at, w.decided_at) for w in works
        ],
        total=next((w.total_tenge for w in works if w.total_tenge is not None), None),
        cap=workspace.proposal.round.constitution.cap,
        questions=questions,
    )
    if workspace.proposal.state != State.IN_SESSIONS:
        return Risk(0, ())
    return assess(facts, now, today)


def readiness(workspace: Workspace, works: Sequence[Work]) -> Readiness:
    """What still stands between the project and the Council. No query when works and constitution are loaded."""
    proposal = workspace.proposal
    items = [Item("module", work.state == WorkState.ACCEPTED, work.module) for work in works]
    total = next((work.total_tenge for work in works if work.total_tenge is not None), None)
    if any(estimate_of(form_of(work.module), {}, 0) is not None for work in works):
        rules = proposal.round.constitution
        items.append(Item("cost", total is not None and rules.min_cost_tenge <= total <= rules.cap and total > 0))
    items.append(Item("place", bool(proposal.address) or proposal.latitude is not None))
    return Readiness(tuple(items))
