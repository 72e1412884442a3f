"""Staff roles are given by invitation: a link that one signed-in person may use once within seven days."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound
from qatysu.core.regulation import STAFF_ROLES, Action, Role
from qatysu.identity.contact import Contact
from qatysu.identity.models import Account
from qatysu.identity.queries import account_by_contact
from qatysu.outbox.commands import deliver_soon, enqueue
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Invitation, Membership, Round
from qatysu.rounds.queries import city_roles
from qatysu.rounds.role_names import ROLE_NAMES
from qatysu.ui.templatetags.ui import in_language
from qatysu.vault import keyed_hash

LIFE = timedelta(days=7)


def invite_staff(
    *, actor: Account, round_: Round, contact: Contact, role: Role, whole_city: bool, now: datetime
) -> tuple[Invitation, str]:
    """Invite whoever reads ``contact`` to ``role`` in the round, or in its whole city. Returns the row and the token.

    Raises NotAllowed (also for a whole city when the actor's own role is bound to one round), Invalid('role').
    """
    authorize(actor, Action.INVITE_STAFF, round_, now=now)
    if role not in STAFF_ROLES:
        raise Invalid("role", field="role")
    if whole_city and Role.COORDINATOR not in city_roles(actor, round_.city_id, now.date()):
        raise NotAllowed("role", action=str(Action.INVITE_STAFF))
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = Invitation.objects.create(
            token_hash=_hash(token),
            role=role.value,
            city=round_.city,
            round=None if whole_city else round_,
            invited_by=actor,
            invited_at=now,
            expires_at=now + LIFE,
        )
        subject, body = _letter(row, token, contact)
        key = f"invitation:{row.pk}"
        enqueue(
            channel=contact.channel.value,
            address=contact.value,
            subject=subject,
            body=body,
            dedupe_key=key,
            now=now,
            expires_at=row.expires_at,
        )
        deliver_soon(dedupe_key=key, now=now)
        _record(actor, "invite_staff", row, now)
    return row, token


def invitation_by_token(token: str) -> Invitation:
    """The invitation of this link, whatever its state. Raises NotFound."""
    rows = Invitation.objects.select_related("city", "round__city", "invited_by")
    found = rows.filter(token_hash=_hash(token)).first()
    if found is None:
        raise NotFound("invitation")
    return found


def is_open(invitation: Invitation, *, now: datetime) -> bool:
    """True while it may still be accepted."""
    return invitation.accepted_at is None and invitation.expires_at > now


def accept_invitation(*, actor: Account, token: str, now: datetime) -> Membership:
    """Give ``actor`` the role. Raises NotFound, Conflict('invitation_over' | 'already_member'), NotAllowed('own')."""
    invitation = invitation_by_token(token)
    if invitation.invited_by_id == actor.pk:
        raise NotAllowed("own_invitation")
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.pk)
        spent = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, expires_at__gt=now)
        if not spent.update(accepted_by=actor, accepted_at=now):
            raise Conflict("invitation_over")
        held = Membership.objects.filter(
            account=actor, role=invitation.role, city=invitation.city_id, round=invitation.round
        )
        if held.filter(Q(until_on=None) | Q(until_on__gte=now.date())).exists():
            raise Conflict("already_member")
        membership = Membership.objects.create(
            account=actor,
            role=invitation.role,
            city_id=invitation.city_id,
            round_id=invitation.round_id,
            from_on=now.date(),
            granted_by_id=invitation.invited_by_id,
        )
        _record(actor, "accept_invitation", invitation, now)
    return membership


def end_membership(*, actor: Account, round_: Round, membership_id: int, until_on: date, now: datetime) -> Membership:
    """Let a role end after the day ``until_on``. Raises NotAllowed, NotFound, Invalid('until_on'),
    Conflict('last_coordinator') when nobody could invite any more.
    """
    authorize(actor, Action.INVITE_STAFF, round_, now=now)
    with transaction.atomic():
        in_scope = Membership.objects.select_for_update(of=("self",)).filter(city_id=round_.city_id)
        rows = in_scope.filter(Q(round=None) | Q(round=round_))
        row = rows.filter(pk=membership_id).first()
        if row is None:
            raise NotFound("membership")
        if row.round_id is None and Role.COORDINATOR not in city_roles(actor, round_.city_id, now.date()):
            raise NotAllowed("role", action=str(Action.INVITE_STAFF))
        if until_on < row.from_on:
            raise Invalid("until_on", field="until_on", earliest=row.from_on)
        others = rows.filter(role=Role.COORDINATOR.value, until_on=None).exclude(pk=row.pk)
        if row.role == Role.COORDINATOR.value and not others.exists():
            raise Conflict("last_coordinator")
        row.until_on = until_on
        row.save(update_fields=["until_on"])
        target = f"rounds.membership:{row.pk}"
        record(actor=actor, action="end_membership", now=now, place=str(round_), target=target, role=row.role)
    return row


def end_all_memberships(*, account: Account, now: datetime) -> int:
    """End every role of a person who leaves the portal, with the day before ``now``. Returns how many there were."""
    yesterday = now.date() - timedelta(days=1)
    with transaction.atomic():
        running = Membership.objects.filter(account=account).filter(Q(until_on=None) | Q(until_on__gt=yesterday))
        begun = running.filter(from_on__lte=yesterday).update(until_on=yesterday)
        # A role that began today cannot have ended before it began; the closed account holds none anyway.
        return begun + running.filter(from_on__gt=yesterday).delete()[0]


def _hash(token: str) -> str:
    return keyed_hash("invitation", token)


def _record(actor: Account, action: str, row: Invitation, now: datetime) -> None:
    place = str(row.round) if row.round is not None else row.city.slug
    record(actor=actor, action=action, now=now, place=place, target=f"rounds.invitation:{row.pk}", role=row.role)


def _letter(row: Invitation, token: str, contact: Contact) -> tuple[str, str]:
    known = account_by_contact(contact)
    with override(known.language if known else get_language()):
        words = {
            "role": str(ROLE_NAMES[Role(row.role)]),
            "city": in_language(row.city, "name"),
            "link": settings.ORIGIN + reverse("invitation", kwargs={"token": token}),
        }
        subject = _("Invitation to the participatory budget of %(city)s") % words
        body = _("You are invited as: %(role)s, %(city)s. Open the link within 7 days, sign in and accept: %(link)s")
        return subject, body % words
