"""Taking a project out of the count after the ballot is frozen: the Council decides, two people enter it into the log.

The ballots stay as they were cast; the rule passes the project over, and every verifier does the same because the log says so.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.ballots.logs import log_of
from qatysu.ballots.models import SlateEntry
from qatysu.core.collegial_states import ProtocolState
from qatysu.core.errors import Conflict, Invalid
from qatysu.council.commands import mark_applied
from qatysu.council.models import Decision, MatterKind, Protocol, Verdict
from qatysu.motions import acts
from qatysu.rounds.models import Round


def check(round_: Round, code: str) -> None:
    """Raises Invalid ``project_unknown``; Conflict ``withdrawn_already``, ``voting_open``, ``result_in_log``,
    ``council_not_decided`` (in a round with a Council, until a frozen protocol holds its decision); NotFound without a log.
    """
    log = log_of(round_)
    if not SlateEntry.objects.filter(slate__round=round_, code=code).exists():
        raise Invalid("project_unknown", field="code")
    if code in acts.withdrawn(log):
        raise Conflict("withdrawn_already")
    if not acts.is_closed(log):
        raise Conflict("voting_open")
    if acts.has_result(log):
        raise Conflict("result_in_log")
    if round_.council_seats.exists() and decision_on(round_, code) is None:
        raise Conflict("council_not_decided")


def decision_on(round_: Round, code: str) -> Decision | None:
    """The decision to disqualify the project that was not carried out yet and stands in a frozen protocol."""
    entry = SlateEntry.objects.filter(slate__round=round_, code=code).first()
    if entry is None:
        return None
    rows = Decision.objects.filter(
        matter__round=round_, matter__kind=MatterKind.DISQUALIFICATION, matter__proposal=entry.proposal_id, verdict=Verdict.APPROVE,
        applied_at=None,
    )  # fmt: skip
    found = rows.select_related("poll__item__meeting").order_by("-pk").first()
    done = (ProtocolState.FROZEN, ProtocolState.PUBLISHED)
    if found is None or not Protocol.objects.filter(meeting=found.poll.item.meeting, state__in=done).exists():
        return None
    return found


def carry_out(round_: Round, code: str, *, actor: Any, now: datetime) -> str:
    """Mark the decision as carried out, in the caller's transaction; returns the code, which is what the log says."""
    found = decision_on(round_, code)
    if found is not None:
        mark_applied(actor=actor, decision=found, now=now)
    return code
