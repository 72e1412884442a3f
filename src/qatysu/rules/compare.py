"""What another rule would have given: the same election, other rules with stated parameters. Never binding."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qatysu.core.errors import Invalid
from qatysu.rules import registry
from qatysu.rules.frame import Progress
from qatysu.rules.model import Election, Outcome, Profile
from qatysu.rules.params import of_rule, stated
from qatysu.rules.wording import say

#: Runs of equal shares that a comparison may ask for; the step of money is chosen for it.
MOST_RUNS = 200
#: The same where a project is far too dear for its few supporters: runs of so small an election are short.
MOST_LONG_RUNS = 20_000
#: Parameters of the binding rule that belong to the election rather than to the rule: the others are computed with them too.
SHARED = ("min_score", "min_score_op", "conflicts", "withdrawn", "parts", "leftover", "extra", "budget", "paper", "key")


@dataclass(frozen=True, slots=True)
class Part:
    """What a category or a district got: ``money`` in minor units, ``projects`` as a number; both in fractions where a project
    of several categories is split into equal parts, so that all parts add up to the whole."""

    money: Fraction
    projects: Fraction


@dataclass(frozen=True, slots=True)
class Measures:
    """What a list of winners means for people. ``spent`` in minor units; ``voters`` are ballots.

    ``with_winner``: ballots that give points to at least one winner; ``share`` of all ballots (0 without ballots).
    ``mean_winners``: winners per ballot on average. ``cost_per_vote``: minor units spent per vote of a winner, None without votes.
    ``categories``, ``districts``: by name, "" for projects without one; every name of the election is there, in its order.
    """

    winners: tuple[str, ...]
    spent: int
    voters: int
    with_winner: int
    share: Fraction
    mean_winners: Fraction
    cost_per_vote: Fraction | None
    categories: Mapping[str, Part]
    districts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of the comparison. ``params`` as its outcome states them; ``gained`` wins here and not by the binding rule,
    ``lost`` the other way round, both in the order of selection.

    ``notes`` are keys of ``wording``: ``compare.ties`` (ties went to the cheaper), ``compare.step``, ``compare.same``,
    ``compare.open`` (the binding result waits for people), ``compare.left_out``. ``binding`` is True for the first row alone.
    """

    rule: str
    params: Mapping[str, str]
    winners: tuple[str, ...]
    measures: Measures
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    binding: bool = False
    #: Equal shares: minor units added per voter and run.
    step: int | None = None


def not_binding(language: str) -> str:
    """The sentence that stands above every comparison."""
    return say(language, "compare.not_binding")


def note_sentences(row: Row, money: Callable[[int | Fraction], str], language: str) -> list[str]:
    """What ``row.notes`` mean; ``money`` writes minor units with their currency."""
    step = money(row.step) if row.step is not None else ""
    return [say(language, note, step=step) for note in row.notes]


def measures(election: Election, winners: Sequence[str]) -> Measures:
    """What ``winners`` mean. Raises Invalid("project_unknown") for an id that the election does not have."""
    index = {project.id: i for i, project in enumerate(election.projects)}
    unknown = [name for name in winners if name not in index]
    if unknown:
        raise Invalid("project_unknown", text=f"unknown project {unknown[0][:80]!r}")
    won = [index[name] for name in winners]
    spent, voters = sum(election.projects[i].cost for i in won), election.voters
    on_ballots = _winners_on_ballots(election.profile, won, len(election.projects))
    with_winner = int(election.profile.times[on_ballots > 0].sum())
    choices = int((election.profile.times * on_ballots).sum())
    votes = election.profile.votes(len(election.projects))
    paid_votes = sum(votes[i] + election.projects[i].paper for i in won)
    chosen = [election.projects[i] for i in won]
    return Measures(
        winners=tuple(winners),
        spent=spent,
        voters=voters,
        with_winner=with_winner,
        share=Fraction(with_winner, voters) if voters else Fraction(0),
        mean_winners=Fraction(choices, voters) if voters else Fraction(0),
        cost_per_vote=Fraction(spent, paid_votes) if paid_votes else None,
        categories=_parts(((p.categories, p.cost) for p in chosen), _names(p.categories for p in election.projects)),
        districts=_parts((((p.district,), p.cost) for p in chosen), _names((p.district,) for p in election.projects)),
    )


def _winners_on_ballots(profile: Profile, won: Sequence[int], count: int) -> NDArray[np.int64]:
    """For each distinct ballot the number of winners to which it gives points."""
    is_winner = np.zeros(count, bool)
    is_winner[list(won)] = True
    marks = is_winner[profile.projects] & (profile.points > 0)
    sums = np.concatenate(([0], np.cumsum(marks, dtype=np.int64)))
    found: NDArray[np.int64] = sums[profile.starts[1:]] - sums[profile.starts[:-1]]
    return found


def _names(labels: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in labels for name in (group or ("",))))


def _parts(chosen: Iterable[tuple[tuple[str, ...], int]], names: tuple[str, ...]) -> Mapping[str, Part]:
    money, number = dict.fromkeys(names, Fraction(0)), dict.fromkeys(names, Fraction(0))
    for labels, cost in chosen:
        of = tuple(dict.fromkeys(labels)) or ("",)
        for name in of:
            money[name] += Fraction(cost, len(of))
            number[name] += Fraction(1, len(of))
    return MappingProxyType({name: Part(money[name], number[name]) for name in names})


def compare(
    election: Election, binding: Outcome, *, money_step: Fraction | None = None, progress: Progress | None = None
) -> tuple[Row, ...]:
    """The binding outcome first, then what the other rules give with the same threshold, parts and exclusions; a rule that
    is the binding one with the same parameters is left out.

    A rule that refuses this election (its computation would not end in any useful time) is left out, and the first row says so.
    Ties in the others go to the cheaper project. ``money_step``: units of the file that equal shares add per voter and run;
    None: so that at most about ``MOST_RUNS`` runs are expected. ``progress`` is called with (rules done, rules in all).
    Raises Invalid for a ``money_step`` finer than minor units.
    """
    rows: list[Row] = []
    notes = ["compare.open"] if binding.undecided else []
    others = list(_others(election, binding, money_step or default_step(election, binding)))
    for done, (rule, params) in enumerate(others):
        if progress is not None:
            progress(done, len(others))
        try:
            rows.append(_row(election, binding, registry.run(election, rule, params)))
        except Invalid:
            notes.append("compare.left_out")
    bound = measures(election, binding.winners)
    return (Row(binding.rule, binding.params, binding.winners, bound, notes=tuple(dict.fromkeys(notes)), binding=True), *rows)


def default_step(election: Election, binding: Outcome) -> Fraction:
    """A round number of units of the file (1, 2 or 5 times a power of ten, not finer than the money) with which what every
    voter has doubles in ``MOST_RUNS`` runs or fewer, and reaches the largest price per supporter in ``MOST_LONG_RUNS``."""
    votes = election.profile.votes(len(election.projects))
    dearest = max((Fraction(p.cost, v) for p, v in zip(election.projects, votes, strict=True) if v), default=Fraction(0))
    double = Fraction(binding.budget, max(1, election.voters))
    units = max(double / MOST_RUNS, dearest / MOST_LONG_RUNS) / election.scale
    step = Fraction(1, election.scale)
    for factor in _round_factors():
        if step * factor >= units:
            return step * factor
    raise AssertionError("factors grow without end")


def _round_factors() -> Iterator[int]:
    power = 1
    while True:
        yield from (power, 2 * power, 5 * power)
        power *= 10


def _others(election: Election, binding: Outcome, step: Fraction) -> Iterator[tuple[str, dict[str, str]]]:
    own: tuple[tuple[str, dict[str, str]], ...] = (
        ("votes", {"fit": "skip"}),
        ("density", {}),
        ("equal-shares", {"utility": "cost", "completion": "add1", "step": _text(step, election.scale)}),
        ("phragmen", {"unaffordable": "skip"}),
        ("welfare", {}),
    )
    for rule, params in own:
        shared = {name: binding.params[name] for name in SHARED if name in binding.params and name in of_rule(rule)}
        given = {**shared, **params, "tie": "cheaper"}
        if not _equal(rule, given, binding):
            yield rule, given


def _text(value: Fraction, scale: int) -> str:
    """``value`` as a decimal; ``scale`` is a power of ten. Raises Invalid when it is finer than minor units."""
    minor = value * scale
    if minor.denominator != 1:
        raise Invalid("param_value", field="step", text="the step is finer than the money of this election", name="step")
    whole, rest = divmod(minor.numerator, scale)
    return f"{whole}.{str(rest).zfill(len(str(scale)) - 1)}" if rest else str(whole)


def _equal(rule: str, given: Mapping[str, str], binding: Outcome) -> bool:
    """Whether this is the binding rule again, whatever its ties and its step are."""
    apart = {"tie", "tie_decision", "step"}
    here, there = ({k: v for k, v in params.items() if k not in apart} for params in (stated(rule, given), binding.params))
    return rule == binding.rule and here == there


def _row(election: Election, binding: Outcome, outcome: Outcome) -> Row:
    notes: list[str] = []
    if any(tie.decisive for tie in outcome.ties):
        notes.append("compare.ties")
    if outcome.rule == "equal-shares":
        notes.append("compare.step")
    gained = tuple(p for p in outcome.winners if p not in binding.winners)
    lost = tuple(p for p in binding.winners if p not in outcome.winners)
    if not (gained or lost or binding.undecided):
        notes.append("compare.same")
    return Row(
        outcome.rule, outcome.params, outcome.winners, measures(election, outcome.winners), gained, lost, tuple(notes),
        step=int(Fraction(outcome.params["step"]) * election.scale) if outcome.rule == "equal-shares" else None,
    )
