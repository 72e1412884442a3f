"""Signed notes, verifier keys and checkpoints: C2SP signed-note v1.0.0 and tlog-checkpoint v1.0.0, with Ed25519 (type 0x01)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = 0x01
#: Larger notes and longer lists of signatures are refused before they are read (C2SP allows such bounds).
LARGEST_NOTE, MOST_SIGNATURES = 65_536, 100
_DASH = "\u2014 "
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class BadNote(ValueError):
    """A note, key or checkpoint that is not as the format wants it, or whose signature does not hold. The text says why."""


def _name_is_good(name: str) -> bool:
    return bool(name) and not any(ch.isspace() or ch == "+" for ch in name)


def unbase64(text: str, what: str) -> bytes:
    """The bytes of canonical base64. Raises BadNote naming ``what``."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise BadNote(f"{what} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise BadNote(f"{what} is not canonical base64")
    return raw


def key_id(name: str, public: bytes, kind: int = ED25519) -> bytes:
    """The four bytes by which signature lines name a key of this kind."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name under which it signs."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes."""
        return key_id(self.name, self.public)

    def __str__(self) -> str:
        """``name+id+key`` as C2SP writes verifier keys."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([ED25519]) + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """From ``name+id+key``. Raises BadNote."""
        name, plus, rest = text.strip().partition("+")
        wanted, second, key = rest.partition("+")
        if not plus or not second or not _name_is_good(name) or not re.fullmatch(r"[0-9a-f]{8}", wanted):
            raise BadNote("a verifier key is name+id+key")
        raw = unbase64(key, "the verifier key")
        if len(raw) != 33 or raw[0] != ED25519:
            raise BadNote("the verifier key is not of Ed25519")
        found = cls(name, raw[1:])
        if found.id.hex() != wanted:
            raise BadNote("the verifier key does not have the id that it states")
        return found

    def holds(self, signature: bytes, message: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of ``message``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@lru_cache(maxsize=64)
def _opened(name: str, seed: bytes) -> tuple[Ed25519PrivateKey, VerifierKey]:
    """The key of a seed with its public half: making them costs more than a signature."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return private, VerifierKey(name, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key (32 bytes of seed) with its name. Never printed."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        """Without the seed."""
        return f"Signer({self.name!r})"

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return _opened(self.name, self.seed)[1]

    def raw(self, message: bytes) -> bytes:
        """64 bytes. Ed25519 is deterministic: the same message gives the same signature."""
        return _opened(self.name, self.seed)[0].sign(message)

    def line(self, text: str) -> str:
        """The signature line for a note's text."""
        return f"{_DASH}{self.name} {base64.b64encode(self.verifier.id + self.raw(text.encode())).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who, which key, what."""

    name: str
    key: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text ending in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def signed_by(self, key: VerifierKey) -> bool:
        """Whether ``key`` has signed.

        Raises BadNote when a line claims this key and does not hold: such a note is refused as a whole.
        """
        lines = [s for s in self.signatures if s.name == key.name and s.key == key.id]
        for line in lines:
            if not key.holds(line.value, self.text.encode()):
                raise BadNote(f"the signature of {key.name} does not hold")
        return bool(lines)


def sign(text: str, *signers: Signer) -> str:
    """The note: text, empty line, one signature line per signer. Raises BadNote for a text without a final newline."""
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends in a newline")
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def parse(data: bytes) -> Note:
    """A note from its bytes, signatures unchecked. Raises BadNote."""
    if len(data) > LARGEST_NOTE:
        raise BadNote(f"the note has more than {LARGEST_NOTE} bytes")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadNote("the note is not UTF-8") from None
    if any(ord(ch) < 0x20 and ch != "\n" for ch in whole):
        raise BadNote("the note holds control characters")
    text, empty, lines = whole.rpartition("\n\n")
    if not empty or not lines.endswith("\n"):
        raise BadNote("the note has no signatures")
    found = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(found) > MOST_SIGNATURES:
        raise BadNote(f"the note has more than {MOST_SIGNATURES} signatures")
    return Note(text + "\n", found)


def _signature(line: str) -> Signature:
    name, space, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _name_is_good(name):
        raise BadNote("a signature line is not as the format wants it")
    raw = unbase64(value, "a signature")
    if len(raw) < 5:
        raise BadNote("a signature is too short")
    return Signature(name, raw[:4], raw[4:])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: its origin, number of entries, root hash."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The body that is signed. Extension lines are not used."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """From the body of a note. Raises BadNote for what another writer could write differently, and for extension lines."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise BadNote("a checkpoint has three lines")
        if not _NUMBER.fullmatch(lines[1]):
            raise BadNote("the size of a checkpoint is a plain number")
        root = unbase64(lines[2], "the root hash")
        if len(root) != 32:
            raise BadNote("the root hash has not 32 bytes")
        return cls(lines[0], int(lines[1]), root)


def open_checkpoint(data: bytes, key: VerifierKey, also: Sequence[VerifierKey] = ()) -> tuple[Checkpoint, tuple[str, ...]]:
    """The checkpoint of a note signed by the log's ``key``, and the names among ``also`` that have signed it too.

    Raises BadNote when the log's signature is missing, one does not hold, or the origin is not the key's name.
    """
    note = parse(data)
    if not note.signed_by(key):
        raise BadNote(f"the checkpoint is not signed by {key.name}")
    found = Checkpoint.parse(note.text)
    if found.origin != key.name:
        raise BadNote(f"the checkpoint is of {found.origin}, not of {key.name}")
    return found, tuple(other.name for other in also if note.signed_by(other))
