"""Appeals of teams against refusals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from qatysu.core.collegial_states import APPEAL, AppealState, MatterState
from qatysu.core.errors import Conflict, Frozen
from qatysu.core.regulation import Action
from qatysu.council import notices
from qatysu.council.commands.guards import lock_matter, move_matter, note, words
from qatysu.council.models import Appeal, Decision
from qatysu.proposals import commands as proposals
from qatysu.proposals.commands.guards import team_roles
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Constitution


def file_appeal(*, actor: Any, decision: Decision, text: str, language: str, now: datetime) -> Appeal:
    """The captain appeals within the term. Raises Conflict ``appeal_filed``, ``appeal_late``, ``appeal_not_possible``; NotAllowed."""
    try:
        with transaction.atomic():
            matter = lock_matter(decision.matter)
            row = Decision.objects.get(pk=decision.pk)
            also = team_roles(actor, matter.proposal, now) if matter.proposal else frozenset()
            authorize(actor, Action.APPEAL, matter.round, now=now, also=also)
            if Appeal.objects.filter(decision=row).exists():
                raise Conflict("appeal_filed")
            if row.appeal_until is None:
                raise Conflict("appeal_not_possible")
            if now >= row.appeal_until:
                raise Conflict("appeal_late")
            made = Appeal.objects.create(
                decision=row, text=words(text, "text", least=20), language=language, filed_by=actor, filed_at=now
            )
            move_matter(matter, MatterState.APPEALED)
            note(actor, "file_appeal", matter.round, made, now, matter=matter.number)
            notices.tell_appeal(made, now)
            return made
    except IntegrityError as error:
        raise Conflict("appeal_filed") from error


def _lock(appeal: Appeal) -> Appeal:
    return Appeal.objects.select_for_update(of=("self",)).select_related("decision__matter__round").get(pk=appeal.pk)


@transaction.atomic
def take_appeal(*, actor: Any, appeal: Appeal, now: datetime) -> Appeal:
    """The Council hears the project again, with another rapporteur. Raises Frozen ``slate_frozen`` once the ballot is fixed."""
    matter = lock_matter(appeal.decision.matter)
    row = _lock(appeal)
    authorize(actor, Action.KEEP_COUNCIL, matter.round, now=now)
    if Constitution.objects.get(round=matter.round).frozen_at is not None:
        raise Frozen("slate_frozen")
    _move(row, AppealState.TAKEN)
    move_matter(matter, MatterState.REOPENED)
    if matter.proposal is not None:
        proposals.reopen(actor=actor, proposal=matter.proposal, now=now)
    matter.rapporteur = None
    matter.save(update_fields=["rapporteur"])
    note(actor, "take_appeal", matter.round, row, now, matter=matter.number)
    notices.tell_appeal_answer(row, now)
    return row


@transaction.atomic
def refuse_appeal(*, actor: Any, appeal: Appeal, answer_kk: str, answer_ru: str, now: datetime) -> Appeal:
    """The appeal cannot be heard; the decision stands. Raises Invalid without words in both languages."""
    matter = lock_matter(appeal.decision.matter)
    row = _lock(appeal)
    authorize(actor, Action.KEEP_COUNCIL, matter.round, now=now)
    row.answer_kk = words(answer_kk, "answer_kk", least=5, most=2000)
    row.answer_ru = words(answer_ru, "answer_ru", least=5, most=2000)
    row.answered_by, row.answered_at = actor, now
    _move(row, AppealState.REFUSED, "answer_kk", "answer_ru", "answered_by", "answered_at")
    move_matter(matter, MatterState.DECIDED)
    note(actor, "refuse_appeal", matter.round, row, now, matter=matter.number)
    notices.tell_appeal_answer(row, now)
    return row


@transaction.atomic
def withdraw_appeal(*, actor: Any, appeal: Appeal, now: datetime) -> Appeal:
    """The captain takes the appeal back before it is heard."""
    matter = lock_matter(appeal.decision.matter)
    row = _lock(appeal)
    also = team_roles(actor, matter.proposal, now) if matter.proposal else frozenset()
    authorize(actor, Action.APPEAL, matter.round, now=now, also=also)
    if row.state != AppealState.FILED:
        raise Conflict("appeal_taken")
    _move(row, AppealState.WITHDRAWN)
    move_matter(matter, MatterState.DECIDED)
    note(actor, "withdraw_appeal", matter.round, row, now, matter=matter.number)
    return row


def _move(row: Appeal, new: AppealState, *fields: str) -> None:
    APPEAL.check(AppealState(row.state), new)
    row.state = new
    row.save(update_fields=("state", *fields))
