"""Votes of the Council: a draft decision is put, voices are given, the outcome is computed by ``core.collegial``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from qatysu.core import collegial
from qatysu.core.collegial import Outcome, Voice
from qatysu.core.collegial_choice import ChoiceOutcome, choose
from qatysu.core.collegial_interests import CERTAIN, InterestKind
from qatysu.core.errors import Conflict, Invalid
from qatysu.core.regulation import Action
from qatysu.council.commands.deciding import decide_matter
from qatysu.council.commands.guards import note, open_item, open_poll, words
from qatysu.council.models import AgendaItem, MatterKind, Meeting, Poll, PollVote, Recusal, Seat, Verdict
from qatysu.council.queries.seats import bench_of, body_rules, day_of, found_conflicts, meeting_day, seats_of
from qatysu.proposals.models import Proposal
from qatysu.proposals.reasons import NOT_ADMIT
from qatysu.rounds.authorize import authorize

#: Which verdicts a matter can end with.
VERDICTS: dict[str, tuple[Verdict, ...]] = {
    MatterKind.ADMISSION: (Verdict.ADMIT, Verdict.REWORK, Verdict.NOT_ADMIT, Verdict.MERGE),
    MatterKind.TIE: (Verdict.CHOOSE,),
    MatterKind.DISPUTE: (Verdict.APPROVE, Verdict.DECLINE, Verdict.CHOOSE),
    MatterKind.MONEY: (Verdict.APPROVE, Verdict.DECLINE, Verdict.CHOOSE),
    MatterKind.OTHER: (Verdict.APPROVE, Verdict.DECLINE, Verdict.CHOOSE),
}
_PLAIN = (Verdict.APPROVE, Verdict.DECLINE)
_CHOSEN = {
    ChoiceOutcome.CHOSEN: Outcome.ADOPTED,
    ChoiceOutcome.TIED: Outcome.TIED,
    ChoiceOutcome.NO_MAJORITY: Outcome.NOT_ADOPTED,
    ChoiceOutcome.NO_QUORUM: Outcome.NO_QUORUM,
}


@transaction.atomic
def recuse(*, actor: Any, item: AgendaItem, seat: Seat, kind: InterestKind, text: str, now: datetime) -> Recusal:
    """A member stands aside on one item, or the secretary writes it down. Twice changes nothing.

    Raises Conflict ``recusal_late`` after the member's voice in an open question, Invalid ``seat_not_in_office``.
    """
    row = open_item(item)
    if seat.account_id == getattr(actor, "pk", None):
        authorize(actor, Action.SIT_IN_COUNCIL, row.meeting.round, now=now)
    else:
        authorize(actor, Action.KEEP_COUNCIL, row.meeting.round, now=now)
    if seat.pk not in {one.pk for one in seats_of(row.meeting.round, meeting_day(row.meeting))}:
        raise Invalid("seat_not_in_office", field="seat")
    if PollVote.objects.filter(poll__item=row, poll__closed_at=None, seat=seat).exists():
        raise Conflict("recusal_late")
    return _recuse(row, seat, kind, words(text, "text", least=0, most=300), actor, now, is_detected=False)


def _recuse(
    item: AgendaItem, seat: Seat, kind: InterestKind, text: str, actor: Any, now: datetime, *, is_detected: bool
) -> Recusal:
    made, is_new = Recusal.objects.get_or_create(
        item=item, seat=seat,
        defaults={"kind": kind, "text": text, "is_detected": is_detected, "recorded_by": actor, "at": now},
    )  # fmt: skip
    if is_new:
        note(actor, "recuse", item.meeting.round, item, now, seat=seat.pk, kind=str(kind), is_detected=is_detected)
    return made


@transaction.atomic
def put_question(
    *,
    actor: Any,
    item: AgendaItem,
    verdict: Verdict,
    now: datetime,
    reasons: Sequence[str] = (),
    text_kk: str = "",
    text_ru: str = "",
    rework_until: date | None = None,
    options: Sequence[str] = (),
    target: Proposal | None = None,
) -> Poll:
    """Put a draft decision to the vote. Members with a certain conflict are recused by this.

    Raises Conflict ``poll_open``; Invalid ``verdict``, ``reason_code``, ``text_needed``, ``rework_day``, ``options``,
    ``merge_target``; StageClosed where a project cannot be admitted now.
    """
    row = open_item(item)
    round_ = row.meeting.round
    authorize(actor, Action.KEEP_COUNCIL, round_, now=now)
    if row.matter.kind == MatterKind.ADMISSION:
        authorize(actor, Action.ADMIT, round_, now=now)
    if row.polls.filter(closed_at=None).exists():
        raise Conflict("poll_open")
    _check_draft(row, verdict, reasons, rework_until, options, target, day_of(round_, now))
    is_refusal = verdict in (Verdict.NOT_ADMIT, Verdict.REWORK)
    poll = Poll.objects.create(
        item=row, position=(row.polls.aggregate(n=Max("position"))["n"] or 0) + 1, verdict=verdict, reasons=list(reasons),
        text_kk=words(text_kk, "text_kk", least=5 if is_refusal else 0, most=2000),
        text_ru=words(text_ru, "text_ru", least=5 if is_refusal else 0, most=2000),
        rework_until=rework_until if verdict == Verdict.REWORK else None, options=list(options), target=target,
        opened_by=actor, opened_at=now,
    )  # fmt: skip
    _recuse_certain(row, actor, now)
    note(actor, "put_question", round_, poll, now, matter=row.matter.number, verdict=str(verdict))
    return poll


def _check_draft(
    item: AgendaItem, verdict: Verdict, reasons: Sequence[str], rework_until: date | None, options: Sequence[str],
    target: Proposal | None, today: date,
) -> None:
    if verdict not in VERDICTS.get(item.matter.kind, _PLAIN):
        raise Invalid("verdict", field="verdict")
    if (verdict == Verdict.NOT_ADMIT and not reasons) or any(code not in NOT_ADMIT for code in reasons):
        raise Invalid("reason_code", field="reasons")
    if verdict == Verdict.REWORK and (rework_until is None or rework_until <= today):
        raise Invalid("rework_day", field="rework_until")
    if verdict == Verdict.CHOOSE and (len(set(options)) < 2 or len(set(options)) != len(options) or not all(options)):
        raise Invalid("options", field="options")
    own = item.matter.proposal_id
    if verdict == Verdict.MERGE and (target is None or target.pk == own or target.round_id != item.matter.round_id):
        raise Invalid("merge_target", field="target")


def _recuse_certain(item: AgendaItem, actor: Any, now: datetime) -> None:
    """Authors, team members and those who told of an interest in this project do not vote on it."""
    proposal = item.matter.proposal
    if proposal is None:
        return
    for seat in seats_of(item.meeting.round, meeting_day(item.meeting)):
        certain = next((one for one in found_conflicts(seat, proposal) if one.kind in CERTAIN), None)
        if certain is not None:
            _recuse(item, seat, certain.kind, certain.detail, actor, now, is_detected=True)


@transaction.atomic
def cast_voice(
    *, actor: Any, poll: Poll, seat: Seat, voice: str, now: datetime, dissent: str = "", language: str = ""
) -> PollVote:
    """One voice. A member gives their own; the secretary enters a show of hands, but never another word for one that is there.

    ``voice`` is for, against or abstain; of a choice an option or ''. Raises NotAllowed, Conflict ``voice_given``, ``poll_closed``,
    ``meeting_in_past`` (a reply by correspondence after its term), Invalid with the codes of ``core.collegial.decide``.
    """
    row = open_poll(poll)
    meeting = row.item.meeting
    is_own = seat.account_id == getattr(actor, "pk", None)
    is_letter = meeting.kind == Meeting.Kind.CORRESPONDENCE
    authorize(actor, Action.SIT_IN_COUNCIL if is_own else Action.KEEP_COUNCIL, meeting.round, now=now)
    if is_letter and now >= meeting.ends_at:
        raise Conflict("meeting_in_past")
    allowed = {*row.options, ""} if row.verdict == Verdict.CHOOSE else set(Voice)
    if voice not in allowed:
        raise Invalid("voice", field="voice")
    given = {str(pk) for pk in row.votes.values_list("seat_id", flat=True)}
    if str(seat.pk) in given:
        raise Conflict("voice_given")
    voted = given | {str(seat.pk)} if is_letter else given
    bench = bench_of(meeting, row.item, voted=voted)
    try:
        collegial.check_votes(bench.seats, bench.present, bench.recused, [str(seat.pk)])
    except Invalid as refusal:
        # By correspondence a substitute may answer before the member does: ``collegial.replies`` sets it aside at the end.
        if not (is_letter and refusal.reason == "vote_counted_twice"):
            raise
    dissent = words(dissent, "dissent", least=0, most=2000)
    if dissent and language not in ("kk", "ru", "en"):
        raise Invalid("language", field="language")
    try:
        with transaction.atomic():
            return PollVote.objects.create(
                poll=row, seat=seat, voice=voice, dissent=dissent, dissent_language=language if dissent else "", at=now,
                entered_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("voice_given") from error


@transaction.atomic
def cast_rest(*, actor: Any, poll: Poll, voice: str, now: datetime) -> int:
    """A show of hands in one go: ``voice`` for everybody who is there, may vote and has not; how many that were.

    Only for a sitting, and not for choices: whoever differs is written down before. Raises Conflict ``not_a_sitting`` and as
    ``cast_voice``.
    """
    row = open_poll(poll)
    meeting = row.item.meeting
    authorize(actor, Action.KEEP_COUNCIL, meeting.round, now=now)
    if meeting.kind != Meeting.Kind.SITTING or row.verdict == Verdict.CHOOSE:
        raise Conflict("not_a_sitting")
    given = set(row.votes.values_list("seat_id", flat=True))
    bench = bench_of(meeting, row.item, voted=[str(pk) for pk in given])
    able = {seat.id for seat in collegial.voters(bench.seats, bench.present, bench.recused)}
    rest = [seat for seat in seats_of(meeting.round, meeting_day(meeting)) if str(seat.pk) in able and seat.pk not in given]
    for seat in rest:
        cast_voice(actor=actor, poll=row, seat=seat, voice=voice, now=now)
    return len(rest)


@transaction.atomic
def close_poll(*, actor: Any, poll: Poll, now: datetime) -> Poll:
    """Count, keep the outcome for good, and, when the draft is adopted, make it the Council's decision and carry it out.

    A vote by correspondence closes when everybody answered or its term is over. Raises Conflict ``replies_open``, NotAllowed.
    """
    row = open_poll(poll)
    meeting = row.item.meeting
    authorize(actor, Action.KEEP_COUNCIL, meeting.round, now=now)
    rules = body_rules(meeting.round.constitution)
    votes = {str(pk): voice for pk, voice in row.votes.values_list("seat_id", "voice")}
    bench = bench_of(meeting, row.item, voted=votes.keys())
    if meeting.kind == Meeting.Kind.CORRESPONDENCE:
        votes = collegial.replies(rules, bench.seats, bench.recused, votes)
        missing = collegial.quorum(rules, bench.seats, votes.keys(), bench.recused)
        if now < meeting.ends_at and missing.present + len(bench.recused) < missing.seats:
            raise Conflict("replies_open")
        bench = bench_of(meeting, row.item, voted=votes.keys())
    args = (rules, bench.seats, bench.present, bench.recused)
    if row.verdict == Verdict.CHOOSE:
        choice = choose(*args, {one: voice or None for one, voice in votes.items()}, row.options)
        row.outcome, row.chosen = _CHOSEN[choice.outcome], choice.option or ""
        row.counts = _counts(choice, options=dict(choice.counts))
    else:
        found = collegial.decide(*args, {one: Voice(voice) for one, voice in votes.items()})
        row.outcome = found.outcome
        row.counts = _counts(found, for_=found.for_, against=found.against)
    row.closed_at = now
    row.save(update_fields=("outcome", "chosen", "counts", "closed_at"))
    note(actor, "close_poll", meeting.round, row, now, outcome=str(row.outcome), **_told(row.counts))
    if row.outcome == Outcome.ADOPTED:
        decide_matter(actor, row, now)
    return row


def _counts(found: Any, **more: Any) -> dict[str, Any]:
    return {
        "seats": found.quorum.seats, "quorum": found.quorum.needed, "present": found.quorum.present,
        "abstained": found.abstained, "not_voted": found.not_voted, "recused": found.recused, "needed": found.needed,
        "chair_decided": found.chair_decided, **more,
    }  # fmt: skip


def _told(counts: dict[str, Any]) -> dict[str, Any]:
    return {name: counts[name] for name in ("for_", "against", "abstained", "present") if name in counts}


@transaction.atomic
def cancel_poll(*, actor: Any, poll: Poll, reason: str, now: datetime) -> Poll:
    """Close a question without a count: its wording was wrong. Its voices stay on record."""
    row = open_poll(poll)
    authorize(actor, Action.KEEP_COUNCIL, row.item.meeting.round, now=now)
    reason = words(reason, "reason", least=5, most=300)
    row.outcome, row.closed_at = "cancelled", now
    row.save(update_fields=("outcome", "closed_at"))
    note(actor, "cancel_poll", row.item.meeting.round, row, now, reason)
    return row

