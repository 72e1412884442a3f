#!/usr/bin/env python3
"""Recount a round of Qatysu from its public files alone. One file, Python 3.9 or later, nothing to install.

    python3 verify.py DIR_OR_URL [--vkey KEY] [--saved FILE ...] [--promise FILE --promise-key KEY]
                      [--receipt FILE.tlog-proof] [--policy FILE] [--json] [--lang kk|ru|en]

Exit status: 0 everything agrees, 1 something is wrong, 2 the files cannot be read or not all could be computed.
Written from the formats, apart from the program that runs the vote: RFC 8032 (Ed25519), RFC 6962 (tree), C2SP
signed-note, tlog-checkpoint, tlog-tiles, tlog-cosignature, tlog-proof, and docs/outcome-rules.md (who wins).
The order of this file: signatures, notes, files, tree, entries, ballots, rules, receipts, answer.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections import Counter
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import combinations, groupby, permutations
from typing import Any, Callable, Dict, FrozenSet, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple


class Bad(Exception):
    """Something is not as the format wants it. The text says what."""


class CannotRead(Exception):
    """The files cannot be reached."""


class CannotCompute(Exception):
    """This plain program would take too long."""


# ---------------------------------------------------------------- Ed25519 (RFC 8032, section 5.1)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = Tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def add(p: Point, q: Point) -> Point:
    """Sum of two points in extended coordinates."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, p: Point) -> Point:
    """n times p."""
    total = NEUTRAL
    while n:
        if n & 1:
            total = add(total, p)
        p, n = add(p, p), n >> 1
    return total


def unpack_point(data: bytes) -> Optional[Point]:
    """A point from 32 bytes; None when they are no canonical encoding of one."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(data) != 32 or y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def pack_point(p: Point) -> bytes:
    """32 bytes."""
    inverse = pow(p[2], P - 2, P)
    x, y = p[0] * inverse % P, p[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = unpack_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or NEUTRAL


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether these 64 bytes are the key's signature. Keys of small order and S that are not reduced are refused."""
    key = unpack_point(public)
    s = int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= L or pack_point(times(8, key)) == pack_point(NEUTRAL):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    return pack_point(add(times(s, BASE), times(k, minus_key))) == signature[:32]


# ---------------------------------------------------------------- notes, checkpoints, witnesses: C2SP


def un64(text: str, what: str) -> bytes:
    """Bytes of base64, refused when they could be written differently."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise Bad(what + " is not base64") from None
    if base64.b64encode(data).decode() != text:
        raise Bad(what + " is not canonical base64")
    return data


class Key(NamedTuple):
    """A public key. ``kind``: 1 signs notes, 4 is a witness that cosigns checkpoints."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that signature lines begin with."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


def read_key(text: str, kind: int = 1) -> Key:
    """A key written as name+id+base64."""
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", text.strip()[:1000])
    if not match:
        raise Bad("a key is written as name+id+key")
    data = un64(match[3], "the key")
    key = Key(match[1], kind, data[1:])
    if len(data) != 33 or data[0] != kind:
        raise Bad("the key is not an Ed25519 key of kind %d" % kind)
    if key.id.hex() != match[2]:
        raise Bad("the key does not have the id that it states")
    return key


class Note(NamedTuple):
    """A text and the signatures under it: (name, id of the key, bytes)."""

    text: str
    lines: Tuple[Tuple[str, bytes, bytes], ...]

    def signed_by(self, key: Key) -> bool:
        """Whether ``key`` has signed. A line of this key that does not hold spoils the whole note."""
        mine = [value for name, key_id, value in self.lines if (name, key_id) == (key.name, key.id)]
        for value in mine[:1] if key.kind == 4 else mine:
            if key.kind == 4:
                seen = int.from_bytes(value[:8], "big")
                body, value = "cosignature/v1\ntime %d\n%s" % (seen, self.text), value[8:]
            else:
                body = self.text
            if not signature_holds(key.public, body.encode(), value):
                raise Bad("the signature of %s does not hold" % key.name)
        return bool(mine)


def read_note(data: bytes) -> Note:
    """A note of at most 64 KiB and 100 signatures."""
    if len(data) > 65536:
        raise Bad("the note is too long")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("the note is not UTF-8") from None
    text, gap, tail = whole.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or any(c < " " and c != "\n" for c in whole):
        raise Bad("this is no signed note")
    rows = tail[:-1].split("\n")
    if len(rows) > 100:
        raise Bad("the note has too many signatures")
    found = []
    for row in rows:
        name, space, value = row[2:].partition(" ")
        if row[:2] != "\u2014 " or not space or not name or "+" in name or any(c.isspace() for c in name):
            raise Bad("a signature line is not as it should be")
        raw = un64(value, "a signature")
        if len(raw) < 5:
            raise Bad("a signature is too short")
        found.append((name, raw[:4], raw[4:]))
    return Note(text + "\n", tuple(found))


def whole_number(text: str) -> int:
    """A number without sign, leading zeros or more than 19 digits."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text):
        raise Bad("a number is not written as it should be")
    return int(text)


def read_checkpoint(data: bytes, key: Key) -> Tuple[int, bytes]:
    """Size and root hash that the log's key has signed."""
    note = read_note(data)
    if not note.signed_by(key):
        raise Bad("the checkpoint is not signed by " + key.name)
    rows = note.text.split("\n")
    if len(rows) != 4 or rows[3]:
        raise Bad("a checkpoint has three lines")
    if rows[0] != key.name:
        raise Bad("the checkpoint is of another log")
    root = un64(rows[2], "the root hash")
    if len(root) != 32:
        raise Bad("the root hash does not have 32 bytes")
    return whole_number(rows[1]), root


def read_promise(data: bytes, key: Key, origin: str) -> Tuple[bytes, int]:
    """Leaf hash and the Unix time by which it must be in the log."""
    note = read_note(data)
    rows = note.text.split("\n")
    if not note.signed_by(key):
        raise Bad("the promise is not signed by " + key.name)
    if len(rows) != 5 or rows[0] != "qatysu.org/promise@v1" or rows[3][:3] != "by " or rows[4]:
        raise Bad("this is no promise of a ballot box")
    leaf = un64(rows[2], "the leaf hash")
    if len(leaf) != 32 or rows[1] != origin or key.name != origin + "/promise":
        raise Bad("the promise is not of this log")
    return leaf, whole_number(rows[3][3:])


class Policy(NamedTuple):
    """Whose signatures are asked for."""

    log: Key
    witnesses: List[Key]
    quorum: int


def read_policy(text: str) -> Policy:
    """Lines ``log KEY``, ``witness KEY``, ``quorum N``; # begins a remark."""
    logs: List[Key] = []
    witnesses: List[Key] = []
    quorum = 0
    for row in text.splitlines():
        words = row.partition("#")[0].split()
        if not words:
            continue
        if len(words) == 2 and words[0] == "log":
            logs.append(read_key(words[1]))
        elif len(words) == 2 and words[0] == "witness":
            witnesses.append(read_key(words[1], kind=4))
        elif len(words) == 2 and words[0] == "quorum" and re.fullmatch("[0-9]{1,3}", words[1]):
            quorum = int(words[1])
        else:
            raise Bad("a line of the policy is neither log, witness nor quorum")
    if len(logs) != 1 or len({w.name for w in witnesses}) < len(witnesses) or quorum > len(witnesses):
        raise Bad("a policy names one log, each witness once, and no more for the quorum than there are")
    return Policy(logs[0], witnesses, quorum)


# ---------------------------------------------------------------- files of the log

MOST_BYTES = 256 * 65537
Read = Callable[[str], Optional[bytes]]


def reader(place: str) -> Read:
    """Reads files of a folder or below an address, at most ``MOST_BYTES`` each; None when there is no such file."""

    def bounded(file: Any, path: str) -> bytes:
        data: bytes = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise CannotRead(path + " is larger than any file of a log")
        return data

    def from_folder(path: str) -> Optional[bytes]:
        try:
            with open(os.path.join(place, *path.split("/")), "rb") as file:
                return bounded(file, path)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as why:
            raise CannotRead("%s: %s" % (path, why.strerror)) from None

    def from_web(path: str) -> Optional[bytes]:
        request = urllib.request.Request(place.rstrip("/") + "/" + path, headers={"User-Agent": "verify.py"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bounded(answer, path)
        except urllib.error.HTTPError as why:
            if why.code in (404, 410):
                return None
            raise CannotRead("%s: the server answers %d" % (path, why.code)) from None
        except (OSError, ValueError) as why:
            raise CannotRead("%s: %s" % (path, why)) from None

    if "://" not in place:
        if not os.path.isdir(place):
            raise CannotRead(place + " is not a folder")
        return from_folder
    if not re.match("https?://", place):
        raise CannotRead(place + " is neither a folder nor an address")
    return from_web


def tile(kind: str, number: int, width: int = 256) -> str:
    """Path of a tile: kind is ``entries`` or the level."""
    digits = "%03d" % (number % 1000)
    while number >= 1000:
        number //= 1000
        digits = "x%03d/%s" % (number % 1000, digits)
    return "tile/%s/%s%s" % (kind, digits, "" if width == 256 else ".p/%d" % width)


def split_bundle(data: bytes, count: int, exact: bool) -> List[bytes]:
    """The first ``count`` entries; ``exact``: nothing may follow."""
    found, at = [], 0
    for _ in range(count):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or end > len(data):
            raise Bad("a bundle of entries is cut off")
        found.append(data[at + 2 : end])
        at = end
    if exact and at != len(data):
        raise Bad("a bundle of entries is longer than it should be")
    return found


def node(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect(row: Sequence[bytes]) -> bytes:
    """Hash over 1, 2, 4, ... 256 hashes."""
    while len(row) > 1:
        row = [node(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def root_of(rows: Sequence[Sequence[bytes]], more: Sequence[bytes] = ()) -> bytes:
    """Root of the tree whose unfinished tiles are ``rows``, lowest level first; ``more`` are leaves after them."""
    total: Optional[bytes] = None
    for row in [[*rows[0], *more] if rows else list(more), *rows[1:]]:
        end = len(row)
        while end:
            piece = perfect(row[end - (end & -end) : end])
            total = piece if total is None else node(piece, total)
            end -= end & -end
    return hashlib.sha256(b"").digest() if total is None else total


# ---------------------------------------------------------------- entries: form

Is = Callable[[Any], bool]


def like(pattern: str) -> Is:
    """A text of this pattern."""
    match = re.compile(pattern).fullmatch
    return lambda value: isinstance(value, str) and match(value) is not None


def is_text(value: Any) -> bool:
    """A text (of printable ASCII: seen before)."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """A whole number from 0 on."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_attempt(value: Any) -> bool:
    """1 to 100."""
    return is_number(value) and 1 <= value <= 100


def is_above_0(value: Any) -> bool:
    """A whole number from 1 on."""
    return is_number(value) and value > 0


def are_texts(value: Any) -> bool:
    """A list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def rows(*columns: Is) -> Is:
    """Rows of these columns; the first names each row once."""

    def good(value: Any) -> bool:
        if not isinstance(value, list) or not all(isinstance(row, list) and len(row) == len(columns) for row in value):
            return False
        return all(is_(cell) for row in value for is_, cell in zip(columns, row)) and len({row[0] for row in value}) == len(value)

    return good


is_handle, is_hash = like("[0-9a-f]{32}"), like("[0-9a-f]{64}")
is_code, is_word = like("[A-Za-z0-9][A-Za-z0-9./_-]{0,39}"), like("[a-z0-9_-]{1,40}")
is_time = like("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def is_choice(value: Any) -> bool:
    """Codes of projects, sorted, each once."""
    return are_texts(value) and all(map(is_code, value)) and value == sorted(set(value))


ACT: Dict[str, Is] = {"b": is_handle, "n": is_attempt, "reason": is_word, "act": is_text, "by": are_texts}
#: Fields of every kind of entry beside t (kind) and v (1).
FIELDS: Dict[str, Dict[str, Is]] = {
    "manifest": {
        "origin": is_text, "projects": rows(is_code, is_above_0, is_text, is_hash), "budget": is_number,
        "min_choices": is_number, "max_choices": is_number, "attempts": is_attempt, "rule": is_word,
        "params": rows(is_word, is_text), "parts": rows(is_text, is_above_0), "funders": rows(is_text, is_above_0, are_texts),
        "opens": is_time, "closes": is_time, "audit_days": is_number, "mode": like("live|sealed"), "min_batch": is_number,
        "max_delay_s": is_number, "reasons": are_texts, "promise": is_text, "kc": is_hash, "roll": is_number,
        "rules_hash": is_hash, "verifier_hash": is_hash,
    },
    "cast": {"b": is_handle, "n": is_attempt, "h": is_hash},
    "annul": ACT,
    "reinstate": ACT,
    "close": {"entries": is_number, "handles": is_number},
    "open": {"b": is_handle, "n": is_attempt, "x": is_hash, "c": is_choice},
    "result": {
        "counts": rows(is_code, is_number), "ballots": is_number, "winners": are_texts, "spent": is_number,
        "tie_decision": are_texts, "code": is_text,
    },
    "approve": {"act": is_text, "document": is_hash},
    "amend": {"act": is_text, "document": is_hash, "what": is_word, "value": is_text, "by": are_texts},
    "key": {"vkey": is_text},
}
#: Nearly all entries are ballots and openings. What matches here is well formed, save that codes may not be in order.
CAST = re.compile(rb'\{"b":"([0-9a-f]{32})","h":"([0-9a-f]{64})","n":([1-9][0-9]?|100),"t":"cast","v":1\}').fullmatch
OPEN = re.compile(
    rb'\{"b":"([0-9a-f]{32})","c":\[((?:"[A-Za-z0-9][A-Za-z0-9./_-]{0,39}",?)*)(?<!,)\],"n":([1-9][0-9]?|100),'
    rb'"t":"open","v":1,"x":"([0-9a-f]{64})"\}'
).fullmatch


def read_entry(data: bytes) -> Dict[str, Any]:
    """The fields of an entry, refused unless its bytes are the one way to write it."""
    if len(data) > 60000:
        raise Bad("the entry has more than 60000 bytes")
    try:
        entry = json.loads(data.decode("ascii"))
    except (ValueError, RecursionError):
        raise Bad("the entry is not JSON in ASCII") from None
    if not isinstance(entry, dict):
        raise Bad("the entry is not a JSON object")
    for name, value in entry.items():
        check_value(name, 0)
        check_value(value, 3)
    if json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() != data:
        raise Bad("the entry is not in its canonical form")
    kind = entry.get("t")
    if not isinstance(kind, str) or kind not in FIELDS or entry.get("v") != 1:
        raise Bad("the entry is of no known kind or version")
    if set(entry) != {"t", "v", *FIELDS[kind]}:
        raise Bad("the %s entry has other fields than it should" % kind)
    for name, good in FIELDS[kind].items():
        if not good(entry[name]):
            raise Bad("the field %s of the %s entry is not as it should be" % (name, kind))
    if kind != "manifest" and len(data) > 4096:
        raise Bad("the entry has more than 4096 bytes")
    return entry


def check_value(value: Any, depth: int) -> None:
    """Printable ASCII, whole numbers below 2**53, and lists of these."""
    if isinstance(value, list) and depth:
        for item in value:
            check_value(item, depth - 1)
    elif isinstance(value, str):
        if not all(" " <= c <= "~" for c in value):
            raise Bad("a text holds other than printable ASCII characters")
    elif isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise Bad("a value is neither text, nor a number from 0 on, nor a list of these")


# ---------------------------------------------------------------- entries: rules


class Fault(NamedTuple):
    """What is wrong with entry ``index`` (-1: with the log). ``code`` never changes its meaning."""

    index: int  # type: ignore[assignment]  # reason: the word for it; tuples have a method of this name
    code: str
    text: str


class Box:
    """The ballot box: takes entries in order and remembers what counts.

    A ballot is found by its 16 bytes of handle and one of attempt; its value is the commitment, after opening the choice.
    """

    def __init__(self, origin: str) -> None:
        self.origin, self.size = origin, 0
        self.faults: List[Fault] = []
        self.manifest: Dict[str, Any] = {}
        self.result: Dict[str, Any] = {}
        self.closed = False
        self.ballots: Dict[bytes, Any] = {}
        self.last: Dict[bytes, int] = {}
        self.annulled: Set[bytes] = set()
        self.known: Dict[bytes, Tuple[str, ...]] = {}
        self.withdrawn: List[str] = []

    def fault(self, code: str, text: str, index: Optional[int] = None) -> None:
        """Note a fault (the first 100)."""
        if len(self.faults) < 100:
            self.faults.append(Fault(self.size - 1 if index is None else index, code, text))

    def take(self, data: bytes) -> None:
        """The next entry."""
        self.size += 1
        if self.manifest:
            match = CAST(data)
            if match:
                self.cast(bytes.fromhex(match[1].decode()), int(match[3]), bytes.fromhex(match[2].decode()))
                return
            match = OPEN(data)
            if match and match[2] in self.known:
                self.open(match[1].decode(), int(match[3]), bytes.fromhex(match[4].decode()), self.known[match[2]])
                return
        try:
            entry = read_entry(data)
        except Bad as why:
            self.fault("entry", str(why))
            return
        kind = entry["t"]
        if (kind == "manifest") != (self.size == 1):
            self.fault("manifest_place", "the manifest is the first entry, and the only one")
        elif kind != "manifest" and not self.manifest:
            self.fault("no_manifest", "the log does not begin with a manifest")
        elif kind == "cast":
            self.cast(bytes.fromhex(entry["b"]), entry["n"], bytes.fromhex(entry["h"]))
        elif kind == "open":
            match = OPEN(data)
            choice = tuple(entry["c"])
            if match and len(self.known) < 100000:
                choice = self.known.setdefault(match[2], choice)
            self.open(entry["b"], entry["n"], bytes.fromhex(entry["x"]), choice)
        elif kind in ("annul", "reinstate"):
            self.judge(entry, kind == "annul")
        elif kind != "key":
            getattr(self, "on_" + kind)(entry)

    def on_manifest(self, entry: Dict[str, Any]) -> None:
        """What the round promised before it began."""
        if entry["origin"] != self.origin:
            self.fault("origin", "the manifest is of %s, the log of %s" % (entry["origin"], self.origin))
        if not 1 <= entry["min_choices"] <= entry["max_choices"]:
            self.fault("manifest_choices", "the manifest allows no ballot")
        self.manifest = entry
        self.projects = {row[0] for row in entry["projects"]}

    def cast(self, handle: bytes, attempt: int, commitment: bytes) -> None:
        """A ballot."""
        ballot = handle + bytes([attempt])
        if self.closed:
            self.fault("cast_after_close", "a ballot was taken in after the close")
        if attempt > self.manifest["attempts"]:
            self.fault("too_many_attempts", "attempt %d of a voter, more than the manifest allows" % attempt)
        if ballot in self.ballots:
            self.fault("double_vote", "a second ballot of the same voter with the same number %d" % attempt)
            return
        self.ballots[ballot] = commitment
        self.last[handle] = max(attempt, self.last.get(handle, 0))

    def open(self, handle: str, attempt: int, nonce: bytes, choice: Tuple[str, ...]) -> None:
        """The choice of a ballot, shown after the close."""
        who = bytes.fromhex(handle)
        ballot = who + bytes([attempt])
        was = self.ballots.get(ballot)
        if not self.closed:
            self.fault("open_before_close", "a ballot is opened before the close")
        if was is None:
            self.fault("unknown_ballot", "an opening of a ballot that is not in the log")
            return
        if isinstance(was, tuple):
            self.fault("opened_twice", "a ballot is opened twice")
        if attempt != self.last[who]:
            self.fault("opened_replaced", "a replaced ballot is opened")
        if not isinstance(was, tuple) and commitment(self.origin, handle, attempt, nonce, choice) != was:
            self.fault("commitment", "an opening does not fit the ballot that was cast")
        least, most = self.manifest["min_choices"], self.manifest["max_choices"]
        if not least <= len(choice) <= most or not self.projects.issuperset(choice):
            self.fault("invalid_ballot", "a ballot names too many, too few or unknown projects")
        self.ballots[ballot] = choice

    def two_people(self, entry: Dict[str, Any]) -> None:
        """Acts of the organisers need two of them."""
        if len(set(entry["by"])) < 2:
            self.fault("one_person", entry["t"] + " needs two different people")
        if "reason" in entry and entry["reason"] not in self.manifest["reasons"]:
            self.fault("reason", "the reason %s is not one of the manifest" % entry["reason"])

    def judge(self, entry: Dict[str, Any], annul: bool) -> None:
        """An annulment, or its end."""
        ballot = bytes.fromhex(entry["b"]) + bytes([entry["n"]])
        if ballot not in self.ballots:
            self.fault("unknown_ballot", entry["t"] + " of a ballot that is not in the log")
        self.two_people(entry)
        if self.result:
            self.fault("after_result", entry["t"] + " after the result")
        if ballot not in self.ballots:
            return
        if (ballot in self.annulled) == annul:
            self.fault("annulled_twice" if annul else "not_annulled", entry["t"] + " changes nothing")
        (self.annulled.add if annul else self.annulled.discard)(ballot)

    def on_close(self, entry: Dict[str, Any]) -> None:
        """No ballot comes after this."""
        if self.closed:
            self.fault("closed_twice", "the log is closed twice")
        elif (entry["entries"], entry["handles"]) != (self.size - 1, len(self.last)):
            self.fault("close_numbers", "the close states other numbers of entries or voters than there are")
        self.closed = True

    def on_result(self, entry: Dict[str, Any]) -> None:
        """The counts that the organisers state."""
        if self.result:
            self.fault("result_twice", "there are two results")
            return
        self.result = entry
        missing = [who.hex() for who, n in self.last.items() if not isinstance(self.ballots[who + bytes([n])], tuple)]
        if missing:
            self.fault("not_opened", "%d ballots are not opened: %s" % (len(missing), ", ".join(missing[:3])))
        counted = self.counted()
        if dict(entry["counts"]) != self.votes(counted):
            self.fault("counts", "the result states other counts than the opened ballots give")
        if entry["ballots"] != sum(counted.values()):
            self.fault("ballots", "the result states another number of ballots than there are")

    def on_approve(self, entry: Dict[str, Any]) -> None:
        """The council's word on the result."""
        if not self.result:
            self.fault("approve_before_result", "an approval before the result")

    def on_amend(self, entry: Dict[str, Any]) -> None:
        """A change that two people answer for."""
        self.two_people(entry)
        if entry["what"] == "withdrawn":
            code = entry["value"]
            if code not in {row[0] for row in self.manifest["projects"]} or code in self.withdrawn:
                self.fault("withdrawn_project", "%s is no project that can be taken out" % code)
            elif self.result:
                self.fault("withdrawn_late", "a project is taken out after the result")
            else:
                self.withdrawn.append(code)

    def finish(self) -> None:
        """What can be said only at the end."""
        if not self.size:
            self.fault("empty", "the log is empty", -1)
        for who, n in self.last.items():
            if n > 1 and any(who + bytes([k]) not in self.ballots for k in range(1, n)):
                self.fault("missing_attempt", "an earlier ballot of the voter %s is not in the log" % who.hex(), -1)

    def counted(self) -> Counter[Tuple[str, ...]]:
        """Opened ballots that count: the last of each voter, not annulled."""
        found: Counter[Tuple[str, ...]] = Counter()
        for who, n in self.last.items():
            ballot = who + bytes([n])
            choice = self.ballots[ballot]
            if isinstance(choice, tuple) and ballot not in self.annulled:
                found[choice] += 1
        return found

    def votes(self, counted: Counter[Tuple[str, ...]]) -> Dict[str, int]:
        """Votes of every project."""
        found = {row[0]: 0 for row in self.manifest["projects"]}
        for choice, many in counted.items():
            for code in choice:
                found[code] = found.get(code, 0) + many
        return found


def commitment(origin: str, handle: str, attempt: int, nonce: bytes, choice: Sequence[str]) -> bytes:
    """What a cast entry carries in place of the choice."""
    head = "qatysu/ballot/v1\n%s\n%s\n%d\n" % (origin, handle, attempt)
    body = json.dumps(list(choice), separators=(",", ":"))
    return hashlib.sha256(head.encode() + nonce + b"\n" + body.encode()).digest()


# ---------------------------------------------------------------- rules: docs/outcome-rules.md


class BadRule(Exception):
    """The rule or a parameter of it is none."""


class OpenTie(Exception):
    """A tie that decides, and nobody has settled it."""


#: Seconds that the search for winners may take.
PATIENCE = 600.0
GIVE_UP = [0.0]


def be_patient() -> None:
    """Raises CannotCompute when the time is over."""
    if time.monotonic() > GIVE_UP[0]:
        raise CannotCompute("this rule takes too long here; use qatysu verify")


def decimal(text: str) -> Fraction:
    """A number as people write it."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("no number") from None
    if len(text) > 30 or not text.isascii() or not value.is_finite() or abs(value.adjusted()) > 30:
        raise ValueError("no number")
    return Fraction(value)


def within(low: int, high: Optional[int] = None, above: bool = False) -> Callable[[str], Fraction]:
    """A number from ``low`` (or above it) to ``high``."""

    def read(text: str) -> Fraction:
        value = decimal(text)
        if value < low or (above and value == low) or (high is not None and value > high):
            raise ValueError("out of range")
        return value

    return read


def names(text: str) -> List[str]:
    """Codes between commas, each once."""
    found = [word.strip() for word in text.split(",") if word.strip()]
    if len(set(found)) < len(found):
        raise ValueError("a project is named twice")
    return found


def groups(text: str) -> List[Tuple[List[str], str]]:
    """Conflicts A/B/C or A/B:B, between semicolons: members, and the one chosen beforehand."""
    found = []
    for part in text.split(";"):
        if part.strip():
            members, colon, winner = part.strip().rpartition(":") if ":" in part else (part, "", "")
            codes = [word.strip() for word in members.split("/") if word.strip()]
            if len(codes) < 2 or len(set(codes)) < len(codes) or (colon and winner.strip() not in codes):
                raise ValueError("no group of conflicts")
            found.append((codes, winner.strip()))
    return found


def paper(text: str) -> Dict[str, int]:
    """Votes on paper: ID:12,ID:7."""
    found: Dict[str, int] = {}
    for part in text.split(","):
        if part.strip():
            name, colon, number = part.strip().rpartition(":")
            if not colon or not re.fullmatch("[0-9]{1,12}", number) or name in found:
                raise ValueError("no votes on paper")
            found[name] = int(number)
    return found


def one_of(*words: str) -> Callable[[str], str]:
    """The first is the default."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError("must be one of " + ", ".join(words))
        return text

    return read


#: Parameters: how to read one, and its default.
COMMON: Dict[str, Tuple[Callable[[str], Any], Any]] = {
    "min_score": (decimal, Fraction(0)), "min_score_op": (one_of("ge", "gt"), "ge"), "conflicts": (groups, []),
    "tie": (one_of("refuse", "id", "cheaper", "dearer", "decision"), "refuse"), "tie_decision": (names, []),
    "withdrawn": (names, []), "parts": (one_of("none", "category", "district"), "none"),
    "leftover": (one_of("none", "pool"), "none"), "extra": (names, []), "budget": (within(0), None),
}
KEY = (one_of("score", "votes"), "score")
PAPER: Tuple[Callable[[str], Any], Any] = (paper, {})
RULES: Dict[str, Dict[str, Tuple[Callable[[str], Any], Any]]] = {
    "votes": {"fit": (one_of("skip", "stop"), "skip"), "key": KEY, "partial": (within(0, 1, above=True), None), "paper": PAPER},
    "density": {"key": KEY, "paper": PAPER},
    "equal-shares": {
        "utility": (one_of("cost", "cardinality", "score"), "cost"), "step": (within(0, above=True), Fraction(1)), "key": KEY,
        "completion": (one_of("add1", "add1e", "add1u", "utilitarian", "none"), "add1"),
        "comparison": (one_of("none", "votes"), "none"),
    },
    "phragmen": {"unaffordable": (one_of("stop", "skip"), "stop"), "key": KEY},
    "welfare": {"key": KEY, "paper": PAPER},
}


def read_params(rule: str, given: Dict[str, str]) -> Dict[str, Any]:
    """Values of all parameters of a rule."""
    if rule not in RULES:
        raise BadRule("there is no rule %r" % rule)
    table = {**COMMON, **RULES[rule]}
    found = {name: default for name, (_, default) in table.items()}
    for name, text in given.items():
        if name not in table:
            raise BadRule("rule %s has no parameter %r" % (rule, name))
        try:
            found[name] = table[name][0](text.strip())
        except ValueError as why:
            raise BadRule("parameter %s: %s" % (name, why)) from None
    return found


Won = Tuple[str, ...]


class Election:
    """Projects, money and ballots of a round. A voter either names a project or does not, so that score and votes are the same."""

    def __init__(self, manifest: Dict[str, Any], ballots: Dict[Won, int], tie_decision: Sequence[str]) -> None:
        given = dict(manifest["params"])
        if tie_decision:
            given.update(tie="decision", tie_decision=",".join(tie_decision))
        self.rule: str = manifest["rule"]
        self.p = read_params(self.rule, given)
        self.cost: Dict[str, int] = {code: cost for code, cost, _, _ in manifest["projects"]}
        self.category: Dict[str, str] = {code: category for code, _, category, _ in manifest["projects"]}
        self.kinds = sorted(ballots.items())
        self.n = sum(ballots.values())
        self.supporters = {i: [k for k, (choice, _) in enumerate(self.kinds) if i in choice] for i in self.cost}
        self.check_names()
        on_paper = self.p.get("paper", {})
        self.votes = {i: sum(self.kinds[k][1] for k in ks) + on_paper.get(i, 0) for i, ks in self.supporters.items()}
        self.budget = manifest["budget"] if self.p["budget"] is None else self.p["budget"]
        if self.budget != int(self.budget):
            raise BadRule("the budget is no whole number")
        self.limits = self.read_limits(manifest)
        self.limits_of = {i: [k for k, limit in enumerate(self.limits) if i in limit[1]] for i in self.cost}
        self.alive = self.take_part()
        self.part_paid: Dict[str, int] = {}
        self.pool = False

    def check_names(self) -> None:
        """Parameters name known projects."""
        p = self.p
        named = [*p["withdrawn"], *p["extra"], *p["tie_decision"], *p.get("paper", {})]
        named += [i for codes, _ in p["conflicts"] for i in codes]
        if not set(named) <= set(self.cost):
            raise BadRule("a parameter names an unknown project")
        if p["tie"] == "decision" and not p["tie_decision"]:
            raise BadRule("tie=decision needs tie_decision")

    def read_limits(self, manifest: Dict[str, Any]) -> List[Tuple[str, FrozenSet[str], int]]:
        """Kind, members and amount of every limit: the budget, those of categories, and Hall's condition for funders."""
        found = [("total", frozenset(self.cost), int(self.budget))]
        if self.p["parts"] == "category":
            for name, amount in manifest["parts"]:
                found.append(("part", frozenset(i for i in self.cost if self.category[i] and self.category[i] == name), amount))
        funders = manifest["funders"]
        if not funders:
            return found
        payers = {
            i: frozenset(k for k, (_, _, pays) in enumerate(funders) if not pays or (own and own in pays))
            for i, own in self.category.items()
        }
        sets = set(payers.values())
        if len(sets) > 10:
            raise BadRule("funders split the projects into too many kinds")
        unions = {frozenset[int]().union(*some) for size in range(1, len(sets) + 1) for some in combinations(sets, size)}
        for union in sorted(unions, key=sorted):
            members = frozenset(i for i in self.cost if payers[i] <= union)
            found.append(("funders", members, sum(funders[k][1] for k in union)))
        return found

    def take_part(self) -> List[str]:
        """Neither withdrawn, nor paid otherwise, nor excluded beforehand, nor below the threshold."""
        p = self.p
        out = {*p["withdrawn"], *p["extra"], *(i for i, cost in self.cost.items() if cost == 999999999)}
        out |= {i for codes, winner in p["conflicts"] if winner for i in codes if i != winner}
        least, more = p["min_score"], p["min_score_op"] == "gt"
        return [i for i in self.cost if i not in out and (self.votes[i] > least if more else self.votes[i] >= least)]

    def left(self, k: int, won: Iterable[str], taken: Dict[str, int]) -> int:
        """Money left of limit k when ``won`` are paid and others have ``taken`` a part."""
        _, members, amount = self.limits[k]
        paid = sum(self.cost[i] for i in won if i in members)
        return amount - paid - sum(sum_ for i, sum_ in taken.items() if i in members)

    def money_for(self, i: str, won: Iterable[str], taken: Optional[Dict[str, int]] = None) -> Tuple[int, int]:
        """The least money left of a limit of ``i``, and that limit."""
        ks = [k for k in self.limits_of[i] if not (self.pool and self.limits[k][0] == "part")]
        return min((self.left(k, won, self.part_paid if taken is None else taken), k) for k in ks)

    def fits(self, i: str, won: Iterable[str]) -> bool:
        """Within all limits."""
        return self.cost[i] <= self.money_for(i, won)[0]

    def fits_beside_total(self, i: str, won: Iterable[str]) -> bool:
        """Within the limits of parts and funders."""
        return all(self.cost[i] <= self.left(k, won, {}) for k in self.limits_of[i] if k)

    def conflict(self, i: str, won: Iterable[str]) -> bool:
        """Whether a winner excludes ``i``."""
        others = [set(codes) for codes, winner in self.p["conflicts"] if not winner and i in codes]
        return any(w != i and w in codes for codes in others for w in (*won, *self.part_paid))

    def all_fit(self, several: Sequence[str], won: Sequence[str], total: bool = True) -> bool:
        """Whether they can be taken together, beside ``won``."""
        both, parts = [*won, *several], [k for k in range(len(self.limits)) if total or k]
        if self.pool:
            parts = [k for k in parts if self.limits[k][0] != "part"]
        enough = all(self.left(k, both, self.part_paid) >= 0 for k in parts if not self.limits[k][1].isdisjoint(several))
        return enough and not any(self.conflict(i, both) for i in several)

    def order(self, tied: Iterable[str]) -> Optional[List[str]]:
        """Tied projects as the method wants them; None when it does not say."""
        how, by_id = self.p["tie"], sorted(tied)
        if how == "cheaper":
            return sorted(by_id, key=lambda i: (self.cost[i], -self.votes[i]))
        if how == "dearer":
            return sorted(by_id, key=lambda i: (-self.cost[i], -self.votes[i]))
        if how == "decision" and set(by_id) <= set(self.p["tie_decision"]):
            return [i for i in self.p["tie_decision"] if i in by_id]
        return by_id if how == "id" else None

    def winners(self) -> List[str]:
        """In the order of selection. Raises OpenTie, CannotCompute."""
        if self.rule == "votes":
            won = Walk(self, self.votes, self.p["fit"] == "stop", self.p["partial"]).go(())
        elif self.rule == "density":
            won = Walk(self, {i: Fraction(self.votes[i], self.cost[i]) for i in self.cost}).go(())
        elif self.rule == "welfare":
            won = welfare(self)
        elif self.rule == "phragmen":
            won = Phragmen(self).go()
        else:
            won = equal_shares(self)
        if self.p["leftover"] == "pool":
            self.pool = True
            won = Walk(self, self.votes).go(won)
        return list(won)


class At(NamedTuple):
    """A moment of a walk: winners, limits whose lists have ended (0: everything), and who ended them."""

    won: Won
    ended: FrozenSet[int] = frozenset()
    enders: Won = ()


class Walk:
    """Down a list by falling key, taking what fits. ``stop``: what does not fit ends its list; then ``partial`` may fund it apart."""

    def __init__(self, e: Election, key: Any, stop: bool = False, partial: Optional[Fraction] = None) -> None:
        self.e, self.key, self.stop, self.partial, self.tried = e, key, stop, partial, 0

    def passed_over(self, i: str, at: At) -> bool:
        """Without looking at money."""
        return self.e.conflict(i, at.won) or not at.ended.isdisjoint(self.e.limits_of[i])

    def take(self, at: At, order: Iterable[str]) -> At:
        """The moment after these, one by one."""
        for i in order:
            if self.passed_over(i, at):
                continue
            money, k = self.e.money_for(i, at.won)
            if self.e.cost[i] <= money:
                at = at._replace(won=(*at.won, i))
            elif self.stop:
                list_ = k if self.e.limits[k][0] == "part" else 0
                at = At(at.won, at.ended | {list_}, tuple(j for j in at.enders) + (i,))
        return at

    def paid_partly(self, at: At) -> Dict[str, int]:
        """Those that ended a list and are funded apart, and what they take of the money left."""
        found: Dict[str, int] = {}
        for i in at.enders if self.partial is not None else ():
            money, _ = self.e.money_for(i, at.won, found)
            if money >= (self.partial or 0) * self.e.cost[i] and not self.e.conflict(i, (*at.won, *found)):
                found[i] = money
        return found

    def go(self, won: Won) -> Won:
        """All winners."""
        at = At(won)
        ranked = sorted((i for i in self.e.alive if i not in won and i not in self.e.part_paid), key=lambda i: (-self.key[i], i))
        parts = [list(group) for _, group in groupby(ranked, key=lambda i: self.key[i])]
        for place, group in enumerate(parts):
            tied = [i for i in group if not self.passed_over(i, at)]
            order = self.e.order(tied)
            if order is None and len(tied) > 1 and self.decides(at, tied, parts[place + 1 :]):
                raise OpenTie(", ".join(tied))
            at = self.take(at, order or sorted(tied))
        self.e.part_paid.update(self.paid_partly(at))
        return at.won

    def decides(self, at: At, tied: List[str], later: Sequence[List[str]]) -> bool:
        """Whether the order of ``tied`` matters."""
        first = [i for i in tied if self.e.fits(i, at.won)]
        if not self.e.all_fit(first, at.won):
            return True
        if not self.stop or len(first) == len(tied):
            return False
        after = self.after(at, tied)
        return len({a.won for a in after}) > 1 or len({self.ends(a, later) for a in after}) > 1

    def after(self, at: At, group: List[str]) -> Set[At]:
        """Moments after every order of a group."""
        be_patient()
        tied = [i for i in group if not self.passed_over(i, at)]
        if len(tied) > 8:
            raise CannotCompute("too many projects are tied; use qatysu verify")
        found = {self.take(at, order) for order in permutations(tied)}
        return {At(tuple(sorted(a.won)), a.ended, a.enders) for a in found}

    def ends(self, at: At, later: Sequence[List[str]]) -> FrozenSet[Any]:
        """Winners and those paid partly, whatever the order of later ties."""
        if not later:
            return frozenset({(frozenset(at.won), frozenset(self.paid_partly(at)))})
        return frozenset(end for a in self.after(at, later[0]) for end in self.ends(a, later[1:]))


class Moment(NamedTuple):
    """Where a rule stands that buys one project after another. ``purse``: money left (or load) of each kind of ballot.

    ``least``: what is known of each project's price (load) from before: it can only have grown.
    """

    purse: Tuple[Fraction, ...]
    won: Won
    run: int
    before: Optional[Won]
    least: Dict[str, Fraction]


class Buying(ABC):
    """What equal shares and Phragmén have in common."""

    def __init__(self, e: Election) -> None:
        self.e = e

    @abstractmethod
    def price(self, i: str, at: Moment) -> Optional[Fraction]:
        """What the rule compares; None: can never be bought from here."""

    @abstractmethod
    def open(self, i: str, at: Moment) -> bool:
        """Whether ``i`` may still be bought."""

    @abstractmethod
    def buy(self, at: Moment, i: str, price: Fraction) -> Moment:
        """The moment after."""

    @abstractmethod
    def start(self) -> Moment:
        """The first moment."""

    def close(self, at: Moment) -> Optional[Moment]:
        """At the end: the first moment of another run, or None. ``at.won`` are the winners, unless ``went_back``."""
        return None

    def went_back(self, at: Moment) -> Won:
        """The winners at the very end."""
        return at.won

    def next(self, at: Moment) -> Tuple[Fraction, List[str]]:
        """The lowest price and who has it; nobody at the end."""
        be_patient()
        best, tied = Fraction(0), list[str]()
        for i in sorted(at.least, key=lambda j: at.least[j]):
            if tied and at.least[i] > best:
                break
            price = self.price(i, at) if i not in at.won and self.open(i, at) else None
            if price is None:
                del at.least[i]
                continue
            at.least[i] = price
            if not tied or price < best:
                best, tied = price, [i]
            elif price == best:
                tied.append(i)
        return best, tied

    def whole_next(self, at: Moment) -> Tuple[Fraction, List[str]]:
        """The same; a rule may end here."""
        return self.next(at)

    def go(self) -> Won:
        """The winners."""
        at = self.start()
        while True:
            price, tied = self.whole_next(at)
            if not tied:
                after = self.close(at)
                if after is None:
                    return self.went_back(at)
                at = after
                continue
            order = self.e.order(tied)
            if len(tied) > 1 and order is None and not self.free(tied, at):
                # What follows a run depends on its winners alone: look further only when those differ.
                if all(len({self.ends(self.buy(at, i, price), whole) for i in tied}) > 1 for whole in (False, True)):
                    raise OpenTie(", ".join(tied))
            at = self.buy(at, (order or sorted(tied))[0], price)

    def free(self, tied: List[str], at: Moment) -> bool:
        """Whether no voter supports two of them and all fit together: then all are bought, in any order."""
        kinds = [k for i in tied for k in self.e.supporters[i]]
        return len(set(kinds)) == len(kinds) and self.e.all_fit(tied, at.won)

    def ends(self, start: Moment, whole: bool) -> FrozenSet[FrozenSet[str]]:
        """All sets of winners that choices at ties can lead to: at the end of this run, or of the ``whole`` computation."""
        found, waiting, seen = set(), [start], set()
        while waiting:
            at = waiting.pop()
            price, tied = self.whole_next(at)
            name = (at.run, at.purse, frozenset(at.won), frozenset(at.before or ()))
            if len(tied) > 1 and name in seen:
                continue
            if len(tied) > 1:
                seen.add(name)
            if len(seen) > 20000:
                raise CannotCompute("too many ties; use qatysu verify")
            if tied:
                waiting += [self.buy(at, i, price) for i in tied]
                continue
            if not whole:
                found.add(frozenset(at.won))
                continue
            after = self.close(at)
            if after is None:
                found.add(frozenset(self.went_back(at)))
            else:
                waiting.append(after)
        return frozenset(found)


class Phragmen(Buying):
    """Sequential Phragmén: a voter's load is what he has paid; the project that leaves the smallest load is next."""

    def start(self) -> Moment:
        """Nobody carries anything."""
        least = {i: Fraction(0) for i in self.e.alive if self.e.supporters[i]}
        return Moment((Fraction(0),) * len(self.e.kinds), (), 0, None, least)

    def open(self, i: str, at: Moment) -> bool:
        """Neither in conflict nor, under ``skip``, too dear."""
        return not self.e.conflict(i, at.won) and (self.e.p["unaffordable"] == "stop" or self.e.fits(i, at.won))

    def price(self, i: str, at: Moment) -> Optional[Fraction]:
        """The load of each supporter after buying."""
        who = self.e.supporters[i]
        carried = sum((at.purse[k] * self.e.kinds[k][1] for k in who), Fraction(0))
        return (self.e.cost[i] + carried) / sum(self.e.kinds[k][1] for k in who)

    def whole_next(self, at: Moment) -> Tuple[Fraction, List[str]]:
        """The rule ends when one of the smallest load does not fit."""
        price, tied = self.next(at)
        return price, tied if all(self.e.fits(i, at.won) for i in tied) else []

    def buy(self, at: Moment, i: str, price: Fraction) -> Moment:
        """Supporters carry the new load."""
        purse = list(at.purse)
        for k in self.e.supporters[i]:
            purse[k] = price
        return Moment(tuple(purse), (*at.won, i), 0, None, dict(at.least))


class Shares(Buying):
    """The Method of Equal Shares. All supporters of a project have the same utility, so that each pays the same or all he has."""

    def share(self, run: int) -> Fraction:
        """Money of a voter."""
        return Fraction(self.e.budget) / self.e.n + run * self.e.p["step"] if self.e.n else Fraction(0)

    def begin(self, run: int, before: Optional[Won]) -> Moment:
        """The first moment of a run."""
        least = {i: Fraction(0) for i in self.e.alive if self.e.supporters[i]}
        return Moment((self.share(run),) * len(self.e.kinds), (), run, before, least)

    def start(self) -> Moment:
        """Run 0."""
        return self.begin(0, None)

    def open(self, i: str, at: Moment) -> bool:
        """Whether more money of the voters could buy it."""
        return not self.e.conflict(i, at.won) and self.e.fits_beside_total(i, at.won)

    def payment(self, i: str, purse: Sequence[Fraction]) -> Optional[Fraction]:
        """What each supporter pays who has enough."""
        holds: Counter[Fraction] = Counter()
        for k in self.e.supporters[i]:
            holds[purse[k]] += self.e.kinds[k][1]
        rest, people = Fraction(self.e.cost[i]), sum(holds.values())
        for money in sorted(holds):
            if money * people >= rest:
                return rest / people
            rest, people = rest - money * holds[money], people - holds[money]
        return None

    def price(self, i: str, at: Moment) -> Optional[Fraction]:
        """Payment for each unit of utility."""
        payment = self.payment(i, at.purse)
        return payment if payment is None or self.e.p["utility"] != "cost" else payment / self.e.cost[i]

    def buy(self, at: Moment, i: str, price: Fraction) -> Moment:
        """Supporters pay."""
        purse, payment = list(at.purse), price * (self.e.cost[i] if self.e.p["utility"] == "cost" else 1)
        for k in self.e.supporters[i]:
            purse[k] -= min(purse[k], payment)
        return Moment(tuple(purse), (*at.won, i), at.run, at.before, dict(at.least))

    def too_dear(self, won: Won) -> bool:
        """More than the budget."""
        return bool(sum(self.e.cost[i] for i in won) > self.e.budget)

    def close(self, at: Moment) -> Optional[Moment]:
        """With add1: another run with more money, while more money could add something."""
        e, how = self.e, self.e.p["completion"]
        if how not in ("add1", "add1e", "add1u") or self.too_dear(at.won):
            return None
        rest = [i for i in e.alive if e.supporters[i] and i not in at.won and self.open(i, at)]
        if not rest or (how == "add1e" and not any(e.fits(i, at.won) for i in rest)):
            return None
        return self.begin(at.run + 1, at.won)

    def went_back(self, at: Moment) -> Won:
        """The last run that the budget pays."""
        repeats = self.e.p["completion"].startswith("add1")
        return at.before or () if repeats and self.too_dear(at.won) else at.won

    def free(self, tied: List[str], at: Moment) -> bool:
        """Runs may cost more than the budget: that limit does not count here."""
        kinds = [k for i in tied for k in self.e.supporters[i]]
        return len(set(kinds)) == len(kinds) and self.e.all_fit(tied, at.won, total=False)


def equal_shares(e: Election) -> Won:
    """With its completion and comparison."""
    won = Shares(e).go()
    if e.p["completion"] in ("utilitarian", "add1u"):
        won = Walk(e, e.votes).go(won)
    if e.p["comparison"] == "votes":
        other = Walk(e, e.votes).go(())
        better = 0
        for choice, many in e.kinds:
            here, there = (sum(e.cost[i] for i in side if i in choice) for side in (won, other))
            better += many * ((there > here) - (there < here))
        won = other if better > 0 else won
    return won


def welfare(e: Election) -> Won:
    """The set with the most votes within all limits, by branch and bound."""
    items = sorted((i for i in e.alive if e.votes[i] > 0), key=lambda i: (-Fraction(e.votes[i], e.cost[i]), i))

    def best(sure: Iterable[str] = (), without: Iterable[str] = (), above: int = -1) -> Tuple[int, Won]:
        """Most votes of a set with ``sure``, and the set; (``above``, ()) when there is none above that."""
        found: Tuple[int, Won] = (above, ())
        start = tuple(sure)
        rest = [i for i in items if i not in start and i not in set(without)]
        if not e.all_fit(start, ()):
            return found
        waiting: List[Tuple[int, int, int, Won]] = [(0, sum(e.votes[i] for i in start), e.left(0, start, {}), start)]
        while waiting:
            be_patient()
            place, value, left, chosen = waiting.pop()
            if value > found[0]:
                found = (value, chosen)
            hope: Any = value
            money = left
            for i in rest[place:]:
                if money < e.cost[i]:
                    hope += Fraction(e.votes[i] * money, e.cost[i])
                    break
                hope, money = hope + e.votes[i], money - e.cost[i]
            if place == len(rest) or hope < found[0] + 1:
                continue
            i = rest[place]
            waiting.append((place + 1, value, left, chosen))
            if e.cost[i] <= left and not e.conflict(i, chosen) and e.fits(i, chosen):
                waiting.append((place + 1, value + e.votes[i], left - e.cost[i], (*chosen, i)))
        return found

    top, won = best()
    others = [i for i in items if i not in won and best([i], above=top - 1)[0] == top]
    some = [i for i in won if best(without=[i], above=top - 1)[0] == top] if others else []
    if others:
        order = e.order([*others, *some])
        if order is None:
            raise OpenTie(", ".join(others + some))
        won = tuple(i for i in won if i not in some)
        for i in order:
            won = (*won, i) if best([*won, i], above=top - 1)[0] == top else won
    return tuple(sorted(won, key=lambda i: (-e.votes[i], i)))


# ---------------------------------------------------------------- receipts (C2SP tlog-proof)


class Receipt(NamedTuple):
    """What a voter keeps: where the ballot stands, the proof, and the ballot itself with nonce and choice."""

    index: int  # type: ignore[assignment]  # reason: as above
    leaf: bytes
    entry: Dict[str, Any]
    checkpoint: bytes
    nonce: str
    choice: Tuple[str, ...]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if index >= size:
        return False
    at, last, value = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            value = node(other, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node(value, other)
        at, last = at >> 1, last >> 1
    return last == 0 and value == root


def read_receipt(data: bytes, key: Key) -> Receipt:
    """A receipt whose signature, proof and choice hold."""
    head, gap, checkpoint = data[:32769].partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        if len(data) > 32768 or not gap or lines.pop(0) != "c2sp.org/tlog-proof@v1":
            raise Bad("the file is no proof of a log")
        extra = json.loads(un64(lines.pop(0)[6:], "the extra data")) if lines and lines[0][:6] == "extra " else {}
        if not lines or lines[0][:6] != "index ":
            raise Bad("the proof has no index")
        index, hashes = whole_number(lines[0][6:]), [un64(line, "a hash") for line in lines[1:65]]
        raw, nonce, choice = extra["e"].encode("ascii"), extra["x"], tuple(extra["c"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Bad("the receipt does not hold a ballot") from None
    if len(lines) > 64 or any(len(value) != 32 for value in hashes):
        raise Bad("the hashes of the proof are not as they should be")
    size, root = read_checkpoint(checkpoint, key)
    leaf = hashlib.sha256(b"\0" + raw).digest()
    if not is_included(leaf, index, size, hashes, root):
        raise Bad("the entry is not in the log at this place")
    entry = read_entry(raw)
    if entry["t"] != "cast" or not isinstance(nonce, str) or not all(isinstance(code, str) for code in choice):
        raise Bad("the receipt does not hold a ballot")
    if nonce and choice:
        made = commitment(key.name, entry["b"], entry["n"], bytes.fromhex(nonce), choice) if is_hash(nonce) else b""
        if made.hex() != entry["h"]:
            raise Bad("the choice in the receipt is not that of the ballot")
    return Receipt(index, leaf, entry, checkpoint, nonce, choice)


def standing(receipt: Receipt, box: Box) -> Dict[str, Any]:
    """What became of the ballot: in_the_box, replaced, annulled or opened."""
    who = bytes.fromhex(receipt.entry["b"])
    ballot = who + bytes([receipt.entry["n"]])
    value = box.ballots.get(ballot)
    state, choice = "in_the_box", list(value) if isinstance(value, tuple) else []
    if box.last.get(who, 0) > receipt.entry["n"]:
        state = "replaced"
    elif ballot in box.annulled:
        state = "annulled"
    elif isinstance(value, tuple):
        state = "opened"
    return {"index": receipt.index, "state": state, "choices": choice}


# ---------------------------------------------------------------- the check


class Kept(NamedTuple):
    """Files that people have kept."""

    saved: Sequence[bytes] = ()
    promises: Sequence[bytes] = ()
    receipts: Sequence[bytes] = ()
    promise_key: str = ""


def verify(
    read: Read, key: Key, kept: Kept = Kept(), policy: Optional[Policy] = None, progress: Optional[Callable[[int, int], None]] = None
) -> Dict[str, Any]:
    """Everything that public files show, as it goes to --json."""
    box = Box(key.name)
    answer: Dict[str, Any] = {
        "origin": key.name, "size": None, "root": None, "witnesses": [], "receipts": [],
        "winners": None, "spent": None, "problem": None,
    }
    try:
        data = read("checkpoint")
        if data is None:
            box.fault("checkpoint_missing", "there is no checkpoint", -1)
            return conclude(answer, box)
        size, root = read_checkpoint(data, key)
        note = read_note(data)
        answer["witnesses"] = [witness.name for witness in (policy.witnesses if policy else ()) if note.signed_by(witness)]
    except Bad as why:
        box.fault("checkpoint", str(why), -1)
        return conclude(answer, box)
    answer.update(size=size, root=base64.b64encode(root).decode())
    receipts = []
    for data in kept.receipts:
        try:
            receipts.append(read_receipt(data, key))
        except Bad as why:
            box.fault("receipt", "a receipt: %s" % why, -1)
    saved = read_saved([*kept.saved, *(r.checkpoint for r in receipts)], key, size, box)
    wanted = {r.leaf: -1 for r in receipts}
    promised = [(data, leaf) for data in kept.promises for leaf in leaf_of(data)]
    wanted.update((leaf, -1) for _, leaf in promised)
    if not walk(read, box, size, root, saved, wanted, progress):
        return conclude(answer, box)
    box.finish()
    for data in kept.promises:
        check_promise(data, kept.promise_key or box.manifest.get("promise", ""), box, wanted)
    for receipt in receipts:
        if wanted[receipt.leaf] < 0:
            box.fault("receipt_missing", "the ballot of a receipt is not in the log", -1)
        else:
            answer["receipts"].append(standing(receipt, box))
    if policy and box.result and len(answer["witnesses"]) < policy.quorum:
        said = "%d witnesses have signed the final checkpoint, %d are needed" % (len(answer["witnesses"]), policy.quorum)
        box.fault("quorum", said, -1)
    recount(answer, box)
    return conclude(answer, box)


def leaf_of(data: bytes) -> Iterator[bytes]:
    """The leaf hash of a promise whose signature comes later; nothing when it is none."""
    try:
        yield un64(read_note(data).text.split("\n")[2], "the leaf hash")
    except (Bad, IndexError):
        return


def read_saved(kept: Iterable[bytes], key: Key, size: int, box: Box) -> Dict[int, Set[bytes]]:
    """Roots of checkpoints seen earlier, by size."""
    found: Dict[int, Set[bytes]] = {}
    for data in kept:
        try:
            earlier, root = read_checkpoint(data, key)
        except Bad as why:
            box.fault("saved", "a kept checkpoint: %s" % why, -1)
            continue
        if earlier > size:
            box.fault("rollback", "a kept checkpoint has %d entries, the log only %d" % (earlier, size), -1)
        found.setdefault(earlier, set()).add(root)
    return found


class Files:
    """Compares tiles and kept checkpoints with the tree that the entries give. ``rows``: the unfinished tile of every level."""

    def __init__(self, read: Read, box: Box, saved: Dict[int, Set[bytes]]) -> None:
        self.read, self.box, self.saved = read, box, saved
        self.rows: List[List[bytes]] = []

    def entries(self, number: int, width: int) -> List[bytes]:
        """Those of a bundle. A full bundle serves for a partial one."""
        data, exact = self.read(tile("entries", number, width)), True
        if data is None and width < 256:
            data, exact = self.read(tile("entries", number)), False
        if data is None:
            self.box.fault("entries_missing", "the bundle of entries %d is missing" % number, number * 256)
            return []
        try:
            return split_bundle(data, width, exact)
        except Bad as why:
            self.box.fault("entries_cut", "bundle %d: %s" % (number, why), number * 256)
            return []

    def compare(self, level: int, number: int) -> None:
        """The tile with the hashes of its row."""
        row = self.rows[level]
        path = tile(str(level), number, len(row))
        data = self.read(path)
        if data is None and len(row) < 256:
            data = self.read(tile(str(level), number))
        if data is None:
            self.box.fault("tile_missing", path + " is missing", number * 256)
        elif len(data) % 32 or len(data) < len(row) * 32:
            self.box.fault("tile_length", path + " has a wrong length", number * 256)
        elif data[: len(row) * 32] != b"".join(row):
            self.box.fault("tile_differs", path + " holds other hashes than the entries give", number * 256)

    def grow(self, level: int, value: bytes, count: int) -> None:
        """Add the ``count``-th hash of a level."""
        if len(self.rows) == level:
            self.rows.append([])
        self.rows[level].append(value)
        if len(self.rows[level]) == 256:
            self.compare(level, count // 256 - 1)
            whole = perfect(self.rows[level])
            self.rows[level] = []
            self.grow(level + 1, whole, count // 256)

    def look_back(self, first: int, leaves: Sequence[bytes]) -> None:
        """Kept checkpoints among the sizes that these leaves (from place ``first`` on) make."""
        for at in range(first + 1, first + len(leaves) + 1) if self.saved else ():
            if at in self.saved and self.saved[at] != {root_of(self.rows, leaves[: at - first])}:
                self.box.fault("split_view", "a kept checkpoint of %d entries shows another log" % at, at - 1)


def walk(
    read: Read, box: Box, size: int, root: bytes, saved: Dict[int, Set[bytes]], wanted: Dict[bytes, int],
    progress: Optional[Callable[[int, int], None]],
) -> bool:
    """Reads the bundles in order, feeds the box, and compares every tile and root. False when the rest cannot be read."""
    files = Files(read, box, saved)
    if saved.get(0, {root_of([])}) != {root_of([])}:
        box.fault("split_view", "a kept checkpoint of 0 entries shows another log", -1)
    for number in range(-(-size // 256)):
        entries = files.entries(number, min(256, size - number * 256))
        if not entries:
            return False
        leaves = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
        for at, leaf in enumerate(leaves if wanted else ()):
            if leaf in wanted:
                wanted[leaf] = number * 256 + at
        files.look_back(number * 256, leaves)
        for at, leaf in enumerate(leaves):
            files.grow(0, leaf, number * 256 + at + 1)
        for entry in entries:
            box.take(entry)
        if progress:
            progress(box.size, size)
    total = root_of(files.rows)
    for level, row in enumerate(files.rows):
        if row:
            files.compare(level, (size >> (8 * level)) // 256)
    if total != root:
        box.fault("root", "the entries do not give the root hash of the checkpoint", -1)
    return True


def check_promise(data: bytes, key: str, box: Box, wanted: Dict[bytes, int]) -> None:
    """Whether a promise was kept. Without --promise-key the key that the manifest names is taken."""
    try:
        leaf, by = read_promise(data, read_key(key), box.origin)
    except Bad as why:
        box.fault("promise", "a promise: %s" % why, -1)
        return
    if wanted.get(leaf, -1) < 0 and time.time() > by:
        box.fault("broken_promise", "BROKEN PROMISE: a ballot that was promised is not in the log", -1)


def recount(answer: Dict[str, Any], box: Box) -> None:
    """Winners by the rule of the manifest, when everything so far is good and there is a result."""
    if box.faults or not box.result:
        return
    stated, GIVE_UP[0] = box.result, time.monotonic() + PATIENCE
    try:
        params, manifest = dict(box.manifest["params"]), box.manifest
        if box.withdrawn:
            before = [code for code in params.get("withdrawn", "").split(",") if code]
            params["withdrawn"] = ",".join(before + [code for code in box.withdrawn if code not in before])
            manifest = dict(manifest, params=[list(pair) for pair in params.items()])
        election = Election(manifest, box.counted(), stated["tie_decision"])
        winners = election.winners()
    except BadRule as why:
        box.fault("rule", "the rule of the manifest: %s" % why, -1)
    except OpenTie as why:
        box.fault("open_tie", "a tie that decides is not settled: %s" % why, -1)
    except CannotCompute as why:
        answer["problem"] = str(why)
    else:
        spent = sum(election.cost[i] for i in winners)
        answer.update(winners=winners, spent=spent)
        if winners != stated["winners"]:
            box.fault("winners", "the result names %s as winners, the ballots give %s" % (stated["winners"], winners), -1)
        if spent != stated["spent"]:
            box.fault("spent", "the result says %d are spent, the ballots give %d" % (stated["spent"], spent), -1)


def conclude(answer: Dict[str, Any], box: Box) -> Dict[str, Any]:
    """What is known at the end."""
    last = [who + bytes([n]) for who, n in box.last.items()]
    opened = box.counted() if box.manifest else Counter()
    answer.update(
        good=not box.faults, closed=box.closed, voters=len(last), ballots=sum(opened.values()),
        annulled=sum(ballot in box.annulled for ballot in last),
        counts=box.votes(opened) if box.result else None, faults=[fault._asdict() for fault in box.faults],
    )
    return answer


# ---------------------------------------------------------------- words

#: Sentences of the answer.
WORDS: Dict[str, Dict[str, str]] = {
    "en": {
        "good": "Everything agrees.", "bad": "SOMETHING IS WRONG.", "log": "Log: %s, %s entries", "voters": "Voters: %d, annulled: %d",
        "counted": "Ballots opened and counted: %d", "counts": "Votes:", "winners": "Winners, computed again: %s. Money: %d",
        "none": "none", "witnesses": "Witnesses that signed: %s", "entry": "entry", "receipt": "Your ballot, entry %d: %s",
        "in_the_box": "in the box", "replaced": "replaced by a later ballot", "annulled": "annulled",
        "opened": "opened and counted: %s",
        "key": "The key comes from the same place as the log. Compare it with the one on paper: %s", "no_result": "No result yet.",
        "problem": "The winners were not computed: %s", "reading": "%d of %d entries",
    },
    "ru": {
        "good": "Всё сходится.", "bad": "ЕСТЬ НАРУШЕНИЯ.", "log": "Журнал: %s, записей: %s",
        "voters": "Проголосовали: %d, аннулировано: %d", "counted": "Вскрыто и засчитано бюллетеней: %d", "counts": "Голоса:",
        "winners": "Победители по пересчёту: %s. Деньги: %d", "none": "нет", "witnesses": "Подписали свидетели: %s",
        "entry": "запись", "receipt": "Ваш бюллетень, запись %d: %s", "in_the_box": "в урне",
        "replaced": "заменён более поздним бюллетенем", "annulled": "аннулирован", "opened": "вскрыт и засчитан: %s",
        "key": "Ключ взят там же, где журнал. Сверьте его с напечатанным: %s", "no_result": "Результата ещё нет.",
        "problem": "Победители не вычислены: %s", "reading": "%d из %d записей",
    },
    "kk": {
        "good": "Бәрі сәйкес.", "bad": "БҰЗУШЫЛЫҚ БАР.", "log": "Журнал: %s, жазба саны: %s",
        "voters": "Дауыс бергендер: %d, жойылғаны: %d", "counted": "Ашылып, саналған бюллетень: %d", "counts": "Дауыстар:",
        "winners": "Қайта санау бойынша жеңімпаздар: %s. Ақша: %d", "none": "жоқ", "witnesses": "Қол қойған куәгерлер: %s",
        "entry": "жазба", "receipt": "Сіздің бюллетеніңіз, %d-жазба: %s", "in_the_box": "жәшікте",
        "replaced": "кейінгі бюллетеньмен ауыстырылған", "annulled": "жойылған", "opened": "ашылып, саналды: %s",
        "key": "Кілт журналмен бір жерден алынды. Оны басылған кілтпен салыстырыңыз: %s", "no_result": "Нәтиже әлі жоқ.",
        "problem": "Жеңімпаздар есептелмеді: %s", "reading": "%d/%d жазба",
    },
}
#: What each code means, in Russian and Kazakh; in English the text of the fault says it.
REASONS_RU = """
checkpoint_missing=нет контрольной точки|checkpoint=контрольная точка неверна или подпись не сходится|entries_missing=нет файла записей
entries_cut=файл записей обрезан или длиннее, чем должен быть|tile_missing=нет файла хешей|tile_length=у файла хешей неверная длина
tile_differs=файл хешей не соответствует записям|root=записи не дают корневой хеш контрольной точки
saved=сохранённая контрольная точка негодна|rollback=журнал короче, чем был раньше|split_view=раньше показывали другой журнал
promise=обещание негодно|broken_promise=ОБЕЩАНИЕ НАРУШЕНО: обещанного бюллетеня нет в журнале|receipt=квитанция негодна
receipt_missing=бюллетеня из квитанции нет в журнале|quorum=под последней контрольной точкой мало подписей свидетелей
rule=правило подсчёта неизвестно или неверно|withdrawn_project=исключён проект, которого нет или который уже исключён|
withdrawn_late=проект исключён после объявления итога|open_tie=решающее равенство никем не разрешено|winners=объявлены не те победители
spent=объявлена не та сумма|entry=запись не по формату|manifest_place=манифест должен быть первой и единственной такой записью
no_manifest=журнал не начинается с манифеста|origin=манифест другого журнала|manifest_choices=по манифесту голосовать невозможно
cast_after_close=бюллетень принят после закрытия|too_many_attempts=попыток больше, чем разрешено
double_vote=второй бюллетень того же избирателя с тем же номером|unknown_ballot=такого бюллетеня нет в журнале
one_person=нужны два разных человека|reason=такой причины нет в манифесте|after_result=действие после результата
annulled_twice=бюллетень уже аннулирован|not_annulled=бюллетень не был аннулирован|closed_twice=журнал закрыт дважды
close_numbers=при закрытии названы не те числа записей или избирателей|open_before_close=бюллетень вскрыт до закрытия
opened_twice=бюллетень вскрыт дважды|opened_replaced=вскрыт заменённый бюллетень|commitment=вскрытый выбор не тот, что был подан
invalid_ballot=в бюллетене слишком много, слишком мало или неизвестные проекты|result_twice=два результата
not_opened=вскрыты не все бюллетени|counts=объявлены не те голоса|ballots=объявлено не то число бюллетеней
approve_before_result=утверждение раньше результата|missing_attempt=в журнале нет более раннего бюллетеня избирателя|empty=журнал пуст
"""
REASONS_KK = """
checkpoint_missing=бақылау нүктесі жоқ|checkpoint=бақылау нүктесі қате немесе қолы сәйкес емес|entries_missing=жазбалар файлы жоқ
entries_cut=жазбалар файлы кесілген немесе тым ұзын|tile_missing=хеш файлы жоқ|tile_length=хеш файлының ұзындығы қате
tile_differs=хеш файлы жазбаларға сәйкес емес|root=жазбалар бақылау нүктесінің түбір хешін бермейді
saved=сақталған бақылау нүктесі жарамсыз|rollback=журнал бұрынғыдан қысқа|split_view=бұрын басқа журнал көрсетілген
promise=уәде жарамсыз|broken_promise=УӘДЕ БҰЗЫЛДЫ: уәде етілген бюллетень журналда жоқ|receipt=түбіртек жарамсыз
receipt_missing=түбіртектегі бюллетень журналда жоқ|quorum=соңғы бақылау нүктесінде куәгерлердің қолы жеткіліксіз
rule=санау ережесі белгісіз немесе қате|withdrawn_project=жоқ немесе бұрын шығарылған жоба шығарылды|
withdrawn_late=жоба нәтижеден кейін шығарылды|open_tie=шешуші теңдікті ешкім шешпеген|winners=басқа жеңімпаздар жарияланған
spent=басқа сома жарияланған|entry=жазба пішімге сай емес|manifest_place=манифест бірінші және жалғыз болуы керек
no_manifest=журнал манифестен басталмайды|origin=манифест басқа журналдікі|manifest_choices=манифест бойынша дауыс беру мүмкін емес
cast_after_close=бюллетень жабылғаннан кейін қабылданған|too_many_attempts=әрекет саны рұқсат етілгеннен көп
double_vote=бір сайлаушының нөмірі бірдей екінші бюллетені|unknown_ballot=журналда мұндай бюллетень жоқ
one_person=екі түрлі адам керек|reason=манифесте мұндай себеп жоқ|after_result=нәтижеден кейінгі әрекет
annulled_twice=бюллетень бұрын жойылған|not_annulled=бюллетень жойылмаған|closed_twice=журнал екі рет жабылған
close_numbers=жабылғанда жазба немесе сайлаушы саны қате көрсетілген|open_before_close=бюллетень жабылғанға дейін ашылған
opened_twice=бюллетень екі рет ашылған|opened_replaced=ауыстырылған бюллетень ашылған
commitment=ашылған таңдау берілген таңдауға сәйкес емес
invalid_ballot=бюллетеньде жоба тым көп, тым аз немесе белгісіз|result_twice=екі нәтиже бар
not_opened=барлық бюллетень ашылмаған|counts=басқа дауыс саны жарияланған|ballots=бюллетень саны қате жарияланған
approve_before_result=нәтижеге дейін бекітілген|missing_attempt=сайлаушының бұрынғы бюллетені журналда жоқ|empty=журнал бос
"""


def reason(fault: Dict[str, Any], lang: str) -> str:
    """What is wrong, in a language; the English text follows."""
    table = {"ru": REASONS_RU, "kk": REASONS_KK}.get(lang, "")
    known = dict(pair.split("=", 1) for pair in table.strip().replace("\n", "|").split("|") if pair)
    said = known.get(fault["code"], "")
    return "%s (%s)" % (said, fault["text"]) if said else str(fault["text"])


def sentences(answer: Dict[str, Any], lang: str) -> List[str]:
    """The answer for people."""
    w = WORDS[lang]
    found = [w["good"] if answer["good"] else w["bad"], w["log"] % (answer["origin"], answer["size"])]
    for fault in answer["faults"]:
        place = "%s %d: " % (w["entry"], fault["index"]) if fault["index"] >= 0 else ""
        found.append("  [%s] %s%s" % (fault["code"], place, reason(fault, lang)))
    found.append(w["voters"] % (answer["voters"], answer["annulled"]))
    if answer["counts"] is None:
        found.append(w["no_result"])
    else:
        ranked = sorted(answer["counts"].items(), key=lambda pair: (-pair[1], pair[0]))
        found += [w["counted"] % answer["ballots"], w["counts"], *("  %s: %d" % pair for pair in ranked)]
    if answer["winners"] is not None:
        found.append(w["winners"] % (", ".join(answer["winners"]) or w["none"], answer["spent"]))
    if answer["problem"]:
        found.append(w["problem"] % answer["problem"])
    found.append(w["witnesses"] % (", ".join(answer["witnesses"]) or w["none"]))
    for receipt in answer["receipts"]:
        state = w[receipt["state"]]
        found.append(w["receipt"] % (receipt["index"], state % ", ".join(receipt["choices"]) if "%" in state else state))
    if not answer["key_given"]:
        found.append(w["key"] % answer["key"])
    return [re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", line) for line in found]


def kept_file(path: str) -> bytes:
    """A small file of this machine."""
    try:
        with open(path, "rb") as file:
            return file.read(65537)
    except OSError as why:
        raise CannotRead("%s: %s" % (path, why.strerror)) from None


def parse_options(words: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Recount a round of Qatysu from its public files alone.")
    parser.add_argument("place", metavar="DIR_OR_URL")
    parser.add_argument("--vkey", metavar="KEY", help="key of the log, as printed on paper")
    parser.add_argument("--saved", metavar="FILE", action="append", default=[], help="a checkpoint kept from earlier")
    parser.add_argument("--promise", metavar="FILE", action="append", default=[], help="the promise for a ballot")
    parser.add_argument("--promise-key", metavar="KEY", default="", help="its key (otherwise that of the manifest)")
    parser.add_argument("--receipt", metavar="FILE", action="append", default=[], help="a .tlog-proof file: where is the ballot?")
    parser.add_argument("--policy", metavar="FILE", help="witnesses whose signatures are asked for")
    parser.add_argument("--json", action="store_true", help="the answer for programs")
    parser.add_argument("--lang", choices=sorted(WORDS), default="en")
    return parser.parse_args(words)


def check(options: argparse.Namespace) -> Dict[str, Any]:
    """The answer for a command line. Raises Bad and CannotRead for what makes checking impossible."""
    read = reader(options.place)
    policy = read_policy(kept_file(options.policy).decode("utf-8", "replace")) if options.policy else None
    text = options.vkey
    if not text and policy is None:
        text = (read("vkey") or b"").decode("ascii", "replace")[:1000]
    key = read_key(text) if text else policy.log if policy else read_key("")
    if policy and policy.log != key:
        raise Bad("the policy is of another log")
    saved, promises, receipts = ([kept_file(path) for path in paths] for paths in (options.saved, options.promise, options.receipt))
    kept = Kept(saved, promises, receipts, options.promise_key)

    def progress(done: int, size: int) -> None:
        if done == size or done % 8192 == 0:
            sys.stderr.write("\r" + WORDS[options.lang]["reading"] % (done, size) + ("\n" if done == size else ""))
            sys.stderr.flush()

    answer = verify(read, key, kept, policy, progress if sys.stderr.isatty() else None)
    answer.update(key="%s+%s+%s" % (key.name, key.id.hex(), base64.b64encode(b"\x01" + key.public).decode()))
    answer.update(key_given=bool(options.vkey or policy))
    return answer


def main(words: Optional[Sequence[str]] = None) -> int:
    """0: good; 1: faults; 2: cannot read, or cannot compute all of it."""
    options = parse_options(sys.argv[1:] if words is None else words)
    try:
        answer = check(options)
    except (Bad, CannotRead) as why:
        sys.stderr.write("verify: %s\n" % why)
        return 2
    lines = [json.dumps(answer, sort_keys=True)] if options.json else sentences(answer, options.lang)
    sys.stdout.buffer.write("".join(line + "\n" for line in lines).encode("utf-8"))
    return 0 if answer["good"] and not answer["problem"] else 1 if not answer["good"] else 2


if __name__ == "__main__":
    sys.exit(main())
