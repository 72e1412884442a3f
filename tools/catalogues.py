"""The Kazakh and Russian catalogues: ``check`` them, ``update`` them from the sources, ``compile`` them without gettext.

Compiled catalogues are committed, so that a newcomer needs no gettext; ``check`` refuses one that is older than its text.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "qatysu"
LANGUAGES = ("kk", "ru")
_FIELDS = re.compile(r"%\([a-z_0-9]+\)[sd]|%[sd]|\{[a-z_0-9]*\}")

#: ``_`` is the one alias that the search knows.
_HIDDEN = re.compile(r"import .*gettext(?:_lazy)? as (?!_\b)(\w+)")

Key = tuple[str, str, str]


def catalogue(language: str, package: Path = PACKAGE) -> Path:
    """Path of the text catalogue."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str, package: Path = PACKAGE) -> polib.POFile:
    """The catalogue; an empty one when there is none."""
    path = catalogue(language, package)
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def key(entry: polib.POEntry) -> Key:
    """What makes a message itself."""
    return entry.msgctxt or "", entry.msgid, entry.msgid_plural or ""


def from_sources(package: Path) -> None:
    """Run ``makemessages`` in ``package`` for all languages."""
    for language in LANGUAGES:
        catalogue(language, package).parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "django", "makemessages", "--no-obsolete", "--no-wrap", "--add-location=file", "-v0"]
    for language in LANGUAGES:
        command += ["-l", language]
    subprocess.run(command, cwd=package, check=True)


def wanted() -> set[Key]:
    """Messages that the sources hold now, found in a copy so that nothing here changes."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "qatysu"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("locale", "static", "__pycache__"))
        (copy / "locale").mkdir()
        from_sources(copy)
        return {key(entry) for entry in read(LANGUAGES[0], copy)}


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _faults(entry: polib.POEntry) -> Iterator[str]:
    texts = _texts(entry)
    if not texts or not all(text.strip() for text in texts):
        yield "is not translated"
        return
    if "fuzzy" in entry.flags:
        yield "is marked fuzzy"
    known = set(_FIELDS.findall(entry.msgid)) | set(_FIELDS.findall(entry.msgid_plural or ""))
    for text in texts:
        strange = set(_FIELDS.findall(text)) - known
        lost = set() if entry.msgid_plural else known - set(_FIELDS.findall(text))
        if strange or lost:
            yield f"has other fields: {sorted(strange | lost)}"


def findings() -> Iterator[str]:
    """One line for every fault of the catalogues."""
    now = wanted()
    for language in LANGUAGES:
        book = read(language)
        kept = {key(entry) for entry in book if not entry.obsolete}
        yield from (f"{language}: missing: {message[1]!r}" for message in sorted(now - kept))
        yield from (f"{language}: no longer used: {message[1]!r}" for message in sorted(kept - now))
        for entry in book:
            if not entry.obsolete:
                yield from (f"{language}: {entry.msgid!r} {fault}" for fault in _faults(entry))
        compiled = catalogue(language).with_suffix(".mo")
        if not compiled.exists() or _compiled(compiled) != _compiled_text(book):
            yield f"{language}: compiled catalogue is out of date; run: python tools/catalogues.py compile"


def _compiled(path: Path) -> set[tuple[Key, tuple[str, ...]]]:
    return {(key(entry), tuple(_texts(entry))) for entry in polib.mofile(str(path))}


def _compiled_text(book: polib.POFile) -> set[tuple[Key, tuple[str, ...]]]:
    return {(key(entry), tuple(_texts(entry))) for entry in book.translated_entries()}


def update() -> int:
    """Bring the text catalogues in step with the sources; new messages are empty."""
    from_sources(PACKAGE)
    for language in LANGUAGES:
        book = read(language)
        print(f"{language}: {len(book.untranslated_entries())} to translate, {len(book.fuzzy_entries())} fuzzy, {len(book)} in all")
    return 0


def compile_all() -> int:
    """Write the compiled catalogues."""
    for language in LANGUAGES:
        read(language).save_as_mofile(str(catalogue(language).with_suffix(".mo")))
    return 0


def hidden() -> Iterator[str]:
    """Imports under a name by which the search for messages does not know ``gettext``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for name in _HIDDEN.findall(path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(ROOT)}: messages of {name}() are not found"


def check() -> int:
    """0 when both catalogues are complete, in step with the sources and compiled."""
    found = [*hidden(), *findings()]
    print("\n".join(found[:60]) or "The catalogues are complete.")
    if len(found) > 60:
        print(f"… and {len(found) - 60} more")
    return 1 if found else 0


if __name__ == "__main__":
    doings = {"check": check, "update": update, "compile": compile_all}
    if len(sys.argv) != 2 or sys.argv[1] not in doings:
        sys.exit(f"usage: catalogues.py {'|'.join(doings)}")
    sys.exit(doings[sys.argv[1]]())
