"""Reads of the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime


def unanswered_for(proposals: Iterable[int], now: datetime) -> dict[int, tuple[int, datetime]]:
    """Questions of teams that have no answer yet: how many, and since when, by proposal."""
    return {}
