"""May I? The one door (ARCHITECTURE 5.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qatysu.core.errors import NotAllowed, StageClosed
from qatysu.core.regulation import Action, Role, roles_for, stages_for
from qatysu.rounds import queries
from qatysu.rounds.models import Round


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer that can explain itself: ``because`` is 'granted', 'role' or 'stage'."""

    allowed: bool
    because: str


def decide(
    actor: object, action: Action, round_: Round, *, now: datetime, also: frozenset[Role] = frozenset()
) -> Decision:
    """Whether ``actor`` may do ``action`` in ``round_`` at ``now``.

    ``also`` holds roles that follow from the object concerned (captain of this team, holder of a voting code).
    """
    roles = queries.roles_of(actor, round_, now.date()) | also
    if roles & roles_for(action, None):
        return Decision(True, "granted")
    if any(roles & roles_for(action, stage) for stage in queries.open_stages(round_, now)):
        return Decision(True, "granted")
    ever = any(roles & roles_for(action, stage) for stage in stages_for(action))
    return Decision(False, "stage" if ever else "role")


def authorize(
    actor: object, action: Action, round_: Round, *, now: datetime, also: frozenset[Role] = frozenset()
) -> None:
    """First line of each command. Raises StageClosed when only the calendar forbids it, NotAllowed otherwise."""
    decision = decide(actor, action, round_, now=now, also=also)
    if decision.because == "stage":
        raise StageClosed("stage_closed", action=str(action), round=round_)
    if not decision.allowed:
        raise NotAllowed("role", action=str(action))
