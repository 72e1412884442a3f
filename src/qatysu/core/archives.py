"""ZIP archives of strangers (XLSX, DOCX are such): looked at before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

from qatysu.core.errors import Invalid

_END = b"PK\x05\x06"
#: The end record of a ZIP without a comment has this length.
_END_LENGTH = 22


def open_checked(data: bytes, *, most_entries: int, most_bytes: int, most_ratio: int) -> zipfile.ZipFile:
    """The archive in ``data``, whose parts are safe to unpack one by one.

    Raises Invalid with field ``file``: ``archive_broken``; ``archive_disguised`` when it is a ZIP and something else at once;
    ``archive_encrypted``; ``archive_path`` for parts that would leave their folder; ``archive_twice`` for two parts of one
    name or in one place; ``archive_too_large`` when unpacked it would exceed the limits (a ZIP bomb).
    """
    if not data.startswith(b"PK\x03\x04") or data.rfind(_END) < 0:
        raise Invalid("archive_broken", field="file")
    if data.rfind(_END) + _END_LENGTH != len(data):
        # A comment or bytes behind the end: another program may see another file.
        raise Invalid("archive_disguised", field="file")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        raise Invalid("archive_broken", field="file") from error
    _check(parts, most_entries, most_bytes, most_ratio)
    return archive


def _check(parts: list[zipfile.ZipInfo], most_entries: int, most_bytes: int, most_ratio: int) -> None:
    if len(parts) > most_entries or sum(part.file_size for part in parts) > most_bytes:
        raise Invalid("archive_too_large", field="file")
    for part in parts:
        name = part.filename.replace("\\", "/")
        if part.flag_bits & 0x1:
            raise Invalid("archive_encrypted", field="file")
        if name.startswith("/") or ".." in name.split("/") or ":" in name or "\0" in part.orig_filename:
            raise Invalid("archive_path", field="file")
        if part.file_size > most_ratio * max(part.compress_size, 1) and part.file_size > 100_000:
            raise Invalid("archive_too_large", field="file")
    names = [part.filename.lower() for part in parts]
    places = sorted((part.header_offset, part.header_offset + part.compress_size) for part in parts)
    overlap = any(end > start for (_, end), (start, _) in pairwise(places))
    if len(set(names)) != len(names) or overlap:
        raise Invalid("archive_twice", field="file")


def read_bounded(archive: zipfile.ZipFile, name: str, most_bytes: int) -> bytes:
    """One part, unpacked up to ``most_bytes`` whatever its header says. Raises Invalid ``archive_broken``, ``archive_too_large``."""
    try:
        with archive.open(name) as part:
            body = part.read(most_bytes + 1)
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, OSError, RuntimeError, EOFError) as error:
        raise Invalid("archive_broken", field="file") from error
    if len(body) > most_bytes:
        raise Invalid("archive_too_large", field="file")
    return body
