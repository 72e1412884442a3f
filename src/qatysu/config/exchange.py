"""``qatysu export`` and ``qatysu import``: rounds as files that other programs read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from qatysu.config.codes import find_round
from qatysu.core.errors import NotFound
from qatysu.results.exporting import csv_text, pb_text
from qatysu.rounds.models import Round
from qatysu.rules.pb.model import PbError

WRITERS: dict[str, Callable[[Round], str]] = {"pb": pb_text, "csv": csv_text}


def export(options: argparse.Namespace) -> int:
    """Write a round on standard output or into ``options.output``; 0, or 1 with one line of why not."""
    round_ = find_round(options.round)
    try:
        text = WRITERS[options.kind](round_)
    except NotFound:
        return _refused(f"The results of {round_} are not approved yet. Until then its counts stay inside; nothing is exported.")
    except PbError as problem:
        return _refused(f"{round_} cannot be written as a .pb file: {problem}.")
    return _put(text, options.output)


def _put(text: str, output: str | None) -> int:
    data = text.encode()
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return 0
    try:
        Path(output).write_bytes(data)
    except OSError as problem:
        return _refused(f"{output} cannot be written: {problem.strerror or problem}.")
    return 0


def _refused(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return 1
