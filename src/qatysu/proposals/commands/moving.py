"""Changes of state: each through ``move``, which checks the table and leaves actor, time and reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from qatysu.core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from qatysu.core.regulation import Action
from qatysu.proposals import notices, reasons
from qatysu.proposals.commands.guards import lock, note, team_roles
from qatysu.proposals.commands.versions import keep_version, stems_of
from qatysu.proposals.models import PROPOSAL, REASONED_STATES, Move, Proposal, State
from qatysu.proposals.readiness import lacks
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Constitution
from qatysu.rounds.touching import locked, touch

#: These no longer count towards the limit of an author.
_GONE = (State.WITHDRAWN, State.MERGED)


def move(
    *,
    actor: Any,
    proposal: Proposal,
    new: State,
    now: datetime,
    reason_code: str = "",
    reason_text: str = "",
    merged_into: Proposal | None = None,
) -> Move:
    """Change the state of a locked proposal, with its Move, deed, and messages, inside the caller's transaction.

    Raises IllegalMove when the table has no such edge, Invalid when a needed reason is missing or unknown.
    """
    old = State(proposal.state)
    PROPOSAL.check(old, new)
    reason_text = reason_text.strip()
    if new in REASONED_STATES:
        _check_reason(new, reason_code, reason_text)
    proposal.state, proposal.changed_at, proposal.merged_into = new, now, merged_into
    proposal.save(update_fields=("state", "number", "stems", "changed_at", "merged_into"))
    made = Move.objects.create(
        proposal=proposal, old=old, new=new, reason_code=reason_code, reason_text=reason_text, actor=actor, at=now
    )
    note(actor, f"proposal_{new}", proposal, now, reason=reason_code, old=str(old), number=proposal.number)
    touch(proposal.round)
    if proposal.number is not None:
        notices.tell_move(proposal, made, now)
    return made


def _check_reason(new: State, code: str, text: str) -> None:
    if code not in reasons.BY_STATE[new]:
        raise Invalid("reason_code", field="reason_code")
    if not text:
        raise Invalid("reason_text_needed", field="reason_text")
    if len(text) > 2000:
        raise Invalid("too_long", field="reason_text", limit=2000)


def submit_proposal(*, actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    """Submit a complete draft, or one returned; gives the number. Submitting twice changes nothing the second time.

    Raises Invalid with the first lack, Conflict ``author_limit``, IllegalMove, StageClosed, NotAllowed.
    """
    with transaction.atomic():
        round_ = locked(proposal.round)
        row = lock(proposal)
        authorize(actor, Action.SUBMIT_PROPOSAL, row.round, now=now, also=team_roles(actor, row, now))
        if row.state == State.SUBMITTED:
            return row
        PROPOSAL.check(State(row.state), State.SUBMITTED)
        _check_author(row, now)
        for lack in lacks(row, row.round.constitution):
            raise Invalid(lack.reason, field=lack.field, step=lack.step)
        if row.number is None:
            highest = Proposal.objects.filter(round=round_).aggregate(n=Max("number"))["n"] or 0
            row.number = highest + 1
        row.stems = stems_of(row)
        move(actor=actor, proposal=row, new=State.SUBMITTED, now=now)
        keep_version(row, actor, now)
        return row


def _check_author(row: Proposal, now: datetime) -> None:
    """The author's age and number of proposals; the caller holds the lock of the round."""
    rules, author = row.round.constitution, row.author
    if author.birth_year and now.year - author.birth_year < rules.proposer_min_age:
        raise NotAllowed("too_young", age=rules.proposer_min_age)
    others = Proposal.objects.filter(round=row.round, author=author, number__isnull=False).exclude(pk=row.pk)
    if others.exclude(state__in=_GONE).count() >= rules.proposals_per_author:
        raise Conflict("author_limit", limit=rules.proposals_per_author)


def withdraw_proposal(*, actor: Any, proposal: Proposal, reason_code: str, reason_text: str, now: datetime) -> Proposal:
    """The captain takes it back; the reason stays public. An admitted one cannot leave a frozen ballot."""
    with transaction.atomic():
        row = lock(proposal)
        authorize(actor, Action.WITHDRAW_PROPOSAL, row.round, now=now, also=team_roles(actor, row, now))
        if row.state == State.ADMITTED and Constitution.objects.get(round_id=row.round_id).frozen_at is not None:
            raise Conflict("ballot_frozen")
        move(actor=actor, proposal=row, new=State.WITHDRAWN, now=now, reason_code=reason_code, reason_text=reason_text)
        return row


def _decide(
    actor: Any, proposal: Proposal, action: Action, new: State, now: datetime, code: str = "", text: str = ""
) -> Proposal:
    with transaction.atomic():
        if action is Action.ADMIT:
            locked(proposal.round)
        row = lock(proposal)
        authorize(actor, action, row.round, now=now)
        _check_ballot_open(row, new)
        if action in (Action.CHECK_PROPOSAL, Action.ADMIT) and row.author_id == actor.pk:
            raise NotAllowed("own_proposal")
        move(actor=actor, proposal=row, new=new, now=now, reason_code=code, reason_text=text)
        return row


def _check_ballot_open(row: Proposal, new: State) -> None:
    """A frozen ballot takes no project in and lets none out."""
    if State.ADMITTED in (row.state, new) and Constitution.objects.get(round_id=row.round_id).frozen_at is not None:
        raise Conflict("slate_frozen")


def return_proposal(*, actor: Any, proposal: Proposal, reason_code: str, reason_text: str, now: datetime) -> Proposal:
    """The Centre gives it back to the team with remarks."""
    return _decide(actor, proposal, Action.CHECK_PROPOSAL, State.RETURNED, now, reason_code, reason_text)


def accept_proposal(*, actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    """The Centre accepts it to the project sessions."""
    return _decide(actor, proposal, Action.CHECK_PROPOSAL, State.ACCEPTED, now)


def reject_proposal(*, actor: Any, proposal: Proposal, reason_code: str, reason_text: str, now: datetime) -> Proposal:
    """The Centre refuses it, with a coded reason and words for the author."""
    return _decide(actor, proposal, Action.CHECK_PROPOSAL, State.REJECTED, now, reason_code, reason_text)


def start_session(*, actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    """The team begins the project sessions."""
    return _decide(actor, proposal, Action.PREPARE_PROJECT, State.IN_SESSIONS, now)


def record_withdrawal(
    *, actor: Any, proposal: Proposal, reason_code: str, reason_text: str, now: datetime
) -> Proposal:
    """The Centre writes down that a team in the sessions has given up; the reason stays public."""
    return _decide(actor, proposal, Action.RECORD_DROPOUT, State.WITHDRAWN, now, reason_code, reason_text)


def mark_ready(*, actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    """The Centre says that the project is complete and may go to the Council. Raises Invalid with the first lack.

    A project that the Council did not admit comes back only through the Council (``reopen``): IllegalMove otherwise.
    """
    with transaction.atomic():
        row = lock(proposal)
        if row.state == State.NOT_ADMITTED:
            raise IllegalMove("council_refused", old=row.state, new=State.READY)
        for lack in lacks(row, proposal.round.constitution):
            raise Invalid(lack.reason, field=lack.field, step=lack.step)
        return _decide(actor, proposal, Action.PREPARE_PROJECT, State.READY, now)


def reopen(*, actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    """Back by one step: a ready project to the sessions (Centre), a refused one to the Council's table (Council)."""
    if proposal.state == State.NOT_ADMITTED:
        return _decide(actor, proposal, Action.ADMIT, State.READY, now)
    return _decide(actor, proposal, Action.PREPARE_PROJECT, State.IN_SESSIONS, now)


def return_for_rework(*, actor: Any, proposal: Proposal, reason_text: str, now: datetime) -> Proposal:
    """The Council gives a ready project back to the sessions; the words stand in its history."""
    if proposal.state != State.READY:
        raise IllegalMove("not_ready", old=proposal.state, new=State.IN_SESSIONS)
    return _decide(actor, proposal, Action.ADMIT, State.IN_SESSIONS, now, "", reason_text)


def admit_proposal(*, actor: Any, proposal: Proposal, now: datetime) -> Proposal:
    """The Council admits it to the vote."""
    return _decide(actor, proposal, Action.ADMIT, State.ADMITTED, now)


def disqualify(*, actor: Any, proposal: Proposal, reason_text: str, now: datetime) -> Proposal:
    """The Council takes an admitted project back before the ballot is frozen, with words for the author."""
    return _decide(actor, proposal, Action.ADMIT, State.WITHDRAWN, now, "disqualified", reason_text)


def refuse_admission(*, actor: Any, proposal: Proposal, reason_code: str, reason_text: str, now: datetime) -> Proposal:
    """The Council does not admit it, with a coded reason and words for the author."""
    return _decide(actor, proposal, Action.ADMIT, State.NOT_ADMITTED, now, reason_code, reason_text)
