"""What the rules would have made of Khromtau 2020: the votes are published, the costs of single projects are examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language

from qatysu.core.errors import Invalid
from qatysu.rounds.models import Constitution
from qatysu.rounds.outcome_rule import params_of
from qatysu.rules import registry
from qatysu.rules.model import Election, Kind, Profile, Project
from qatysu.web.demo.khromtau_2020 import ADMITTED, WINNERS

#: The study: 50 million of the company and about 15 of the akimat.
BUDGET = 65_000_000
#: Of the rule's parameters those that name projects or categories of the round itself mean nothing there.
_FOREIGN = ("conflicts", "parts", "leftover", "tie_decision")


@dataclass(frozen=True, slots=True)
class Example:
    """Winners of 2020 by other rules, titles in the reader's language. ``undecided``: equal projects that people must decide on."""

    winners: int
    spent: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    shut_out: tuple[str, ...]
    undecided: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether it is what was."""
        return not (self.gained or self.lost or self.undecided)


def example_of(constitution: Constitution) -> Example | None:
    """The example for saved or unsaved rules; None for rules that cannot be computed."""
    rule, params = params_of(constitution)
    kept = tuple(sorted((name, text) for name, text in params.items() if name not in _FOREIGN))
    try:
        return _computed(rule, kept, constitution.cap, constitution.min_cost_tenge, (get_language() or "kk")[:2])
    except Invalid:
        return None


@lru_cache(maxsize=256)
def _computed(rule: str, params: tuple[tuple[str, str], ...], cap: int, least: int, language: str) -> Example:
    place = {"kk": 0, "ru": 1}.get(language, 2)
    titles = {str(n): idea.title[place] for n, idea in enumerate(ADMITTED, 1)}
    won = {str(n) for n in range(1, len(WINNERS) + 1)}
    fits = [(str(n), idea) for n, idea in enumerate(ADMITTED, 1) if least <= idea.cost_tenge <= cap]
    projects = tuple(Project(code, idea.cost_tenge, idea.title[1], (idea.category,)) for code, idea in fits)
    profile = Profile.build(([index], None, idea.votes) for index, (_code, idea) in enumerate(fits) if idea.votes)
    outcome = registry.run(Election(projects=projects, profile=profile, budget=BUDGET, kind=Kind.CHOOSE_1), rule, dict(params))
    now, fitting = set(outcome.winners), {code for code, _idea in fits}
    tied = {code for tie in outcome.undecided for code in tie.projects}
    return Example(
        winners=len(now), spent=outcome.spent, gained=_named(titles, now - won), lost=_named(titles, (won & fitting) - now),
        shut_out=_named(titles, set(titles) - fitting), undecided=_named(titles, tied),
    )


def _named(titles: dict[str, str], codes: set[str]) -> tuple[str, ...]:
    return tuple(titles[code] for code in sorted(codes, key=int) if code in titles)
