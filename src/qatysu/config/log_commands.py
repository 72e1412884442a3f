"""``qatysu log``: look after the public logs (LEDGER 1.6): check, seal, recover, republish, lift."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import timezone

from qatysu.ballots import sequencing
from qatysu.ballots.freezing import adopt_log
from qatysu.ballots.keys import log_signer, open_key, path_of
from qatysu.ballots.logs import find_log, name_of, storage_of
from qatysu.ballots.models import Slate
from qatysu.ballots.recovering import Bringing, kind_of, missing
from qatysu.bulletin import commands as bulletin
from qatysu.bulletin.errors import Behind, Differs, FilesOld, LogRefusal
from qatysu.bulletin.models import Entry, Log
from qatysu.bulletin.queries import Standing, State, standing
from qatysu.bulletin.recovering import Recovered
from qatysu.bulletin.sealing import check_published
from qatysu.bulletin.storage import Storage
from qatysu.config.codes import find_round
from qatysu.core.errors import Conflict, QatysuError
from qatysu.ledger.notes import BadNote, VerifierKey
from qatysu.motions.commands import follow_log

#: How many waiting entries are named one by one.
MOST = 20


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


def _find(name: str) -> Log:
    found = find_log(name)
    if found is None:
        known = ", ".join(sorted(name_of(log) for log in Log.objects.all())) or "none yet"
        raise SystemExit(f"There is no log {name!r}. Logs here: {known}.")
    return found


def _stands(found: Standing) -> str:
    return {
        State.HEALTHY: "all is published", State.WAITING: "entries wait for the next batch",
        State.LATE: "LATE: entries wait longer than was promised", State.BEHIND: "BEHIND the published files: recover",
        State.REFUSED: "REFUSES to sign", State.FROZEN: "ended",
    }[found.state]  # fmt: skip


def list_logs(_options: argparse.Namespace) -> int:
    """``log list``: how each log stands, by the database."""
    logs = list(Log.objects.order_by("pk"))
    if not logs:
        _say("There is no log yet.")
    for log in logs:
        found = standing(log, now=timezone.now())
        line = f"{name_of(log)}: {found.published_size} published, {found.waiting} waiting; {_stands(found)}"
        sys.stdout.write(f"{line}{f' ({found.code}): {found.text}' if found.code else ''}\n")
    return 0


def _waiting(log: Log) -> list[str]:
    """Leaf hashes (hex) of entries that are not published, in an order that tells nothing."""
    unpublished = Entry.objects.filter(log=log).exclude(idx__lt=log.published_size)
    return sorted(bytes(leaf).hex() for leaf in unpublished.values_list("leaf", flat=True))


def _name_waiting(log: Log) -> None:
    waiting = _waiting(log)
    if waiting:
        _say(f"{len(waiting)} entries wait to be published:")
    for leaf in waiting[:MOST]:
        _say(f"  {leaf}")
    if len(waiting) > MOST:
        _say(f"  and {len(waiting) - MOST} more")


def check(options: argparse.Namespace) -> int:
    """``log check``: compare everything; 1 when anything is wrong. A finding marks the log."""
    log = _find(options.name)
    found = list(bulletin.self_check(log, storage_of(log)))
    log.refresh_from_db()
    slate = Slate.objects.select_related("round__city", "log").filter(log=log).first()
    private = missing(slate) if slate is not None else None
    if private is not None and private.voters:
        found.append(f"{private.voters} voters of sealed ballots do not count as having voted. Run: qatysu log recover {options.name}")
    for text in found:
        _say(f"- {text}")
    if private is not None and private.ballots:
        _say(f"{private.ballots} sealed ballots have no choice in the database.")
    _name_waiting(log)
    if not found:
        _say(f"{options.name}: database, files and checkpoint agree on {log.published_size} entries.")
    return 1 if found else 0


def seal(options: argparse.Namespace) -> int:
    """``log seal``: seal and publish what waits, whatever the cadence."""
    log = _find(options.name)
    sealed = sequencing.seal_now(log, timezone.now())
    _say(f"{options.name}: {sealed} entries newly published, {log.published_size} in all.")
    return 0


@dataclass(frozen=True, slots=True)
class Brought:
    """What a recovery brought back."""

    log: Recovered
    box: Bringing | None


def vkey_of(name: str, given: str | None) -> VerifierKey:
    """The verifier key that the operator gives, or of the file beside the keys: never of the database. Raises Conflict ``no_vkey``."""
    path = path_of(name, "vkey")
    text = given or (path.read_text() if path.exists() else "")
    if not text.strip():
        raise Conflict("no_vkey")
    try:
        return VerifierKey.parse(text)
    except BadNote as problem:
        raise Conflict("bad_vkey", text=str(problem)) from None


def _nothing_more(_entries: Iterable[tuple[int, bytes]]) -> None:
    """The log of heads has no voters."""


def bring_back(log: Log, key: VerifierKey, *, without_choices_too: bool = False) -> Brought:
    """Recover a log and what ballots keep about it. Raises LogRefusal, and Conflict ``open_key_…`` when choices cannot be found."""
    name = name_of(log)
    slate = Slate.objects.select_related("round__city", "log").filter(log=log).first()
    if slate is None:
        return Brought(bulletin.recover(log, storage_of(log), key, kind_of=kind_of, on_recovered=_nothing_more), None)
    try:
        secret = open_key(name)
    except Conflict:
        if not without_choices_too:
            raise
        secret = None
    bringing = Bringing(slate, secret, timezone.now())
    done = bulletin.recover(log, storage_of(log), key, kind_of=kind_of, on_recovered=bringing)
    if done.old_size == done.size:
        bringing.complete()
    # An old backup has forgotten what two people decided about the dates of voting.
    follow_log(round_=slate.round, now=timezone.now())
    return Brought(done, bringing)


def recover(options: argparse.Namespace) -> int:
    """``log recover``: bring back what is published; says what could not be."""
    log = _find(options.name)
    tell(options.name, bring_back(log, vkey_of(options.name, options.vkey), without_choices_too=options.without_choices))
    log.refresh_from_db()
    _name_waiting(log)
    return 0


def tell(name: str, brought: Brought) -> None:
    """Say what a recovery did."""
    done, box = brought.log, brought.box
    if done.old_size == done.size:
        _say(f"{name}: the database has all {done.size} published entries.")
    else:
        _say(f"{name}: the database had {done.old_size} entries, {done.size} are published; {done.inserted} were brought back.")
    if box is None or not (box.voters or box.ballots or box.unknown):
        return
    _say(f"{box.voters} voters count again as having voted; the choices of {box.ballots} ballots were found again.")
    if box.unknown:
        why = "" if box.is_whole else " (there are more possible choices than are tried)"
        _say(f"The choice of {len(box.unknown)} ballots could not be found{why}. They stand in the log; the count cannot be finished")
        _say("without them. Put the right keys in place and run this command again:")
        for handle, attempt in box.unknown[:MOST]:
            _say(f"  handle {handle}, attempt {attempt}")


def republish(options: argparse.Namespace) -> int:
    """``log republish``: write all files from the rows."""
    log = _find(options.name)
    size = bulletin.republish(log, storage_of(log), log_signer(options.name, log.origin))
    _say(f"{options.name}: the files of {size} entries are published anew.")
    return 0


def lift(options: argparse.Namespace) -> int:
    """``log lift``: lift the mark when a whole check finds nothing."""
    log = _find(options.name)
    found = bulletin.lift_refusal(log, storage=storage_of(log))
    for text in found:
        _say(f"- {text}")
    _say(f"{options.name}: " + ("the mark stays until this is mended." if found else "nothing is wrong; it is signed again."))
    return 1 if found else 0


def adopt(options: argparse.Namespace) -> int:
    """``log adopt``: a log for a round that was frozen before there were any."""
    ballots = adopt_log(round=find_round(options.name), now=timezone.now())
    _say(f"{options.name} has a log now; {ballots} ballots wait to be sealed in it.")
    return 0


def advice(name: str, problem: QatysuError) -> str:
    """What to do about a refusal: one sentence with the exact command, '' when its own sentence says it."""
    if isinstance(problem, Behind):
        return f"Run: qatysu log recover {name} --vkey KEY (the log's public key, from paper)"
    if isinstance(problem, FilesOld):
        return f"Run: qatysu log republish {name}"
    if isinstance(problem, Differs):
        return "Somebody has changed something, or a disk lies. See `The public log` in docs/operations.md."
    reasons = {
        "no_vkey": f"The file {path_of(name, 'vkey')} is not here. Give the log's public key from paper: --vkey KEY",
        "bad_vkey": f"This is no public key of a log: {problem.params.get('text', '')}.",
        "log_exists": f"{name} has a log already.",
        "log_key_absent": f"The key of this log is not here, or not for this user: {path_of(name, 'log')}. Only the worker's user"
        " has it (QATYSU_LOG_KEYS). Nothing was signed.",
        "log_key_readable_by_others": f"The key of this log can be read by others. Run: chmod go-rwx {path_of(name, 'log')}",
        "ballot_differs": "A stored ballot does not give the fingerprint that its voter was shown.",
    }
    if problem.reason.startswith(("open_key_", "round_key_")):
        return (
            f"The key that opens ballots cannot be used ({problem.reason}): without it the choices of lost ballots cannot be found"
            f" again. Put the copy of {path_of(name, 'round')} in place, or add --without-choices and run the command again later."
        )
    return reasons.get(problem.reason, "")


def run(options: argparse.Namespace) -> int:
    """Carry out the chosen command. Raises SystemExit with a sentence."""
    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": list_logs, "check": check, "seal": seal, "recover": recover, "republish": republish, "lift": lift, "adopt": adopt,
    }  # fmt: skip
    try:
        return commands[options.act](options)
    except (QatysuError, OSError, BadNote) as problem:
        raise SystemExit(explain(options.name, problem)) from None


def explain(name: str, problem: Exception) -> str:
    """A refusal, and what to do."""
    text = str(problem) if isinstance(problem, LogRefusal | OSError | BadNote) else ""
    what = advice(name, problem) if isinstance(problem, QatysuError) else ""
    return " ".join(part for part in (f"{name}: {text}." if text else "", what) if part) or f"{name}: {problem}."


def unfit_logs() -> list[tuple[str, LogRefusal | OSError]]:
    """Logs whose rows and files do not fit, with why; a log that a sequencer is at work on is left to it."""
    found: list[tuple[str, LogRefusal | OSError]] = []
    for log in Log.objects.filter(frozen_at=None).order_by("pk"):
        try:
            _fits(log, storage_of(log))
        except (LogRefusal, OSError) as problem:
            found.append((name_of(log), problem))
    return found


def _fits(log: Log, storage: Storage) -> None:
    """Raises LogRefusal when rows and files do not fit. A user who may only read the files looks without marking the log."""
    try:
        bulletin.check_start(log, storage)
    except (PermissionError, FileNotFoundError):
        check_published(log, storage)
