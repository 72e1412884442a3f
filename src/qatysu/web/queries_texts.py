"""People's texts in the reader's language, and where they lie on the drawn town."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from qatysu.places.models import City
from qatysu.proposals import reasons
from qatysu.proposals.models import Proposal, State, TeamMember
from qatysu.proposals.queries import plan_of
from qatysu.proposals.words import Words, initials, words_of
from qatysu.web.words import Mark

#: The part of ``ui/_town.svg`` that maps show: x, y, width, height in its units.
MAP_BOX = (20, 0, 1060, 700)


@dataclass(frozen=True, slots=True)
class Point:
    """A project on the drawn town; coordinates in the units of ``ui/_town.svg``."""

    code: str
    x: int
    y: int

    @property
    def text_y(self) -> int:
        """Base line of the number inside the dot."""
        return self.y + 6

    @property
    def view(self) -> str:
        """``viewBox`` of the neighbourhood: half of the map, the point in the middle where the edges allow it."""
        left, top, width, height = MAP_BOX
        x = min(max(self.x - width // 4, left), left + width // 2)
        y = min(max(self.y - height // 4, top), top + height // 2)
        return f"{x} {y} {width // 2} {height // 2}"


@dataclass(frozen=True, slots=True)
class Row:
    """One project in a list.

    ``is_missing``: no translation for the reader. ``votes`` is None unless the round publishes running counts,
    ``verdict`` before the results are published.
    """

    code: str
    text: Words
    is_missing: bool
    cost_tenge: int | None
    plan: str
    state_label: str
    state_mark: str
    team: int
    captain: str
    category: object
    votes: int | None = None
    verdict: Mark | None = None


def point_of(city: City, code: str, latitude: float | None, longitude: float | None) -> Point | None:
    """Place on the drawn town by the city's corners; None without a place or outside the corners."""
    if latitude is None or longitude is None:
        return None
    across = (longitude - city.west) / (city.east - city.west)
    down = (city.north - latitude) / (city.north - city.south)
    if not (0 <= across <= 1 and 0 <= down <= 1):
        return None
    left, top, width, height = MAP_BOX
    return Point(code, round(left + across * width), round(top + down * height))


def with_texts(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """``proposals`` with everything that ``row_of`` reads: three queries however many there are."""
    team = Prefetch("team", TeamMember.objects.select_related("account"))
    return proposals.select_related("category").prefetch_related("translations", team)


def row_of(
    proposal: Proposal, language: str, votes: dict[str, int] | None = None, verdicts: Mapping[str, Mark] | None = None
) -> Row:
    """The list row of a proposal loaded by ``with_texts``."""
    members = list(proposal.team.all())
    captains: Iterable[TeamMember] = (m for m in members if m.role == TeamMember.Role.CAPTAIN)
    captain = next((initials(m.account) for m in captains), "")
    text = words_of(proposal, language)
    return Row(
        code=proposal.code,
        text=text,
        is_missing=text.language != language,
        cost_tenge=proposal.cost_tenge,
        plan=plan_of(proposal),
        state_label=reasons.state_label(proposal.state),
        state_mark=reasons.STATE_MARKS[State(proposal.state)],
        team=len(members),
        captain=captain,
        category=proposal.category,
        votes=None if votes is None else votes.get(proposal.code, 0),
        verdict=(verdicts or {}).get(proposal.code),
    )
