"""The ``qatysu`` command (SPEC 18). Heavy imports happen inside the commands: ``--help`` answers at once."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Callable, Sequence

from qatysu.config import box_options, tallying, verifying
from qatysu.verify import options as verify_options

Command = Callable[[argparse.Namespace], int]


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
    import django  # reason: settings must be named first, and --help must not wait for it

    django.setup()


def _demo(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import demonstration  # reason: needs Django

    return demonstration.run(reset=options.reset, summary=options.summary)


def _serve(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import serving  # reason: needs Django

    return serving.serve(options.host, options.port)


def _worker(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import serving  # reason: needs Django

    return serving.work(once=options.once)


def _check(_options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import checking  # reason: needs Django

    return checking.run()


def _codes(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import codes  # reason: needs Django

    return codes.issue(options.round, options.count)


def _backup(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import backups  # reason: needs Django

    return backups.backup(options.folder)


def _restore(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import backups  # reason: needs Django

    return backups.restore(options.folder)


def _export(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import exchange  # reason: needs Django

    return exchange.export(options)


def _import(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import exchange  # reason: needs Django

    return exchange.import_pb(options)


def _tally(options: argparse.Namespace) -> int:
    return tallying.run(options)


def _verify(options: argparse.Namespace) -> int:
    return verifying.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qatysu",
        description="Participatory budgeting from the first idea to the opened playground.",
        epilog="Data live in var/, or where QATYSU_DATA says; DATABASE_URL selects PostgreSQL. See docs/operations.md.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")

    def add(name: str, run: Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    demo = add("demo", _demo, "Make the database and load the demonstration, if the database is empty.")
    demo.add_argument("--reset", action="store_true", help="throw the loaded demonstration away first")
    demo.add_argument("--summary", action="store_true", help="print its accounts and fresh voting codes")
    serve = add("serve", _serve, "Start the web server.")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
    worker = add("worker", _worker, "Send waiting messages and tidy up, until stopped.")
    worker.add_argument("--once", action="store_true", help="do what is due now, then end")
    add("check", _check, "Look for unsafe settings; ends with 1 when there are any.")
    codes = add("codes", _codes, "Issue one-time voting codes as CSV on standard output.")
    codes.add_argument("round", metavar="CITY-ROUND", help="the round, such as khromtau-demo")
    codes.add_argument("--count", type=int, required=True, help="how many")
    backup = add("backup", _backup, "Write database and media into an empty folder. Keys are left out.")
    backup.add_argument("folder", metavar="DIR")
    restore = add("restore", _restore, "Read a backup. Refuses one that would lose stored ballots.")
    restore.add_argument("folder", metavar="DIR")
    box_options.keys(add("keys", _keys, "Keys of a round: sheets for the commission, sealing away, destruction."))
    box_options.log(add("log", _log, "Look after the public logs: check, seal, recover, republish."))
    tallying.arguments(add("tally", _tally, "Count an election file (.pb), explain the outcome, audit the official list."))
    verify_options.arguments(add("verify", _verify, "Check the public log of a round and recount it."))
    export = add("export", _export, "Write a round whose results are approved as a file for other programs.")
    kinds = "pb: the election with its ballots (Pabulib); csv: projects and votes; bundle: ZIP with which anybody counts again"
    export.add_argument("kind", choices=("pb", "csv", "bundle"), help=kinds)
    export.add_argument("round", metavar="CITY-ROUND", help="the round, such as khromtau-2020")
    export.add_argument("--output", metavar="FILE", help="write into this file instead of standard output")
    read = add("import", _import, "Make an archived round with its results from the file of an election held elsewhere.")
    read.add_argument("kind", choices=("pb",), help="pb: an election file of Pabulib")
    read.add_argument("file", metavar="FILE")
    read.add_argument("--city", metavar="SLUG", required=True, help="the city that gets the round")
    read.add_argument("--round", metavar="SLUG", required=True, help="address of the new round within the city")
    read.add_argument("--title", default="", help="its title; the description of the file otherwise")
    read.add_argument("--rule", metavar="NAME", default="", help="count by this rule instead of the declared one")
    read.add_argument("--param", metavar="K=V", action="append", default=[], help="a parameter of the rule; may be repeated")
    read.add_argument("--as-tenge", action="store_true", help="take sums of another currency as they are")
    read.add_argument("--lenient", action="store_true", help="pass over small faults of the file")
    commands.add_parser("manage", help="Everything of Django's: qatysu manage help", add_help=False)
    return parser


#: Names of Django's that people type without ``manage``.
SHORT = ("migrate", "makemigrations", "showmigrations", "shell", "makemessages", "compilemessages", "collectstatic", "runserver")


def _keys(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import keys  # reason: needs Django

    return keys.run(options)


def _log(options: argparse.Namespace) -> int:
    _django()
    from qatysu.config import log_commands  # reason: needs Django

    return log_commands.run(options)


def _manage(words: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qatysu.config.settings")
    from django.core.management import execute_from_command_line  # reason: settings must be named first

    execute_from_command_line(["qatysu manage", *words])
    return 0


def _unknown(name: str, parser: argparse.ArgumentParser) -> int:
    known = ["demo", "serve", "worker", "check", "codes", "backup", "restore", "keys", "log", "tally", "verify"]
    known += ["export", "import", "manage", *SHORT]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean: qatysu {close[0]}?" if close else ""
    sys.stderr.write(f"qatysu has no command {name!r}.{hint}\n\n")
    parser.print_help(sys.stderr)
    return 2


def _dispatch(words: Sequence[str]) -> int:
    parser = _parser()
    first = words[0] if words else "--help"
    if first == "manage":
        return _manage(words[1:])
    if first in SHORT:
        return _manage(words)
    if not first.startswith("-") and first not in parser._subparsers._group_actions[0].choices:  # type: ignore[union-attr, operator]  # reason: argparse keeps its list private
        return _unknown(first, parser)
    options, unknown = parser.parse_known_args(words or ["--help"])
    if unknown:
        name = "qatysu" if first.startswith("-") else f"qatysu {first}"
        sys.stderr.write(f"{name}: unrecognized arguments: {' '.join(unknown)!r}; see {name} --help\n")
        return 2
    run: Command = options.run
    return run(options)


def main() -> int:
    """Run the command named by the first argument; returns the exit status."""
    try:
        return _dispatch(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
