"""A collegial body chooses one of several options: which project wins a tie, which order stands, which version is taken.

An option is carried like a motion: voices for all other options count as voices against it. With two options and nobody abstaining
a choice therefore equals a decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from qatysu.core.collegial import (
    BodyRules,
    Majority,
    QuorumState,
    Seat,
    casting_vote,
    check_votes,
    is_half,
    needed_voices,
    quorum,
    recused_seats,
)
from qatysu.core.errors import Invalid


class ChoiceOutcome(StrEnum):
    """What came of a choice."""

    CHOSEN = "chosen"
    TIED = "tied"
    NO_MAJORITY = "no_majority"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class Choice:
    """Voices by option (every option stands in ``counts``): their sum ``+ abstained + not_voted == quorum.present``.

    ``leaders`` are the options with most voices, sorted, none when nobody named one: after NO_MAJORITY with several options the
    next round is held between them (between the first two places when there is one leader, see ``run_off``).
    """

    outcome: ChoiceOutcome
    option: str | None
    counts: Mapping[str, int]
    leaders: tuple[str, ...]
    abstained: int
    not_voted: int
    recused: int
    needed: int
    chair_decided: bool
    quorum: QuorumState


def choose(
    rules: BodyRules, seats: Collection[Seat], present: Collection[str], recused: Collection[str],
    votes: Mapping[str, str | None], options: Collection[str],
) -> Choice:
    """The option that the body chose; a vote for ``None`` is an abstention.

    TIED: no further round could part the leaders: two have half each, or, under a simple majority, all options have equal voices.
    Then the vote of whoever presides decides, where the rules say so; otherwise too few voices are NO_MAJORITY.
    Raises Invalid: no_options, vote_unknown_option, and the codes of ``decide``.
    """
    _check_options(votes, options)
    check_votes(seats, present, recused, votes)
    state = quorum(rules, seats, present, recused)
    counts = _counts(votes, options)
    cast, top = sum(counts.values()), max(counts.values())
    leaders, needed = tuple(one for one, count in counts.items() if count == top > 0), needed_voices(rules, state, cast)
    outcome, option, chair_decided = ChoiceOutcome.NO_MAJORITY, None, False
    if not state.is_met:
        outcome = ChoiceOutcome.NO_QUORUM
    elif len(leaders) == 1 and top >= needed:
        outcome, option = ChoiceOutcome.CHOSEN, leaders[0]
    elif len(leaders) > 1 and (is_half(rules, state, top, cast) or _all_equal(rules, leaders, counts)):
        option = casting_vote(rules, seats, present, recused, votes)
        chair_decided = option is not None
        outcome = ChoiceOutcome.CHOSEN if chair_decided else ChoiceOutcome.TIED
    return Choice(
        outcome=outcome,
        option=option,
        counts=MappingProxyType(counts),
        leaders=leaders,
        abstained=len(votes) - cast,
        not_voted=state.present - len(votes),
        recused=recused_seats(seats, present, recused),
        needed=needed,
        chair_decided=chair_decided,
        quorum=state,
    )


def run_off(choice: Choice) -> tuple[str, ...]:
    """Options of the next round after NO_MAJORITY, sorted: the leaders, or the single leader with the second place.

    Empty when no round can narrow the options further: after any other outcome, or when it would hold the same ones again.
    """
    if choice.outcome is not ChoiceOutcome.NO_MAJORITY or not choice.leaders:
        return ()
    second = max((count for count in choice.counts.values() if count < choice.counts[choice.leaders[0]]), default=0)
    wanted = set(choice.leaders)
    if len(choice.leaders) == 1:
        wanted |= {option for option, count in choice.counts.items() if count == second}
    return tuple(sorted(wanted)) if len(wanted) < len(choice.counts) else ()


def _check_options(votes: Mapping[str, str | None], options: Collection[str]) -> None:
    if not options:
        raise Invalid("no_options", field="options")
    for one in sorted(votes):
        if votes[one] is not None and votes[one] not in options:
            raise Invalid("vote_unknown_option", field="votes", seat=one)


def _counts(votes: Mapping[str, str | None], options: Collection[str]) -> dict[str, int]:
    found = Counter(option for option in votes.values() if option is not None)
    return {option: found[option] for option in sorted(options)}


def _all_equal(rules: BodyRules, leaders: Collection[str], counts: Mapping[str, int]) -> bool:
    return rules.majority is Majority.SIMPLE_OF_VOTES and len(leaders) == len(counts)
