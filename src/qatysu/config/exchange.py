"""``qatysu export`` and ``qatysu import``: rounds as files that other programs read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from django.utils import timezone

from qatysu.config.codes import find_round
from qatysu.core.errors import Conflict, NotFound, QatysuError
from qatysu.places.models import City
from qatysu.results import importing
from qatysu.results.bundle import bundle
from qatysu.results.exporting import csv_text, pb_text
from qatysu.rounds.models import Round
from qatysu.rules.pb.model import PbError


def _encoded(write: Callable[[Round], str]) -> Callable[[Round], Iterable[bytes]]:
    return lambda round_: (write(round_).encode(),)


WRITERS: dict[str, Callable[[Round], Iterable[bytes]]] = {"pb": _encoded(pb_text), "csv": _encoded(csv_text), "bundle": bundle}


def export(options: argparse.Namespace) -> int:
    """Write a round on standard output or into ``options.output``; 0, or 1 with one line of why not."""
    round_ = find_round(options.round)
    try:
        pieces = WRITERS[options.kind](round_)
    except NotFound:
        return _refused(f"The results of {round_} are not approved yet. Until then its counts stay inside; nothing is exported.")
    except PbError as problem:
        return _refused(f"{round_} cannot be written as a .pb file: {problem}.")
    except Conflict:
        return _refused(f"The ballots of {round_} stand in no log. Its election alone: qatysu export pb {round_}")
    return _put(pieces, options.output)


def import_pb(options: argparse.Namespace) -> int:
    """Make an archived round from a ``.pb`` file; 0, or 1 with one line of why not."""
    city = City.objects.filter(slug=options.city).first()
    if city is None:
        known = ", ".join(City.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        return _refused(f"There is no city {options.city!r}. Cities here: {known}.")
    path = Path(options.file)
    try:
        data = path.read_bytes()
    except OSError as problem:
        return _refused(f"{path} cannot be read: {problem.strerror or problem}.")
    pairs = [text.partition("=") for text in options.param]
    request = importing.Request(
        file_name=path.name, data=data, city=city, slug=options.round, title=options.title, rule=options.rule,
        params={name: value for name, _, value in pairs}, as_tenge=options.as_tenge, lenient=options.lenient,
    )  # fmt: skip
    try:
        done = importing.import_pb(request, timezone.now())
    except QatysuError as refusal:
        return _refused(f"{path.name} was not imported: {refusal.params.get('text', refusal.reason)}.")
    _tell(done)
    return 0


def _tell(done: importing.Imported) -> None:
    """What was made, and how it compares with the official list."""
    outcome = done.outcome
    lines = [
        f"{done.round}: {outcome.lines.count()} projects, {outcome.ballots} ballots, rule {outcome.rule}, "
        f"{outcome.lines.filter(verdict='funded').count()} winners. The results are public."
    ]
    if done.audit.matches is False:
        differ = (("only in the file", done.audit.only_official), ("only computed", done.audit.only_computed))
        told = "; ".join(f"{words}: {', '.join(codes)}" for words, codes in differ if codes)
        lines.append(f"The file lists other winners ({told}). The page says so.")
    elif done.audit.matches is not None or done.audit.tie_decision:
        lines.append("The file lists the same winners.")
    sys.stdout.write("\n".join(lines) + "\n")


def _put(pieces: Iterable[bytes], output: str | None) -> int:
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
        return 0
    try:
        with Path(output).open("wb") as file:
            file.writelines(pieces)
    except OSError as problem:
        return _refused(f"{output} cannot be written: {problem.strerror or problem}.")
    return 0


def _refused(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return 1
