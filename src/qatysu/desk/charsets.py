"""Words out of bytes whose declared encoding is missing or wrong, as letters of this region often are."""

from __future__ import annotations

import codecs
from email.header import decode_header
from typing import Any

#: Declared by programs that did not know better: says nothing about bytes above 127.
_NO_PROMISE = frozenset({"", "ascii", "iso8859-1", "cp1252", "unknown-8bit"})
_CYRILLIC = ("cp1251", "koi8-r")


def decode(data: bytes, declared: str = "") -> str:
    """The text of ``data``; never fails. UTF-8 wins where the bytes are it, whatever was declared."""
    name = _known(declared)
    if name.startswith(("utf-16", "utf-32", "iso2022", "utf-7", "hz")):
        return data.decode(name, "replace")
    for each in ("ascii", "utf-8"):
        try:
            return data.decode(each)
        except UnicodeDecodeError:
            continue
    single = name in {*_CYRILLIC, "koi8-u", "kz1048", "ptcp154", "iso8859-5", "cp866"}
    if name and name not in _NO_PROMISE and name != "utf-8" and not single:
        return data.decode(name, "replace")
    names = ([name] if single else []) + [each for each in _CYRILLIC if each != name]
    # The same bytes read in the wrong one of the two have capitals where small letters belong.
    texts = [data.decode(each, "replace") for each in names]
    return max(texts, key=_likeness)


def _known(declared: str) -> str:
    try:
        return codecs.lookup(declared.strip().strip("\"'")).name if declared else ""
    except (LookupError, ValueError):
        return ""


def _likeness(text: str) -> int:
    small = sum("а" <= ch <= "я" or ch in "әғқңөұүһіё" for ch in text)
    strange = sum(ch == "\ufffd" or "─" <= ch <= "▟" for ch in text)
    return 2 * small - sum("А" <= ch <= "Я" for ch in text) - 3 * strange


def header(value: Any, limit: int = 1000) -> str:
    """A header as people read it, on one line; broken encoded words stay as they came."""
    if value is None:
        return ""
    raw = str(value)[: limit * 4]
    try:
        parts = decode_header(raw.replace("\r", "").replace("\n", " "))
    except Exception:  # noqa: BLE001  # reason: the standard library raises many kinds for broken words
        parts = [(raw, None)]
    words = "".join(_part(part, charset) for part, charset in parts)
    return " ".join("".join(ch if ch.isprintable() else " " for ch in words).split())[:limit]


def _part(part: Any, charset: str | None) -> str:
    if isinstance(part, bytes):
        return decode(part, charset or "")
    try:
        # Bytes above 127 in a header without any declaration come as surrogates.
        return part.encode("utf-8").decode("utf-8") if isinstance(part, str) else str(part)
    except UnicodeEncodeError:
        return decode(part.encode("utf-8", "surrogateescape"))
