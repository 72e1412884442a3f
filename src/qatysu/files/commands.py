"""Take an upload in, or throw a stored file away."""

from __future__ import annotations

import hashlib
import os
import uuid
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from qatysu.core.errors import Invalid
from qatysu.files import images, office
from qatysu.files.models import StoredFile

MAX_BYTES = 15 * 1024 * 1024
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class _Inspected:
    kind: str
    media_type: str
    suffix: str
    body: bytes
    picture: images.Picture | None


def accept_upload(
    *, owner: Any, upload: UploadedFile[Any], now: datetime, allow_office: bool = False
) -> StoredFile:
    """Store ``upload`` after inspection; pictures are redrawn, a PDF (with ``allow_office`` also XLSX and DOCX) is kept byte
    for byte and only ever given as a download.

    Raises Invalid with field ``file``: ``file_empty``, ``file_too_large``, ``file_type``, ``file_broken``,
    ``image_too_large_px``, and the reasons of ``files.office``.
    """
    found = _inspect(upload, allow_office=allow_office)
    public_id = uuid.uuid4()
    path = f"{public_id.hex[:2]}/{public_id.hex}{found.suffix}"
    _write(path, found.body)
    if found.picture is not None:
        _write(thumb_path(path), found.picture.thumb)
    return StoredFile.objects.create(
        public_id=public_id,
        kind=found.kind,
        name=_safe_name(upload.name or "", found.suffix),
        media_type=found.media_type,
        path=path,
        size_bytes=len(found.body),
        sha256=hashlib.sha256(found.body).hexdigest(),
        owner=owner,
        created_at=now,
        width=found.picture.width if found.picture else None,
        height=found.picture.height if found.picture else None,
    )


def discard_file(*, stored: StoredFile) -> None:
    """Delete the row, and the bytes once the deletion is committed."""
    paths = [location(stored.path)]
    if stored.kind == StoredFile.Kind.IMAGE:
        paths.append(location(thumb_path(stored.path)))
    stored.delete()
    transaction.on_commit(lambda: _unlink(paths))


def location(path: str) -> Path:
    """Absolute place of a stored path on disk."""
    return Path(settings.MEDIA_ROOT) / path


def thumb_path(path: str) -> str:
    """Stored path of the thumbnail that lies beside the image at ``path``."""
    return path.removesuffix(".webp") + ".thumb.webp"


def _inspect(upload: UploadedFile[Any], *, allow_office: bool) -> _Inspected:
    size = upload.size or 0
    if size == 0:
        raise Invalid("file_empty", field="file")
    if size > MAX_BYTES:
        raise Invalid("file_too_large", field="file", limit_mb=MAX_BYTES // 1024 // 1024)
    upload.seek(0)
    media_type = filetype.guess_mime(upload.read(8192)) or ""
    upload.seek(0)
    if media_type == _PDF:
        return _Inspected(StoredFile.Kind.DOCUMENT, _PDF, ".pdf", _whole_pdf(upload), None)
    if allow_office and media_type not in images.DECODERS:
        body = bytes(upload.read())
        if body.startswith(b"PK"):
            office_type, suffix = office.inspect(body)
            return _Inspected(StoredFile.Kind.DOCUMENT, office_type, suffix, body, None)
    if media_type not in images.DECODERS:
        raise Invalid("file_type", field="file")
    picture = images.redraw(upload.file, media_type)  # type: ignore[arg-type]  # reason: binary stream
    return _Inspected(StoredFile.Kind.IMAGE, "image/webp", ".webp", picture.webp, picture)


def _whole_pdf(upload: UploadedFile[Any]) -> bytes:
    """The document; one without its header in front or its end mark is refused as broken."""
    body = upload.read()
    if not body.startswith(b"%PDF-") or b"%%EOF" not in body[-2048:]:
        raise Invalid("file_broken", field="file")
    return bytes(body)


def _safe_name(name: str, suffix: str) -> str:
    stem = PurePosixPath(name.replace("\\", "/")).stem
    clean = "".join(ch for ch in stem if ch.isprintable() and ch not in '<>:"/|?*').strip(" .")
    return f"{clean[:100] or 'file'}{suffix}"


def _write(path: str, body: bytes) -> None:
    """Write and make durable before the row can refer to it; the folder is private to the program."""
    target = location(path)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with open(target, "xb") as out:
        out.write(body)
        out.flush()
        os.fsync(out.fileno())


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
