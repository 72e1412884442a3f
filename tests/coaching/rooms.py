"""A small course, and a team of two with its room: what tests of the sessions work with."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from qatysu.coaching.commands import rooms
from qatysu.coaching.models import Module, Work, Workspace
from qatysu.core.regulation import Role, Stage
from qatysu.identity.models import Account
from qatysu.places.models import City
from qatysu.proposals.models import Proposal, State, TeamMember
from qatysu.rounds.models import Round
from tests import factories

LONG = "Қыста аулада сағат бестен қараңғы, балалар мектептен жарықсыз келеді."


def words(text: str) -> dict[str, str]:
    """The same text in every language."""
    return {"kk": text, "ru": text, "en": text}


def field(id_: str, kind: str, **more: Any) -> dict[str, Any]:
    """A field of a form."""
    return {"id": id_, "kind": kind, "label": words(id_), **more}


ANNOTATION = {
    "fields": [
        field("problem", "long_text", is_required=True, is_public=True, is_translated=True),
        field("people", "number", is_required=True),
        field("ages", "choices", options=[{"id": "kids", "label": words("kids")}, {"id": "old", "label": words("old")}]),
    ]
}
TECHNICAL = {
    "fields": [
        field("estimate", "estimate", is_required=True, is_public=True, reserve_percent=5),
        field("photos", "before_after", is_public=True),
        field("offers", "files"),
        field("owner", "text", is_required=True),
    ]
}
CHECKLIST = [{"id": "read", "label": words("read")}, {"id": "asked", "label": words("asked")}]


def make_course(round_: Round) -> tuple[Module, Module]:
    """Two modules: ``annotation`` and ``technical``."""
    made = [
        Module.objects.create(
            round=round_,
            slug=slug,
            position=position,
            title_kk=f"{slug} kk",
            title_ru=f"{slug} ru",
            title_en=f"{slug} en",
            form=form,
            checklist=CHECKLIST,
        )
        for position, (slug, form) in enumerate((("annotation", ANNOTATION), ("technical", TECHNICAL)), start=1)
    ]
    return made[0], made[1]


def make_room(round_: Round, *, author: Account | None = None, coach: Account | None = None, **fields: Any) -> Workspace:
    """The room of a new project in the sessions."""
    texts = {"problem": LONG, "solution": LONG}
    proposal = factories.make_proposal(round_, state=State.IN_SESSIONS, author=author, **(texts | fields))
    room = rooms.furnish(proposal=proposal, now=timezone.now())
    if coach is not None:
        room.coach = coach
        room.save(update_fields=("coach",))
    return room


def join(proposal: Proposal, name: str = "Марат Б.") -> Account:
    """Another member of the team."""
    account = factories.make_account(name, city=proposal.round.city)
    TeamMember.objects.create(
        proposal=proposal, account=account, role=TeamMember.Role.MEMBER, joined_at=timezone.now()
    )
    return account


def make_sessions(city: City, slug: str = "demo", **rules: Any) -> Round:
    """A round in its project sessions, with the small course."""
    round_ = factories.fresh(factories.make_round(city, stage=Stage.SESSIONS, slug=slug, **rules))
    make_course(round_)
    return round_


def work_in(room: Workspace, slug: str) -> Work:
    """The work of a room in a module, read anew."""
    return Work.objects.select_related("module", "workspace__proposal__round__city").get(workspace=room, module__slug=slug)


def ids() -> Callable[[], str]:
    """Ids of rows in order: 00000001, 00000002, …"""
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):08x}"


def line(item: str = "Опора", quantity: str = "2", price: str = "150000", **more: str) -> dict[str, str]:
    """A line of an estimate as a form sends it."""
    return {"item": item, "unit": "дана", "quantity": quantity, "price": price, "source": "ұсыныс", "file": "", **more}


FULL: dict[str, dict[str, Any]] = {
    "annotation": {"problem": "Аулада қараңғы.", "people": "120"},
    "technical": {"estimate": [line()], "owner": "Қала"},
}


def staff(role: Role, round_: Round, name: str = "Дана С.") -> Account:
    """Somebody with ``role`` in the city of the round."""
    return factories.make_staff(role, round_.city, name=name)
