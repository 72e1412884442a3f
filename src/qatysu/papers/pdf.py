"""PDF from templates: tagged for screen readers (PDF/UA-1), fit for archives (PDF/A-2a), with our fonts inside.

People's text reaches a template only as data, never as its source, so ``#import`` typed by somebody is printed as that word.
Templates, data and pictures are copied to a folder that lives as long as one document; nothing outside of it can be read.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qatysu.core.errors import Invalid
from qatysu.papers.letters import FONTS, bound, pliant, printable

TEMPLATES = Path(__file__).parent / "templates"
PRESS = Path(__file__).parent / "press.py"
LANGUAGES = ("kk", "ru", "en")
MOST_CHARACTERS = 400_000
MOST_PICTURES, MOST_PICTURE_BYTES = 40, 24_000_000
MOST_PAGES = 60
MOST_PDF_BYTES = 40_000_000
CPU_SECONDS, WALL_SECONDS, MEMORY_BYTES = 20, 45, 2_000_000_000
_MAGIC = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".svg": b"<"}


class PaperFailed(Exception):
    """A template is broken or ran over its limits: a fault of ours, to be seen in the log."""


def render(
    template: str,
    data: Mapping[str, Any],
    *,
    language: str,
    pictures: Mapping[str, bytes] | None = None,
    made_at: datetime | None = None,
) -> bytes:
    """The document that ``templates/<template>.typ`` makes of ``data`` (strings, numbers, lists and mappings).

    Args:
        language: of the whole document, one of ``kk``, ``ru``, ``en``.
        pictures: name as ``data`` mentions it (``before-1.jpg``; PNG, JPEG, or SVG drawn by the portal itself) → content.
        made_at: moment written into the file (aware); the same input then gives the same bytes. None: the year 2000.

    Raises Invalid: ``paper_too_large`` when text, pictures or pages pass the bounds of this module.
    Raises PaperFailed: the template is broken, or took longer than its limits.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no such language of documents: {language}")
    budget = [MOST_CHARACTERS]
    content = _clean(data, budget)
    with tempfile.TemporaryDirectory(prefix="qatysu-paper-") as name:
        folder = Path(name)
        _lay_out(folder, content | {"language": language, "most_pages": MOST_PAGES}, pictures or {})
        _write_job(folder, template, made_at or datetime(2000, 1, 1, tzinfo=UTC))
        return _press(folder)


def _clean(value: Any, budget: list[int]) -> Any:
    """``value`` with printable strings only; takes their length from ``budget``."""
    if isinstance(value, str):
        budget[0] -= len(value) + 1
        if budget[0] < 0:
            raise Invalid("paper_too_large", limit=MOST_CHARACTERS)
        return pliant(bound(printable(value)))
    if isinstance(value, Mapping):
        return {str(key): _clean(inner, budget) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner, budget) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(f"not a value for print: {type(value).__name__}")


def _lay_out(folder: Path, content: Mapping[str, Any], pictures: Mapping[str, bytes]) -> None:
    """Everything that the template may read, in ``folder/root``."""
    if len(pictures) > MOST_PICTURES or sum(map(len, pictures.values())) > MOST_PICTURE_BYTES:
        raise Invalid("paper_too_large", limit=MOST_PICTURES)
    root = folder / "root"
    shutil.copytree(TEMPLATES, root)
    for name, picture in pictures.items():
        ending = Path(name).suffix
        if Path(name).name != name or ending not in _MAGIC or not picture.startswith(_MAGIC[ending]):
            raise ValueError(f"not a picture for print: {name}")
        (root / name).write_bytes(picture)
    (root / "data.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _write_job(folder: Path, template: str, made_at: datetime) -> None:
    if not (TEMPLATES / f"{template}.typ").is_file():
        raise ValueError(f"no such template: {template}")
    job = {
        "template": f"{template}.typ",
        "fonts": str(FONTS),
        "made_at": int(made_at.timestamp()),
        "seconds": CPU_SECONDS,
        "memory": MEMORY_BYTES,
        "bytes": MOST_PDF_BYTES,
    }
    (folder / "job.json").write_text(json.dumps(job))


def _press(folder: Path) -> bytes:
    """Run the press on ``folder`` and read what it made."""
    try:
        done = subprocess.run(  # noqa: S603 — our own interpreter and file; the argument is a folder that we made
            [sys.executable, "-I", "-X", "utf8", str(PRESS), str(folder)],
            env={"RAYON_NUM_THREADS": "2"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd=folder,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PaperFailed("took longer than the wall clock allows") from error
    words = done.stderr.decode("utf-8", "replace")
    if "qatysu:too_many_pages" in words:
        raise Invalid("paper_too_large", limit=MOST_PAGES)
    out = folder / "out.pdf"
    if done.returncode or not out.is_file():
        raise PaperFailed(words[-2000:] or f"the press ended with {done.returncode}")
    return out.read_bytes()
