"""The engine answers what the plain reference answers, election by election (2,000 here, many more in the nightly run)."""

from __future__ import annotations

import pytest
from tests.pure.reference.cases import RULES, random_case
from tests.pure.reference.judge import differences, report
from tests.pure.reference.run import run

#: In all; ``python -m tests.pure.reference.nightly`` tries more.
ELECTIONS = 2000
BATCH = 100


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("batch", range(ELECTIONS // BATCH // len(RULES)))
def test_engine_and_reference_agree(rule: str, batch: int) -> None:
    """Winners in order, extra, reasons, decisive ties, runs."""
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        case = random_case(number, rule=rule)
        if differences(case):
            pytest.fail(report(number, case))


@pytest.mark.parametrize("rule", RULES)
def test_random_elections_provoke_what_they_are_meant_to(rule: str) -> None:
    """A generator that had become tame would prove nothing."""
    cases = [random_case(number, rule=rule) for number in range(800)]
    answers = [run(case.election(), case.rule, case.given) for case in cases]
    assert sum(bool(answer.ties) for answer in answers) >= 20
    assert sum(answer.open for answer in answers) >= 8
    assert sum(len(answer.winners) >= 2 for answer in answers) >= 80
    assert any(sum(p[1] for p in case.projects if p[0] in a.winners) == case.budget for case, a in zip(cases, answers, strict=True))
    reasons = {reason for answer in answers for some in answer.reasons.values() for reason in some}
    assert reasons >= {"selected", "withdrawn", "other_money", "excluded", "below_threshold", "conflict", "does_not_fit", "tied"}
