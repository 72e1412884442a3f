"""Synthetic elections for the growth table.

Costs are log-normal around 150 per ballot (sigma 0.8), the budget is a fifth of their sum, so that every voter's share is the same at
every size; the step of add1 is a hundredth of that share. The popularity of projects falls as 1 / (rank + 5). *Alike*: ballots are
drawn from 2,000 different ones, the r-th as often as 1 / r. *Various*: every ballot draws 2 to 10 projects for itself. The seed is
fixed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

PROJECTS, DIFFERENT, SEED = 100, 2_000, 20261123
"""Size of the election, and of the pool of ballots that are alike."""


def write(file: Path, size: int, form: str) -> tuple[int, str]:
    """A .pb file of ``size`` ballots; returns how many are different, and a step that doubles each voter's money in 100 runs."""
    chance = np.random.default_rng(SEED)
    costs = np.maximum(1, np.round(chance.lognormal(np.log(150), 0.8, PROJECTS))).astype(int) * size
    budget = int(costs.sum()) // 5
    popular = 1 / (np.arange(PROJECTS) + 5.0)
    popular = chance.permutation(popular / popular.sum())
    pool = ballots(chance, popular, DIFFERENT if form == "alike" else size)
    if form == "alike":
        share = 1 / (np.arange(DIFFERENT) + 1.0)
        pool = [pool[i] for i in chance.choice(DIFFERENT, size, p=share / share.sum())]
    votes = np.zeros(PROJECTS, int)
    for ballot in pool:
        votes[ballot] += 1
    meta = {
        "description": "synthetic", "country": "none", "unit": form, "instance": "1", "num_projects": PROJECTS, "num_votes": size,
        "budget": budget, "vote_type": "approval", "rule": "greedy", "date_begin": "2026-01-01", "date_end": "2026-01-01",
        "min_length": 1, "max_length": 10, "currency": "KZT",
    }
    with file.open("w", encoding="utf-8") as out:
        out.write("META\nkey;value\n" + "".join(f"{key};{value}\n" for key, value in meta.items()))
        out.write("PROJECTS\nproject_id;cost;votes;name\n")
        out.writelines(f"{i};{cost};{count};P{i}\n" for i, (cost, count) in enumerate(zip(costs, votes, strict=True)))
        out.write("VOTES\nvoter_id;vote\n")
        out.writelines(f"{voter};{','.join(map(str, ballot))}\n" for voter, ballot in enumerate(pool))
    step = max(1, -(-budget // (size * 100)))
    return len({tuple(sorted(ballot)) for ballot in pool}), str(step)


def ballots(chance: np.random.Generator, popular: np.ndarray, many: int) -> list[list[int]]:
    """``many`` ballots of 2 to 10 projects; the more popular the likelier (the largest of Gumbel-shifted weights)."""
    found: list[list[int]] = []
    for start in range(0, many, 50_000):
        rows = min(50_000, many - start)
        keys = np.log(popular) + chance.gumbel(size=(rows, PROJECTS))
        best = np.argsort(-keys, axis=1)[:, :10]
        lengths = chance.integers(2, 11, rows)
        found += [row[:length].tolist() for row, length in zip(best, lengths, strict=True)]
    return found


if __name__ == "__main__":
    # In a process of its own: what a process had at its start counts in the peak memory of those that it starts.
    print(json.dumps(write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))
