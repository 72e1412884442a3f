"""Shape of the tables that describe rules and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class RuleWords:
    """Plain words about a rule. ``example`` goes on from ``EXAMPLE`` of the language and may name ``{park}``, ``{lights}``,
    ``{playground}``, ``{well}`` and ``{winners}``."""

    name: str
    line: str
    how: tuple[str, ...]
    example: str
    good: str
    bad: str


@dataclass(frozen=True, slots=True)
class ParamWords:
    """Plain words about a parameter; ``choices`` by value, empty where any text of its kind is allowed."""

    label: str
    help: str
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
