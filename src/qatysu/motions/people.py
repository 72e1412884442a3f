"""Who may agree to a motion, and how the log names people: by role and number of the membership, never by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from qatysu.core.errors import NotAllowed
from qatysu.core.regulation import Action, Role, roles_for, stages_for
from qatysu.identity.models import Account
from qatysu.rounds.authorize import authorize
from qatysu.rounds.models import Membership, Round


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may decide, with the role that gives the right."""

    account: Account
    role: Role


def roles_of_action(action: Action) -> tuple[Role, ...]:
    """Roles that may do ``action`` in some stage, in the order of the regulation."""
    found: set[Role] = set()
    for stage in stages_for(action):
        found |= roles_for(action, stage)
    return tuple(role for role in Role if role in found)


def _posts(round_: Round, roles: Iterable[Role], now: datetime) -> list[Membership]:
    today = now.date()
    rows = Membership.objects.filter(city_id=round_.city_id, role__in=[str(role) for role in roles], from_on__lte=today)
    rows = rows.filter(Q(round=None) | Q(round=round_)).filter(Q(until_on=None) | Q(until_on__gte=today))
    return list(rows.filter(account__is_active=True).select_related("account").order_by("pk"))


def mark_of(actor: Account, action: Action, round_: Round, now: datetime) -> str:
    """``<role>-<membership id>`` of the membership that lets ``actor`` do ``action``. Raises NotAllowed or StageClosed."""
    authorize(actor, action, round_, now=now)
    allowed = roles_of_action(action)
    held = [post for post in _posts(round_, allowed, now) if post.account_id == actor.pk]
    if not held:
        raise NotAllowed("role", action=str(action))
    # One person may hold several roles: the log names the one that stands first in the regulation.
    post = min(held, key=lambda each: (allowed.index(Role(each.role)), each.pk))
    return f"{post.role}-{post.pk}"


def may_decide(round_: Round, action: Action, *, without: int, now: datetime) -> tuple[Person, ...]:
    """People who may decide, the proposer (account ``without``) left out; each once."""
    found: dict[int, Person] = {}
    for post in _posts(round_, roles_of_action(action), now):
        if post.account_id != without:
            found.setdefault(post.account_id, Person(post.account, Role(post.role)))
    return tuple(found.values())


