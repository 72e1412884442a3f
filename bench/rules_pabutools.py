"""One rule of pabutools on one file: ``PYTHON rules_pabutools.py FILE RULE plain|joined``; seconds, memory and winners as JSON.

Runs in an interpreter that has pabutools and imports nothing of this program.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/pure/reference"))

import oracle
from pabutools.election import parse_pabulib


def main() -> None:
    """From opening the file to the winners."""
    file, rule, form = sys.argv[1:]
    started = time.perf_counter()
    instance, profile = parse_pabulib(file)
    if form == "joined":
        profile = profile.as_multiprofile()
    winners = [project.name for project in oracle.compute(rule, instance, profile)]
    seconds = time.perf_counter() - started
    votes = sum(profile.multiplicity(ballot) for ballot in profile for project in ballot if project.name in set(winners))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mb": memory, "winners": sorted(winners), "votes": votes}))


if __name__ == "__main__":
    main()
