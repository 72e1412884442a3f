"""Builds the public files of a log from its entries, as the ballot box will publish them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from qatysu.ledger import entries, merkle, notes, tiles
from qatysu.ledger.leaf import canonical_choices, commitment, derive_key, nonce, voter_handle
from qatysu.ledger.notes import Checkpoint, Signer

Entry = dict[str, Any]
ORIGIN = "vote.example.kz/log/town-y2027"
ROUND_KEY = bytes(range(32))
LOG = Signer(ORIGIN, b"l" * 32)
VOTER, OPEN = derive_key(ROUND_KEY, "voter"), derive_key(ROUND_KEY, "open")
CODES = ("1", "2", "3", "4")


def raw(entry: Entry) -> bytes:
    """The bytes of an entry, good or bad."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


def manifest(**changes: Any) -> Entry:
    """A manifest of four projects of 40 tenge and a budget of 100."""
    fields: Entry = {
        "t": "manifest", "v": 1, "origin": ORIGIN, "budget": 100, "min_choices": 1, "max_choices": 2, "attempts": 3,
        "projects": [[code, 40, "yards", hashlib.sha256(code.encode()).hexdigest()] for code in CODES],
        "parts": [], "funders": [], "rule": "votes", "params": [["fit", "skip"], ["min_score", "1"]],
        "opens": "2026-11-01T00:00:00Z", "closes": "2026-11-08T18:59:59Z", "audit_days": 5, "mode": "sealed", "min_batch": 1,
        "max_delay_s": 5, "reasons": ["double", "stolen"], "promise": "p", "kc": entries.key_commitment(ROUND_KEY), "roll": 100,
        "rules_hash": "0" * 64, "verifier_hash": "0" * 64,
    }
    return fields | changes


def cast(voter: str, attempt: int, *codes: str) -> Entry:
    """A ballot."""
    b = voter_handle(VOTER, ORIGIN, voter)
    h = commitment(ORIGIN, b, attempt, nonce(OPEN, b, attempt), canonical_choices(codes))
    return {"t": "cast", "v": 1, "b": b, "n": attempt, "h": h}


def opened(voter: str, attempt: int, *codes: str) -> Entry:
    """Its opening."""
    b = voter_handle(VOTER, ORIGIN, voter)
    return {"t": "open", "v": 1, "b": b, "n": attempt, "x": nonce(OPEN, b, attempt).hex(), "c": sorted(codes)}


def annulled(voter: str, attempt: int, kind: str = "annul", **changes: Any) -> Entry:
    """An annulment by two people."""
    b = voter_handle(VOTER, ORIGIN, voter)
    fields: Entry = {"t": kind, "v": 1, "b": b, "n": attempt, "reason": "double", "act": "7", "by": ["chair", "secretary"]}
    return fields | changes


def whole_round(voters: int = 300) -> list[Entry]:
    """A round of ``voters``: every tenth votes twice, the last one is annulled; counted by hand here."""
    choices = {f"v{i}": (CODES[i % 3],) if i % 2 else (CODES[i % 3], "4") for i in range(voters)}
    log = [manifest()]
    for i, (voter, codes) in enumerate(choices.items()):
        if i % 10 == 0:
            log += [cast(voter, 2, *codes), cast(voter, 1, "3")]
        else:
            log.append(cast(voter, 1, *codes))
    log.append({"t": "close", "v": 1, "entries": len(log), "handles": voters})
    last = f"v{voters - 1}"
    log.append(annulled(last, 2 if (voters - 1) % 10 == 0 else 1))
    log += [opened(voter, 2 if i % 10 == 0 else 1, *codes) for i, (voter, codes) in enumerate(choices.items())]
    votes = dict.fromkeys(CODES, 0)
    for voter, codes in choices.items():
        for code in codes if voter != last else ():
            votes[code] += 1
    ranked = sorted((code for code in CODES if votes[code]), key=lambda code: (-votes[code], code))
    log.append({
        "t": "result", "v": 1, "counts": [[code, votes[code]] for code in CODES], "ballots": voters - 1,
        "winners": ranked[:2], "spent": 80, "tie_decision": list(CODES), "code": "0.1",
    })
    return log


class Files(dict[str, bytes]):
    """Files of a log by path; a source for the verifier."""

    def write(self, folder: Path) -> Path:
        """Write them all."""
        for path, data in self.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return folder


def publish(log: Iterable[bytes], signer: Signer = LOG, stops: Sequence[int] = ()) -> Files:
    """The files of a log; with ``stops`` also the checkpoints ``saved/N`` of its states at these sizes."""
    files, tree, nodes, data = Files(), merkle.Frontier(), {}, list(log)
    for size, entry in enumerate(data, 1):
        nodes.update({(level, at): value for level, at, value in tree.append(merkle.leaf_hash(entry))})
        if size in stops:
            files[f"saved/{size}"] = notes.sign(Checkpoint(signer.name, size, tree.root()).text, signer).encode()
    for level, number, width in tiles.widths(tree.size):
        first = number * tiles.WIDTH
        files[tiles.tile_path(level, number, width)] = b"".join(nodes[level * 8, i] for i in range(first, first + width))
        if level == 0:
            files[tiles.bundle_path(number, width)] = tiles.pack_entries(data[first : first + width])
    files["checkpoint"] = notes.sign(Checkpoint(signer.name, tree.size, tree.root()).text, signer).encode()
    files["vkey"] = f"{signer.verifier}\n".encode()
    return files
