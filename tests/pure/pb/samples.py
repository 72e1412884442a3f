"""Small files to bend, and what tests compare."""

from __future__ import annotations

from collections import Counter

from qatysu.rules.model import Election

META = {
    "description": "Two parks",
    "country": "Kazakhstan",
    "unit": "Example",
    "instance": "2025",
    "num_projects": "2",
    "num_votes": "3",
    "budget": "100",
    "vote_type": "approval",
    "rule": "greedy",
    "date_begin": "01.06.2025",
    "date_end": "15.06.2025",
}
PROJECTS = ("project_id;cost;votes;name;selected", "1;60;2;North;1", "12;70;2;South;0")
VOTES = ("voter_id;vote", "a;1,12", "b;12", "c;1")


def text(
    meta: dict[str, str] | None = None,
    projects: tuple[str, ...] = PROJECTS,
    votes: tuple[str, ...] = VOTES,
    *,
    without: tuple[str, ...] = (),
) -> str:
    """A file: META with changes, without some keys; the first project stands on line 17 (15 + changes) when nothing is changed."""
    merged = {key: value for key, value in {**META, **(meta or {})}.items() if key not in without}
    lines = ["META", "key;value", *(f"{key};{value}" for key, value in merged.items())]
    return "\n".join([*lines, "PROJECTS", *projects, "VOTES", *votes]) + "\n"


def data(*args: object, **kwargs: object) -> bytes:
    """The same as bytes."""
    return text(*args, **kwargs).encode()  # type: ignore[arg-type]  # reason: passed on as they are


def pointed(kind: str, votes: tuple[str, ...], counts: tuple[str, str], **meta: str) -> bytes:
    """A file of two projects 1 and 12 whose ballots have points; ``counts`` are "votes;score" of each."""
    projects = ("project_id;cost;votes;score", f"1;60;{counts[0]}", f"12;70;{counts[1]}")
    return data({"vote_type": kind, "num_votes": str(len(votes) - 1), **meta}, projects, votes)


def ballots(election: Election) -> Counter[frozenset[tuple[str, int]]]:
    """Ballots as sets of (project, points), each with the number of voters."""
    profile, found = election.profile, Counter[frozenset[tuple[str, int]]]()
    for c, times in enumerate(profile.times.tolist()):
        part = slice(profile.starts[c], profile.starts[c + 1])
        names = [election.projects[i].id for i in profile.projects[part].tolist()]
        found[frozenset(zip(names, profile.points[part].tolist(), strict=True))] += times
    return found


def facts(election: Election) -> tuple[object, ...]:
    """All that makes two elections the same."""
    e = election
    return (e.projects, ballots(e), e.budget, e.kind, e.scale, dict(e.category_budgets), dict(e.district_budgets), e.funders)
