"""``python -m qatysu.verify``: the same as ``qatysu verify``."""

from __future__ import annotations

import argparse
import sys

from qatysu.verify import command, options


def main() -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(prog="python -m qatysu.verify", description="Check a log and recount its round.")
    options.arguments(parser)
    return command.run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
