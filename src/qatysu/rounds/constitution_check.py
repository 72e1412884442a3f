"""Whether the values of a constitution go together, before they are saved."""

from __future__ import annotations

from qatysu.core.collegial import Majority
from qatysu.core.errors import Invalid
from qatysu.rounds.models import Constitution
from qatysu.rounds.rule_params import check_rule


def check_constitution(c: Constitution) -> None:
    """Order ``c`` and refuse what contradicts itself. Raises Invalid with the field that has to be mended."""
    methods = list(dict.fromkeys(c.methods))
    if any(m not in Constitution.Method.values for m in methods):
        raise Invalid("method", field="methods")
    c.methods = methods
    if c.cap_tenge is None and not (c.cap_mrp and c.mrp_tenge):
        raise Invalid("cap_missing", field="cap_tenge")
    if c.cap <= 0:
        raise Invalid("cap_missing", field="cap_tenge")
    if c.min_cost_tenge > c.cap:
        raise Invalid("least_over_cap", field="min_cost_tenge")
    if c.ballot_type == Constitution.Ballot.ONE:
        c.min_choices = c.max_choices = 1
    if not 1 <= c.min_choices <= c.max_choices <= 100:
        raise Invalid("choices", field="max_choices")
    if not 1 <= c.max_attempts <= 5:
        raise Invalid("attempts", field="max_attempts")
    if not (c.council_quorum_percent <= 100 and c.council_majority_percent <= 100):
        raise Invalid("percent", field="council_quorum_percent")
    if c.council_majority == Majority.SHARE_OF_VOTES and not 50 <= c.council_majority_percent <= 99:
        raise Invalid("council_majority", field="council_majority_percent")
    if c.council_quorum_least < 1 or c.appeal_days > 365:
        raise Invalid("council_terms", field="council_quorum_least" if c.council_quorum_least < 1 else "appeal_days")
    if not 14 <= c.voter_min_age <= 99:
        raise Invalid("age", field="voter_min_age")
    if not 10 <= c.proposer_min_age <= 99:
        raise Invalid("age", field="proposer_min_age")
    check_rule(c)
