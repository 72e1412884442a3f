"""Writes: ask for an act of two people, confirm it, decline it, take it back; and the hourly look at every ballot box."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from qatysu.audit.commands import record
from qatysu.ballots import logs
from qatysu.ballots.models import Slate
from qatysu.bulletin import commands as bulletin
from qatysu.bulletin.errors import Busy
from qatysu.bulletin.models import Log
from qatysu.core.errors import Conflict, Invalid, NotAllowed, StageClosed
from qatysu.core.regulation import Stage
from qatysu.identity.models import Account
from qatysu.motions import queries
from qatysu.motions.executing import carry_out, check
from qatysu.motions.kinds import BALLOT, RULES, VOTING, Kind
from qatysu.motions.models import BoxCheck, Motion
from qatysu.motions.people import mark_of
from qatysu.motions.targets import get_ballot
from qatysu.rounds.models import Round, RoundStage, StagePause
from qatysu.rounds.touching import locked, touch

_log = logging.getLogger(__name__)
_DIGEST = re.compile(r"[0-9a-f]{64}")
LONGEST_PROTOCOL = 60
#: How often a box is compared as a whole: it reads every entry and every file.
EVERY = timedelta(hours=1)


def propose_on_ballot(
    *, actor: Account, round_: Round, kind: Kind, handle: str, attempt: int, reason: str, text: str, protocol: str, now: datetime,
    document: str = "",
) -> Motion:
    """Ask that a ballot be annulled or reinstated. ``reason`` is a code of the manifest, ``document`` a SHA-256 or ''.

    Raises NotAllowed, StageClosed, Invalid (the fields, ``ballot_unknown``), Conflict: ``annulled_already``, ``not_annulled``,
    ``ballots_opened``, ``motion_waits``.
    """
    if kind not in BALLOT:
        raise Invalid("motion_kind")
    seen = get_ballot(round_, handle, attempt)
    payload = {"b": seen.handle, "n": seen.attempt}
    motion = Motion(round=round_, kind=kind, target=f"{seen.handle}/{seen.attempt}", payload=payload, reason=reason)
    return _propose(motion, actor, text, protocol, document, now)


def propose_on_voting(
    *, actor: Account, round_: Round, kind: Kind, text: str, protocol: str, document: str, now: datetime, last_day: date | None = None
) -> Motion:
    """Ask that voting be extended (to the end of ``last_day``), closed, paused, resumed or opened.

    Raises NotAllowed, Invalid, and Conflict when the state of the stage does not allow it, or one such motion waits.
    """
    if kind not in VOTING.values():
        raise Invalid("motion_kind")
    if kind is Kind.VOTING_EXTEND and last_day is None:
        raise Invalid("not_later", field="last_day")
    payload = {"last_day": str(last_day)} if kind is Kind.VOTING_EXTEND else {}
    return _propose(Motion(round=round_, kind=kind, target=str(kind), payload=payload), actor, text, protocol, document, now)


def propose_key_end(*, actor: Account, round_: Round, text: str, protocol: str, document: str, now: datetime) -> Motion:
    """Ask that the destruction of the keys be recorded; the key helper destroys them once that entry is sealed.

    Raises Conflict ``result_not_approved`` before the Council approved.
    """
    motion = Motion(round=round_, kind=Kind.KEYS_DESTROYED, target=str(Kind.KEYS_DESTROYED))
    return _propose(motion, actor, text, protocol, document, now)


def propose_amendment(
    *, actor: Account, round_: Round, values: Mapping[str, Any], text: str, protocol: str, document: str, now: datetime
) -> Motion:
    """Ask that frozen rules be changed; ``values`` may hold any of ``rounds.amending.AMENDABLE``.

    Raises Conflict ``rules_not_frozen``; Invalid ``not_amendable``, ``nothing_changes``, what contradicts itself, and the fields.
    """
    motion = Motion(round=round_, kind=Kind.RULES_AMEND, target=str(Kind.RULES_AMEND), payload={"values": dict(values)})
    return _propose(motion, actor, text, protocol, document, now)


def propose_project_out(
    *, actor: Account, round_: Round, code: str, text: str, protocol: str, document: str, now: datetime
) -> Motion:
    """Ask that a project be taken out of the count after the Council has disqualified it.

    Raises Invalid ``project_unknown``, Conflict as ``disqualifying.check``.
    """
    motion = Motion(round=round_, kind=Kind.PROJECT_OUT, target=f"{Kind.PROJECT_OUT}/{code}"[:40], payload={"code": code})
    return _propose(motion, actor, text, protocol, document, now)


def _propose(motion: Motion, actor: Account, text: str, protocol: str, document: str, now: datetime) -> Motion:
    rule = RULES[Kind(motion.kind)]
    motion.proposed_as = mark_of(actor, rule.propose, motion.round, now)
    motion.proposed_by, motion.proposed_at = actor, now
    motion.text, motion.protocol, motion.document = text.strip(), " ".join(protocol.split()), document.strip().lower()
    _check_words(motion, rule.needs_document)
    with transaction.atomic():
        round_ = locked(motion.round)
        check(motion, round_, now)
        if Motion.objects.filter(round=round_, target=motion.target, state=Motion.State.PROPOSED).exists():
            raise Conflict("motion_waits")
        motion.save(force_insert=True)
        _record("propose_motion", motion, actor, now)
        touch(round_)
    return motion


def _check_words(motion: Motion, needs_document: bool) -> None:
    if not 5 <= len(motion.text) <= 500:
        raise Invalid("reason", field="text")
    if not motion.protocol or len(motion.protocol) > LONGEST_PROTOCOL or not motion.protocol.isprintable():
        raise Invalid("protocol_missing", field="protocol")
    if (needs_document or motion.document) and not _DIGEST.fullmatch(motion.document):
        raise Invalid("document_missing", field="document")


@transaction.atomic
def confirm(*, actor: Account, motion: Motion, now: datetime) -> Motion:
    """Agree as the second person: the act is done and its entry written, in one transaction. Returns the decided motion.

    Raises NotAllowed ``second_person`` for the proposer, NotAllowed, StageClosed, Conflict ``motion_decided`` when somebody was
    faster, ``proposer_left`` when the proposer lost the role, what else stands against it, and LogRefusal.
    """
    round_, row = _begin(motion)
    rule = RULES[Kind(row.kind)]
    if row.proposed_by_id == actor.pk:
        raise NotAllowed("second_person", action=str(rule.confirm))
    row.decided_as = mark_of(actor, rule.confirm, round_, now)
    marks = (_mark_of_proposer(row, round_, now), row.decided_as)
    row.leaf = carry_out(row, round_, second=actor, marks=marks, now=now)
    row.state, row.decided_by, row.decided_at = Motion.State.CONFIRMED, actor, now
    row.save(update_fields=["state", "decided_by", "decided_as", "decided_at", "leaf"])
    _record("confirm_motion", row, actor, now)
    touch(round_)
    return row


def _mark_of_proposer(motion: Motion, round_: Round, now: datetime) -> str:
    try:
        return mark_of(motion.proposed_by, RULES[Kind(motion.kind)].propose, round_, now)
    except StageClosed:
        raise
    except NotAllowed:
        raise Conflict("proposer_left") from None


@transaction.atomic
def decline(*, actor: Account, motion: Motion, answer: str, now: datetime) -> Motion:
    """Refuse as the second person, with words for the proposer; nothing else is changed. Raises as ``confirm``."""
    round_, row = _begin(motion)
    rule = RULES[Kind(row.kind)]
    if row.proposed_by_id == actor.pk:
        raise NotAllowed("second_person", action=str(rule.confirm))
    row.decided_as = mark_of(actor, rule.confirm, round_, now)
    row.answer = answer.strip()
    if not 5 <= len(row.answer) <= 500:
        raise Invalid("reason", field="answer")
    row.state, row.decided_by, row.decided_at = Motion.State.DECLINED, actor, now
    row.save(update_fields=["state", "decided_by", "decided_as", "decided_at", "answer"])
    _record("decline_motion", row, actor, now)
    touch(round_)
    return row


@transaction.atomic
def withdraw(*, actor: Account, motion: Motion, now: datetime) -> Motion:
    """Take one's own motion back. Raises NotAllowed for anybody else, Conflict once it is decided."""
    round_, row = _begin(motion)
    if row.proposed_by_id != actor.pk:
        raise NotAllowed("role")
    row.state, row.decided_at = Motion.State.WITHDRAWN, now
    row.save(update_fields=["state", "decided_at"])
    _record("withdraw_motion", row, actor, now)
    touch(round_)
    return row


def _begin(motion: Motion) -> tuple[Round, Motion]:
    """The round, then the motion, both locked: of two people who decide at once the second one finds it decided."""
    round_ = locked(motion.round)
    row = Motion.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=motion.pk)
    if row.state != Motion.State.PROPOSED:
        raise Conflict("motion_decided")
    return round_, row


def _record(action: str, motion: Motion, actor: Any, now: datetime) -> None:
    record(
        actor=actor, action=action, now=now, place=str(motion.round), target=f"motions.motion:{motion.pk}", reason=motion.text,
        kind=str(motion.kind), code=motion.reason, protocol=motion.protocol, document=motion.document, leaf=motion.leaf,
    )


@transaction.atomic
def follow_log(*, round_: Round, now: datetime) -> bool:
    """Give voting the window and the pauses that the log says; False when they agree already. For the operator, after a recovery.

    An old backup forgets what two people have decided since; the log does not.
    """
    row_round = locked(round_)
    window = queries.logged_window(row_round)
    if window is None or not queries.window_mismatch(row_round):
        return False
    slate = Slate.objects.get(round=row_round)
    row, _ = RoundStage.objects.update_or_create(
        round=row_round, stage=Stage.VOTING, defaults={"opens_at": window.opens, "closes_at": window.closes}
    )
    row.pauses.filter(from_at__gt=slate.frozen_at).delete()
    for start, end in window.pauses:
        StagePause.objects.create(stage=row, from_at=start, until_at=end)
    record(
        actor=None, action="follow_log", now=now, place=str(row_round), target=f"rounds.stage:{Stage.VOTING}",
        opens=str(window.opens), closes=str(window.closes), pauses=len(window.pauses),
    )
    touch(row_round)
    return True


def watch(now: datetime) -> int:
    """Compare each open log with its files, at most once an hour each; returns how many were compared.

    What is found marks the log (it signs nothing more) and is kept for the banner. A log at which a sequencer is at work, or whose
    files cannot be reached, is compared at the next call.
    """
    return sum(_watched(each, now) for each in Log.objects.filter(frozen_at=None).order_by("pk"))


def _watched(box: Log, now: datetime) -> bool:
    before = BoxCheck.objects.filter(log=box).first()
    if not _claim(box, before, now):
        return False
    try:
        found = bulletin.self_check(box, logs.storage_of(box))
    except (Busy, OSError) as trouble:
        # Given back: the sequencer was at work, or the storage was away. The next call looks again.
        if not isinstance(trouble, Busy):
            _log.error("ballot box %s: the files cannot be read: %s", box.origin, type(trouble).__name__)
        BoxCheck.objects.filter(log=box).update(checked_at=before.checked_at if before is not None else now - EVERY)
        return False
    round_ = logs.round_of(box)
    codes = queries.log_findings(round_) if round_ is not None else []
    BoxCheck.objects.filter(log=box).update(findings=[*found, *codes])
    for finding in (*found, *codes):
        _log.error("ballot box %s: %s", box.origin, finding)
    return True


def _claim(box: Log, before: BoxCheck | None, now: datetime) -> bool:
    """Whether this process is to look at the box now: of several workers one gets it."""
    if before is not None:
        due = BoxCheck.objects.filter(pk=before.pk, checked_at=before.checked_at, checked_at__lte=now - EVERY)
        return bool(due.update(checked_at=now))
    try:
        with transaction.atomic():
            BoxCheck.objects.create(log=box, checked_at=now)
    except IntegrityError:
        return False
    return True
