"""What the interface for machines tells of a round: dictionaries ready for JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils import translation

from qatysu.core.errors import NotFound
from qatysu.core.regulation import Stage
from qatysu.proposals.models import PUBLIC_STATES, Proposal
from qatysu.results import explain
from qatysu.results.exporting import csv_text, pb_text
from qatysu.results.models import Outcome, OutcomeLine
from qatysu.results.queries import lines
from qatysu.rounds import queries as rounds
from qatysu.rounds.models import Round
from qatysu.rules.model import Verdict
from qatysu.tally import queries as tally

LANGUAGES = ("kk", "ru", "en")
#: Seconds for which a made file is kept; another outcome, or a new version of the round, is another file.
FILE_TTL_S = 300

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
        "voters": tally.turnout(round_),
        "by_channel": tally.turnout_by_channel(round_),
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
    """The published outcome: rule, winners in order, ties, each project with its verdict and why. Raises NotFound before
    publication.
    """
    outcome = Outcome.objects.filter(round=round_, state=Outcome.State.PUBLISHED).first()
    if outcome is None:
        raise NotFound("results")
    rows = lines(outcome)
    said = {language: _explained(round_, outcome, rows, language) for language in LANGUAGES}
    return {
        "round": str(round_),
        "voters": outcome.voters,
        "ballots": outcome.ballots,
        "budget_tenge": outcome.budget_tenge,
        "reserve_tenge": outcome.reserve_tenge,
        "spent_tenge": outcome.spent_tenge,
        "rule": outcome.rule,
        "params": outcome.params,
        "winners": [row.entry.code for row in rows if row.verdict == Verdict.FUNDED],
        "extra": [row.entry.code for row in rows if row.verdict == Verdict.EXTRA],
        "ties": outcome.ties,
        "decisions": outcome.decisions,
        "imported": outcome.is_imported,
        "digest": outcome.digest,
        "protocol": outcome.protocol_number,
        "published_at": outcome.published_at.isoformat() if outcome.published_at else None,
        "projects": [_line(row, {code: texts[row.pk] for code, texts in said.items()}) for row in rows],
    }


def _explained(round_: Round, outcome: Outcome, rows: list[OutcomeLine], language: str) -> dict[int, str]:
    """Why, by key of the line."""
    with translation.override(language):
        context = explain.context_of(outcome, rows, language)
        return {row.pk: explain.why(row, context, language, round_) for row in rows}


def _line(row: OutcomeLine, explanation: dict[str, str]) -> dict[str, Any]:
    return {
        "place": row.place,
        "code": row.entry.code,
        "title": row.entry.title,
        "votes": row.votes,
        "score": row.score,
        "cost_tenge": row.entry.cost_tenge,
        "verdict": row.verdict,
        "reason": row.reason,
        "key": row.key_text or None,
        "missing_votes": row.missing_votes,
        "missing_tenge": row.missing_tenge,
        "explanation": explanation,
    }


def results_file(round_: Round, kind: str) -> bytes:
    """The published results as a file: ``pb`` or ``csv`` (with the mark by which spreadsheets know UTF-8).

    Made once for each outcome and then kept for a while. Raises NotFound before publication.
    """
    outcome = Outcome.objects.filter(round=round_, state=Outcome.State.PUBLISHED).first()
    if outcome is None:
        raise NotFound("results")
    key = f"file:{kind}:{outcome.pk}:{outcome.digest}:{round_.version}"
    data: bytes | None = cache.get(key)
    if data is None:
        data = pb_text(round_).encode() if kind == "pb" else csv_text(round_).encode("utf-8-sig")
        cache.set(key, data, FILE_TTL_S)
    return data
