"""The ``qatysu`` command (SPEC 18)."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command named by the first argument; returns the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
    from django.core.management import execute_from_command_line  # reason: settings must be named first

    arguments = sys.argv[2:] if sys.argv[1:2] == ["manage"] else sys.argv[1:]
    execute_from_command_line(["qatysu", *arguments])
    return 0
