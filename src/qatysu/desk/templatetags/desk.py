"""Filters of the desk's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import template

from qatysu.desk import words

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
