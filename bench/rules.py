"""Outcome rules: seconds and memory beside pabutools in the same run, and how they grow with the number of ballots.

usage: uv run python bench/rules.py --pabulib FOLDER [--oracle PYTHON] [--file NAME] [--cap 300] [--most 1000000]

Every number is measured in a process of its own, from opening the file to the winners; ours is the best of three, pabutools
(in the Python that ``--oracle`` names; CONTRIBUTING.md says how to install it) runs once and is stopped after ``--cap`` seconds.
Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))


@dataclass(frozen=True)
class Row:
    """A rule of ours, the same of pabutools, and what is aimed at: seconds from opening the file, times as fast."""

    name: str
    rule: str
    params: dict[str, str]
    theirs: str = ""
    most_seconds: float = 0
    least_ratio: float = 0


ROWS = (
    Row("votes", "votes", {}, "votes", 0.5),
    Row("density", "density", {}, "density", 0.5),
    Row("equal-shares, cost", "equal-shares", {"completion": "none"}, "shares-cost", 1, 100),
    Row("equal-shares, cardinality", "equal-shares", {"completion": "none", "utility": "cardinality"}, "shares-cardinality", 1, 100),
    Row("equal-shares, cost, add1e", "equal-shares", {"completion": "add1e"}, "shares-add1e", 5),
    Row("equal-shares, cost, add1", "equal-shares", {"completion": "add1"}, "", 5),
    Row("phragmen", "phragmen", {}, "phragmen", 2),
    Row("welfare", "welfare", {}, "welfare"),
)
MOST_MB = 300
#: Rules of the growth table; the step lets the money of each voter double in 100 runs.
GROWING = ("votes", "density", "equal-shares, cost", "equal-shares, cost, add1", "phragmen", "welfare")


def main() -> None:
    """Both tables, or one measurement when a process of ours asks for it."""
    options = arguments()
    if options.one:
        measure(*options.one)
        return
    day = datetime.now(UTC).strftime("%d %B %Y")
    load = os.getloadavg()[0]
    print(f"## {day}, `bench/rules.py`\nPython {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} at the start.\n")
    if options.pabulib:
        side_by_side(Path(options.pabulib) / options.file, options.oracle, options.cap)
    growth(options.most, options.cap)
    print(f"\nLoad {os.getloadavg()[0]:.1f} at the end.")


def arguments() -> argparse.Namespace:
    """What may be chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pabulib", default=os.environ.get("QATYSU_PABULIB", ""), help="folder of .pb files")
    parser.add_argument("--file", default="Poland_Lodz_2025.pb")
    parser.add_argument("--oracle", default="", help="a Python that has pabutools")
    parser.add_argument("--cap", type=float, default=300, help="seconds that one measurement may take")
    parser.add_argument("--most", type=int, default=1_000_000, help="ballots of the largest synthetic election, 0 for none")
    parser.add_argument("--one", nargs=3, metavar=("FILE", "RULE", "PARAMS"), help=argparse.SUPPRESS)
    return parser.parse_args()


def measure(file: str, rule: str, params: str) -> None:
    """Seconds (best of three; of one when it takes long), memory and winners, as JSON."""
    from qatysu.rules import registry
    from qatysu.rules.pb.reading import read

    best: dict[str, Any] = {}
    for _ in range(3):
        started = time.perf_counter()
        election = read(file).election
        opened = time.perf_counter() - started
        found = registry.run(election, rule, {**json.loads(params), "tie": "id"})
        seconds = time.perf_counter() - started
        if not best or seconds < best["seconds"]:
            best = {"seconds": seconds, "reading": opened, "winners": sorted(found.winners), "runs": found.runs}
            best["votes"] = sum(found.counts[i].votes for i in found.winners)
        if seconds > 20:
            break
    best["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(best))


def ask(command: list[str], cap: float) -> dict[str, Any] | None:
    """The JSON that a process prints; None when it takes longer than ``cap`` seconds."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=cap, check=True)
    except subprocess.TimeoutExpired:
        return None
    return dict(json.loads(done.stdout.splitlines()[-1]))


def ours(file: Path, row: Row, cap: float, **more: str) -> dict[str, Any] | None:
    """One rule of ours, in its own process. Three times, so three times the cap."""
    return ask([sys.executable, str(HERE / "rules.py"), "--one", str(file), row.rule, json.dumps({**row.params, **more})], cap * 3)


def side_by_side(file: Path, oracle: str, cap: float) -> None:
    """A real election with both programs."""
    print(f"### {file.name}: from opening the file to the winners\n")
    head = ["rule", "s (of it reading)", "MB", "pabutools, s", "MB", "ratio", "pabutools, ballots joined, s", "MB", "ratio"]
    head += ["same winners", "aim"]
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    for row in ROWS:
        mine = ours(file, row, cap)
        if mine is None:
            print(f"| {row.name} | > {cap * 3:.0f} |" + " |" * (len(head) - 3) + " FAIL |", flush=True)
            continue
        cells = [row.name, f"{mine['seconds']:.3f} ({mine['reading']:.3f})", f"{mine['mb']:.0f}"]
        plain, ratio, same = beside(oracle, file, row, mine, cap, "plain")
        joined, _, same_joined = beside(oracle, file, row, mine, cap, "joined")
        print("| " + " | ".join([*cells, *plain, *joined, same or same_joined, aim(row, mine, ratio)]) + " |", flush=True)
    print()


def beside(oracle: str, file: Path, row: Row, mine: dict[str, Any], cap: float, form: str) -> tuple[list[str], float, str]:
    """Cells for pabutools (seconds, MB, ratio), the ratio as a number (at least), and whether the winners are the same."""
    if not row.theirs or not oracle:
        return ["not installed" if row.theirs else "has none", "", ""], 0, ""
    found = ask([oracle, str(HERE / "rules_pabutools.py"), str(file), row.theirs, form], cap)
    if found is None:
        ratio = cap / mine["seconds"]
        return [f"> {cap:.0f}", "", f"> {ratio:.0f}"], ratio, ""
    ratio = found["seconds"] / mine["seconds"]
    what = "votes" if row.rule == "welfare" else "winners"
    same = "yes" if found[what] == mine[what] else f"NO: {len(set(found['winners']) ^ set(mine['winners']))} differ"
    return [f"{found['seconds']:.1f}", f"{found['mb']:.0f}", f"{ratio:.0f}"], ratio, same


def aim(row: Row, mine: dict[str, Any], ratio: float) -> str:
    """What was aimed at, and whether it is met."""
    aims = [(f"< {MOST_MB} MB", mine["mb"] < MOST_MB)]
    if row.most_seconds:
        aims.insert(0, (f"< {row.most_seconds:g} s", mine["seconds"] < row.most_seconds))
    if row.least_ratio and ratio:
        aims.append((f">= {row.least_ratio:.0f} times", ratio >= row.least_ratio))
    return ", ".join(f"{text}: {'pass' if met else 'FAIL'}" for text, met in aims)


def growth(most: int, cap: float) -> None:
    """Synthetic elections of growing size."""
    sys.path.insert(0, str(HERE))
    import rules_synthetic

    sizes = [size for size in (1_000, 10_000, 100_000, 1_000_000) if size <= most]
    if not sizes:
        return
    print(f"### Growth: {rules_synthetic.PROJECTS} projects, approval, from opening the file to the winners, s / MB\n")
    print(rules_synthetic.__doc__.split("\n\n", 1)[1].strip() + "\n")
    print("| ballots | different | file, MB | " + " | ".join(GROWING) + " |\n" + "|---" * (3 + len(GROWING)) + "|")
    with tempfile.TemporaryDirectory(prefix="qatysu-bench-") as folder:
        for form in ("alike", "various"):
            for size in sizes:
                file = Path(folder) / f"{form}_{size}.pb"
                made = [sys.executable, str(HERE / "rules_synthetic.py"), str(file), str(size), form]
                different, step = json.loads(subprocess.run(made, capture_output=True, check=True).stdout)
                cells = [f"{size:,} {form}", f"{different:,}", f"{file.stat().st_size / 1e6:.1f}"]
                for row in (row for row in ROWS if row.name in GROWING):
                    found = ours(file, row, cap, **({"step": step} if "add1" in row.name else {}))
                    cells.append("> cap" if found is None else f"{found['seconds']:.2f} / {found['mb']:.0f}")
                print("| " + " | ".join(cells) + " |", flush=True)
                file.unlink()


if __name__ == "__main__":
    main()
