"""A declared round as a file that other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

import pytest

from qatysu.core.errors import NotFound
from qatysu.identity.models import Account
from qatysu.results import commands, exporting, queries
from qatysu.rounds.models import Round
from qatysu.rules import declared, registry
from qatysu.rules.auditing import audit
from qatysu.rules.pb import checking, reading
from tests import counting
from tests.results.test_rules import COSTS, RULES, VOTES

Make = Callable[..., Round]
People = tuple[Account, Account]
pytestmark = pytest.mark.django_db


@pytest.fixture
def approved(counted: Make, people: People, now: datetime) -> Make:
    """``counted`` with an approved outcome."""

    def make(costs: list[int] = COSTS, votes: list[list[str]] = VOTES, **rules: object) -> Round:
        round_ = counted(costs, votes, **rules)
        counting.declare(people[0], round_, now)
        commands.approve(actor=people[1], round=round_, protocol_number="7", now=now)
        return round_

    return make


@pytest.mark.parametrize("rule", RULES)
def test_a_round_reads_back_as_the_same_election(approved: Make, rule: str) -> None:
    round_ = approved(rule=rule, rule_params=RULES[rule][0])
    file = reading.read_bytes(exporting.pb_text(round_).encode())
    assert list(checking.check(file)) == []
    ours, read = queries.election(round_), file.election
    assert [(p.id, p.cost, p.name, p.categories) for p in read.projects] == [
        (p.id, p.cost, p.name, p.categories) for p in ours.projects
    ]
    assert (read.budget, read.voters, read.kind) == (ours.budget * read.scale // ours.scale, ours.voters, ours.kind)
    computed = queries.compute(round_)
    assert registry.run(read, rule, RULES[rule][0]).winners == computed.winners
    assert {code for code, mark in file.selected.items() if mark == 1} == set(computed.winners)


def test_the_declared_rule_gives_the_same_winners_and_the_audit_agrees(approved: Make) -> None:
    round_ = approved(threshold_votes=4, threshold_op="gt")
    file = reading.read_bytes(exporting.pb_text(round_).encode())
    law = declared.of(file)
    outcome = registry.run(file.election, law.rule, law.params)
    assert (file.rule, file.meta["min_project_score_threshold"], law.known) == ("greedy-threshold", "5", True)
    assert outcome.winners == queries.compute(round_).winners
    assert audit(file, outcome, law.params).matches is True


def test_the_file_says_where_and_when_and_by_which_rule(approved: Make) -> None:
    round_ = approved(max_choices=2)
    meta = reading.read_bytes(exporting.pb_text(round_).encode()).meta
    assert {name: meta[name] for name in ("country", "unit", "instance", "currency", "vote_type", "min_length", "max_length")} == {
        "country": "Kazakhstan", "unit": "Khromtau", "instance": "demo", "currency": "KZT", "vote_type": "approval",
        "min_length": "1", "max_length": "2",
    }
    assert "votes fit=skip" in meta["comment"]
    assert meta["date_begin"].count(".") == meta["date_end"].count(".") == 2


def test_illustrative_costs_are_said_to_be_so(approved: Make) -> None:
    round_ = approved()
    assert "illustrative" not in exporting.pb_text(round_)
    Round.objects.filter(pk=round_.pk).update(is_illustrative=True)
    assert "#2: Costs and texts of projects are illustrative." in exporting.pb_text(Round.objects.get(pk=round_.pk))


def test_one_project_each_is_another_type_of_ballot(approved: Make) -> None:
    round_ = approved([4_000_000], [["1"]], ballot_type="one", max_choices=1)
    assert reading.read_bytes(exporting.pb_text(round_).encode()).meta["vote_type"] == "choose-1"


@pytest.mark.parametrize(
    ("rule", "params", "name"),
    [
        ("votes", {"fit": "skip"}, "greedy"),
        ("votes", {"fit": "skip", "min_score": "10", "min_score_op": "gt"}, "greedy-threshold"),
        ("votes", {"fit": "stop", "min_score": "10", "min_score_op": "gt"}, "greedy-no-skip"),
        ("votes", {"fit": "stop", "partial": "0.8"}, "greedy-custom"),
        ("votes", {"fit": "skip", "conflicts": "1/2"}, "greedy-exclusive"),
        ("equal-shares", {"utility": "cost", "completion": "add1"}, "equalshares/add1"),
        ("equal-shares", {"utility": "cost", "completion": "add1", "comparison": "votes"}, "equalshares/add1-comparison"),
        ("equal-shares", {"utility": "cost", "completion": "none"}, "equalshares"),
        ("equal-shares", {"utility": "cardinality", "completion": "add1"}, "unknown"),
        ("equal-shares", {"utility": "cost", "completion": "add1u"}, "unknown"),
        ("phragmen", {}, "unknown"),
    ],
)
def test_rules_have_the_names_of_pabulib(rule: str, params: Mapping[str, str], name: str) -> None:
    assert exporting.pabulib_rule(rule, params) == name


@pytest.mark.parametrize("write", [exporting.pb_text, exporting.csv_text])
def test_nothing_leaves_the_house_before_the_council_approved(
    counted: Make, people: People, now: datetime, write: Callable[[Round], str]
) -> None:
    round_ = counted(COSTS, VOTES)
    with pytest.raises(NotFound):
        write(round_)
    counting.declare(people[0], round_, now)
    with pytest.raises(NotFound):
        write(round_)


def test_numbers_of_voters_tell_nothing_of_who_voted_when(approved: Make) -> None:
    there, back = (approved(COSTS, votes, slug=slug) for votes, slug in ((VOTES, "one"), (VOTES[::-1], "two")))
    ballots = [exporting.pb_text(round_).partition("VOTES\n")[2] for round_ in (there, back)]
    assert ballots[0] == ballots[1]


def test_csv_has_a_row_for_every_project_and_no_formula(approved: Make, counted: Make) -> None:
    round_ = approved()
    entry = round_.slate.entries.get(code="2")
    text = exporting.csv_text(round_)
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["code"], row["votes"], row["cost_tenge"], row["status"]) for row in rows][:2] == [
        ("1", "6", "9000000", "funded"), ("2", "5", "6000000", "funded"),
    ]
    assert len(rows) == len(COSTS)
    assert entry.title in text


@pytest.mark.parametrize("title", ["=1+1", "+7", "-5", "@SUM(A1)", "\tx", "\rx"])
def test_a_title_never_becomes_a_formula_of_a_spreadsheet(title: str) -> None:
    assert exporting._harmless(title) == f"'{title}"
    assert exporting._harmless("A=1") == "A=1"


def test_money_that_counted_is_the_money_of_the_file(approved: Make) -> None:
    round_ = approved(parks=8_000_000, rule_params={"parts": "category"})
    file = reading.read_bytes(exporting.pb_text(round_).encode())
    assert file.election.category_budgets == {"parks": 8_000_000}
    law = declared.of(file)
    assert registry.run(file.election, law.rule, law.params).winners == queries.compute(round_).winners
    plain = approved([4_000_000], [["1"]], slug="plain")
    assert replace(queries.election(plain), funders=()).category_budgets == {}
