"""Entries of the log: one canonical form of bytes for each, and the shape of every kind.

Bytes are JSON with sorted ASCII keys and no spaces; values are ASCII strings, whole numbers from 0 on, and arrays of these. There
is one way to write an entry, so that two programs that agree on its meaning agree on its hash. This subset of JSON is also RFC 8785.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

#: Longest entry in bytes; the manifest names every project and may be longer.
LONGEST, LONGEST_MANIFEST = 4_096, 60_000
_DEPTH = 4
VERSION = 1
_PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")


class BadEntry(ValueError):
    """Bytes that are no entry of a log. The text says why."""


def encode(fields: Mapping[str, Any]) -> bytes:
    """The canonical bytes of an entry. Raises BadEntry for values that the format does not have, an unknown kind or wrong fields."""
    _check_value(dict(fields), _DEPTH)
    _check_fields(fields)
    data = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    _check_length(fields, data)
    return data


def decode(data: bytes) -> dict[str, Any]:
    """The fields of an entry. Raises BadEntry unless the bytes are exactly what ``encode`` makes of them."""
    if len(data) > LONGEST_MANIFEST:
        raise BadEntry(f"the entry has more than {LONGEST_MANIFEST} bytes")
    try:
        fields = json.loads(data.decode("ascii"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise BadEntry("the entry is not JSON in ASCII") from None
    if not isinstance(fields, dict):
        raise BadEntry("the entry is not a JSON object")
    _check_value(fields, _DEPTH)
    if json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode() != data:
        raise BadEntry("the entry is not in its canonical form")
    _check_fields(fields)
    _check_length(fields, data)
    return fields


def _check_length(fields: Mapping[str, Any], data: bytes) -> None:
    longest = LONGEST_MANIFEST if fields["t"] == "manifest" else LONGEST
    if len(data) > longest:
        raise BadEntry(f"the entry has more than {longest} bytes")


def _check_value(value: object, depth: int) -> None:
    if isinstance(value, str):
        if not value.isascii() or not value.isprintable():
            raise BadEntry("a text holds other than printable ASCII characters")
    elif isinstance(value, bool) or not isinstance(value, int | list | dict):
        raise BadEntry("a value is neither text nor number nor array")
    elif isinstance(value, int):
        if not 0 <= value < 2**53:
            raise BadEntry("a number is negative or above 2**53")
    elif depth == 0 or (isinstance(value, dict) and depth < _DEPTH):
        raise BadEntry("values are nested too deeply")
    else:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(key, str):
                _check_value(key, 0)
            _check_value(inner, depth - 1)


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _attempt(value: object) -> bool:
    return _number(value) and 1 <= value <= 100  # type: ignore[operator]  # reason: a number, seen just before


def _rows(value: object, *columns: Callable[[object], bool]) -> bool:
    """Whether ``value`` is a list of rows with these columns, the first of which names each row once."""
    if not isinstance(value, list) or not all(isinstance(row, list) and len(row) == len(columns) for row in value):
        return False
    good = all(is_good(cell) for row in value for is_good, cell in zip(columns, row, strict=True))
    return good and len({str(row[0]) for row in value}) == len(value)


def _positive(value: object) -> bool:
    return _number(value) and value != 0


def _projects(value: object) -> bool:
    return _rows(value, _code, _positive, _text, _hash)


def _parts(value: object) -> bool:
    return _rows(value, _text, _positive)


def _funders(value: object) -> bool:
    return _rows(value, _text, _positive, _texts)


def _counts(value: object) -> bool:
    return _rows(value, _code, _number)


def _pairs(value: object) -> bool:
    return _rows(value, _word, _text)


def _choice(value: object) -> bool:
    return _texts(value) and list(value) == sorted(set(value)) and all(map(_code, value))  # type: ignore[call-overload]  # reason: a list of texts


_handle, _hash = _matches(r"[0-9a-f]{32}"), _matches(r"[0-9a-f]{64}")
_code, _word = _matches(r"[A-Za-z0-9][A-Za-z0-9./_-]{0,39}"), _matches(r"[a-z0-9_-]{1,40}")
_instant = _matches(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")

#: Fields of each kind beside ``t`` and ``v``, with what they must be. Rows of the manifest: projects (code, cost, category,
#: SHA-256 of the title, or of title, line feed and the passport's SHA-256 in hex), params (name, value), parts (category,
#: budget), funders (name, amount, categories it pays for; none: all). Money in tenge.
KINDS: Mapping[str, Mapping[str, Callable[[object], bool]]] = MappingProxyType(
    {
        "manifest": {
            "origin": _text, "projects": _projects, "budget": _number, "min_choices": _number, "max_choices": _number,
            "attempts": _attempt, "rule": _word, "params": _pairs, "parts": _parts, "funders": _funders, "opens": _instant,
            "closes": _instant, "audit_days": _number, "mode": _matches("live|sealed"), "min_batch": _number,
            "max_delay_s": _number, "reasons": _texts, "promise": _text, "kc": _hash, "roll": _number, "rules_hash": _hash,
            "verifier_hash": _hash,
        },
        "cast": {"b": _handle, "n": _attempt, "h": _hash},
        "annul": {"b": _handle, "n": _attempt, "reason": _word, "act": _text, "by": _texts},
        "reinstate": {"b": _handle, "n": _attempt, "reason": _word, "act": _text, "by": _texts},
        "close": {"entries": _number, "handles": _number},
        "open": {"b": _handle, "n": _attempt, "x": _hash, "c": _choice},
        "result": {"counts": _counts, "ballots": _number, "winners": _texts, "spent": _number, "tie_decision": _texts, "code": _text},
        "approve": {"act": _text, "document": _hash},
        "amend": {"act": _text, "document": _hash, "what": _word, "value": _text, "by": _texts},
        "key": {"vkey": _text},
    }
)


def _check_fields(fields: Mapping[str, Any]) -> None:
    kind = fields.get("t")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadEntry("the entry is of no known kind")
    if fields.get("v") != VERSION:
        raise BadEntry(f"the entry is not of version {VERSION}")
    wanted = KINDS[kind]
    if set(fields) != {"t", "v", *wanted}:
        raise BadEntry(f"the {kind} entry has other fields than it should")
    for name, is_good in wanted.items():
        if not is_good(fields[name]):
            raise BadEntry(f"the field {name} of the {kind} entry is not as it should be")


def plain_text(text: str) -> str:
    """``text`` in printable ASCII, as entries have it: other signs, and ``%``, as in addresses (``%D2%9B``)."""
    return quote(text, safe=_PLAIN)


def key_commitment(round_key: bytes) -> str:
    """SHA-256 in hex by which the manifest fixes the round key, so that handles cannot be made anew with another one."""
    return hashlib.sha256(round_key).hexdigest()
