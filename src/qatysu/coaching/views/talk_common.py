"""What the pages of talk and learning share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from qatysu.coaching import queries
from qatysu.coaching.models import Workspace
from qatysu.coaching.queries import talking
from qatysu.coaching.talk_words import say
from qatysu.core.errors import Conflict, Invalid, NotAllowed, TooMany
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

#: Refusals that a page answers beside the form; the rest become pages of their own.
ANSWERED = (Invalid, Conflict, NotAllowed, TooMany)


def room_of(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> Workspace:
    """The room at this address, for everybody who may read it. Raises NotFound."""
    return queries.get_workspace(get_round(city_slug, round_slug, request.user), code, request.user, timezone.now())


def talk_room(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> Workspace:
    """The room at this address, for those who may talk in it. Raises NotFound."""
    return talking.room_to_talk(get_round(city_slug, round_slug, request.user), code, request.user, timezone.now())


def room_url(name: str, room: Workspace, anchor: str = "", **more: Any) -> str:
    """Address of a page of the room."""
    round_ = room.proposal.round
    where = {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": room.proposal.code}
    return reverse(name, kwargs=where | more) + anchor


def round_url(name: str, round_: Round, **more: Any) -> str:
    """Address of a page of the round."""
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug} | more)


def context_of(room: Workspace, page: str) -> dict[str, Any]:
    """What every page of a room needs; ``page`` is the name of its tab."""
    proposal = room.proposal
    return {"room": room, "proposal": proposal, "round": proposal.round, "city": proposal.round.city, "tab": page}


def do(request: HttpRequest, act: Callable[[], Any], back: str, done: str = "") -> HttpResponse:
    """Run one command and go back; a refusal is said on the page one comes back to."""
    try:
        act()
    except ANSWERED as error:
        messages.error(request, say(error))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(back)


def back_of(request: HttpRequest, default: str) -> str:
    """Where a form asked to return to, if that is a page of ours."""
    asked = request.POST.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else default


def number(text: str | None) -> int:
    """A key typed into an address or field; 0, which nothing has, when it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else 0


def slug_from(text: str | None) -> str:
    """A module's name typed into a field; '-', which none has, when it is no name (PostgreSQL refuses some signs)."""
    return text if text and slug_re.match(text) else "-" if text else ""


def day_from(text: str | None) -> date | None:
    """A day as a date field sends it; None for an empty field. Raises Invalid ``due_on``."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("due_on", field="due_on") from None
