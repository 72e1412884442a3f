"""Arguments of ``qatysu keys`` and ``qatysu log``; kept apart so that ``--help`` needs no database."""

from __future__ import annotations

import argparse

ROUND = "CITY-ROUND"


def keys(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``qatysu keys``."""
    acts = parser.add_subparsers(title="acts", metavar="ACT", dest="act", required=True)

    def add(name: str, text: str, *, has_round: bool = True) -> argparse.ArgumentParser:
        made = acts.add_parser(name, help=text, description=text)
        if has_round:
            made.add_argument("round", metavar=ROUND, help="the round, such as khromtau-demo")
        return made

    add("list", "Where the key of each frozen round is, and whether the commission can bring it back.", has_round=False)
    make = add("make", "Make keys ahead of the freezing, where the key of the log lives with another user than the web server.")
    make.add_argument("--only-log", action="store_true", help="only the key that signs the log (run by the worker's user)")
    make.add_argument("--vkey", metavar="KEY", help="all others (run by the web server's user), with the log's key made before")
    share = add("share", "Write three sheets of the round key for the audit commission; any two of them give it.")
    share.add_argument("--folder", metavar="DIR", required=True, help="where the sheets are written, to be printed and removed")
    add("rehearse", "Let two members type their sheets and prove that they give the key of the round.")
    seal = add("seal", "After the close: take the round key from this server. What opens ballots stays until they are opened.")
    seal.add_argument("--without-shares", action="store_true", help="also when nobody can ever bring the key back")
    unseal = add("unseal", "Make handles of voters from two sheets of the commission; the key is not written to disk.")
    unseal.add_argument("--restore", action="store_true", help="write the round key back to this server")
    handle = add("handle", "Print the handle under which the ballots of one voter stand in the log.")
    voter = handle.add_mutually_exclusive_group(required=True)
    voter.add_argument("--code", metavar="CODE", help="the voter's one-time code; - reads it from standard input")
    voter.add_argument("--account", metavar="PUBLIC-ID", help="the voter's account; - reads it from standard input")
    destroy = add("destroy", "After the publication: end the log and destroy every key of the round; writes a protocol to print.")
    destroy.add_argument("--protocol", metavar="N", required=True, help="the protocol by which two people have ordered it in the log")
    destroy.add_argument("--output", metavar="FILE", help="write the protocol into this file")


def log(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``qatysu log``."""
    acts = parser.add_subparsers(title="acts", metavar="ACT", dest="act", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        made = acts.add_parser(name, help=text, description=text)
        made.add_argument("name", metavar="NAME", help="the log: CITY-ROUND, or heads")
        return made

    text = "Every log: how many entries are sealed, published, waiting."
    acts.add_parser("list", help=text, description=text)
    add("check", "Compare database, files and checkpoint of a log, entry by entry.")
    add("seal", "Seal and publish at once all that waits (needs the key of the log).")
    text = "After an old backup was restored: bring back entries, participation and choices from the published files."
    recover = add("recover", text)
    recover.add_argument("--vkey", metavar="KEY", help="the log's public key, from paper; else the file NAME.vkey among the keys")
    recover.add_argument("--without-choices", action="store_true", help="also when the key that opens ballots is not here")
    add("republish", "Write all files of a log anew from the database (older files were restored; needs the key of the log).")
    add("lift", "Lift the mark of a log that refuses to sign, when a whole check finds nothing wrong.")
    add("adopt", "Give a round that was frozen before there were logs its log, with the ballots that it has.")
