"""Filters of the desk's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import template

from qatysu.desk import words
from qatysu.desk.queries.projects import threads_of

register = template.Library()
_TABLES: Mapping[str, Mapping[str, Any]] = {
    "channel": words.CHANNELS,
    "state": words.STATES,
    "category": words.CATEGORIES,
    "assist": words.ASSISTS,
    "outcome": words.OUTCOMES,
}


@register.filter
def word(code: str, table: str) -> str:
    """``{{ thread.channel|word:"channel" }}``; the code itself when there is no word."""
    return str(_TABLES[table].get(code, code))


@register.filter
def open_time(minutes: int) -> str:
    """Minutes of opening hours as hours and minutes."""
    return words.open_time(minutes)


@register.filter
def since(wait: timedelta | None) -> str:
    """How long somebody waits."""
    return words.since(wait)


@register.filter
def minute(minutes: int) -> str:
    """``10:00`` of 600."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@register.filter
def weekday(index: int) -> str:
    """Monday of 0."""
    return str(words.WEEKDAYS[index])


@register.inclusion_tag("desk/_ask.html")
def desk_questions(proposal: Any) -> dict[str, Any]:
    """Questions of a team to the desk, and the way to ask; one query. For pages that only the team and the Centre see."""
    rows = threads_of(proposal).filter(channel="workspace")[:10]
    return {"proposal": proposal, "round": proposal.round, "city": proposal.round.city, "threads": rows}
