"""Maximum sum of votes within the limits."""

from __future__ import annotations

from qatysu.rules.frame import Frame, Progress


def compute(frame: Frame, progress: Progress | None) -> tuple[int, tuple[str, ...]]:
    """To be written."""
    raise NotImplementedError
