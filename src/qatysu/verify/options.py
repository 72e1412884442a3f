"""Arguments of ``qatysu verify``, apart from what carries it out: ``--help`` must not wait for that."""

from __future__ import annotations

import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("place", metavar="DIR_OR_URL", help="the public files of the log")
    parser.add_argument("--vkey", metavar="KEY", help="key of the log, as printed on paper")
    parser.add_argument("--saved", metavar="FILE", action="append", default=[], help="a checkpoint kept from earlier; may be repeated")
    parser.add_argument("--promise", metavar="FILE", action="append", default=[], help="the promise for a ballot; may be repeated")
    parser.add_argument("--promise-key", metavar="KEY", default="", help="its key (that of the manifest)")
    parser.add_argument("--receipt", metavar="FILE", action="append", default=[], help="a .tlog-proof file: where is the ballot?")
    parser.add_argument("--policy", metavar="FILE", help="witnesses whose signatures are asked for")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--lang", choices=("kk", "ru", "en"), default="en", help="language of the answer (en)")
