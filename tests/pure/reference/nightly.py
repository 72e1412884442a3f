"""Many random elections: ``python -m tests.pure.reference.nightly --count 100000 --seed 1``. Exit status 1 when one differs."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from tests.pure.reference.cases import random_case
from tests.pure.reference.judge import examine, report


def main() -> int:
    """Compares ``--count`` elections from number ``--seed`` x 10^7 on; ends after ``--most`` differences or ``--minutes``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rule", default="", help="only this rule")
    parser.add_argument("--most", type=int, default=20, help="differences to print before it ends")
    parser.add_argument("--minutes", type=float, default=120)
    options = parser.parse_args()
    started, seen, differ, bounded = time.monotonic(), Counter[str](), Counter[str](), 0
    for n in range(options.count):
        number = options.seed * 10_000_000 + n
        case = random_case(number, rule=options.rule)
        seen[case.rule] += 1
        found, open_search = examine(case)
        bounded += open_search
        if found:
            differ[case.rule] += 1
            say(report(number, case))
        if differ.total() >= options.most or time.monotonic() - started > options.minutes * 60:
            break
        if (n + 1) % 5000 == 0:
            say(f"{n + 1} elections, {differ.total()} differ, {time.monotonic() - started:.0f} s")
    rules = ", ".join(f"{rule} {differ[rule]} of {count}" for rule, count in sorted(seen.items()))
    say(f"{seen.total()} elections, seed {options.seed}: {differ.total()} differ ({rules}), {time.monotonic() - started:.0f} s")
    say(f"In {bounded} of them the engine said that its search could not settle a tie.")
    return 1 if differ else 0


def say(line: str) -> None:
    """Out, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
