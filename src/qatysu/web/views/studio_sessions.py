"""Where the organisers' pages meet the project sessions: the room opens with the session, a passport closes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qatysu.coaching import commands as coaching
from qatysu.coaching.models import Module, Workspace
from qatysu.core.regulation import Stage
from qatysu.proposals import commands as proposals
from qatysu.proposals.models import Proposal
from qatysu.rounds.models import Round
from qatysu.web.views.studio_gate import address

#: A finding as the studio lists it: words, whether it stops publication, the page that mends it.
Finding = tuple[str, bool, str]


def begin_session(*, actor: Any, proposal: Proposal, now: datetime) -> Any:
    """Let an accepted proposal into the sessions, or a ready one back; its team gets a room when the round has a course."""
    if Module.objects.filter(round_id=proposal.round_id).exists():
        return coaching.open_workspace(actor=actor, proposal=proposal, now=now)
    return proposals.start_session(actor=actor, proposal=proposal, now=now)


def mark_ready(*, actor: Any, proposal: Proposal, now: datetime) -> Any:
    """Send a project to the Council: with its passport when its team has a room in a round with a course."""
    if has_room(proposal) and Module.objects.filter(round_id=proposal.round_id).exists():
        return coaching.mark_ready(actor=actor, proposal=proposal, now=now)
    return proposals.mark_ready(actor=actor, proposal=proposal, now=now)


def has_room(proposal: Proposal) -> bool:
    """True when the team of this proposal has a room."""
    return Workspace.objects.filter(proposal=proposal).exists()


def course_findings(round_: Round, now: datetime) -> list[Finding]:
    """A round whose sessions are ahead or under way needs a course; it can be published without one."""
    ahead = any(row.stage == Stage.SESSIONS and row.closes_at > now for row in round_.stages.all())
    if not ahead or Module.objects.filter(round=round_).exists():
        return []
    words = _("The round has no course yet: teams would find no modules. The Project Centre can install the standard one.")
    return [(words, False, address("centre_board", round_))]
