"""Nothing grows unseen: functions, files and templates keep the limits of CONTRIBUTING.md."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FUNCTION, FUNCTION_TARGET, FILE, TEMPLATE = 60, 40, 400, 120
#: Files that may be longer, each with its limit and the reason.
LONGER = {
    "src/qatysu/verify/standalone/verify.py": 1800,  # strangers download one file, with every rule and three languages in it
}


def python_files() -> list[Path]:
    """Sources, tests and tools; not migrations, which are written by machine."""
    found = [path for part in ("src", "tests", "tools", "bench") for path in (ROOT / part).rglob("*.py")]
    found += [ROOT / "run", ROOT / "test"]
    return sorted(path for path in found if path.exists() and "migrations" not in path.parts)


def long_functions(path: Path, limit: int) -> Iterator[tuple[int, str, int]]:
    """Line, name and length of the functions of ``path`` that are longer than ``limit``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > limit:
                yield node.lineno, node.name, length


def findings() -> Iterator[str]:
    """One line for everything that is too large."""
    for path in python_files():
        name, lines = path.relative_to(ROOT), len(path.read_text().splitlines())
        most = LONGER.get(name.as_posix(), FILE)
        if lines > most:
            yield f"{name}: {lines} lines, at most {most}"
        for line, function, length in long_functions(path, FUNCTION):
            yield f"{name}:{line}: {function} has {length} lines, at most {FUNCTION}"
    for path in sorted((ROOT / "src").rglob("templates/**/*.*")):
        lines = len(path.read_text().splitlines()) if path.is_file() else 0
        if lines > TEMPLATE:
            yield f"{path.relative_to(ROOT)}: {lines} lines, at most {TEMPLATE}"


def main() -> int:
    """0 when everything is within the limits."""
    found = list(findings())
    over = sum(1 for path in python_files() for _ in long_functions(path, FUNCTION_TARGET))
    print("\n".join(found) or "All sizes are within the limits.")
    print(f"{over} functions are longer than the target of {FUNCTION_TARGET} lines.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
