"""What the pages of the Council share: the gate, addresses, one way to run a command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from qatysu.core.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound, QatysuError
from qatysu.council import queries
from qatysu.council.queries import Viewer
from qatysu.council.refusal_words import say
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round, zone_of

#: Refusals that a page answers itself; the rest become pages of their own.
ANSWERED = (Invalid, Conflict, NotAllowed, IllegalMove)


def council_round(request: HttpRequest, city_slug: str, round_slug: str) -> tuple[Round, Viewer]:
    """The round at this address and who the reader is, for those who see its Council. Raises NotFound otherwise."""
    round_ = get_round(city_slug, round_slug, request.user)
    viewer = queries.standing(round_, request.user, timezone.now())
    if not viewer.may_see:
        raise NotFound("round")
    return round_, viewer


def address(name: str, round_: Round, **more: Any) -> str:
    """Address of a page of the round's Council."""
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


def base(round_: Round, viewer: Viewer, **more: Any) -> dict[str, Any]:
    """What every page shows around its own."""
    return {"round": round_, "city": round_.city, "viewer": viewer, **more}


def attempt(request: HttpRequest, act: Callable[[], Any], done: str = "") -> QatysuError | None:
    """Run one command; a refusal is said on the page and returned, so that what was typed can be shown again."""
    try:
        act()
    except ANSWERED as error:
        messages.error(request, say(error))
        return error
    if done:
        messages.success(request, done)
    return None


def number(text: str | None) -> int:
    """A key typed into a field; 0, which nothing has, when it is not one."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else 0


def local_time(round_: Round, text: str, field: str) -> datetime:
    """``YYYY-MM-DDTHH:MM`` as a browser sends it, in the city's zone. Raises Invalid ``meeting_times``."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("meeting_times", field=field) from None
    if found.tzinfo is not None or not 2000 <= found.year <= 2100:
        raise Invalid("meeting_times", field=field)
    return found.replace(tzinfo=zone_of(round_))


def day(text: str, code: str, field: str) -> date | None:
    """A day as a browser sends it; None when empty. Raises Invalid with ``code``."""
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise Invalid(code, field=field) from None
    if not 2000 <= found.year <= 2100:
        raise Invalid(code, field=field)
    return found
