"""``qatysu verify`` and ``python -m qatysu.verify``: check a log, without database and web framework.

Exit status: 0 everything agrees; 1 something is wrong; 2 the files cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qatysu.ledger import receipts, tiles
from qatysu.ledger.entries import BadEntry, decode
from qatysu.ledger.leaf import canonical_choices, commitment
from qatysu.ledger.merkle import leaf_hash
from qatysu.ledger.notes import BadNote, VerifierKey, open_checkpoint
from qatysu.ledger.receipts import Promise, Proof, Receipt, open_promise
from qatysu.ledger.replay import Fault
from qatysu.ledger.tiles import BadTile
from qatysu.ledger.witnesses import Policy, parse_policy
from qatysu.verify.checking import Kept, Report, run_key, verify
from qatysu.verify.source import Source, Unreadable, source_of
from qatysu.verify.standalone.verify import WORDS, sentences

#: Kept files are small; a larger one is none.
LARGEST = 65_537
Taken = tuple[int, dict[str, Any], bytes]


def run(options: argparse.Namespace) -> int:
    """Carry the command out; returns the exit status."""
    try:
        answer = check(options)
    except (BadNote, Unreadable) as why:
        sys.stderr.write(f"qatysu verify: {why}\n")
        return 2
    lines = [json.dumps(answer, sort_keys=True)] if options.json else sentences(answer, options.lang)
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())
    return 0 if answer["good"] else 1


def check(options: argparse.Namespace) -> dict[str, Any]:
    """The answer, as ``--json`` prints it. Raises BadNote and Unreadable for what makes checking impossible."""
    source = source_of(options.place)
    policy = parse_policy(_file(options.policy).decode("utf-8", "replace")) if options.policy else None
    key, is_given = _key(source, options.vkey, policy)
    early: list[Fault] = []
    taken = [one for path in options.receipt for one in _receipt(_file(path), key, early)]
    promises = [one for path in options.promise for one in _promise(_file(path), key, source, options.promise_key, early)]
    saved = (*(_file(path) for path in options.saved), *(checkpoint for _, _, checkpoint in taken))
    leaves = tuple(leaf_hash(_raw(entry)) for _, entry, _ in taken)
    progress = _progress(options.lang) if sys.stderr.isatty() else None
    kept = Kept(saved, tuple(promises), leaves)
    report = verify(source, key, kept=kept, policy=policy, now=int(time.time()), progress=progress)
    report.faults[:0] = early
    return _answer(report, taken) | {"key": str(key), "key_given": is_given}


def _file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return file.read(LARGEST)
    except OSError as why:
        raise Unreadable(f"{path}: {why.strerror}") from None


def _key(source: Source, text: str | None, policy: Policy | None) -> tuple[VerifierKey, bool]:
    if not text and policy is not None:
        return policy.log, True
    key, is_given = run_key(source, text)
    if policy is not None and policy.log != key:
        raise BadNote("the policy is of another log")
    return key, is_given


def _raw(entry: dict[str, Any]) -> bytes:
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


def _receipt(data: bytes, key: VerifierKey, faults: list[Fault]) -> list[Taken]:
    """Index, entry and checkpoint of a receipt that holds; otherwise nothing, and a fault."""
    try:
        proof = Proof.decode(data)
        body = Receipt.decode(proof.extra)
        receipts.check(proof, body.entry, key)
        entry = decode(body.entry)
        if entry["t"] != "cast":
            raise BadNote("the receipt does not hold a ballot")
        if body.nonce and body.choices:
            made = commitment(key.name, entry["b"], entry["n"], bytes.fromhex(body.nonce), canonical_choices(body.choices))
            if made != entry["h"]:
                raise BadNote("the choice in the receipt is not that of the ballot")
    except (BadNote, BadEntry, ValueError) as why:
        faults.append(Fault(-1, "receipt", f"a receipt: {why}"))
        return []
    return [(proof.index, entry, proof.checkpoint)]


def _promise(data: bytes, key: VerifierKey, source: Source, text: str, faults: list[Fault]) -> list[Promise]:
    """The promise when its signature holds; otherwise nothing, and a fault."""
    try:
        found = open_promise(data, VerifierKey.parse(text or _promise_key(source, key)))
        if found.origin != key.name:
            raise BadNote("the promise is not of this log")
    except BadNote as why:
        faults.append(Fault(-1, "promise", f"a promise: {why}"))
        return []
    return [found]


def _promise_key(source: Source, key: VerifierKey) -> str:
    """What the manifest names; '' when that cannot be read (which the check says itself)."""
    try:
        head, _ = open_checkpoint(source.get("checkpoint") or b"", key)
        data = source.get(tiles.bundle_path(0, min(head.size, tiles.WIDTH))) or source.get(tiles.bundle_path(0)) or b""
        return str(decode(tiles.first_entries(data, 1)[0]).get("promise", ""))
    except (BadNote, BadTile, BadEntry):
        return ""


def _progress(lang: str) -> Callable[[int, int], None]:
    def tell(done: int, size: int) -> None:
        if done == size or done % 8192 == 0:
            sys.stderr.write("\r" + WORDS[lang]["reading"] % (done, size) + ("\n" if done == size else ""))
            sys.stderr.flush()

    return tell


def _answer(report: Report, taken: list[Taken]) -> dict[str, Any]:
    replay, head, outcome = report.replay, report.checkpoint, report.outcome
    ballots = replay.counted() if replay else {}
    found = []
    for index, entry, _ in taken:
        state, choices = replay.standing(entry["b"], entry["n"]) if replay else ("missing", ())
        if state != "missing":
            found.append({"index": index, "state": state, "choices": list(choices)})
    return {
        "origin": report.key.name, "size": head.size if head else None, "good": report.is_good, "problem": None,
        "root": base64.b64encode(head.root).decode() if head else None, "witnesses": list(report.witnesses), "receipts": found,
        "winners": list(outcome.winners) if outcome else None, "spent": outcome.spent if outcome else None,
        "closed": replay is not None and replay.closed_at is not None, "voters": replay.voters if replay else 0,
        "ballots": sum(ballots.values()), "annulled": replay.annulled if replay else 0,
        "counts": replay.votes(replay.counted()) if replay and replay.result else None,
        "faults": [{"index": fault.index, "code": fault.code, "text": fault.text} for fault in report.faults],
    }
