"""A letter as the desk needs it: who, what, in answer to what, with which files. Pure: bytes in, words out."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from typing import Any

from qatysu.desk.charsets import decode, header
from qatysu.desk.plain_html import words_of

LARGEST_BYTES = 25 * 1024 * 1024
MOST_PARTS, MOST_ATTACHED, LONGEST_BODY = 200, 10, 400_000
_REF = re.compile(r"\[#([2-9A-HJ-KMNP-Z]{8})\]", re.IGNORECASE)
_OWN_ID = re.compile(r"<desk\.([2-9A-HJ-KMNP-Z]{8})\.\d+@([^>\s]+)>", re.IGNORECASE)
_SINGLE_ID = re.compile(r"<[^<>\s]{1,240}>")
#: The line with which programs begin what they repeat.
_QUOTE_STARTS = (
    re.compile(r"^-{2,}\s*(Original Message|Исходное сообщение|Пересылаемое сообщение|Бастапқы хабар)\b.*$", re.IGNORECASE),
    re.compile(r"^.{0,200}\b(wrote|writes|пишет|писал|писала|написал|написала|жазды|деп жазды)\b.{0,40}:\s*$", re.IGNORECASE),
    re.compile(r"^_{10,}\s*$"),
)
_AUTOMATIC = frozenset({"bulk", "junk", "list", "auto_reply"})


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a letter."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a letter says."""

    key: str
    message_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    quoted: str
    language: str
    refs: tuple[str, ...]
    files: tuple[Attached, ...]
    #: Names of files that were too many.
    dropped: tuple[str, ...]
    is_automatic: bool
    is_bounce: bool
    #: One of our own letters came back.
    is_own: bool


def key_of(raw: bytes) -> str:
    """What a letter is recognised by that could not be read."""
    return hashlib.sha256(raw).hexdigest()


def read(raw: bytes, *, own_address: str, own_host: str) -> Incoming:
    """The letter in ``raw``; never fails for any bytes."""
    mail = message_from_bytes(raw)
    name, sender = parseaddr(header(_raw(mail, "From")))
    subject = header(_raw(mail, "Subject"), 300)
    found = _SINGLE_ID.search(header(_raw(mail, "Message-ID")))
    own_id = found.group() if found else ""
    text, quoted, files, dropped = _content(mail)
    is_bounce = _is_bounce(mail, sender)
    threads = " ".join(header(_raw(mail, field), 4000) for field in ("In-Reply-To", "References"))
    refs = [ref for ref, host in _OWN_ID.findall(threads) if host.lower() == own_host.lower()] + _REF.findall(subject)
    if is_bounce:
        refs += [ref for ref, _ in _OWN_ID.findall(raw[:200_000].decode("ascii", "ignore"))]
    return Incoming(
        key=hashlib.sha256(own_id.encode() or raw).hexdigest(),
        message_id=own_id,
        sender=sender.strip().lower()[:254],
        sender_name=" ".join(name.split())[:80],
        subject=clean_subject(subject),
        text=text,
        quoted=quoted,
        language=language_of(f"{subject}\n{text}"),
        refs=tuple(dict.fromkeys(ref.upper() for ref in refs)),
        files=files,
        dropped=dropped,
        is_automatic=_is_automatic(mail),
        is_bounce=is_bounce,
        is_own=sender.lower() == own_address.lower() or bool(own_id and _OWN_ID.fullmatch(own_id)),
    )


def _raw(mail: Message, name: str) -> str | None:
    """The first header of that name as it came; bytes above 127 are surrogates in it."""
    return next((str(value) for key, value in mail.raw_items() if key.lower() == name.lower()), None)


def clean_subject(subject: str) -> str:
    """Without our mark and the Re: of programs."""
    bare = _REF.sub("", subject)
    return re.sub(r"^(\s*(re|fwd?|на|ответ|отв|жауап)\s*(\[\d+\])?\s*:\s*)+", "", bare, flags=re.IGNORECASE).strip()[:160]


def language_of(text: str) -> str:
    """Kazakh by its letters, else Russian by Cyrillic, else English; Kazakh for no letters at all."""
    low = text[:4000].lower()
    kazakh, cyrillic = sum(ch in "әғқңөұүһі" for ch in low), sum("а" <= ch <= "я" for ch in low)
    latin = sum("a" <= ch <= "z" for ch in low)
    if kazakh and kazakh * 40 >= cyrillic:
        return "kk"
    return "ru" if cyrillic and cyrillic * 2 >= latin else "en" if latin else "kk"


def _is_automatic(mail: Message) -> bool:
    said = header(_raw(mail, "Auto-Submitted")).lower().split(";")[0].strip()
    if said not in ("", "no") or mail.get("X-Autoreply") or mail.get("X-Autorespond") or mail.get("List-Id"):
        return True
    return header(_raw(mail, "Precedence")).lower().strip() in _AUTOMATIC


def _is_bounce(mail: Message, sender: str) -> bool:
    local = sender.lower().partition("@")[0]
    if header(_raw(mail, "Return-Path")).strip() == "<>" or local in ("mailer-daemon", "postmaster"):
        return True
    return mail.get_content_type() == "multipart/report"


def _content(mail: Message) -> tuple[str, str, tuple[Attached, ...], tuple[str, ...]]:
    plain: list[str] = []
    pages: list[str] = []
    files: list[Attached] = []
    dropped: list[str] = []
    for count, part in enumerate(mail.walk()):
        if count >= MOST_PARTS:
            dropped.append("…")
            break
        if part.is_multipart():
            continue
        kind, name = part.get_content_type(), _name_of(part)
        data = _bytes_of(part)
        is_file = part.get_content_disposition() == "attachment" or bool(name) or not kind.startswith("text/")
        if not is_file and kind == "text/html":
            pages.append(decode(data[:LONGEST_BODY], part.get_content_charset() or ""))
        elif not is_file:
            plain.append(decode(data[:LONGEST_BODY], part.get_content_charset() or ""))
        elif len(files) < MOST_ATTACHED:
            files.append(Attached(name or "file", data))
        else:
            dropped.append(name or "file")
    text, quoted = _words(plain, pages)
    return text, quoted, tuple(files), tuple(dropped)


def _words(plain: list[str], pages: list[str]) -> tuple[str, str]:
    joined = "\n".join(text.strip("\n") for text in plain).strip()
    if joined:
        return split_quoted(joined)
    text, quoted = words_of("\n".join(pages)) if pages else ("", "")
    own, more = split_quoted(text)
    return own, "\n".join(part for part in (more, quoted) if part)


def split_quoted(text: str) -> tuple[str, str]:
    """(own words, the repeated letter); a letter that is nothing but quotation is taken for own words."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cut = next((at for at, line in enumerate(lines) if any(start.match(line.strip()) for start in _QUOTE_STARTS)), len(lines))
    own = [line for line in lines[:cut] if not line.startswith(">")]
    rest = [line for line in lines[:cut] if line.startswith(">")] + lines[cut:]
    kept = "\n".join(own).strip()
    return (kept, "\n".join(rest).strip()) if kept else (text.strip(), "")


def _name_of(part: Message) -> str:
    try:
        return header(part.get_filename(), 200)
    except Exception:  # noqa: BLE001  # reason: broken parameters raise many kinds; the file is kept without its name
        return "file"


def _bytes_of(part: Message) -> bytes:
    try:
        data: Any = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001  # reason: as above
        data = str(part.get_payload()).encode("utf-8", "replace")
    return data if isinstance(data, bytes) else b""
