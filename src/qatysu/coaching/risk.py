"""Signs that a team may leave: said early, with their reason. A person decides what to do, never the program.

The pilot lost authors to time and complexity (study 3.6); these are the traces that both leave beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

#: Days without a deed of the team: worth a look, worth a call.
SILENT_DAYS, VERY_SILENT_DAYS = 7, 12
#: Days after which an empty room is a sign.
EMPTY_DAYS = 5
#: Days that a returned work, or a handed-in one, lies untouched.
REMARK_DAYS, REVIEW_DAYS = 5, 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One sign: ``code`` (silence, late, unanswered_by_team, unanswered_by_centre, over_cap, nothing_written), its weight
    1 to 3, and numbers for the sentence."""

    code: str
    level: int
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Risk:
    """0 none, 1 watch, 2 at risk, 3 nearly lost; reasons with the heaviest first."""

    level: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What the risk looks at in one work."""

    module: str
    state: str
    version: int
    due_on: date | None
    submitted_at: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the risk looks at in one team. Sums in whole tenge; ``questions``: of the team, past their due time."""

    opened_at: datetime
    touched_at: datetime
    works: Sequence[WorkFacts]
    total: int | None
    cap: int
    questions: int = 0


def assess(facts: Facts, now: datetime, today: date) -> Risk:
    """The risk at ``now``; ``today`` is the day in the city's zone. A team with every module accepted has none."""
    if facts.works and all(work.state == "accepted" for work in facts.works):
        return Risk(0, ())
    found = [*_silence(facts, now), *_late(facts, today), *_waiting(facts, now), *_money(facts)]
    found.sort(key=lambda reason: -reason.level)
    return Risk(max((reason.level for reason in found), default=0), tuple(found))


def _silence(facts: Facts, now: datetime) -> list[Reason]:
    # Who has handed everything in waits for the Centre: its silence says nothing.
    if facts.works and all(work.state in ("submitted", "accepted") for work in facts.works):
        return []
    days = (now - facts.touched_at).days
    found = []
    if days >= SILENT_DAYS:
        found.append(Reason("silence", 3 if days >= VERY_SILENT_DAYS else 2, {"days": days}))
    empty = all(work.version == 0 for work in facts.works)
    if facts.works and empty and now - facts.opened_at >= timedelta(days=EMPTY_DAYS):
        found.append(Reason("nothing_written", 2, {"days": (now - facts.opened_at).days}))
    return found


def _late(facts: Facts, today: date) -> list[Reason]:
    late = [
        work
        for work in facts.works
        if work.state in ("open", "returned") and work.due_on is not None and work.due_on < today
    ]
    if not late:
        return []
    first = min(late, key=lambda work: work.due_on or today)
    days = (today - (first.due_on or today)).days
    level = 3 if days > 7 or len(late) > 1 else 2 if days > 2 else 1
    return [Reason("late", level, {"days": days, "modules": len(late), "module": first.module})]


def _waiting(facts: Facts, now: datetime) -> list[Reason]:
    found = []
    returned = [w.decided_at for w in facts.works if w.state == "returned" and w.decided_at is not None]
    if returned and now - max(facts.touched_at, min(returned)) >= timedelta(days=REMARK_DAYS):
        found.append(Reason("unanswered_by_team", 2, {"days": (now - min(returned)).days}))
    handed = [w.submitted_at for w in facts.works if w.state == "submitted" and w.submitted_at is not None]
    days = (now - min(handed)).days if handed else 0
    if days >= REVIEW_DAYS or facts.questions:
        found.append(Reason("unanswered_by_centre", 1, {"days": days, "questions": facts.questions}))
    return found


def _money(facts: Facts) -> list[Reason]:
    if facts.total is None or facts.total <= facts.cap:
        return []
    level = 3 if facts.total > 2 * facts.cap else 2
    return [Reason("over_cap", level, {"over": facts.total - facts.cap, "total": facts.total, "cap": facts.cap})]
