"""What the pages of a team's room share."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from qatysu.coaching.models import Work, Workspace
from qatysu.coaching.queries import get_work, get_workspace, standing_of
from qatysu.coaching.refusal_words import say
from qatysu.core.errors import Conflict, Invalid, NotAllowed, TooMany
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

#: Refusals that a page answers itself; the rest become pages of their own.
ANSWERED = (Invalid, Conflict, NotAllowed, TooMany)


def new_id() -> str:
    """Id of a new row: eight hex digits by chance."""
    return secrets.token_hex(4)


def round_at(request: HttpRequest, city_slug: str, round_slug: str) -> Round:
    """The round at this address. Raises NotFound."""
    return get_round(city_slug, round_slug, request.user)


def room_at(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> Workspace:
    """The room at this address for somebody who may see it. Raises NotFound."""
    return get_workspace(round_at(request, city_slug, round_slug), code, request.user, timezone.now())


def work_at(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> Work:
    """The work on a module at this address. Raises NotFound."""
    return get_work(room_at(request, city_slug, round_slug, code), module)


def where(room: Workspace) -> dict[str, str]:
    """Arguments of every address of this room."""
    round_ = room.proposal.round
    return {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": room.proposal.code}


def room_url(name: str, room: Workspace, **more: Any) -> str:
    """Address of a page of this room."""
    return reverse(name, kwargs={**where(room), **more})


def context_of(request: HttpRequest, room: Workspace, now: datetime, **more: Any) -> dict[str, Any]:
    """What every page of a room shows around its own."""
    return {
        "room": room,
        "proposal": room.proposal,
        "round": room.proposal.round,
        "city": room.proposal.round.city,
        "where": where(room),
        "viewer": standing_of(room, request.user, now),
        "language": get_language() or "kk",
        **more,
    }


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


