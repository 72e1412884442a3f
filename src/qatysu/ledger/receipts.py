"""What a voter takes home: the promise given at once, and the proof that the ballot is in the box (C2SP tlog-proof)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qatysu.ledger.merkle import inclusion_holds, leaf_hash
from qatysu.ledger.notes import BadNote, Note, Signer, VerifierKey, open_checkpoint, parse, sign, unbase64

PROMISE, PROOF = "qatysu.org/promise@v1", "c2sp.org/tlog-proof@v1"
#: A larger file is no receipt.
LARGEST = 32_768
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Promise:
    """The word of the ballot box that the entry with this leaf hash will be in the log by Unix time ``by``."""

    origin: str
    leaf: bytes
    by: int

    @property
    def text(self) -> str:
        """The body that is signed. Its first line can be no origin, so that nobody can take it for a checkpoint."""
        return f"{PROMISE}\n{self.origin}\n{base64.b64encode(self.leaf).decode()}\nby {self.by}\n"

    def signed(self, signer: Signer) -> str:
        """The note."""
        return sign(self.text, signer)


def open_promise(data: bytes, key: VerifierKey) -> Promise:
    """The promise of a note signed by the promise key. Raises BadNote."""
    note = parse(data)
    if not note.signed_by(key):
        raise BadNote(f"the promise is not signed by {key.name}")
    lines = note.text.split("\n")
    if len(lines) != 5 or lines[0] != PROMISE or not lines[3].startswith("by ") or not _NUMBER.fullmatch(lines[3][3:]):
        raise BadNote("this is no promise of a ballot box")
    leaf = unbase64(lines[2], "the leaf hash")
    if len(leaf) != 32 or f"{lines[1]}/promise" != key.name:
        raise BadNote("the promise is not of this log")
    return Promise(lines[1], leaf, int(lines[3][3:]))


@dataclass(frozen=True, slots=True)
class Proof:
    """That entry ``index`` is in the tree of a checkpoint. ``extra`` carries what the voter needs besides (entry, nonce, choices)."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """The bytes of a ``.tlog-proof`` file."""
        lines = [PROOF, *([f"extra {base64.b64encode(self.extra).decode()}"] if self.extra else []), f"index {self.index}"]
        lines += [base64.b64encode(value).decode() for value in self.hashes]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint

    @classmethod
    def decode(cls, data: bytes) -> Proof:
        """From the bytes of a file. Raises BadNote; nothing is verified yet."""
        if len(data) > LARGEST:
            raise BadNote(f"the proof has more than {LARGEST} bytes")
        head, empty, checkpoint = data.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise BadNote("the proof is not text") from None
        if not empty or lines.pop(0) != PROOF:
            raise BadNote(f"the file does not begin with {PROOF}")
        extra = unbase64(lines.pop(0)[6:], "the extra data") if lines and lines[0].startswith("extra ") else b""
        if not lines or not lines[0].startswith("index ") or not _NUMBER.fullmatch(lines[0][6:]):
            raise BadNote("the proof has no index")
        hashes = tuple(unbase64(line, "a hash of the proof") for line in lines[1:])
        if len(hashes) > 63 or any(len(value) != 32 for value in hashes):
            raise BadNote("the hashes of the proof are not as they should be")
        return cls(int(lines[0][6:]), hashes, checkpoint, extra)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What ``extra`` of a voter's proof holds: the entry's bytes, the nonce and the choices (empty before the opening)."""

    entry: bytes
    nonce: str = ""
    choices: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """JSON."""
        body = {"c": list(self.choices), "e": self.entry.decode("ascii"), "x": self.nonce}
        return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, data: bytes) -> Receipt:
        """From ``extra``. Raises BadNote."""
        try:
            body = json.loads(data)
            entry, nonce, choices = body["e"].encode("ascii"), body["x"], body["c"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadNote("the receipt does not hold a ballot") from None
        if not isinstance(nonce, str) or not isinstance(choices, list) or not all(isinstance(c, str) for c in choices):
            raise BadNote("the receipt does not hold a ballot")
        return cls(entry, nonce, tuple(choices))


def check(proof: Proof, entry: bytes, key: VerifierKey, also: Sequence[VerifierKey] = ()) -> int:
    """Number of entries of the log in whose tree ``entry`` stands at the proof's index. Raises BadNote with the reason otherwise."""
    checkpoint, _ = open_checkpoint(proof.checkpoint, key, also)
    if not inclusion_holds(leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root):
        raise BadNote("the entry is not in the log at this place")
    return checkpoint.size


def note_of(proof: Proof) -> Note:
    """The checkpoint's note, for the signatures of witnesses. Raises BadNote."""
    return parse(proof.checkpoint)
