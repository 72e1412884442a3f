"""Who keeps the desk of a city."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from qatysu.core.errors import NotAllowed, NotFound
from qatysu.core.regulation import Action, roles_for
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.rounds.models import Membership
from qatysu.rounds.queries import active_memberships

_ROLES = tuple(str(role) for role in roles_for(Action.KEEP_DESK, None))


def keeps(account: object, city: City, now: datetime) -> bool:
    """True when the account is of the Project Centre of the city today, in all its rounds or in one; one query."""
    if not isinstance(account, Account) or not account.is_active:
        return False
    return active_memberships(account, now.date()).filter(city=city, role__in=_ROLES).exists()


def authorize_desk(actor: object, city: City, now: datetime) -> None:
    """Raises NotAllowed unless ``actor`` keeps the desk of ``city``."""
    if not keeps(actor, city, now):
        raise NotAllowed("role", action=str(Action.KEEP_DESK))


def desk_city(slug: str, account: object, now: datetime) -> City:
    """The city whose desk the account keeps. Raises NotFound for absent and foreign alike."""
    city = City.objects.filter(slug=slug).first()
    if city is None or not keeps(account, city, now):
        raise NotFound("city")
    return city


def keepers(city: City, today: date) -> tuple[Account, ...]:
    """Everybody who keeps the desk of ``city`` on ``today``, by name; one query."""
    rows = Membership.objects.filter(city=city, role__in=_ROLES, from_on__lte=today, account__is_active=True)
    ids = rows.exclude(until_on__lt=today).values("account_id")
    return tuple(Account.objects.filter(pk__in=ids).order_by("name", "pk"))


def cities_of(account: Any, now: datetime) -> tuple[City, ...]:
    """Cities whose desks the account keeps."""
    if not isinstance(account, Account):
        return ()
    ids = active_memberships(account, now.date()).filter(role__in=_ROLES).values("city_id")
    return tuple(City.objects.filter(pk__in=ids))
