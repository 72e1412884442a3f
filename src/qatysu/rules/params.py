"""Parameters of rules: one table of names, values and defaults, for the command line, the constitution and the API alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from qatysu.core.errors import Invalid

#: Digits of a number in a parameter; longer ones are a mistake or an attack.
LONGEST_NUMBER = 30


@dataclass(frozen=True, slots=True)
class ConflictGroup:
    """At most one of ``projects`` can win; when ``winner`` is set, only that one takes part."""

    projects: tuple[str, ...]
    winner: str = ""


@dataclass(frozen=True, slots=True)
class Params:
    """All parameters of all rules with their defaults; a rule reads those that it has.

    Money in units of the file (exact), not minor ones.
    """

    fit: str = "skip"
    key: str = "score"
    min_score: Fraction = Fraction(0)
    min_score_op: str = "ge"
    partial: Fraction | None = None
    conflicts: tuple[ConflictGroup, ...] = ()
    utility: str = "cost"
    completion: str = "add1"
    step: Fraction = Fraction(1)
    comparison: str = "none"
    unaffordable: str = "stop"
    tie: str = "refuse"
    tie_decision: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    parts: str = "none"
    leftover: str = "none"
    paper: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    extra: tuple[str, ...] = ()
    budget: Fraction | None = None


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """One parameter: ``parse`` turns its text into the value of ``Params``; ``choices`` are the allowed
    texts, default first, when they are few.
    """

    name: str
    parse: Callable[[str], Any]
    choices: tuple[str, ...] = ()
    default: str = ""


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return text

    return parse


def _number(text: str) -> Fraction:
    try:
        if len(text) > LONGEST_NUMBER or not text.isascii():
            raise ValueError("is not a number")
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("is not a number") from None
    if not value.is_finite() or abs(value.adjusted()) > LONGEST_NUMBER:
        raise ValueError("is not a number")
    return Fraction(value)


def _share(text: str) -> Fraction:
    value = _number(text)
    if not 0 < value <= 1:
        raise ValueError("must be above 0 and at most 1")
    return value


def _positive(text: str) -> Fraction:
    value = _number(text)
    if value <= 0:
        raise ValueError("must be above 0")
    return value


def _amount(text: str) -> Fraction:
    value = _number(text)
    if value < 0:
        raise ValueError("must not be negative")
    return value


def _ids(text: str) -> tuple[str, ...]:
    ids = tuple(word.strip() for word in text.split(",") if word.strip())
    if len(set(ids)) != len(ids):
        raise ValueError("names a project twice")
    return ids


def _conflicts(text: str) -> tuple[ConflictGroup, ...]:
    groups = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        members, colon, winner = part.rpartition(":") if ":" in part else (part, "", "")
        projects = tuple(word.strip() for word in members.split("/") if word.strip())
        if len(projects) < 2 or len(set(projects)) != len(projects):
            raise ValueError(f"{part!r} must name two or more different projects, as in A/B or A/B:B")
        if colon and winner.strip() not in projects:
            raise ValueError(f"the winner of {part!r} is not in its group")
        groups.append(ConflictGroup(projects, winner.strip()))
    return tuple(groups)


def _paper(text: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, colon, count = part.rpartition(":")
        if not colon or not count.isascii() or not count.isdigit() or len(count) > 12 or name in found:
            raise ValueError(f"{part!r} must be ID:COUNT, each id once")
        found[name] = int(count)
    return MappingProxyType(found)


def _spec(name: str, *choices: str) -> ParamSpec:
    return ParamSpec(name, _choice(*choices), choices, choices[0])


PARAMS: Mapping[str, ParamSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            _spec("fit", "skip", "stop"),
            _spec("key", "score", "votes"),
            ParamSpec("min_score", _number, default="0"),
            _spec("min_score_op", "ge", "gt"),
            ParamSpec("partial", _share),
            ParamSpec("conflicts", _conflicts),
            _spec("utility", "cost", "cardinality", "score"),
            _spec("completion", "add1", "add1e", "add1u", "utilitarian", "none"),
            ParamSpec("step", _positive, default="1"),
            _spec("comparison", "none", "votes"),
            _spec("unaffordable", "stop", "skip"),
            _spec("tie", "refuse", "id", "cheaper", "dearer", "decision"),
            ParamSpec("tie_decision", _ids),
            ParamSpec("withdrawn", _ids),
            _spec("parts", "none", "category", "district"),
            _spec("leftover", "none", "pool"),
            ParamSpec("paper", _paper),
            ParamSpec("extra", _ids),
            ParamSpec("budget", _amount),
        )
    }
)
#: Parameters of every rule.
COMMON = (
    "min_score", "min_score_op", "conflicts", "tie", "tie_decision", "withdrawn", "parts", "leftover", "extra", "budget",
)
OWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "votes": ("fit", "key", "partial", "paper"),
        "density": ("key", "paper"),
        "equal-shares": ("utility", "completion", "step", "comparison", "key"),
        "phragmen": ("unaffordable", "key"),
        "welfare": ("key", "paper"),
    }
)


def of_rule(rule: str) -> tuple[str, ...]:
    """Names of the parameters of ``rule``, its own first. Raises Invalid("rule_unknown")."""
    if rule not in OWN:
        raise Invalid("rule_unknown", field="rule", text=f"there is no rule {rule!r}; rules are {', '.join(OWN)}", rule=rule)
    return (*OWN[rule], *COMMON)


def parse(rule: str, given: Mapping[str, str]) -> Params:
    """Typed parameters of ``rule`` from texts. Raises Invalid with ``field`` naming the parameter and ``text``, one English line:
    "rule_unknown", "param_unknown" (no such parameter of this rule), "param_value".
    """
    known = of_rule(rule)
    values: dict[str, Any] = {}
    for name, text in completed(given).items():
        if name not in known:
            line = f"rule {rule} has no parameter {name!r}; it has {', '.join(known)}"
            raise Invalid("param_unknown", field=name, text=line, rule=rule, name=name)
        try:
            values[name] = PARAMS[name].parse(str(text).strip())
        except ValueError as problem:
            line = f"parameter {name}={str(text)[:80]!r} {problem}"
            raise Invalid("param_value", field=name, text=line, rule=rule, name=name) from None
    params = Params(**values)
    if params.tie_decision and params.tie != "decision":
        line = f"parameter tie_decision goes with tie=decision, not with tie={params.tie}"
        raise Invalid("param_value", field="tie_decision", text=line, rule=rule, name="tie_decision")
    return params


def completed(given: Mapping[str, str]) -> Mapping[str, str]:
    """``given``, with ``tie=decision`` where an order is given and no method: who states a decision wants it to count."""
    decided = str(given.get("tie_decision", "")).strip()
    return {**given, "tie": "decision"} if decided and "tie" not in given else given


def stated(rule: str, given: Mapping[str, str]) -> dict[str, str]:
    """Every parameter with a default or a given value, as texts: what an outcome says that it was computed with."""
    given = completed(given)
    texts = {name: str(given.get(name, PARAMS[name].default)).strip() for name in of_rule(rule)}
    return {name: text for name, text in texts.items() if text}
