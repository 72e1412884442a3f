"""What is loaded together, by commands and queries alike."""

from __future__ import annotations

from qatysu.coaching.models import Clash, Work

#: With every room: the proposal, its round with city and constitution, its category and author.
ROOM = ("proposal__round__city", "proposal__round__constitution", "proposal__category", "proposal__author")


def open_clashes(work: Work) -> tuple[Clash, ...]:
    """Clashes of ``work`` that nobody has settled, oldest first, with their authors."""
    rows = work.clashes.filter(settled_at=None).select_related("kept_author", "other_author", "work__module")
    return tuple(rows)
