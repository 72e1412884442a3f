"""Seats of the Council: named by an order, accepted by the person, ended with a reason; interests that members tell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from qatysu.core.collegial import SeatRole
from qatysu.core.collegial_interests import InterestKind
from qatysu.core.collegial_states import SEAT, SeatState
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import Action, Role
from qatysu.council import notices
from qatysu.council.commands.guards import note, words
from qatysu.council.models import Seat, SeatInterest
from qatysu.identity.models import Account
from qatysu.proposals.models import Proposal
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Membership, Round
from qatysu.rounds.queries import roles_of
from qatysu.rounds.touching import locked, touch

#: Role of a person, given with the seat: it opens the pages.
ROLE_OF = {
    SeatRole.CHAIR: Role.CHAIR,
    SeatRole.SECRETARY: Role.SECRETARY,
    SeatRole.MEMBER: Role.EXPERT,
    SeatRole.SUBSTITUTE: Role.EXPERT,
}
_LIVE = (SeatState.NAMED, SeatState.ACTIVE, SeatState.SUSPENDED)


def name_seat(
    *,
    actor: Any,
    round_: Round,
    account: Account,
    role: SeatRole,
    since_on: date,
    until_on: date | None,
    now: datetime,
    stands_in_for: Seat | None = None,
    votes: bool = True,
    deputy: int | None = None,
    organisation: str = "",
    post_kk: str = "",
    post_ru: str = "",
    basis: str = "",
) -> Seat:
    """Name a person to the Council, with the role that opens its pages. The person accepts or declines.

    Raises Invalid ``seat_term``, ``seat_stand_in``, ``seat_deputy``, ``basis_needed``; Conflict ``seat_taken`` (one seat for a
    person) or ``two_chairs``.
    """
    authorize(actor, Action.SEAT_COUNCIL, round_, now=now)
    if until_on is not None and until_on < since_on:
        raise Invalid("seat_term", field="until_on")
    if deputy is not None and (deputy < 1 or role in (SeatRole.CHAIR, SeatRole.SUBSTITUTE)):
        raise Invalid("seat_deputy", field="deputy")
    _check_stand_in(role, stands_in_for, round_, account)
    basis = words(basis, "basis", least=3, most=200)
    with transaction.atomic():
        row = locked(round_)
        live = Seat.objects.filter(round=row, state__in=_LIVE)
        if live.filter(account=account).exists():
            raise Conflict("seat_taken", field="account")
        if role is SeatRole.CHAIR and live.filter(role=SeatRole.CHAIR).exists():
            raise Conflict("two_chairs", field="role")
        seat = Seat.objects.create(
            round=row, account=account, role=role, since_on=since_on, until_on=until_on, stands_in_for=stands_in_for,
            votes=votes, deputy=deputy, organisation=organisation.strip()[:160], post_kk=post_kk.strip()[:160],
            post_ru=post_ru.strip()[:160], basis=basis, named_by=actor, named_at=now,
        )  # fmt: skip
        _give_role(row, account, ROLE_OF[role], since_on, actor)
        note(actor, "name_seat", row, seat, now, role=str(role))
        notices.tell_named(seat, now)
        touch(row)
    return seat


def _check_stand_in(role: SeatRole, principal: Seat | None, round_: Round, account: Account) -> None:
    """A substitute stands in for another person's own seat of the same round; nobody else does."""
    if (role is SeatRole.SUBSTITUTE) != (principal is not None):
        raise Invalid("seat_stand_in", field="stands_in_for")
    if principal is not None:
        is_foreign = principal.round_id != round_.pk or principal.account_id == account.pk
        if is_foreign or principal.role == SeatRole.SUBSTITUTE:
            raise Invalid("seat_stand_in", field="stands_in_for")


def _give_role(round_: Round, account: Account, role: Role, since_on: date, actor: Any) -> None:
    if role in roles_of(account, round_, since_on):
        return
    try:
        with transaction.atomic():
            Membership.objects.create(
                account=account, role=role.value, city_id=round_.city_id, round=round_, from_on=since_on, granted_by=actor
            )
    except IntegrityError:
        return  # held already, from another day on


def _lock(seat: Seat) -> Seat:
    row = Seat.objects.select_for_update(of=("self",)).select_related("round", "account").filter(pk=seat.pk).first()
    if row is None:
        raise NotFound("seat")
    return row


def _move(row: Seat, new: SeatState, **values: Any) -> None:
    SEAT.check(SeatState(row.state), new)
    row.state = new
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=("state", *values))
    touch(row.round)


def accept_seat(*, actor: Any, seat: Seat, now: datetime) -> Seat:
    """The person takes the seat. Raises NotAllowed ``not_yours`` for anybody else, IllegalMove."""
    return _answer(actor, seat, SeatState.ACTIVE, "accept_seat", now)


def decline_seat(*, actor: Any, seat: Seat, now: datetime) -> Seat:
    """The person does not take the seat; the role is taken back."""
    return _answer(actor, seat, SeatState.DECLINED, "decline_seat", now)


@transaction.atomic
def _answer(actor: Any, seat: Seat, new: SeatState, action: str, now: datetime) -> Seat:
    row = _lock(seat)
    if row.account_id != getattr(actor, "pk", None):
        raise NotAllowed("not_yours")
    _move(row, new)
    if new == SeatState.DECLINED:
        _take_role(row, now)
    note(actor, action, row.round, row, now)
    return row


@transaction.atomic
def suspend_seat(*, actor: Any, seat: Seat, reason: str, now: datetime) -> Seat:
    """The seat neither votes nor counts until it is restored. Raises Invalid without a reason."""
    row = _lock(seat)
    authorize(actor, Action.SEAT_COUNCIL, row.round, now=now)
    reason = words(reason, "reason", least=5, most=300)
    _move(row, SeatState.SUSPENDED)
    note(actor, "suspend_seat", row.round, row, now, reason)
    return row


@transaction.atomic
def restore_seat(*, actor: Any, seat: Seat, now: datetime) -> Seat:
    """A suspended seat votes again."""
    row = _lock(seat)
    authorize(actor, Action.SEAT_COUNCIL, row.round, now=now)
    _move(row, SeatState.ACTIVE)
    note(actor, "restore_seat", row.round, row, now)
    return row


@transaction.atomic
def end_seat(*, actor: Any, seat: Seat, reason: str, now: datetime) -> Seat:
    """End a seat for good, with a reason; who comes back gets a new one."""
    row = _lock(seat)
    if row.account_id != getattr(actor, "pk", None):
        authorize(actor, Action.SEAT_COUNCIL, row.round, now=now)
    reason = words(reason, "reason", least=5, most=300)
    _move(row, SeatState.ENDED, end_reason=reason)
    _take_role(row, now)
    note(actor, "end_seat", row.round, row, now, reason)
    return row


def _take_role(row: Seat, now: datetime) -> None:
    """End the membership that came with the seat: the one of this round, not one of the whole city."""
    role = ROLE_OF[SeatRole(row.role)]
    rows = Membership.objects.filter(account=row.account, role=role.value, round=row.round, until_on=None)
    for membership in rows:
        membership.until_on = max(membership.from_on, now.date())
        membership.save(update_fields=["until_on"])


@transaction.atomic
def tell_interest(
    *, actor: Any, seat: Seat, kind: InterestKind, detail: str, now: datetime, proposal: Proposal | None = None
) -> SeatInterest:
    """A member tells a relative's full name, an employer, or an interest in one project (then ``proposal``).

    Raises NotAllowed ``not_yours``, Invalid ``interest_kind``, ``interest_project``, ``text_needed``.
    """
    row = _lock(seat)
    if row.account_id != getattr(actor, "pk", None):
        raise NotAllowed("not_yours")
    if kind not in (InterestKind.RELATIVE, InterestKind.EMPLOYER, InterestKind.DECLARED_OTHER):
        raise Invalid("interest_kind", field="kind")
    if (kind is InterestKind.DECLARED_OTHER) != (proposal is not None):
        raise Invalid("interest_project", field="proposal")
    if proposal is not None and proposal.round_id != row.round_id:
        raise NotFound("proposal")
    told = SeatInterest.objects.create(
        seat=row, kind=kind, proposal=proposal, detail=words(detail, "detail", least=3, most=300), told_at=now
    )
    note(actor, "tell_interest", row.round, row, now, kind=str(kind))
    return told


@transaction.atomic
def end_interest(*, actor: Any, interest: SeatInterest, now: datetime) -> SeatInterest:
    """A member says that an interest is over; the row stays."""
    row = SeatInterest.objects.select_for_update(of=("self",)).select_related("seat__round").get(pk=interest.pk)
    if row.seat.account_id != getattr(actor, "pk", None):
        raise NotAllowed("not_yours")
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
        note(actor, "end_interest", row.seat.round, row.seat, now, kind=row.kind)
    return row
