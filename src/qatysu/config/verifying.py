"""``qatysu verify``: recount a round from its public files. No database, no framework."""

from __future__ import annotations

import argparse


def run(options: argparse.Namespace) -> int:
    """Carry the command out; returns the exit status."""
    from qatysu.verify import command  # reason: needs numpy and cryptography, which other commands must not wait for

    return command.run(options)
