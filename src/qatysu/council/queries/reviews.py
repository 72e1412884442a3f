"""What lies on the table of a rapporteur: the machine's findings, similar projects, earlier decisions on like cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qatysu.coaching.models import Passport, Work
from qatysu.council.models import Decision, Matter, Point, PointAnswer, Review
from qatysu.proposals.models import Proposal
from qatysu.proposals.queries import Similar, similar

#: Field of the technical module that says something about a point.
_FIELDS = {"land": "land_owner", "utilities": "utilities", "operator": "operator", "upkeep": "upkeep_year"}
MOST = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact beside a point. ``is_good`` is None where only people can judge; ``value`` is money (int), a count or words."""

    code: str
    is_good: bool | None
    value: Any


@dataclass(frozen=True, slots=True)
class PointView:
    """A point with the answer so far and what the machine found."""

    point: Point
    answer: PointAnswer | None
    finding: Finding | None


@dataclass(frozen=True, slots=True)
class Table:
    """Everything about the review of one matter."""

    review: Review | None
    points: tuple[PointView, ...]
    earlier: tuple[Review, ...]
    similar: tuple[Similar, ...]
    like: tuple[Decision, ...]


def table_of(matter: Matter) -> Table:
    """The table; a constant number of queries."""
    reviews = list(matter.reviews.select_related("rapporteur__account").prefetch_related("answers").order_by("turn"))
    last = reviews[-1] if reviews else None
    answers = {row.point_id: row for row in last.answers.all()} if last else {}
    found = findings(matter.proposal) if matter.proposal else {}
    points = Point.objects.filter(round=matter.round, is_active=True).order_by("position")
    proposal = matter.proposal
    return Table(
        review=last,
        points=tuple(PointView(point, answers.get(point.pk), found.get(point.check_code)) for point in points),
        earlier=tuple(reviews[:-1]),
        similar=similar(proposal.round, proposal.title, MOST, exclude=proposal.pk) if proposal else (),
        like=_like(matter),
    )


def findings(proposal: Proposal) -> Mapping[str, Finding]:
    """Facts by ``check_code``; they never decide."""
    cap, cost = proposal.round.constitution.cap, proposal.cost_tenge or 0
    works = list(Work.objects.filter(workspace__proposal=proposal).select_related("module"))
    answers: dict[str, Any] = {name: value for work in works for name, value in work.answers.items()}
    near = similar(proposal.round, proposal.title, MOST, exclude=proposal.pk)
    has_passport = Passport.objects.filter(workspace__proposal=proposal).exists()
    found = {
        "cap": Finding("cap", cost <= cap, cap - cost),
        "duplicates": Finding("duplicates", not near, len(near)),
        "documents": Finding("documents", has_passport, sum(work.state == "accepted" for work in works)),
    }
    for code, field in _FIELDS.items():
        value = answers.get(field)
        if isinstance(value, str | int) and value not in ("", None):
            found[code] = Finding(code, None, value)
    return found


def _like(matter: Matter) -> tuple[Decision, ...]:
    """Latest decisions about other projects of the same category in this city: refusals first, they are what one compares with."""
    proposal = matter.proposal
    if proposal is None or proposal.category is None:
        return ()
    rows = Decision.objects.filter(
        matter__kind="admission", matter__round__city=matter.round.city_id, matter__proposal__category__slug=proposal.category.slug
    ).exclude(matter=matter)
    rows = rows.select_related("matter__proposal", "matter__round__city").order_by("-decided_at", "-pk")[:30]
    return tuple(sorted(rows, key=lambda row: row.verdict == "admit")[:MOST])
