"""Plain words about rules agree with the rules."""

from __future__ import annotations

import re
from itertools import product

import pytest

from qatysu.rules import registry
from qatysu.rules.describe import WINNERS, param_text, rule_text, rules_listing, town
from qatysu.rules.params import COMMON, OWN, PARAMS
from qatysu.rules.wording import LANGUAGES

NAMED = {"kk": ("Саябақ", "Жеңгендері: "), "ru": ("Парк", "Победители: "), "en": ("Park", "Winners: ")}


def test_every_rule_has_an_example():
    assert list(WINNERS) == list(registry.names())


@pytest.mark.parametrize("rule", OWN)
def test_examples_are_what_the_program_computes(rule):
    assert registry.run(town(), rule).winners == WINNERS[rule]


def test_the_example_of_density_is_what_the_program_computes():
    outcome = registry.run(town(), "density")
    assert [(s.project, round(float(1 / s.key), 1)) for s in outcome.steps] == [
        ("well", 3.3), ("playground", 7.5), ("lights", 8.0), ("park", 10.0),
    ]
    assert outcome.budget - outcome.spent == 20


def test_the_example_of_equal_shares_is_what_the_program_computes():
    without = registry.run(town(), "equal-shares", {"completion": "none"})
    assert without.winners == ("park", "playground")
    held = {s.project: s.facts["supporters_hold"] for s in without.steps if "supporters_hold" in s.facts}
    assert held == {"lights": 0, "well": 3 * (10 - 7.5)}
    with_one_more = registry.run(town(), "equal-shares", {"completion": "add1", "step": "1"})
    assert with_one_more.winners == ("park", "playground", "well")


def test_the_example_of_phragmen_is_what_the_program_computes():
    outcome = registry.run(town(), "phragmen")
    bought = [(s.project, round(float(s.key), 1)) for s in outcome.steps if s.project in outcome.winners]
    assert bought == [("well", 3.3), ("lights", 8.0), ("playground", 10.0)]
    assert outcome.spent == 80


def test_the_example_of_welfare_is_what_the_program_computes():
    votes = {name: tallied.votes for name, tallied in registry.run(town(), "welfare").counts.items()}
    sums = [votes["park"] + votes["lights"], votes["lights"] + votes["playground"] + votes["well"],
            votes["park"] + votes["playground"] + votes["well"]]
    assert sums == [11, 12, 13]


@pytest.mark.parametrize(("language", "rule"), list(product(LANGUAGES, OWN)))
def test_texts_of_rules_are_complete(language, rule):
    text = rule_text(rule, language)
    assert 3 <= len(text.how) <= 5
    for line in (text.line, *text.how, text.example, text.good, text.bad):
        assert line.endswith(".")
        assert not re.search(r"[{}]|  ", line)
    park, winners = NAMED[language]
    assert park in text.example
    assert winners in text.example


@pytest.mark.parametrize("rule", OWN)
def test_examples_name_the_same_numbers_in_every_language(rule):
    numbers = [sorted(re.findall(r"\d+", rule_text(rule, language).example.replace(",", "."))) for language in LANGUAGES]
    assert numbers[0] == numbers[1] == numbers[2]


@pytest.mark.parametrize(("language", "name"), list(product(LANGUAGES, PARAMS)))
def test_texts_of_parameters_are_complete(language, name):
    text = param_text(name, language)
    assert text.label
    assert text.help.endswith(".")
    assert tuple(text.choices) == PARAMS[name].choices
    assert all(text.choices.values())


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_kazakh_and_russian_have_no_english_left(language):
    texts = [rule_text(rule, language) for rule in OWN]
    lines = [line for t in texts for line in (t.name, t.line, *t.how, t.example, t.good, t.bad)]
    params = [param_text(name, language) for name in PARAMS]
    lines += [line for p in params for line in (p.label, p.help, *p.choices.values())]
    assert not [line for line in lines if re.search(r"[a-z]{2,}", line, re.IGNORECASE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_listing_names_every_rule_parameter_and_choice(language):
    lines = rules_listing(language).split("\n")
    for rule in OWN:
        assert f"{rule}: {rule_text(rule, language).name}" in lines
    for name in {*COMMON, *(name for own in OWN.values() for name in own)}:
        assert any(re.match(rf"  {name}( \(.*\))?: ", line) for line in lines)
        for value, words in param_text(name, language).choices.items():
            assert f"    {name}={value}: {words}" in lines
