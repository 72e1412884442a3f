"""Order of keys and columns in a ``.pb`` file (pabulib.org/format) and which of them must be there."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


META = _words(
    """description country unit district subunit instance num_projects num_votes budget vote_type rule date_begin date_end
    min_length max_length min_sum_cost max_sum_cost min_points max_points min_sum_points max_sum_points default_score
    min_project_cost max_project_cost min_project_score_threshold neighborhoods subdistricts categories edition language currency
    fully_funded experimental comment acknowledgments leftover_budget budget_per_category budget_per_neighborhood
    min_length_per_category max_length_per_category min_sum_cost_per_category max_sum_cost_per_category"""
)
PROJECTS = _words(
    """project_id cost votes score name category beneficiaries selected neighborhood subunit district description proposer
    public_id latitude longitude"""
)
VOTES = _words(
    """voter_id vote points age sex voting_method district neighborhood education topic_preference_transport
    topic_preference_culture topic_preference_nature district_preference time_taken_seconds format_easiness
    format_expressiveness format_rank"""
)

#: Keys of META without which the ballots have no meaning; those after the second may be missing when reading leniently.
NEEDED = ("budget", "vote_type", "num_projects", "num_votes")
#: Keys that the format asks for and the computation does not.
EXPECTED = ("description", "country", "unit", "instance", "rule", "date_begin", "date_end")
#: Columns of PROJECTS that say where a project lies; the first that a file has counts.
PLACES = ("neighborhood", "district", "subunit")
#: META keys with names of parts, and those with their budgets in the same order.
PARTS = (("categories", "budget_per_category"), ("neighborhoods", "budget_per_neighborhood"))

RULES = _words(
    """greedy greedy-no-skip greedy-threshold greedy-exclusive greedy-custom equalshares equalshares-comparison equalshares/add1
    equalshares/add1-comparison unknown"""
)
