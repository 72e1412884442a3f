"""Shapes of the demonstration's data. Texts are triples in the order Kazakh, Russian, English."""

from __future__ import annotations

from dataclasses import dataclass

Text = tuple[str, str, str]
LANGUAGES = ("kk", "ru", "en")


def named(stem: str, text: Text) -> dict[str, str]:
    """``{"name_kk": ..., "name_ru": ..., "name_en": ...}`` for a model with a column per language."""
    return {f"{stem}_{language}": value for language, value in zip(LANGUAGES, text, strict=True)}


@dataclass(frozen=True, slots=True)
class Idea:
    """A proposal. ``path`` names its course (``courses.COURSES``); money in whole tenge."""

    title: Text
    address: Text
    category: str
    plan: str
    cost_tenge: int
    problem: Text
    solution: Text
    language: str = "ru"
    path: str = "admitted"
    reason: Text = ("", "", "")
    votes: int = 0
    weight: int = 0
    author: int = 0
    team: int = 2
    #: Position in the round's list of the idea this one was merged into.
    merged_into: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment under a proposal and the organisers' answer to it ('' for none)."""

    idea: int
    language: str
    text: str
    answer: str = ""
    days_ago: int = 3


@dataclass(frozen=True, slots=True)
class Head:
    """A head count with its date, territory and source."""

    count: int
    on: tuple[int, int, int]
    territory: Text
    source: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organiser and what it answers for."""

    name: Text
    role: Text
    duties: Text
    #: Roles of its people, and a contact that nobody answers (illustrative).
    roles: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True)
class Town:
    """A city with everything that is true of it in every round. ``middle`` is latitude and longitude in degrees."""

    slug: str
    name: Text
    zone: str
    middle: tuple[float, float]
    slogan: Text
    hours: Text
    address: Text
    kato: str = ""
    half: tuple[float, float] = (0.025, 0.04)
    heads: tuple[Head, ...] = ()
    organisers: tuple[Organisation, ...] = ()


@dataclass(frozen=True, slots=True)
class Purse:
    """Who pays, and how much (whole tenge)."""

    name: Text
    amount_tenge: int
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Voters with the same interests: a weight for each idea of the round, in its order."""

    voters: int
    weights: tuple[int, ...]
