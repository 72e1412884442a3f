"""Small helps for the Centre's templates."""

from __future__ import annotations

from datetime import timedelta

from django import template

from qatysu.coaching import centre_words
from qatysu.coaching.risk import REVIEW_DAYS

register = template.Library()


@register.filter
def waited(time: timedelta) -> str:
    """How long something waits, in words."""
    return centre_words.waited(time)


@register.filter
def is_overdue(time: timedelta | None) -> bool:
    """True when the Centre has let a team wait longer than it should."""
    return time is not None and time >= timedelta(days=REVIEW_DAYS)


@register.filter
def deed_words(action: str) -> str:
    """What a deed of the trail is called."""
    return centre_words.deed(action)


@register.filter
def place_words(state: str) -> str:
    """Where a project is once it has left the sessions."""
    return str(centre_words.PLACES.get(state, ""))
