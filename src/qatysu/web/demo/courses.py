"""How a proposal came to its present state: the moves of each course with who made them and when."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from qatysu.core.regulation import Role, Stage
from qatysu.proposals.models import State
from qatysu.web.demo.calendars import Period


@dataclass(frozen=True, slots=True)
class Step:
    """A move to ``new`` by the author (``CAPTAIN``) or a role, at a share of the length of ``stage``."""

    new: State
    by: Role
    stage: Stage
    earliest: float
    latest: float
    is_reasoned: bool = False


_FILED = Step(State.SUBMITTED, Role.CAPTAIN, Stage.IDEAS, 0.0, 0.7)
_ACCEPTED = Step(State.ACCEPTED, Role.COACH, Stage.IDEAS, 0.72, 0.85)
_WENT_IN = Step(State.IN_SESSIONS, Role.COACH, Stage.SESSIONS, 0.001, 0.01)
_READY = Step(State.READY, Role.COACH, Stage.SESSIONS, 0.8, 0.99)
_SOON_READY = Step(State.READY, Role.COACH, Stage.SESSIONS, 0.3, 0.4)
_IN = (_FILED, _ACCEPTED, _WENT_IN)
COURSES: Mapping[str, tuple[Step, ...]] = {
    "draft": (),
    "submitted": (_FILED,),
    "returned": (_FILED, Step(State.RETURNED, Role.COACH, Stage.IDEAS, 0.72, 0.8, is_reasoned=True)),
    "accepted": (_FILED, _ACCEPTED),
    "merged": (_FILED, Step(State.MERGED, Role.COACH, Stage.IDEAS, 0.86, 0.95, is_reasoned=True)),
    "rejected": (_FILED, Step(State.REJECTED, Role.CENTRE_LEAD, Stage.IDEAS, 0.72, 0.95, is_reasoned=True)),
    "in_sessions": _IN,
    "left_sessions": (*_IN, Step(State.WITHDRAWN, Role.CAPTAIN, Stage.SESSIONS, 0.2, 0.75, is_reasoned=True)),
    "ready": (*_IN, _SOON_READY),
    "back": (*_IN, _SOON_READY, Step(State.IN_SESSIONS, Role.COACH, Stage.SESSIONS, 0.42, 0.45, is_reasoned=True)),
    "not_admitted": (
        *_IN,
        _READY,
        Step(State.NOT_ADMITTED, Role.SECRETARY, Stage.COUNCIL, 0.7, 0.75, is_reasoned=True),
    ),
    "admitted": (*_IN, _READY, Step(State.ADMITTED, Role.SECRETARY, Stage.COUNCIL, 0.7, 0.75)),
}
#: Courses whose last step is a decision of the Council.
DECIDED = frozenset({"admitted", "not_admitted"})


def split(path: str) -> tuple[str, str]:
    """``"left_sessions:left_time"`` as course and reason code; the code is '' for a course without one."""
    course, _, reason = path.partition(":")
    return course, reason


def instants(course: str, periods: tuple[Period, ...], now: datetime, rng: random.Random) -> tuple[datetime, ...]:
    """When each step happened: rising, in working hours of nobody in particular, and never after ``now``.

    A stage still open is taken to have lasted until ``now``, so that shares are of the time that has passed.
    """
    spans = {p.stage: (p.opens_at, max(min(p.closes_at, now) - p.opens_at, timedelta(minutes=10))) for p in periods}
    found: list[datetime] = []
    for step in COURSES[course]:
        opens_at, length = spans[step.stage]
        at = opens_at + length * rng.uniform(step.earliest, step.latest)
        found.append(max(at, found[-1] + timedelta(minutes=5)) if found else at)
    return tuple(found)
