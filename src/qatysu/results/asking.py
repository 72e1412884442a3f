"""What the results ask the Expert Council, and how its decisions are carried out: ties and the approval (SPEC 6, 9).

A round without seats of a Council keeps the older way: the chair or the secretary writes down a decision taken elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qatysu.core.collegial_states import MatterState, ProtocolState
from qatysu.core.errors import Conflict, Invalid
from qatysu.council.commands import file_matter, mark_applied
from qatysu.council.commands.matters import titles_of
from qatysu.council.models import Decision, Matter, MatterKind, Protocol, Verdict
from qatysu.results import commands, queries
from qatysu.results.models import Outcome
from qatysu.rounds.models import Round
from qatysu.rules import paying
from qatysu.rules.model import Funder, Project

#: Between codes in an order of tied projects: ``7>3`` puts No. 7 before No. 3.
BEFORE = ">"


def ask_about_tie(*, actor: Any, round: Round, now: datetime) -> Matter:
    """File the first open tie with the Council. Raises Conflict ``no_tie``, ``matter_filed``."""
    outcome, codes = _tie(round)
    _need_new(round, MatterKind.TIE, outcome)
    shown = ", ".join(f"№ {code}" for code in codes)
    titles = _both(lambda: _("Tie between the projects %(codes)s") % {"codes": shown})
    payload = {"digest": outcome.digest, "codes": codes}
    return file_matter(
        actor=actor, round_=round, kind=MatterKind.TIE, title_kk=titles[0], title_ru=titles[1], payload=payload, now=now
    )


def ask_for_approval(*, actor: Any, round: Round, now: datetime) -> Matter:
    """File the approval of the provisional outcome. Raises Conflict ``not_provisional``, ``open_tie``, ``matter_filed``."""
    outcome = _provisional(round)
    if queries.open_ties(outcome):
        raise Conflict("open_tie")
    _need_new(round, MatterKind.RESULTS, outcome)
    titles = _both(lambda: _("Approval of the results: rating of projects and register of winners"))
    return file_matter(
        actor=actor, round_=round, kind=MatterKind.RESULTS, title_kk=titles[0], title_ru=titles[1],
        payload={"digest": outcome.digest, "rating": _rating(outcome), "paying": _paying(round, outcome)}, now=now,
    )  # fmt: skip


def _rating(outcome: Outcome) -> list[dict[str, Any]]:
    """All projects in the order of the rule, for the protocol: whole tenge, titles in Kazakh and Russian."""
    rows: list[dict[str, Any]] = []
    for line in queries.lines(outcome):
        title_kk, title_ru = titles_of(line.entry.proposal)
        rows.append(
            {
                "code": line.entry.code, "title": {"kk": title_kk, "ru": title_ru}, "votes": line.votes,
                "cost": line.entry.cost_tenge, "won": queries.won(line),
            }
        )  # fmt: skip
    # Nobody's votes make no order: by number, as people count.
    some = [row for row in rows if row["votes"]]
    return [*some, *sorted((row for row in rows if not row["votes"]), key=lambda row: (len(row["code"]), row["code"]))]


def _paying(round_: Round, outcome: Outcome) -> dict[str, Any]:
    """Who pays for which winner, as the Council is asked to agree; empty where one funder pays for all."""
    rows = list(round_.funders.order_by("position"))
    if len(rows) < 2:
        return {}
    won = [line for line in queries.lines(outcome) if queries.won(line)]
    categories = [line.entry.proposal.category.slug if line.entry.proposal.category else "" for line in won]
    winners = [
        Project(line.entry.code, line.entry.cost_tenge, categories=(slug,)) for line, slug in zip(won, categories, strict=True)
    ]
    funders = [Funder(str(row.position), row.amount_tenge, frozenset(row.categories)) for row in rows]
    paid = paying.split(winners, funders)
    return {
        "reserve": round_.reserve_tenge,
        "funders": [
            {"kk": row.name_kk, "ru": row.name_ru, "sum": row.amount_tenge, "pays": sum(line[k] for line in paid)}
            for k, row in enumerate(rows)
        ],
        "shares": {project.id: list(line) for project, line in zip(winners, paid, strict=True)},
    }


def matter_of(round_: Round, kind: MatterKind, outcome: Outcome) -> Matter | None:
    """The matter that was filed about exactly this outcome; one that was computed since asks anew."""
    rows = Matter.objects.filter(round=round_, kind=kind, payload__digest=outcome.digest).exclude(state=MatterState.WITHDRAWN)
    return rows.order_by("-number").first()


def decision_on(round_: Round, kind: MatterKind, outcome: Outcome) -> Decision | None:
    """The Council's decision about exactly this outcome that was not carried out yet."""
    matter = matter_of(round_, kind, outcome)
    rows = Decision.objects.filter(matter=matter, applied_at=None, verdict__in=(Verdict.CHOOSE, Verdict.APPROVE))
    return rows.select_related("poll__item__meeting").order_by("-turn").first() if matter else None


@transaction.atomic
def carry_out_tie(*, actor: Any, round: Round, now: datetime) -> Outcome:
    """Compute again with the order that the Council chose. Raises Conflict ``no_tie``, ``council_not_decided``."""
    outcome, codes = _tie(round)
    found = _decided(round, MatterKind.TIE, outcome)
    order = found.chosen.split(BEFORE)
    if sorted(order) != sorted(codes):
        raise Invalid("tie_order", field="order")
    reason = found.text_ru or found.text_kk or str(found.matter.title_ru)
    mark_applied(actor=actor, decision=found, now=now)
    return commands.decide_tie(actor=actor, round=round, order=order, reason=reason, now=now, decision=found)


@transaction.atomic
def carry_out_approval(*, actor: Any, round: Round, now: datetime) -> Outcome:
    """Approve the outcome by the frozen protocol. Raises Conflict ``council_not_decided``, ``protocol_not_frozen``."""
    outcome = _provisional(round)
    found = _decided(round, MatterKind.RESULTS, outcome)
    number = protocol_of(found)
    if number is None:
        raise Conflict("protocol_not_frozen")
    mark_applied(actor=actor, decision=found, now=now)
    return commands.approve(actor=actor, round=round, protocol_number=number, now=now, decision=found)


@dataclass(frozen=True, slots=True)
class Asked:
    """How far the Council is with what the results need next: a tie, or the approval. ``has_council``: seats are named."""

    has_council: bool
    is_tie: bool
    matter: Matter | None
    decision: Decision | None
    protocol: str | None


def asked(round_: Round, outcome: Outcome | None, *, is_tie: bool) -> Asked:
    """What the page of the results says of the Council; one query where there is none."""
    has_council = round_.council_seats.exists()
    if outcome is None or not has_council or outcome.state != Outcome.State.PROVISIONAL:
        return Asked(has_council, is_tie, None, None, None)
    kind = MatterKind.TIE if is_tie else MatterKind.RESULTS
    decision = decision_on(round_, kind, outcome)
    return Asked(True, is_tie, matter_of(round_, kind, outcome), decision, protocol_of(decision) if decision else None)


def protocol_of(decision: Decision) -> str | None:
    """Number of the frozen protocol that holds a decision; None while there is none."""
    done = (ProtocolState.FROZEN, ProtocolState.PUBLISHED)
    row = Protocol.objects.filter(meeting=decision.poll.item.meeting, state__in=done).first()
    return row.number if row else None


def _decided(round_: Round, kind: MatterKind, outcome: Outcome) -> Decision:
    found = decision_on(round_, kind, outcome)
    if found is None:
        raise Conflict("council_not_decided")
    return found


def _provisional(round_: Round) -> Outcome:
    outcome = Outcome.objects.filter(round=round_, state=Outcome.State.PROVISIONAL).first()
    if outcome is None:
        raise Conflict("not_provisional")
    return outcome


def _tie(round_: Round) -> tuple[Outcome, list[str]]:
    outcome = Outcome.objects.filter(round=round_, state=Outcome.State.PROVISIONAL).first()
    ties = queries.open_ties(outcome) if outcome else []
    if outcome is None or not ties:
        raise Conflict("no_tie")
    return outcome, list(ties[0].projects)


def _need_new(round_: Round, kind: MatterKind, outcome: Outcome) -> None:
    if matter_of(round_, kind, outcome) is not None:
        raise Conflict("matter_filed")


def _both(words: Callable[[], str]) -> tuple[str, str]:
    """The same words in Kazakh and in Russian."""
    said = []
    for language in ("kk", "ru"):
        with translation.override(language):
            said.append(words())
    return said[0], said[1]
