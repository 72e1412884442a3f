"""Questions to the Council."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from qatysu.core.collegial_states import MatterState
from qatysu.core.errors import Conflict, Invalid
from qatysu.core.regulation import Action
from qatysu.council.commands.guards import lock_matter, move_matter, next_number, note, words
from qatysu.council.models import Matter, MatterKind
from qatysu.proposals.models import Proposal, State
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Round
from qatysu.rounds.touching import locked

_ABOUT_PROJECT = frozenset({MatterKind.ADMISSION, MatterKind.DISQUALIFICATION})


@transaction.atomic
def file_matter(
    *,
    actor: Any,
    round_: Round,
    kind: MatterKind,
    title_kk: str,
    title_ru: str,
    now: datetime,
    text: str = "",
    proposal: Proposal | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Matter:
    """Put a question on the Council's list. Raises Invalid ``matter_project``, ``text_needed``; Conflict ``matter_filed``."""
    authorize(actor, Action.KEEP_COUNCIL, round_, now=now)
    row = locked(round_)
    if kind in _ABOUT_PROJECT and (proposal is None or proposal.round_id != row.pk):
        raise Invalid("matter_project", field="proposal")
    if kind == MatterKind.ADMISSION and proposal is not None:
        _check_admission(proposal)
    matter = Matter.objects.create(
        round=row, number=next_number(Matter, row), kind=kind, proposal=proposal, payload=dict(payload or {}),
        title_kk=words(title_kk, "title_kk", least=3, most=200), title_ru=words(title_ru, "title_ru", least=3, most=200),
        text=words(text, "text", least=0), filed_by=actor, filed_at=now,
    )  # fmt: skip
    note(actor, "file_matter", row, matter, now, kind=str(kind), number=matter.number)
    return matter


def _check_admission(proposal: Proposal) -> None:
    if proposal.state != State.READY:
        raise Conflict("project_not_ready", state=proposal.state)
    if Matter.objects.filter(proposal=proposal, kind=MatterKind.ADMISSION).exclude(state=MatterState.WITHDRAWN).exists():
        raise Conflict("matter_filed")


@transaction.atomic
def collect_matters(*, actor: Any, round_: Round, now: datetime) -> int:
    """A matter of admission for every ready project that has none, and a second hearing for those that come back from rework.

    Returns how many wait now because of this call. Running it twice changes nothing.
    """
    authorize(actor, Action.KEEP_COUNCIL, round_, now=now)
    row = locked(round_)
    number, made = next_number(Matter, row), 0
    ready = Proposal.objects.filter(round=row, state=State.READY).order_by("number").prefetch_related("translations")
    known = {matter.proposal_id: matter for matter in Matter.objects.filter(round=row, kind=MatterKind.ADMISSION)
             .exclude(state=MatterState.WITHDRAWN).select_for_update(of=("self",))}  # fmt: skip
    for proposal in ready:
        matter = known.get(proposal.pk)
        if matter is None:
            title_kk, title_ru = titles_of(proposal)
            matter = Matter.objects.create(
                round=row, number=number, kind=MatterKind.ADMISSION, proposal=proposal, title_kk=title_kk,
                title_ru=title_ru, filed_by=actor, filed_at=now,
            )  # fmt: skip
            number, made = number + 1, made + 1
        elif matter.state == MatterState.DECIDED:
            # Sent back for rework, and ready again.
            move_matter(matter, MatterState.REOPENED)
            made += 1
    if made:
        note(actor, "collect_matters", row, row, now, matters=made)
    return made


def titles_of(proposal: Proposal) -> tuple[str, str]:
    """The project's title in Kazakh and in Russian; the author's own words where the Centre has not translated them."""
    said = {row.language: row.title for row in proposal.translations.all() if row.title}
    said[proposal.language] = proposal.title
    return said.get("kk") or proposal.title, said.get("ru") or proposal.title


@transaction.atomic
def withdraw_matter(*, actor: Any, matter: Matter, reason: str, now: datetime) -> Matter:
    """Take a question off the list that nobody has decided. Raises IllegalMove, Invalid without a reason."""
    row = lock_matter(matter)
    authorize(actor, Action.KEEP_COUNCIL, row.round, now=now)
    reason = words(reason, "reason", least=5, most=300)
    move_matter(row, MatterState.WITHDRAWN)
    note(actor, "withdraw_matter", row.round, row, now, reason)
    return row
