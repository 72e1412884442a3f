"""Reads about proposals: the public interface of the package, together with ``commands``."""

from qatysu.proposals.queries.gates import (
    get_comment,
    get_file,
    get_for_captain,
    get_for_team,
    get_invite,
    get_offer,
    get_public,
)
from qatysu.proposals.queries.history import compare, differences, history, versions
from qatysu.proposals.queries.lists import (
    Counts,
    Similar,
    admitted,
    board,
    counts,
    from_plan,
    ideas_of,
    matching,
    on_plan,
    similar,
)
from qatysu.proposals.queries.page import (
    Message,
    ProjectPage,
    discussion,
    open_offers,
    plan_of,
    project_page,
)

__all__ = [
    "Counts",
    "Message",
    "ProjectPage",
    "Similar",
    "admitted",
    "board",
    "compare",
    "counts",
    "differences",
    "discussion",
    "from_plan",
    "get_comment",
    "get_file",
    "get_for_captain",
    "get_for_team",
    "get_invite",
    "get_offer",
    "get_public",
    "history",
    "ideas_of",
    "matching",
    "on_plan",
    "open_offers",
    "plan_of",
    "project_page",
    "similar",
    "versions",
]
