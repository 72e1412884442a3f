"""The outcome of a replayed log: the manifest's rule applied to the opened ballots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from qatysu.rules import registry
from qatysu.rules.model import Election, Funder, Outcome, Profile, Project


def election(manifest: Mapping[str, Any], ballots: Counter[tuple[str, ...]]) -> Election:
    """The election of a manifest: money in whole tenge, ballots as counted."""
    projects = tuple(
        Project(code, cost, categories=(category,) if category else ())
        for code, cost, category, _title in manifest["projects"]
    )
    index = {project.id: i for i, project in enumerate(projects)}
    rows = (([index[code] for code in choices], None, times) for choices, times in sorted(ballots.items()))
    return Election(
        projects,
        Profile.build(rows),
        manifest["budget"],
        category_budgets=dict(manifest["parts"]),
        funders=tuple(Funder(name, amount, frozenset(categories)) for name, amount, categories in manifest["funders"]),
    )


def outcome(
    manifest: Mapping[str, Any], ballots: Counter[tuple[str, ...]], tie_decision: Sequence[str] = (), withdrawn: Sequence[str] = ()
) -> Outcome:
    """What the manifest's rule gives; ``tie_decision``: codes in the order that people decided, ``withdrawn``: projects that the log
    takes out of the count. Raises Invalid for an unknown rule.
    """
    given = dict(manifest["params"])
    if withdrawn:
        given["withdrawn"] = ",".join(dict.fromkeys([*filter(None, given.get("withdrawn", "").split(",")), *withdrawn]))
    if tie_decision:
        given |= {"tie": "decision", "tie_decision": ",".join(tie_decision)}
    return registry.run(election(manifest, ballots), manifest["rule"], given)
