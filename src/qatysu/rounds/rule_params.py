"""Which parameters of outcome rules a constitution may state, and what may not stand together."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from qatysu.core.errors import Invalid
from qatysu.rounds.models import Constitution, Round
from qatysu.rounds.outcome_rule import params_of
from qatysu.rules.params import PARAMS, ConflictGroup, parse

#: Parameters in ``rule_params`` by rule. What has a column of its own (fit, threshold, tie) and what people decide after the vote
#: (withdrawn, extra, ...) is not among them.
OWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "votes": ("partial",),
        "density": (),
        "equal-shares": ("utility", "completion", "step", "comparison"),
        "phragmen": ("unaffordable",),
        "welfare": (),
    }
)
COMMON = ("parts", "leftover", "conflicts")
#: Values that no round of this version can mean: ballots give no points, and there are no districts.
_NOT_HERE = MappingProxyType({"utility": ("score",), "parts": ("district",)})
#: Of the residents one in so many is expected to vote; without a head count so many voters.
ONE_VOTES_IN, VOTERS_UNKNOWN = 20, 1_000
#: Completions that repeat the count with ``step`` more for everyone.
REPEATED = ("add1", "add1e", "add1u")


def choices_of(name: str) -> tuple[str, ...]:
    """Values of a parameter that a constitution may choose, default first; empty when it is a number."""
    return tuple(value for value in PARAMS[name].choices if value not in _NOT_HERE.get(name, ()))


def check_rule(c: Constitution) -> None:
    """Raises Invalid, ``field`` naming the column or the parameter, unless rule, parameters and method for ties go together."""
    if c.rule not in OWN:
        raise Invalid("rule_unknown", field="rule")
    if c.tie not in Constitution.Tie.values:
        raise Invalid("tie_method", field="tie")
    given = c.rule_params
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise Invalid("param_value", field="rule")
    for name, text in given.items():
        if name not in (*OWN[c.rule], *COMMON):
            raise Invalid("param_unknown", field=name)
        if text in _NOT_HERE.get(name, ()):
            raise Invalid("param_value", field=name)
    values = parse(*params_of(c))
    if values.step.denominator != 1:
        raise Invalid("step_whole", field="step")
    if values.partial is not None and c.fit != Constitution.Fit.STOP:
        raise Invalid("partial_without_stop", field="partial")
    if values.leftover == "pool" and values.parts == "none":
        raise Invalid("leftover_without_parts", field="parts")


def conflict_groups(c: Constitution) -> tuple[ConflictGroup, ...]:
    """Projects, by their numbers, of which only one can win."""
    return parse(c.rule, {"conflicts": str(c.rule_params.get("conflicts", ""))}).conflicts


def expected_voters(round_: Round) -> int:
    """So many people may vote: one in twenty of the latest head count."""
    latest = round_.city.populations.order_by("-counted_on").first()
    return max(1, latest.count // ONE_VOTES_IN) if latest else VOTERS_UNKNOWN


def expected_runs(budget_tenge: int, voters: int, step: int) -> int:
    """About so many times equal shares count again: until everyone's first share has doubled, which is seldom exceeded by much."""
    return -(-budget_tenge // (max(1, voters) * step))
