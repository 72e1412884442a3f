"""The first roles of an installation are given on its own console: nobody is there yet who could invite."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from qatysu.audit.commands import record
from qatysu.core.errors import Conflict
from qatysu.core.regulation import Role
from qatysu.identity.commands import open_account
from qatysu.identity.contact import Contact
from qatysu.places.models import City
from qatysu.rounds.cities import check_slug
from qatysu.rounds.models import Membership

#: Corners of Kazakhstan, until the coordinator gives those of the town.
EVERYWHERE = {"south": 40.5, "west": 46.4, "north": 55.5, "east": 87.4}


def appoint(*, contact: Contact, city_slug: str, role: Role, name: str = "", now: datetime) -> Membership:
    """Give ``role`` in a whole city to whoever signs in with ``contact``; the city is founded when it is absent.

    ``name`` is the name of a new city in all languages until somebody edits it. Raises Invalid for an address that no
    city can have, Conflict('already_member').
    """
    check_slug(city_slug)
    with transaction.atomic():
        title = name or city_slug.capitalize()
        names = {"name_kk": title, "name_ru": title, "name_en": title}
        city, _ = City.objects.get_or_create(slug=city_slug, defaults=names | EVERYWHERE)
        account = open_account(contact=contact, language="kk", now=now)
        held = Membership.objects.filter(account=account, role=role.value, city=city, round=None)
        if held.filter(Q(until_on=None) | Q(until_on__gte=now.date())).exists():
            raise Conflict("already_member")
        row = Membership.objects.create(account=account, role=role.value, city=city, from_on=now.date())
        target = f"rounds.membership:{row.pk}"
        record(actor=None, action="appoint", now=now, place=city.slug, target=target, role=role.value)
    return row
