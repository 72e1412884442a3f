"""``qatysu keys``: keys of a round from their making to their destruction (LEDGER 1.11)."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from django.utils import timezone

from qatysu.ballots import key_states, sharing
from qatysu.ballots import keys as key_files
from qatysu.ballots.commands import find_code
from qatysu.ballots.key_states import SECRET, State, slate_of
from qatysu.ballots.logs import origin_of
from qatysu.ballots.models import Slate
from qatysu.ballots.queries import account_voter_id
from qatysu.bulletin.errors import LogRefusal
from qatysu.config import key_sheets, key_words
from qatysu.config.codes import find_round
from qatysu.core.codes import normalise_code
from qatysu.core.errors import Invalid, QatysuError
from qatysu.identity.models import Account
from qatysu.ledger.leaf import derive_key, voter_handle
from qatysu.ledger.notes import BadNote, VerifierKey
from qatysu.results.queries import published

_SENTENCES = {
    "slate": "The ballot of {name} is not frozen yet: its keys are made then. `keys make` makes them ahead of it.",
    "no_log": "{name} was frozen before there were logs. Give it one: qatysu log adopt {name}",
    "not_closed": "Voting in {name} is not closed in the published log: the servers need the round key. The worker closes it.",
    "sheets_not_made": "No sheets of this key were made: once sealed away it could never be brought back, and no complaint"
    " could be looked into. Make them: qatysu keys share {name} --folder DIR. Or type --without-shares: then it is gone for ever.",
    "sheets_not_rehearsed": "Nobody has tried whether the sheets give the key. Do so: qatysu keys rehearse {name}. Or type"
    " --without-shares: then the key may be gone for ever.",
    "round_key_sealed": "The round key of {name} was sealed away already; the commission holds it.",
    "round_key_absent": "The file of the round key of {name} is not here. Put it back from the copy under lock, or from two sheets:"
    " qatysu keys unseal {name} --restore",
    "round_key_exists": "A key file of {name} is here already ({kind}). A round is never keyed twice.",
    "round_key_foreign": "The file of the round key is not the one that {name} was frozen with.",
    "log_key_foreign": "The given key is not named {origin}: a log and its key have one name.",
    "destruction_not_ordered": "The published log of {name} has no entry by which two people order the destruction (keys_destroyed)."
    " They do it in the studio; the worker seals it.",
    "another_protocol": "The entry in the log names the protocol {act!r}, another one.",
    "log_key_not_for_us": "{path} belongs to another user. Run this command as one who can reach every key (root).",
}


def _end(name: str, refusal: QatysuError) -> NoReturn:
    """The sentence for a refusal, as the end of the command."""
    if isinstance(refusal, LogRefusal):
        raise SystemExit(f"Nothing was destroyed: {refusal}.")
    fields = {"name": name, "origin": origin_of(name), "kind": "", "act": "", "path": ""} | refusal.params
    text = _SENTENCES.get(refusal.reason, "The keys of {name} cannot be used: " + refusal.reason + ". See: qatysu check")
    raise SystemExit(text.format(**fields))


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _slate(name: str) -> Slate:
    try:
        return slate_of(find_round(name))
    except QatysuError as refusal:
        _end(name, refusal)


def list_keys(_options: argparse.Namespace) -> int:
    """``keys list``: every frozen round, where its key is, what is here, whether the commission can bring it back."""
    slates = list(Slate.objects.select_related("round__city", "log").order_by("pk"))
    if not slates:
        _say("No round is frozen yet.")
    words = {
        State.HELD: "on this server", State.SEALED: "with the commission", State.OPENED: "not on this server",
        State.DESTROYED: "destroyed",
    }
    for slate in slates:
        found = key_states.standing(slate)
        here = ", ".join(kind for kind in SECRET if found.has[kind]) or "none"
        made = "sheets made, not rehearsed" if found.shared_at else "no sheets"
        sheets = "sheets rehearsed" if key_states.was_rehearsed(slate) else made
        if found.state is State.HELD and found.is_closed:
            sheets += "; voting is closed: seal the key away"
        sys.stdout.write(f"{found.name}: round key {words[found.state]}; files: {here}; {sheets}\n")
    return 0


def make(options: argparse.Namespace) -> int:
    """``keys make``: keys ahead of the freezing, where the key of the log lives with another user than the web server."""
    round_ = find_round(options.round)
    name = str(round_)
    if Slate.objects.filter(round=round_).exists():
        raise SystemExit(f"The ballot of {name} is frozen: its keys are made. See: qatysu keys list")
    try:
        given = _given(options.vkey, name)
        made = key_files.make_ahead(name, origin_of(name), only_log=options.only_log, vkey=given)
    except QatysuError as refusal:
        _end(name, refusal)
    sys.stdout.write(f"{made}\n")
    if options.only_log:
        _say(f"The key that signs the log of {name} was made. For the user of the web server:")
        _say(f"  qatysu keys make {name} --vkey {made}")
    else:
        _say(f"The keys of {name} are made; freezing its ballot will use them.")
    return 0


def _given(text: str | None, name: str) -> str:
    """The verifier key that was given, checked. Raises SystemExit."""
    if not text:
        return ""
    try:
        found = VerifierKey.parse(text)
    except BadNote as problem:
        raise SystemExit(f"--vkey: {problem}.") from None
    if found.name != origin_of(name):
        raise SystemExit(f"--vkey: this key is named {found.name}, the log of {name} will be {origin_of(name)}.")
    return str(found)


def share(options: argparse.Namespace) -> int:
    """``keys share``: three sheets, one for each member; any two give the round key."""
    slate, folder = _slate(options.round), Path(options.folder)
    name = str(slate.round)
    try:
        sheets = sharing.make_sheets(key_states.round_key(slate))
    except QatysuError as refusal:
        _end(name, refusal)
    now = timezone.now()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = [folder / f"{name}-sheet-{number}.txt" for number in range(1, len(sheets) + 1)]
    taken = [path for path in paths if path.exists()]
    if taken:
        raise SystemExit(f"{taken[0]} is there already. Take another folder.")
    for number, (path, words) in enumerate(zip(paths, sheets, strict=True), 1):
        _write(path, key_words.sheet(words, number=number, name=name, digest=slate.key_digest, made=now))
    key_states.note(slate, key_states.SHARED, now, sheets=len(sheets), needed=sharing.NEEDED)
    _say(f"{len(sheets)} sheets of the round key of {name} are in {folder}; any {sharing.NEEDED} of them give it. Sheets made earlier")
    _say("stay good. Now: print each for one member, remove the files, and let two members try: qatysu keys rehearse " + name)
    return 0


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _asked(slate: Slate) -> bytes:
    """The round key from two sheets. Raises SystemExit."""
    try:
        return sharing.key_of(key_sheets.ask(), slate.key_digest)
    except Invalid as refusal:
        raise SystemExit(key_sheets.said(refusal)) from None


def rehearse(options: argparse.Namespace) -> int:
    """``keys rehearse``: two sheets prove that they give the key of the round."""
    slate = _slate(options.round)
    _asked(slate)
    key_states.note(slate, key_states.REHEARSED, timezone.now())
    _say(f"The two sheets give the key of {slate.round}. After the close the worker seals it away by itself.")
    return 0


def seal(options: argparse.Namespace) -> int:
    """``keys seal``: after the close the round key leaves the server."""
    slate = _slate(options.round)
    try:
        key_states.seal(slate, timezone.now(), without_sheets=options.without_shares)
    except QatysuError as refusal:
        _end(str(slate.round), refusal)
    _say(f"The round key of {slate.round} has left this server: nobody here can tell any more which ballot is whose.")
    _say("What opens the ballots stays until they are opened. Remove the copies of the key file too, and start `serve` anew:")
    _say("a running process may still have the key in its memory.")
    if options.without_shares:
        _say("Without sheets it is gone for ever: handles can never be made again.")
    return 0


def unseal(options: argparse.Namespace) -> int:
    """``keys unseal``: two sheets give handles of voters one after another, or with ``--restore`` the key file."""
    slate = _slate(options.round)
    key = _asked(slate)
    if options.restore:
        try:
            key_states.put_back(slate, key, timezone.now())
        except QatysuError as refusal:
            _end(str(slate.round), refusal)
        _say(f"The round key of {slate.round} is on this server again.")
        _say(f"Seal it away when it has done its work: qatysu keys seal {slate.round}")
        return 0
    if sys.stdin.isatty():
        _say("The sheets give the key. Type `code CODE` or `account PUBLIC-ID`; an empty line ends. Nothing is written to disk.")
    while line := sys.stdin.readline().split():
        if len(line) != 2 or line[0] not in ("code", "account"):
            _say("Type `code` or `account`, a space, and what it is.")
        else:
            _print_handle(slate, key, line[0], line[1])
    return 0


def handle(options: argparse.Namespace) -> int:
    """``keys handle``: the handle b of one voter, from the key file or from two sheets."""
    slate = _slate(options.round)
    try:
        key = key_states.round_key(slate)
    except QatysuError:
        key = _asked(slate)
    kind, text = ("code", options.code) if options.code else ("account", options.account)
    return _print_handle(slate, key, kind, sys.stdin.readline().strip() if text == "-" else text)


def _print_handle(slate: Slate, key: bytes, kind: str, text: str) -> int:
    """Print the handle under which this voter's ballots stand. The trail keeps that somebody asked, not about whom."""
    try:
        voter = find_code(slate.round, normalise_code(text)) if kind == "code" else _account(text)
    except QatysuError:
        _say("No such one-time code was issued for this round." if kind == "code" else "There is no account with this public id.")
        return 1
    key_states.note(slate, "keys_handle", timezone.now(), kind=kind)
    sys.stdout.write(f"{voter_handle(derive_key(key, 'voter'), slate.origin, voter)}\n")
    sys.stdout.flush()
    return 0


def _account(text: str) -> str:
    """The voter id of an account by its public id. Raises Invalid."""
    found = next((account for account in Account.objects.filter(public_id=text)[:1]), None) if _is_id(text) else None
    if found is None:
        raise Invalid("account")
    return account_voter_id(found)


def _is_id(text: str) -> bool:
    try:
        Account._meta.get_field("public_id").to_python(text)
    except Exception:  # noqa: BLE001  # reason: whatever Django says, it is no public id
        return False
    return True


def destroy(options: argparse.Namespace) -> int:
    """``keys destroy``: after the publication the log is ended and every key of the round is destroyed; prints a protocol."""
    slate = _slate(options.round)
    name, now = str(slate.round), timezone.now()
    target = Path(options.output or f"{name}-keys-destroyed.txt")
    if target.exists():
        raise SystemExit(f"{target} is there already. Name another file with --output.")
    if published(slate.round) is None:
        raise SystemExit(f"The results of {name} are not published: its keys are still needed.")
    try:
        ended = key_states.destroy(slate, options.protocol, now)
    except QatysuError as refusal:
        _end(name, refusal)
    text = key_words.protocol(ended, now)
    _write(target, text)
    _say(f"The log of {name} is ended at {ended.size} entries and its keys are destroyed. To print and sign: {target}")
    _say("SHA-256 of this file: " + hashlib.sha256(text.encode()).hexdigest())
    _say("Destroy the copies of the keys and the sheets of the commission too.")
    return 0


Command = Callable[[argparse.Namespace], int]


def run(options: argparse.Namespace) -> int:
    """Carry out the chosen command."""
    commands: dict[str, Command] = {
        "list": list_keys, "make": make, "share": share, "rehearse": rehearse, "seal": seal, "unseal": unseal, "handle": handle,
        "destroy": destroy,
    }  # fmt: skip
    return commands[options.act](options)
