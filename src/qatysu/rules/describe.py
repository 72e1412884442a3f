"""What every rule and every parameter is, in plain words and with an example that the engine computes in the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from qatysu.core.money import grouped
from qatysu.rules.model import Election, Profile, Project
from qatysu.rules.params import COMMON, OWN, PARAMS
from qatysu.rules.wording import en_rules, form, joined, kk_rules, ru_rules, say
from qatysu.rules.wording.words import ParamWords

_WORDS: Mapping[str, ModuleType] = MappingProxyType({"kk": kk_rules, "ru": ru_rules, "en": en_rules})
#: The town of the examples: cost in millions by project, ballots with the number of voters, budget in millions.
COSTS: Mapping[str, int] = MappingProxyType({"park": 60, "lights": 40, "playground": 30, "well": 10})
BALLOTS = ((("park", "lights"), 5), (("park",), 1), (("playground", "well"), 3), (("playground",), 1))
BUDGET = 100
#: Who wins in that town by each rule with its default parameters, in the order of selection. The tests recompute it.
WINNERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "votes": ("park", "lights"),
        "density": ("well", "playground", "lights"),
        "equal-shares": ("park", "playground", "well"),
        "phragmen": ("well", "lights", "playground"),
        "welfare": ("park", "playground", "well"),
    }
)


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in plain words: ``line`` is one sentence, ``how`` three to five; ``good`` and ``bad`` are one line each."""

    rule: str
    name: str
    line: str
    how: tuple[str, ...]
    example: str
    good: str
    bad: str


@dataclass(frozen=True, slots=True)
class ParamText:
    """A parameter in plain words; ``choices`` by value in the order of ``params.PARAMS``, the default first."""

    name: str
    label: str
    help: str
    choices: Mapping[str, str]
    default: str


def town() -> Election:
    """The election of the examples, money in millions."""
    names = list(COSTS)
    ballots = [([names.index(name) for name in chosen], None, times) for chosen, times in BALLOTS]
    projects = tuple(Project(name, cost) for name, cost in COSTS.items())
    return Election(projects, Profile.build(ballots), BUDGET)


def rule_text(rule: str, language: str) -> RuleText:
    """The rule in ``language``. Raises KeyError for an unknown rule or language."""
    words = _WORDS[language]
    text = words.RULES[rule]
    won = joined(language, tuple(say(language, "quoted", name=words.NAMES[name]) for name in WINNERS[rule]))
    example = f"{_town_text(language)} {text.example.format_map({**words.NAMES, 'winners': won})}"
    return RuleText(rule, text.name, text.line, text.how, example, text.good, text.bad)


def _town_text(language: str) -> str:
    words = _WORDS[language]
    votes = {name: sum(times for chosen, times in BALLOTS if name in chosen) for name in COSTS}
    parts = [
        words.EXAMPLE_PROJECT[form(language, votes[name])].format(name=words.NAMES[name], cost=cost, votes=votes[name])
        for name, cost in COSTS.items()
    ]
    voters = sum(times for _, times in BALLOTS)
    text: str = words.EXAMPLE.format_map({**words.NAMES, "voters": voters, "budget": grouped(BUDGET), "projects": "; ".join(parts)})
    return text


def param_text(name: str, language: str) -> ParamText:
    """The parameter in ``language``. Raises KeyError for an unknown parameter or language."""
    words: ParamWords = _WORDS[language].PARAMS[name]
    spec = PARAMS[name]
    choices = {value: words.choices[value] for value in spec.choices}
    return ParamText(name, words.label, words.help, MappingProxyType(choices), spec.default)


def rules_listing(language: str) -> str:
    """All rules with their parameters, defaults and choices, for the command line; lines end with ``\\n``."""
    headings = _WORDS[language].HEADINGS
    lines = []
    for rule, own in OWN.items():
        text = rule_text(rule, language)
        lines += [f"{rule}: {text.name}", f"  {text.line}"]
        lines += [f"  + {text.good}", f"  - {text.bad}"]
        lines += [line for name in own for line in _param_lines(name, language, headings)] + [""]
    lines.append(headings["every"])
    lines += [line for name in COMMON for line in _param_lines(name, language, headings)]
    return "\n".join(lines) + "\n"


def _param_lines(name: str, language: str, headings: Mapping[str, str]) -> list[str]:
    text = param_text(name, language)
    default = f" ({headings['default'].format(value=text.default)})" if text.default else ""
    lines = [f"  {name}{default}: {text.label}. {text.help}"]
    return lines + [f"    {name}={value}: {words}" for value, words in text.choices.items()]
