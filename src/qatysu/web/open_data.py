"""What the interface for machines tells of a round: dictionaries ready for JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.ballots import queries as ballots
from qatysu.core.errors import NotFound
from qatysu.core.regulation import Stage
from qatysu.proposals.models import PUBLIC_STATES, Proposal
from qatysu.results.models import Outcome
from qatysu.rounds import queries as rounds
from qatysu.rounds.models import Round


def public_round(name: str) -> Round:
    """The public round called ``<city>-<round>``. Raises NotFound."""
    for round_ in rounds.visible_rounds():
        if str(round_) == name:
            return round_
    raise NotFound("round")


def turnout(round_: Round, now: datetime) -> dict[str, Any]:
    """Voters in all and by channel; whether voting is open at ``now``."""
    return {
        "round": str(round_),
        "voters": ballots.turnout(round_),
        "by_channel": ballots.turnout_by_channel(round_),
        "voting_open": Stage.VOTING in rounds.open_stages(round_, now),
        "as_of": now.isoformat(timespec="seconds"),
    }


def _project(proposal: Proposal) -> dict[str, Any]:
    return {
        "code": proposal.code,
        "title": proposal.title,
        "language": proposal.language,
        "state": proposal.state,
        "category": proposal.category.slug if proposal.category else None,
        "cost_tenge": proposal.cost_tenge,
        "address": proposal.address,
        "latitude": proposal.latitude,
        "longitude": proposal.longitude,
        "illustrative": proposal.is_illustrative,
    }


def projects(round_: Round) -> dict[str, Any]:
    """Everything filed that the public may see, by number. Holds no person and no count."""
    rows = Proposal.objects.filter(round=round_, state__in=PUBLIC_STATES, number__isnull=False)
    rows = rows.select_related("category").order_by("number")
    return {"round": str(round_), "projects": [_project(row) for row in rows]}


def results(round_: Round) -> dict[str, Any]:
    """The published outcome with each project's verdict. Raises NotFound before publication."""
    outcome = Outcome.objects.filter(round=round_, state=Outcome.State.PUBLISHED).first()
    if outcome is None:
        raise NotFound("results")
    lines = outcome.lines.select_related("entry").order_by("place")
    return {
        "round": str(round_),
        "voters": outcome.voters,
        "ballots": outcome.ballots,
        "budget_tenge": outcome.budget_tenge,
        "reserve_tenge": outcome.reserve_tenge,
        "spent_tenge": outcome.spent_tenge,
        "digest": outcome.digest,
        "protocol": outcome.protocol_number,
        "published_at": outcome.published_at.isoformat() if outcome.published_at else None,
        "projects": [
            {
                "place": line.place, "code": line.entry.code, "title": line.entry.title, "votes": line.votes,
                "cost_tenge": line.entry.cost_tenge, "verdict": line.verdict,
            }
            for line in lines
        ],
    }
