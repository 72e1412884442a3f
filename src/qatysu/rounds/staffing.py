"""Who holds which role: reads for the people page, the cabinet and the demonstration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise

from qatysu.core.regulation import Role
from qatysu.identity.models import Account
from qatysu.identity.queries import DemoAccount, contact_of, demo_accounts
from qatysu.rounds.models import Invitation, Membership, Round
from qatysu.rounds.queries import active_memberships
from qatysu.rounds.role_names import ROLE_NAMES
from qatysu.ui.templatetags.ui import in_language


@dataclass(frozen=True, slots=True)
class Post:
    """A membership with the name of its role."""

    membership: Membership
    role_name: Promise


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An account of the demonstration, what it is called, and the cities where it holds a role."""

    demo: DemoAccount
    role_name: Promise
    places: str

    @property
    def is_staff(self) -> bool:
        """True for those who hold a role in some city."""
        return bool(self.places)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One line of the people page."""

    membership: Membership
    role_name: Promise
    name: str
    contact: str


def posts_of(account: Account, *, today: date) -> tuple[Post, ...]:
    """Posts that ``account`` holds on ``today``, with city and round loaded."""
    rows = active_memberships(account, today).select_related("city", "round__city").order_by("role", "city", "round")
    return tuple(_post(row) for row in rows)


def demo_people(*, today: date) -> tuple[DemoPerson, ...]:
    """Accounts that the sign-in page of a demonstration lists; two queries."""
    demos = demo_accounts()
    by_account: dict[int, list[Post]] = {}
    for row in _active([demo.account.pk for demo in demos], today):
        by_account.setdefault(row.account_id, []).append(_post(row))
    return tuple(_demo_person(demo, by_account.get(demo.account.pk, [])) for demo in demos)


def staff_rows(round_: Round, *, today: date) -> tuple[StaffRow, ...]:
    """Memberships of the round and of its whole city that have not ended before ``today``; contacts are masked."""
    rows = (
        Membership.objects.filter(city_id=round_.city_id)
        .filter(Q(round=None) | Q(round=round_))
        .filter(Q(until_on=None) | Q(until_on__gte=today))
        .select_related("account", "city", "round")
        .order_by("role", "from_on", "pk")
    )
    return tuple(_staff_row(row) for row in rows)


def open_invitations(round_: Round, *, now: object) -> tuple[tuple[Invitation, Promise], ...]:
    """Invitations to this round or its city that may still be accepted, newest first, with the name of the role."""
    rows = Invitation.objects.filter(city_id=round_.city_id, accepted_at=None, expires_at__gt=now)
    rows = rows.filter(Q(round=None) | Q(round=round_)).order_by(F("invited_at").desc(), "pk")
    return tuple((row, ROLE_NAMES[Role(row.role)]) for row in rows)


def _active(accounts: Iterable[int], today: date) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(account_id__in=list(accounts), from_on__lte=today)
        .filter(Q(until_on=None) | Q(until_on__gte=today))
        .select_related("city", "round__city")
        .order_by("city", "round", "role")
    )


def _demo_person(demo: DemoAccount, posts: list[Post]) -> DemoPerson:
    """The name of the role follows from the address where it says one (``captain@…``): not every role is a post."""
    local = demo.address.partition("@")[0]
    named = ROLE_NAMES[Role(local) if local in set(Role) else Role.RESIDENT]
    names = dict.fromkeys(in_language(post.membership.city, "name") for post in posts)
    return DemoPerson(demo, posts[0].role_name if posts and local not in set(Role) else named, ", ".join(names))


def _post(row: Membership) -> Post:
    return Post(row, ROLE_NAMES[Role(row.role)])


def _staff_row(row: Membership) -> StaffRow:
    contact = contact_of(row.account)
    return StaffRow(row, ROLE_NAMES[Role(row.role)], row.account.name, contact.masked if contact else "")
