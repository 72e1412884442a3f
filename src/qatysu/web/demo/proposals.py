"""Write proposals with their teams, translations, versions and moves, many at once."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from qatysu.core.regulation import Role
from qatysu.core.wordforms import stored_stems
from qatysu.identity.models import Account
from qatysu.proposals.commands.versions import content_of
from qatysu.proposals.models import MergeOffer, Move, Proposal, State, TeamMember, Translation, Version
from qatysu.rounds.models import Category, Round
from qatysu.web.demo.calendars import Period
from qatysu.web.demo.courses import COURSES, DECIDED, Step, instants, split
from qatysu.web.demo.shapes import LANGUAGES, Idea

#: Ideas of the accounts on the start screen are marked by these instead of a place in the list of authors.
RESIDENT, CAPTAIN = -1, -2


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who acts in a round: the accounts of the start screen and the authors."""

    roles: Mapping[Role, Account]
    authors: Sequence[Account]

    def author(self, index: int) -> Account:
        """The account behind ``Idea.author``."""
        special = {RESIDENT: Role.RESIDENT, CAPTAIN: Role.CAPTAIN}.get(index)
        return self.roles[special] if special else self.authors[index]


def write_ideas(
    round_: Round,
    ideas: Sequence[Idea],
    cast: Cast,
    periods: tuple[Period, ...],
    now: datetime,
    rng: random.Random,
    *,
    until_council: bool = False,
) -> list[Proposal]:
    """Store ``ideas`` in their order; numbers follow the time of filing. Returns the proposals in the order of ``ideas``.

    ``until_council``: what the Council would decide is left to it; these projects are ready.
    """
    times = [instants(split(idea.path)[0], periods, now, rng) for idea in ideas]
    if until_council:
        times = [at[:-1] if split(idea.path)[0] in DECIDED else at for idea, at in zip(ideas, times, strict=True)]
    categories = {c.slug: c for c in Category.objects.filter(round=round_)}
    rows = [
        _proposal(round_, idea, cast, categories, at or (now - timedelta(hours=3),), rng, _state(idea, len(at)))
        for idea, at in zip(ideas, times, strict=True)
    ]
    filed = sorted((at[0], i) for i, at in enumerate(times) if at)
    for number, (_, index) in enumerate(filed, 1):
        rows[index].number = number
    # Merged rows point at others: they are stored after them.
    order = sorted(range(len(rows)), key=lambda i: bool(ideas[i].merged_into))
    for i in order:
        if ideas[i].merged_into:
            rows[i].merged_into = rows[ideas[i].merged_into - 1]
    Proposal.objects.bulk_create([rows[i] for i in order if not ideas[i].merged_into])
    Proposal.objects.bulk_create([rows[i] for i in order if ideas[i].merged_into])
    _write_texts(rows, ideas)
    _write_teams(rows, ideas, cast)
    _write_moves(rows, ideas, times, cast)
    return rows


def _state(idea: Idea, steps_done: int) -> State:
    return COURSES[split(idea.path)[0]][steps_done - 1].new if steps_done else State.DRAFT


def _proposal(
    round_: Round,
    idea: Idea,
    cast: Cast,
    categories: Mapping[str, Category],
    at: tuple[datetime, ...],
    rng: random.Random,
    state: State,
) -> Proposal:
    city, spoken = round_.city, LANGUAGES.index(idea.language)
    high, wide = (city.north - city.south) * 0.3, (city.east - city.west) * 0.3
    return Proposal(
        round=round_,
        state=state,
        language=idea.language,
        title=idea.title[spoken],
        problem=idea.problem[spoken],
        token=UUID(int=rng.getrandbits(128), version=4),
        solution=idea.solution[spoken],
        address=idea.address[spoken],
        latitude=round((city.north + city.south) / 2 + rng.uniform(-high, high), 5),
        longitude=round((city.east + city.west) / 2 + rng.uniform(-wide, wide), 5),
        category=categories[idea.category],
        cost_tenge=idea.cost_tenge,
        plan=idea.plan,
        author=cast.author(idea.author),
        is_illustrative=True,
        stems=stored_stems(*idea.title, *idea.problem, *idea.solution, *idea.address),
        revision=1,
        created_at=at[0] - timedelta(minutes=rng.randint(30, 4000)),
        changed_at=at[-1],
    )


def _write_texts(rows: Sequence[Proposal], ideas: Sequence[Idea]) -> None:
    Translation.objects.bulk_create(
        Translation(
            proposal=row,
            language=language,
            title=idea.title[i],
            problem=idea.problem[i],
            solution=idea.solution[i],
            address=idea.address[i],
        )
        for row, idea in zip(rows, ideas, strict=True)
        for i, language in enumerate(LANGUAGES)
        if language != idea.language and row.state != State.DRAFT
    )
    Version.objects.bulk_create(
        Version(proposal=row, revision=1, content=content_of(row), actor=row.author, at=row.created_at) for row in rows
    )


def _write_teams(rows: Sequence[Proposal], ideas: Sequence[Idea], cast: Cast) -> None:
    members: list[TeamMember] = []
    for place, (row, idea) in enumerate(zip(rows, ideas, strict=True)):
        people = [row.author]
        if idea.author == CAPTAIN:
            people.append(cast.roles[Role.TEAM_MEMBER])
        others = [person for person in cast.authors if person != row.author]
        people += [others[(place * 5 + i) % len(others)] for i in range(idea.team - len(people))]
        members += [
            TeamMember(
                proposal=row,
                account=person,
                joined_at=row.created_at + timedelta(hours=i),
                role=TeamMember.Role.MEMBER if i else TeamMember.Role.CAPTAIN,
            )
            for i, person in enumerate(people)
        ]
    TeamMember.objects.bulk_create(members)


def _write_moves(
    rows: Sequence[Proposal], ideas: Sequence[Idea], times: Sequence[tuple[datetime, ...]], cast: Cast
) -> None:
    moves: list[Move] = []
    for row, idea, at in zip(rows, ideas, times, strict=True):
        course, reason = split(idea.path)
        old = State.DRAFT
        for step, instant in zip(COURSES[course], at, strict=False):
            moves.append(_move(row, idea, step, old, instant, reason, cast))
            old = step.new
    Move.objects.bulk_create(moves)
    MergeOffer.objects.bulk_create(
        MergeOffer(
            source=row,
            target=row.merged_into,
            offered_by=cast.roles[Role.COACH],
            source_agreed_at=at[-1] - timedelta(hours=5),
            target_agreed_at=at[-1] - timedelta(hours=2),
            closed_at=at[-1],
        )
        for row, at in zip(rows, times, strict=True)
        if row.merged_into is not None
    )


def _move(row: Proposal, idea: Idea, step: Step, old: State, at: datetime, reason: str, cast: Cast) -> Move:
    actor = row.author if step.by is Role.CAPTAIN else cast.roles[step.by]
    text = idea.reason[LANGUAGES.index(idea.language)] if step.is_reasoned else ""
    return Move(
        proposal=row,
        old=old,
        new=step.new,
        actor=actor,
        at=at,
        reason_code=reason if step.is_reasoned else "",
        reason_text=text,
    )
