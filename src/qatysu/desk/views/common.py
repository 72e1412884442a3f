"""What the pages of the desk share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from qatysu.core.errors import Conflict, Invalid, NotAllowed, QatysuError, TooMany
from qatysu.desk.standing import desk_city
from qatysu.desk.words import say
from qatysu.identity.address import client_ip, network_of
from qatysu.places.models import City

#: Refusals that a page answers beside the form; the rest become pages of their own.
ANSWERED = (Invalid, Conflict, NotAllowed, TooMany)


def city_of(request: HttpRequest, slug: str) -> City:
    """The city whose desk the person keeps. Raises NotFound."""
    return desk_city(slug, request.user, timezone.now())


def refused(error: QatysuError | None) -> dict[str, Any]:
    """The sentence of a refusal and the field it is about, for templates."""
    return {"refusal": say(error) if error else "", "wrong": getattr(error, "field", "") if error else ""}


def network(request: HttpRequest) -> str:
    """From where somebody asks, as limits count it."""
    return network_of(client_ip(request))


def number(text: str | None) -> int:
    """A key or number typed into a field; 0, which nothing has, when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 18 else 0


def day_from(text: str) -> date:
    """A day as a date field sends it. Raises Invalid ``day``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("day", field="day") from None


def posted(request: HttpRequest, *names: str) -> dict[str, str]:
    """Fields as sent."""
    return {name: request.POST.get(name, "") for name in names}
