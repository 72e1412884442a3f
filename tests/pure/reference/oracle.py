"""Answers of pabutools, in an interpreter that has it: lines of JSON in, lines of JSON out. Imports nothing of this program.

A line in: {"projects": [[id, cost], ...], "ballots": [[id, ...], ...], "budget": int, "rules": [name, ...]}, costs in whole
units. A line out: {name: winners in order}, with ``all`` in front of a rule: every set that ties can lead to.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from pabutools.election import ApprovalBallot, ApprovalProfile, Cardinality_Sat, Cost_Sat, Instance, Project
from pabutools.rules import (
    greedy_utilitarian_welfare,
    max_additive_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)


def answer(given: dict[str, Any]) -> dict[str, Any]:
    """The answers to one line."""
    projects = {name: Project(name, cost) for name, cost in given["projects"]}
    instance = Instance(projects.values(), budget_limit=given["budget"])
    profile = ApprovalProfile([ApprovalBallot(projects[name] for name in ballot) for ballot in given["ballots"]], instance=instance)
    return {rule: _plain(compute(rule, instance, profile)) for rule in given["rules"]}


def compute(rule: str, instance: Instance, profile: ApprovalProfile) -> Any:
    """One rule; ``all`` as its first word asks for every outcome."""
    every, _, name = rule.rpartition(" ")
    more = {"resoluteness": not every}
    if name == "votes":
        return greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, **more)
    if name == "density":
        return greedy_utilitarian_welfare(instance, profile, sat_class=Cardinality_Sat, **more)
    if name == "shares-cost":
        return method_of_equal_shares(instance, profile, sat_class=Cost_Sat, **more)
    if name == "shares-cardinality":
        return method_of_equal_shares(instance, profile, sat_class=Cardinality_Sat, **more)
    if name == "shares-add1e":
        return method_of_equal_shares(instance, profile, sat_class=Cost_Sat, voter_budget_increment=1, **more)
    if name == "phragmen":
        return sequential_phragmen(instance, profile, **more)
    if name == "welfare":
        return max_additive_utilitarian_welfare(instance, profile, sat_class=Cardinality_Sat, **more)
    raise ValueError(rule)


def _plain(found: Any) -> Any:
    if found and isinstance(found[0], list):
        return [sorted(project.name for project in one) for one in found]
    return [project.name for project in found]


def main() -> None:
    """Line by line, so that a caller may stop."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
