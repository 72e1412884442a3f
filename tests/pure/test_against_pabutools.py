"""The engine beside pabutools, where it is installed: by itself or in another environment (QATYSU_ORACLE names its Python).

pabutools is no dependency of this program: its licence is the GPL and it asks for a proprietary solver. CONTRIBUTING.md says how to
install it apart. Its answers are asked from a process of its own, reference/oracle.py.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.pure.reference.cases import random_case

from qatysu.rules import registry
from qatysu.rules.model import Election, Kind, Outcome
from qatysu.rules.pb.reading import read

ORACLE = os.environ.get("QATYSU_ORACLE", "") or (sys.executable if importlib.util.find_spec("pabutools") else "")
PABULIB = Path(os.environ.get("QATYSU_PABULIB") or Path(__file__).resolve().parents[2] / "var/pabulib")
pytestmark = pytest.mark.skipif(not ORACLE, reason="no pabutools: QATYSU_ORACLE names a Python that has it (CONTRIBUTING.md, Tests)")

#: Name of a rule in the oracle: rule and parameters of the engine.
RULES: Mapping[str, tuple[str, dict[str, str]]] = {
    "votes": ("votes", {}),
    "density": ("density", {}),
    "shares-cost": ("equal-shares", {"completion": "none"}),
    "shares-cardinality": ("equal-shares", {"completion": "none", "utility": "cardinality"}),
    "shares-add1e": ("equal-shares", {"completion": "add1e"}),
    "phragmen": ("phragmen", {"unaffordable": "stop"}),
    "welfare": ("welfare", {}),
}
#: Where the oracle can list every outcome that ties can lead to.
WITH_TIES = ("votes", "density", "shares-cost", "shares-cardinality", "phragmen")
#: The oracle takes minutes on more voters than this.
MOST_VOTERS = 3000


@contextmanager
def oracle() -> Iterator[subprocess.Popen[str]]:
    """A running oracle."""
    script = Path(__file__).parent / "reference/oracle.py"
    with subprocess.Popen([ORACLE, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def ask(process: subprocess.Popen[str], election: Election, rules: Sequence[str]) -> dict[str, Any]:
    """Its answers to one election. Money goes in minor units."""
    assert process.stdin is not None
    assert process.stdout is not None
    profile, ids = election.profile, [p.id for p in election.projects]
    ballots: list[list[str]] = []
    for c, times in enumerate(profile.times.tolist()):
        ballots += [[ids[i] for i in profile.projects[profile.starts[c] : profile.starts[c + 1]].tolist()]] * times
    asked = {"projects": [[p.id, p.cost] for p in election.projects], "ballots": ballots, "budget": election.budget, "rules": rules}
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    return dict(json.loads(process.stdout.readline()))


def ours(election: Election, name: str, **given: str) -> Outcome:
    """The engine's answer; the oracle knows neither thresholds nor other limits than the budget."""
    rule, params = RULES[name]
    return registry.run(election, rule, {**params, **given})


def plain_case(number: int) -> Election:
    """Random approvals. Every project has a vote, and costs no more than the budget: the papers take both for granted."""
    case = random_case(number, rule="votes")
    named = {i for ballot, _ in case.ballots for i in ballot}
    projects = tuple((i, cost, (), "", 0) for i, cost, *_ in case.projects if i in named and cost <= case.budget)
    left = {p[0] for p in projects}
    ballots = tuple(({i: 1 for i in ballot if i in left}, times) for ballot, times in case.ballots)
    plain = replace(case, projects=projects, ballots=ballots, kind="approval", scale=1, funders=(), withdrawn=(), given={})
    return plain.election()


def test_small_elections_come_out_as_with_pabutools() -> None:
    """Winners with ties by id, and every set of winners that ties allow."""
    asked = [*RULES, *(f"all {name}" for name in WITH_TIES)]
    compared = decisive = 0
    with oracle() as process:
        for number in range(300):
            election = plain_case(number)
            if not election.projects or not election.budget:
                continue
            answers = ask(process, election, [name for name in asked if name != "shares-add1e" or _few_runs(election)])
            for name, winners in answers.items():
                compared += 1
                if name.startswith("all "):
                    sets = {frozenset(one) for one in winners}
                    refused = ours(election, name[4:], tie="refuse")
                    decisive += len(sets) > 1
                    assert bool(refused.undecided) == (len(sets) > 1), (number, name)
                    assert set(refused.winners) <= frozenset.intersection(*sets), (number, name)
                else:
                    _same(election, name, winners, number)
    assert compared > 1500
    assert decisive > 50


def _few_runs(election: Election) -> bool:
    """Whether add1 ends soon: the oracle takes long, and its step is one unit."""
    return max(p.cost for p in election.projects) < 1000


def _same(election: Election, name: str, winners: Sequence[str], number: int | str) -> None:
    found = ours(election, name, tie="id")
    if name == "welfare":
        votes = {i: count.votes for i, count in found.counts.items()}
        assert sum(votes[i] for i in found.winners) == sum(votes[i] for i in winners), (number, name)
    else:
        assert set(found.winners) == set(winners), (number, name)


@pytest.mark.skipif(not any(PABULIB.glob("*.pb")), reason=f"no real elections in {PABULIB}; QATYSU_PABULIB names their folder")
@pytest.mark.parametrize("name", [name for name in RULES if name != "shares-add1e"])
def test_real_elections_come_out_as_with_pabutools(name: str) -> None:
    """Approvals of at most a few thousand voters; the projects that somebody voted for."""
    compared = 0
    with oracle() as process:
        for path in sorted(PABULIB.glob("*.pb")):
            election = read(path).election
            usual = election.kind in (Kind.APPROVAL, Kind.CHOOSE_1) and election.voters <= MOST_VOTERS
            if usual and not election.withdrawn and all(election.profile.votes(len(election.projects))):
                _same(election, name, ask(process, election, [name])[name], path.name)
                compared += 1
    assert compared >= 5
