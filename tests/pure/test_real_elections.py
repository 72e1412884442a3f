"""Real elections of Pabulib (pabulib.org) and their official lists. The files are not part of the project, because the collection
states no licence; put them into ``var/pabulib`` or name their folder in QATYSU_PABULIB. Without them these tests are skipped.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from qatysu.rules import auditing, declared, registry
from qatysu.rules.auditing import Audit
from qatysu.rules.hints import sentence
from qatysu.rules.model import Kind, Outcome, Phase, Reason, Verdict
from qatysu.rules.pb.model import PbFile
from qatysu.rules.pb.reading import read

FOLDER = Path(os.environ.get("QATYSU_PABULIB") or Path(__file__).resolve().parents[2] / "var/pabulib")
pytestmark = pytest.mark.skipif(
    not any(FOLDER.glob("*.pb")), reason=f"no real elections in {FOLDER}; QATYSU_PABULIB names the folder that holds them"
)


@dataclass(frozen=True)
class Row:
    """``status``: exit status of the command; ``matches``: of the audit, as the file declares its rule; ``winners``: how many,
    after a tie is decided as the officials did, counted apart from the columns of PROJECTS; ``special``: why it is here."""

    name: str
    status: int
    matches: bool | None
    winners: int
    special: str


SEATTLE = "US_Stanford_Dataset_Your_Voice_Your_Choice_Parks_and_Streets-_Seattle_2018_District_2_vote_approvals"
POZNAN_2023 = "Poland_Poznan_2023_11_-_Fabianowo-Kotowo_Gorczyn_Junikowo_Kwiatowe_Lawica"
POZNAN_2025 = "Poland_Poznan_2025_2_-_Kiekrz_Krzyzowniki-Smochowice_Podolany_Strzeszyn__large"
GDYNIA_2020 = "Poland_Gdynia_2020_Chwarzno-Wiczlino__small"
ROWS = (
    Row("Poland_Swiecie_2023", 0, True, 17, "official Method of Equal Shares"),
    Row("Poland_Katowice_2022_Zarzecze", 0, True, 6, "threshold met exactly; selected=2 below it"),
    Row("Poland_Warszawa_2022_Bemowo", 0, False, 35, "773 excludes 153, which only the comment says"),
    Row(GDYNIA_2020, 0, True, 7, "stop; turnout award"),
    Row("Poland_Gdynia_2021", 0, True, 1, "stop, city-wide"),
    Row(POZNAN_2023, 0, True, 2, "80 % rule"),
    Row(POZNAN_2025, 0, True, 2, "money from elsewhere"),
    Row("Poland_Wroclaw_2017_Rejon_nr_11_750", 0, True, 1, "withdrawn project with the cost 999999999"),
    Row("Poland_Krakow_2023_Bienczyce", 0, True, 4, "ordinal; grosze"),
    Row("Poland_Krakow_2024_Krowodrza", 3, None, 12, "ordinal; a tie decides"),
    Row("Poland_Lodz_2024_Baluty-Centrum", 0, True, 7, "threshold leaves money"),
    Row("Poland_Warszawa_2018_Niskie_Okecie", 3, None, 6, "threshold of its own; a tie decides"),
    Row("Poland_Warszawa_2023_Ursus", 3, None, 17, "a tie decides"),
    Row("Poland_Czestochowa_2024_Dzbow", 3, None, 5, "cumulative; a tie decides"),
    Row("Poland_Zabrze_2021_Centrum_Polnoc", 0, None, 1, "choose-1; no official list"),
    Row("Poland_Gdansk_2020_Wrzeszcz_Gorny", 0, None, 6, "cumulative; no official list"),
    Row("Netherlands_Amsterdam_604", 0, None, 22, "budgets of categories, left-over rule; no official list"),
    Row("Netherlands_Amsterdam_252", 0, None, 26, "budgets of neighbourhoods; no official list"),
    Row("France_Toulouse_2024", 0, None, 72, "183 projects; no official list"),
    Row("Hungary_Budapest_2025_XI_Ujbuda", 0, False, 8, "budgets of categories in the comment alone, paper ballots missing"),
    Row("Switzerland_Zurich_S5D10", 0, None, 8, "cumulative experiment"),
    Row("Worldwide_Mechanical_Turk_Ranking_value_8", 0, None, 8, "ordinal experiment"),
    Row("Canada_Stanford_Dataset_PB_Dieppe_2018_vote_approvals", 0, None, 5, "no rule declared"),
    Row("US_Stanford_Dataset_PB_Cambridge_2015_vote_knapsacks", 0, None, 10, "knapsack ballots, no rule declared"),
    Row(SEATTLE, 0, None, 4, "a tie of Equal Shares decides"),
    Row("Poland_Warszawa_2021_Praga-Poludnie", 0, True, 12, "10,568 voters, 106 projects"),
    Row("Poland_Lodz_2025", 0, True, 22, "60,272 voters, 114 projects, threshold"),
)


@cache
def opened(name: str) -> PbFile:
    path = FOLDER / f"{name}.pb"
    if not path.exists():
        pytest.skip(f"{path} is absent")
    return read(path)


@cache
def answered(name: str) -> tuple[Outcome, Audit]:
    """As the command answers without ``--rule``."""
    file = opened(name)
    stated = declared.of(file)
    outcome = registry.run(file.election, stated.rule, stated.params)
    return outcome, auditing.audit(file, outcome, stated.params)


def outcome_of(name: str, rule: str | None = None, **given: str) -> Outcome:
    file = opened(name)
    stated = declared.of(file, given)
    return registry.run(file.election, rule or stated.rule, given if rule else stated.params)


def official(name: str, mark: int = 1) -> set[str]:
    return {project for project, m in opened(name).selected.items() if m == mark}


def test_the_table_names_27_elections() -> None:
    assert len({row.name for row in ROWS}) == 27


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name[:40])
def test_election_behaves_as_its_line_says(row: Row) -> None:
    file = opened(row.name)
    outcome, audit = answered(row.name)
    assert (3 if outcome.undecided else 0, audit.matches) == (row.status, row.matches)
    if audit.tie_decision:
        outcome = outcome_of(row.name, tie="decision", tie_decision=",".join(audit.tie_decision))
        assert set(outcome.winners) == official(row.name)
    assert len(outcome.winners) == row.winners
    assert outcome.spent == sum(p.cost for p in file.election.projects if p.id in outcome.winners) <= file.election.budget
    assert (audit.matches is None) == (not file.selected or row.status == 3)


@pytest.mark.parametrize("row", [row for row in ROWS if row.status == 3], ids=lambda row: row.name[:40])
def test_where_a_tie_decides_nothing_behind_it_is_claimed(row: Row) -> None:
    outcome, audit = answered(row.name)
    (tie,) = outcome.undecided
    assert set(tie.projects) == set(audit.tie_decision)
    assert set(outcome.winners) < official(row.name)
    assert {outcome.step_of(name).verdict for name in tie.projects} == {Verdict.UNDECIDED}
    other = outcome_of(row.name, tie="decision", tie_decision=",".join(reversed(audit.tie_decision)))
    assert set(other.winners) != official(row.name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name[:40])
def test_counts_are_those_of_the_file(row: Row) -> None:
    file = opened(row.name)
    outcome, _ = answered(row.name)
    repeats = 4 if row.name == "Netherlands_Amsterdam_604" else 0  # its columns count what one ballot names twice
    columns = file.project_columns
    assert sum(int(columns[project]["votes"]) - counted.votes for project, counted in outcome.counts.items()) == repeats
    assert [project for project, counted in outcome.counts.items() if counted.votes > int(columns[project]["votes"])] == []
    if file.has_score_column:
        assert {project: counted.score for project, counted in outcome.counts.items()} == {
            project: int(cells["score"]) for project, cells in columns.items()
        }


def test_katowice_threshold_is_at_least_and_not_more_than() -> None:
    name = "Poland_Katowice_2022_Zarzecze"
    assert answered(name)[0].counts["L20/09/IX"].score == 50
    assert "L20/09/IX" in answered(name)[0].winners
    assert outcome_of(name, min_score_op="gt").step_of("L20/09/IX").reason is Reason.BELOW_THRESHOLD
    assert answered(name)[1].official_extra == ("L20/05/IX",)


def test_bemowo_comes_out_with_the_pair_of_its_comment_and_the_audit_names_it() -> None:
    name = "Poland_Warszawa_2022_Bemowo"
    _, audit = answered(name)
    assert (audit.only_official, audit.only_computed) == ((), ("153",))
    assert [sentence(why, "en") for why in audit.why] == [
        "conflicts=773/153 gives the official list; the file's comment names these projects."
    ]
    assert set(outcome_of(name, conflicts="773/153").winners) == official(name)


def test_gdynia_passing_over_gives_another_list_than_stopping() -> None:
    assert set(outcome_of(GDYNIA_2020, fit="skip").winners) > official(GDYNIA_2020)
    assert official(GDYNIA_2020, 2) == set(answered(GDYNIA_2020)[1].official_extra) == {"9"}


def test_poznan_funds_the_next_project_when_80_per_cent_of_it_are_left() -> None:
    outcome, audit = answered(POZNAN_2023)
    assert set(outcome.extra) == official(POZNAN_2023, 2) == {"XI.4"}
    assert outcome.step_of("XI.4").reason is Reason.PARTIAL
    assert audit.why == ()


def test_poznan_money_from_elsewhere_is_listed_apart_with_the_remark_that_explains_it() -> None:
    outcome, audit = answered(POZNAN_2025)
    assert (outcome.extra, audit.official_extra) == ((), ("RD-II.5",))
    assert [sentence(why, "en") for why in audit.why] == [
        "Project RD-II.5 was chosen apart from the rule (selected=3); see comment #2."
    ]
    assert outcome_of(POZNAN_2025, extra="RD-II.5").extra == ("RD-II.5",)


def test_wroclaw_withdrawn_project_does_not_end_the_list() -> None:
    outcome, _ = answered("Poland_Wroclaw_2017_Rejon_nr_11_750")
    assert outcome.step_of("150").verdict is Verdict.WITHDRAWN
    assert outcome.counts["150"].votes == max(counted.votes for counted in outcome.counts.values())


def test_krakow_counts_three_two_one_points_and_money_to_the_grosz() -> None:
    file = opened("Poland_Krakow_2023_Bienczyce")
    assert (file.election.kind, file.election.scale, file.election.budget) == (Kind.ORDINAL, 100, 133_175_111)
    assert set(file.election.profile.points.tolist()) == {1, 2, 3}


def test_lodz_threshold_leaves_out_a_project_that_the_rest_would_pay() -> None:
    outcome, _ = answered("Poland_Lodz_2024_Baluty-Centrum")
    step = outcome.step_of("B190BC")
    assert (step.reason, step.missing_votes, outcome.budget - outcome.spent) == (Reason.BELOW_THRESHOLD, 11, 2000)


def test_warszawa_2018_threshold_is_a_tenth_of_the_ballots() -> None:
    file = opened("Poland_Warszawa_2018_Niskie_Okecie")
    assert (file.election.voters, declared.of(file).params["min_score"]) == (229, "23")


@pytest.mark.parametrize(("name", "field"), [("Netherlands_Amsterdam_604", "categories"), ("Netherlands_Amsterdam_252", "district")])
def test_amsterdam_parts_keep_their_budgets(name: str, field: str) -> None:
    file = opened(name)
    outcome, _ = answered(name)
    budgets: Mapping[str, int] = file.election.category_budgets or file.election.district_budgets
    by_rule = {step.project for step in outcome.steps if step.verdict is Verdict.FUNDED and step.phase is Phase.RULE}
    for part, amount in budgets.items():
        assert sum(p.cost for p in file.election.projects if p.id in by_rule and part in getattr(p, field)) <= amount
    later = [step.project for step in outcome.steps if step.verdict is Verdict.FUNDED and step.phase is Phase.LEFTOVER]
    assert len(later) == (2 if name.endswith("604") else 0)
    assert set(outcome_of(name, parts="none", leftover="none").winners) != set(outcome.winners)


def test_amsterdam_ballot_that_repeats_a_project_counts_it_once_and_is_noted() -> None:
    assert [note.line for note in opened("Netherlands_Amsterdam_604").notes] == [1927]


def test_budapest_difference_is_told_with_the_comment_of_the_file() -> None:
    _, audit = answered("Hungary_Budapest_2025_XI_Ujbuda")
    codes = [why.code for why in audit.why]
    assert codes == ["rule_unknown", "unexplained", "comment"]
    assert opened("Hungary_Budapest_2025_XI_Ujbuda").currency == "HUF"


def test_swiecie_needs_add1_and_cost_utilities() -> None:
    name = "Poland_Swiecie_2023"
    assert set(answered(name)[0].winners) == official(name)
    assert set(outcome_of(name, utility="cardinality", tie="cheaper").winners) != official(name)


def test_seattle_equal_shares_meets_a_tie_that_decides() -> None:
    outcome = outcome_of(SEATTLE, "equal-shares", completion="none")
    assert outcome.undecided
