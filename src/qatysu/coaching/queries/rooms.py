"""The gate of a room, and who the viewer is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qatysu.coaching.loading import ROOM
from qatysu.coaching.models import Work, Workspace
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Action, Role, roles_for
from qatysu.proposals.commands.guards import team_roles
from qatysu.proposals.models import State
from qatysu.rounds.models import Round
from qatysu.rounds.queries import open_stages, roles_of

_CENTRE = frozenset({Role.COACH, Role.CENTRE_LEAD})
_COUNCIL = frozenset({Role.EXPERT, Role.CHAIR, Role.SECRETARY})
#: Who may read any room of the round.
READERS = roles_for(Action.SEE_CENTRE, None) | {Role.MENTOR}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and what the page may offer. Commands decide anew."""

    is_team: bool
    is_captain: bool
    is_centre: bool
    is_expert: bool
    may_edit: bool
    may_talk: bool
    may_coach: bool
    may_precheck: bool
    may_invite: bool
    may_translate: bool
    may_lead: bool


def get_workspace(round_: Round, code: str, viewer: Any, now: datetime) -> Workspace:
    """The room of the project with this number, for its team and for the round's readers. Raises NotFound otherwise."""
    if not (code.isascii() and code.isdigit() and len(code) <= 6):
        raise NotFound("workspace")
    rows = Workspace.objects.select_related(*ROOM, "coach", "project_type")
    found = rows.filter(proposal__round=round_, proposal__number=int(code)).first()
    if found is None or not (
        team_roles(viewer, found.proposal, now) or roles_of(viewer, round_, now.date()) & READERS
    ):
        raise NotFound("workspace")
    return found


def standing_of(workspace: Workspace, viewer: Any, now: datetime) -> Viewer:
    """What ``viewer`` is to this team and may do at ``now``."""
    round_ = workspace.proposal.round
    own = team_roles(viewer, workspace.proposal, now)
    roles = roles_of(viewer, round_, now.date()) | own
    granted: dict[Action, bool] = {}
    stages = (None, *open_stages(round_, now))
    for action in (
        Action.WORK_ON_PROJECT,
        Action.TALK_IN_TEAM,
        Action.COACH_PROJECT,
        Action.PRECHECK_PROJECT,
        Action.INVITE_SPECIALIST,
        Action.TRANSLATE_PROJECT,
        Action.ASSIGN_COACH,
    ):
        granted[action] = any(roles & roles_for(action, stage) for stage in stages)
    in_sessions = workspace.proposal.state == State.IN_SESSIONS
    return Viewer(
        is_team=bool(own),
        is_captain=Role.CAPTAIN in own,
        is_centre=bool(roles & _CENTRE),
        is_expert=bool(roles & _COUNCIL),
        may_edit=granted[Action.WORK_ON_PROJECT] and in_sessions,
        may_talk=granted[Action.TALK_IN_TEAM],
        may_coach=granted[Action.COACH_PROJECT] and not own,
        may_precheck=granted[Action.PRECHECK_PROJECT] and not own,
        may_invite=granted[Action.INVITE_SPECIALIST],
        may_translate=granted[Action.TRANSLATE_PROJECT],
        may_lead=granted[Action.ASSIGN_COACH],
    )


def get_work(workspace: Workspace, slug: str) -> Work:
    """The work of this room in the module ``slug``. Raises NotFound."""
    rows = workspace.works.select_related("module", "changed_by", "decided_by")
    found = rows.filter(module__slug=slug).first()
    if found is None:
        raise NotFound("work")
    found.workspace = workspace
    return found


def rooms_of(account: Any) -> tuple[Workspace, ...]:
    """Rooms of every team that the account is in, newest first."""
    rows = Workspace.objects.select_related(*ROOM).filter(proposal__team__account=account)
    return tuple(rows.order_by("-opened_at"))
