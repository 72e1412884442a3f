"""An adopted draft becomes the decision of the Council and is carried out in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qatysu.core.collegial_states import APPEAL, AppealState, MatterState
from qatysu.core.collegial_terms import term_ends
from qatysu.core.errors import Conflict
from qatysu.council import notices
from qatysu.council.commands.guards import lock_matter, move_matter, note
from qatysu.council.models import AgendaItem, Appeal, Decision, Matter, MatterKind, Poll, Verdict
from qatysu.council.queries.seats import day_of
from qatysu.proposals import commands as proposals
from qatysu.rounds.queries import zone_of
from qatysu.rounds.touching import touch


def decide_matter(actor: Any, poll: Poll, now: datetime) -> Decision:
    """The decision that an adopted poll makes; admissions are carried out at once, the rest by the package that asked."""
    matter = lock_matter(poll.item.matter)
    last = matter.decisions.order_by("-turn").first()
    made = Decision.objects.create(
        matter=matter, poll=poll, turn=last.turn + 1 if last else 1, verdict=poll.verdict, reasons=poll.reasons,
        text_kk=poll.text_kk, text_ru=poll.text_ru, rework_until=poll.rework_until, chosen=poll.chosen, target=poll.target,
        decided_at=now, appeal_until=_appeal_until(matter, poll, now),
    )  # fmt: skip
    AgendaItem.objects.filter(pk=poll.item_id).update(is_over=True)
    move_matter(matter, MatterState.DECIDED)
    if matter.kind == MatterKind.DISQUALIFICATION and made.verdict == Verdict.APPROVE:
        _disqualify(actor, matter, made, now)
    if matter.kind == MatterKind.ADMISSION:
        _carry_out(actor, matter, made, now)
        mark_applied(actor=actor, decision=made, now=now)
    if last is not None:
        _end_appeal(actor, last, made, now)
    note(actor, "decide_matter", matter.round, made, now, matter=matter.number, verdict=str(made.verdict), turn=made.turn)
    notices.tell_decision(made, now)
    touch(matter.round)
    return made


def _appeal_until(matter: Matter, poll: Poll, now: datetime) -> datetime | None:
    """A refusal may be appealed until the end of the constitution's term; the decision after an appeal is the last word."""
    if poll.verdict != Verdict.NOT_ADMIT or Appeal.objects.filter(decision__matter=matter).exists():
        return None
    return term_ends(day_of(matter.round, now), matter.round.constitution.appeal_days, zone_of(matter.round))


def _carry_out(actor: Any, matter: Matter, made: Decision, now: datetime) -> None:
    proposal = matter.proposal
    assert proposal is not None  # noqa: S101  # reason: constraint matter_about_project
    text = said_to(made, proposal.language)
    if made.verdict == Verdict.ADMIT:
        proposals.admit_proposal(actor=actor, proposal=proposal, now=now)
    elif made.verdict == Verdict.NOT_ADMIT:
        proposals.refuse_admission(
            actor=actor, proposal=proposal, reason_code=made.reasons[0], reason_text=text, now=now
        )
    else:
        proposals.return_for_rework(actor=actor, proposal=proposal, reason_text=text, now=now)


def _disqualify(actor: Any, matter: Matter, made: Decision, now: datetime) -> None:
    """Before the freeze the project leaves at once; afterwards two people enter it into the log (``motions.disqualifying``)."""
    if matter.round.constitution.frozen_at is not None or matter.proposal is None:
        return
    language = matter.proposal.language
    text = said_to(made, language) or (matter.title_kk if language == "kk" else matter.title_ru)
    proposals.disqualify(actor=actor, proposal=matter.proposal, reason_text=text, now=now)
    mark_applied(actor=actor, decision=made, now=now)


def said_to(made: Decision, language: str) -> str:
    """The words of a decision in the reader's language, Russian for English readers."""
    return made.text_kk if language == "kk" and made.text_kk else made.text_ru or made.text_kk


def mark_applied(*, actor: Any, decision: Decision, now: datetime) -> Decision:
    """Say that a decision was carried out, in the caller's transaction. Raises Conflict ``decision_applied`` the second time."""
    row = Decision.objects.select_for_update(of=("self",)).select_related("matter__round").get(pk=decision.pk)
    if row.applied_at is not None:
        raise Conflict("decision_applied")
    row.applied_at = now
    row.save(update_fields=["applied_at"])
    note(actor, "apply_decision", row.matter.round, row, now)
    return row


def _end_appeal(actor: Any, first: Decision, made: Decision, now: datetime) -> None:
    """The second decision answers the appeal against the first."""
    appeal = Appeal.objects.select_for_update().filter(decision=first, state=AppealState.TAKEN).first()
    if appeal is None:
        return
    new = AppealState.DISMISSED if made.verdict == first.verdict else AppealState.UPHELD
    APPEAL.check(AppealState(appeal.state), new)
    appeal.state, appeal.answer_kk, appeal.answer_ru = new, made.text_kk, made.text_ru
    appeal.answered_by, appeal.answered_at = actor, now
    appeal.save(update_fields=("state", "answer_kk", "answer_ru", "answered_by", "answered_at"))
