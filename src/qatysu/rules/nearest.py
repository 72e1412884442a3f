"""The smallest change that would have turned the decision about a project."""

from __future__ import annotations

from qatysu.rules.walk import Walk


def annotate(walk: Walk, *, per_cost: bool) -> None:
    """To be written."""
