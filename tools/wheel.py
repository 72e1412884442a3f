"""Build the wheel and look whether everything that the program needs at run time is in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDED = (
    "qatysu/config/cli.py", "qatysu/ui/templates/ui/base.html", "qatysu/ui/static/ui/tokens.css", "qatysu/ui/icons.svg",
    "qatysu/papers/fonts/montserrat-regular.ttf", "qatysu/papers/fonts/coverage.txt", "qatysu/papers/templates/passport.typ",
    "qatysu/papers/templates/oyu.svg",
    "qatysu/locale/kk/LC_MESSAGES/django.mo", "qatysu/locale/ru/LC_MESSAGES/django.mo", "qatysu/ballots/migrations/0001_initial.py",
)


def main() -> int:
    """0 when the wheel is whole."""
    uv = os.environ.get("QATYSU_TEST_UV") or "uv"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([uv, "build", "--wheel", "--quiet", "--out-dir", folder, str(ROOT)], check=True)
        wheel = next(Path(folder).glob("*.whl"))
        names = set(zipfile.ZipFile(wheel).namelist())
        lost = [name for name in NEEDED if name not in names]
        lost += [] if any(name.endswith("licenses/LICENSE") for name in names) else ["LICENSE"]
        print(f"{wheel.name}: {len(names)} files" + "".join(f"\nmissing: {name}" for name in lost))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
