"""Cosignatures of witnesses: C2SP tlog-cosignature v1 with Ed25519 (type 0x04).

A witness signs the checkpoint together with the time at which it saw it, and only when it extends what it has seen before.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qatysu.ledger.notes import BadNote, Note, Signer, VerifierKey, key_id, unbase64

COSIGNATURE = 0x04
_LENGTH = 8 + 64


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """Public key of a witness."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes."""
        return key_id(self.name, self.public, COSIGNATURE)

    def __str__(self) -> str:
        """``name+id+key``."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([COSIGNATURE]) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> WitnessKey:
        """From ``name+id+key``. Raises BadNote."""
        match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text.strip())
        if match is None:
            raise BadNote("a witness key is name+id+key")
        raw = unbase64(match[3], "the witness key")
        if len(raw) != 33 or raw[0] != COSIGNATURE:
            raise BadNote("the witness key is not of Ed25519 cosignatures")
        found = cls(match[1], raw[1:])
        if found.id.hex() != match[2]:
            raise BadNote("the witness key does not have the id that it states")
        return found

    def seen_at(self, note: Note) -> int | None:
        """Unix time at which this witness saw the checkpoint; None without its line. Raises BadNote when it does not hold."""
        for line in note.signatures:
            if line.name != self.name or line.key != self.id:
                continue
            if len(line.value) != _LENGTH:
                raise BadNote(f"the cosignature of {self.name} has a wrong length")
            time = int.from_bytes(line.value[:8], "big")
            if not VerifierKey(self.name, self.public).holds(line.value[8:], _message(note.text, time)):
                raise BadNote(f"the cosignature of {self.name} does not hold")
            return time
        return None


def cosign(witness: Signer, text: str, time: int) -> str:
    """The signature line of a witness for a checkpoint's ``text`` seen at Unix ``time``."""
    key = WitnessKey(witness.name, witness.verifier.public)
    signature = witness.raw(_message(text, time))
    return f"\u2014 {witness.name} {base64.b64encode(key.id + time.to_bytes(8, 'big') + signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose word is asked for: the log's key, the witnesses, and how many of them must have signed (``quorum``)."""

    log: VerifierKey
    witnesses: tuple[WitnessKey, ...] = ()
    quorum: int = 0

    def witnessed(self, note: Note) -> tuple[str, ...]:
        """Names of the witnesses that have signed, in the order of the policy. Raises BadNote for a line that does not hold."""
        return tuple(key.name for key in self.witnesses if key.seen_at(note) is not None)


def parse_policy(text: str) -> Policy:
    """A policy file: lines ``log VKEY``, ``witness VKEY`` and ``quorum N``; ``#`` begins a remark. Raises BadNote with the line."""
    logs: list[VerifierKey] = []
    witnesses: list[WitnessKey] = []
    quorum = 0
    for number, raw in enumerate(text.splitlines(), 1):
        words = raw.partition("#")[0].split()
        if not words:
            continue
        if len(words) != 2 or words[0] not in ("log", "witness", "quorum"):
            raise BadNote(f"line {number} of the policy is neither log, witness nor quorum")
        if words[0] == "log":
            logs.append(VerifierKey.parse(words[1]))
        elif words[0] == "witness":
            witnesses.append(WitnessKey.parse(words[1]))
        elif words[1].isascii() and words[1].isdigit() and len(words[1]) < 4:
            quorum = int(words[1])
        else:
            raise BadNote(f"line {number} of the policy: the quorum is a number")
    return _checked(logs, witnesses, quorum)


def _checked(logs: Sequence[VerifierKey], witnesses: Sequence[WitnessKey], quorum: int) -> Policy:
    if len(logs) != 1:
        raise BadNote("a policy names exactly one log")
    if len({key.name for key in witnesses}) != len(witnesses):
        raise BadNote("a policy names a witness twice")
    if quorum > len(witnesses):
        raise BadNote("the quorum is larger than the number of witnesses")
    return Policy(logs[0], tuple(witnesses), quorum)
