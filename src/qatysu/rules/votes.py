"""Rules that walk down a list: by votes, by votes per cost."""

from __future__ import annotations

from qatysu.rules.frame import Frame, Progress


def by_votes(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:
    """To be written."""
    raise NotImplementedError


def by_density(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:
    """To be written."""
    raise NotImplementedError
