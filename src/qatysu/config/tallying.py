"""``qatysu tally``: read a ``.pb`` file, compute the outcome, audit the official list (docs/tally.md). No database, no framework.

Exit status: 0; 2 for a file, rule or parameter that cannot be used; 3 when a decisive tie waits for people.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from qatysu.core.errors import Invalid

if TYPE_CHECKING:
    from qatysu.config.tally_table import Shown
    from qatysu.rules.hints import Hint
    from qatysu.rules.pb.model import Note, PbFile

LANGUAGES = ("kk", "ru", "en")
#: Seconds before the line of progress appears, and between two of its changes.
PATIENCE, PAUSE = 1.0, 0.2


class Refused(Exception):
    """Why nothing can be computed, on one line."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as for everything else that is refused."""
        self.exit(2, f"qatysu tally: {message}; see qatysu tally --help\n")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.error = _Parser.error.__get__(parser)  # type: ignore[method-assign]  # reason: argparse makes the parsers of commands
    parser.add_argument("file", metavar="FILE.pb", nargs="?", help="the election; - reads standard input")
    parser.add_argument("--rule", metavar="NAME", help="count by this rule instead of the declared one")
    parser.add_argument("--param", metavar="K=V", action="append", default=[], help="a parameter of the rule; may be repeated")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--list-rules", action="store_true", help="list rules and parameters")
    parser.add_argument("--lenient", action="store_true", help="pass over small faults of the file, and note them")
    parser.add_argument("--lang", choices=LANGUAGES, help="language of texts (that of LANG, otherwise en)")
    parser.add_argument("--compare", action="store_true", help="also show what other rules would give")
    parser.add_argument("--steps", action="store_true", help="also show the count step by step")


def run(options: argparse.Namespace) -> int:
    """Carry the command out; returns the exit status."""
    language = options.lang or _language()
    try:
        if options.list_rules:
            from qatysu.rules.describe import rules_listing  # reason: --help must not wait for it

            return _print(rules_listing(language))
        return _tally(options, language)
    except Refused as why:
        sys.stderr.write(f"qatysu tally: {why}\n")
        return 2


def _language() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            code = os.environ[name][:2].lower()
            return code if code in LANGUAGES else "en"
    return "en"


def _tally(options: argparse.Namespace, language: str) -> int:
    if not options.file:
        raise Refused("name a file, or - for standard input; see qatysu tally --help")
    given = _given(options.param)
    if options.rule is not None:
        _check(options.rule, given)
    name = _line("standard input" if options.file == "-" else options.file)
    with _Progress(language) as progress:
        try:
            shown = _computed(options, given, language, name, progress)
        except Invalid as why:
            raise Refused(f"{name}: {_line(str(why.params.get('text', why)))}") from None
        except (MemoryError, RecursionError, OverflowError) as why:
            raise Refused(f"{name}: too large for the memory or the numbers of this program ({type(why).__name__})") from None
    return _answer(options, shown)


def _given(words: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for text in words:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise Refused(f"--param {_line(text)[:80]!r} must be NAME=VALUE")
        if key.strip() in given:
            raise Refused(f"--param {_line(key.strip())[:80]} is given twice")
        given[key.strip()] = value.strip()
    return given


def _check(rule: str, given: Mapping[str, str]) -> None:
    from qatysu.rules.params import parse  # reason: --help must not wait for it

    try:
        parse(rule, given)
    except Invalid as why:
        raise Refused(_line(str(why.params["text"]))) from None


def _line(text: str) -> str:
    """``text`` on one line that a terminal shows as it is."""
    shown = "".join(c if c.isprintable() else "?" for c in text[:1001])
    return shown if len(text) <= 1000 else shown[:1000] + "…"


def _computed(options: argparse.Namespace, given: dict[str, str], language: str, name: str, progress: _Progress) -> Shown:
    from qatysu.config.tally_table import Shown  # reason: needs numpy, which errors above must not wait for
    from qatysu.rules import auditing, compare, declared, registry  # reason: as above

    file = _read(options.file, lenient=options.lenient)
    stated = declared.of(file, given)
    if options.rule is not None:
        rule, params, source, notes = options.rule, given, "by_hand", declared.unused(file, given)
    else:
        rule, params, notes = stated.rule, dict(stated.params), stated.notes
        source = "by_file" if stated.known else "assumed"
    outcome = registry.run(file.election, rule, params, progress.report)
    audit = auditing.audit(file, outcome, params)
    comparison = compare.compare(file.election, outcome, progress=progress.report) if options.compare else ()
    told: tuple[Note | Hint | str, ...] = (*file.notes, *notes, *outcome.notes)
    return Shown(name, file, outcome, audit, told, source, language, _width(), _colour(), comparison, options.steps)


def _read(path: str, *, lenient: bool) -> PbFile:
    from qatysu.rules.pb import reading  # reason: needs numpy
    from qatysu.rules.pb.source import LARGEST_FILE  # reason: as above

    try:
        if path == "-":
            data = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as why:
        raise Invalid("pb_file", text=f"cannot be read: {getattr(why, 'strerror', None) or why}") from None
    return reading.read_bytes(data, lenient=lenient)


def _width() -> int:
    return max(20, shutil.get_terminal_size((80, 24)).columns)


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _answer(options: argparse.Namespace, shown: Shown) -> int:
    from qatysu.config import tally_json, tally_table  # reason: needs numpy

    text = tally_json.document(shown) if options.json else "\n".join(tally_table.lines(shown)) + "\n"
    _print(text, exact=options.json)
    if not shown.outcome.undecided:
        return 0
    params = shown.outcome.params
    tied = sorted({i for tie in shown.outcome.undecided for i in tie.projects})
    before = [i.strip() for i in params.get("tie_decision", "").split(",") if params["tie"] == "decision" and i.strip()]
    order = shown.audit.tie_decision or (*before, *(i for i in tied if i not in before))
    text = shown.say("tie_open", ids=_line(", ".join(tied)), order=_line(",".join(order)))
    sys.stderr.write(f"qatysu tally: {shown.name}: {text}\n")
    return 3


def _print(text: str, *, exact: bool = False) -> int:
    """Write and flush, so that a closed pipe is noticed here. ``exact``: in UTF-8 whatever the terminal is."""
    if exact:
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]  # reason: standard output is a text file
    else:
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # reason: as above
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has left: the caller ends quietly
        raise
    except OSError as why:
        _no_more_output()
        raise Refused(f"standard output cannot be written: {why.strerror}") from None
    return 0


def _no_more_output() -> None:
    """What is still buffered would fail again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Progress:
    """One line on standard error that changes, on a terminal alone, and only when it takes long."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._shows = sys.stderr.isatty()
        self._next = time.monotonic() + PATIENCE
        self._written = False

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._written:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()

    def report(self, done: int, expected: int) -> None:
        """Called by the rules with steps done and steps expected (0 when unknown)."""
        if not self._shows or time.monotonic() < self._next:
            return
        from qatysu.config.tally_words import word  # reason: rarely needed

        self._next = time.monotonic() + PAUSE
        name = "running_of" if expected else "running"
        sys.stderr.write("\r\033[K" + word(self._language, name, n=str(done), m=str(expected)))
        sys.stderr.flush()
        self._written = True
