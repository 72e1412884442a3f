"""Documents of offices (XLSX, DOCX): kept byte for byte as downloads, and only when nothing in them can act."""

from __future__ import annotations

import re

from qatysu.core.archives import open_checked, read_bounded
from qatysu.core.errors import Invalid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Media type and ending by the part that makes a package that kind of document.
KINDS = {"xl/workbook.xml": (XLSX, ".xlsx"), "word/document.xml": (DOCX, ".docx")}
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 2_000, 200 * 1024 * 1024, 200
_MOST_PART = 2 * 1024 * 1024
#: Parts that run, or hold other programs' objects.
_ACTS = ("vbaproject", "vbadata", "macrosheets/", "activex/", "/embeddings/", "dialogsheets/", "/ctrlprops/", "customui/")
#: Relationships that fetch something when the document is opened; plain links to be clicked are fine.
_FETCHES = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
_LINK = re.compile(rb"/relationships/hyperlink[\"']", re.IGNORECASE)


def inspect(body: bytes) -> tuple[str, str]:
    """Media type and ending of the document in ``body``.

    Raises Invalid with field ``file``: ``file_type`` when it is no such document, ``office_macros``, ``office_links``, or a reason
    of ``core.archives``.
    """
    archive = open_checked(body, most_entries=MOST_ENTRIES, most_bytes=MOST_UNPACKED, most_ratio=MOST_RATIO)
    names = {name.lower().replace("\\", "/"): name for name in archive.namelist()}
    kind = next((kind for part, kind in KINDS.items() if part in names), None)
    if kind is None or "[content_types].xml" not in names:
        raise Invalid("file_type", field="file")
    if any(word in name for name in names for word in _ACTS):
        raise Invalid("office_macros", field="file")
    types = read_bounded(archive, names["[content_types].xml"], _MOST_PART).lower()
    if b"macroenabled" in types or b"vbaproject" in types or b"<!doctype" in types:
        raise Invalid("office_macros", field="file")
    for name, stored in names.items():
        if "externallinks/" in name or name.endswith("connections.xml"):
            raise Invalid("office_links", field="file")
        if name.endswith(".rels") and _reaches_out(read_bounded(archive, stored, _MOST_PART)):
            raise Invalid("office_links", field="file")
    return kind


def _reaches_out(rels: bytes) -> bool:
    """True when some relationship of a part, other than a link to be clicked, points outside the document."""
    if b"<!DOCTYPE" in rels.upper():
        return True
    return any(_FETCHES.search(one) and not _LINK.search(one) for one in rels.split(b"<Relationship ")[1:])
