"""Uploaded files and map tiles, served by us."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qatysu.core.errors import NotFound
from qatysu.files.models import StoredFile
from qatysu.files.serving import response_for
from qatysu.identity.access import public
from qatysu.proposals import queries

_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})?")
_LARGEST_PIECE = 16 * 1024 * 1024


@public
@require_safe
def file(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An image, its thumbnail (``?thumb=1``), or a document as a download."""
    try:
        return _serve(request, public_id, StoredFile.Kind.DOCUMENT)
    except NotFound:
        return _serve(request, public_id, StoredFile.Kind.IMAGE, thumb="thumb" in request.GET)


@public
@require_safe
def image(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """An image."""
    return _serve(request, public_id, StoredFile.Kind.IMAGE)


@public
@require_safe
def thumb(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A small image."""
    return _serve(request, public_id, StoredFile.Kind.IMAGE, thumb=True)


def _serve(request: HttpRequest, public_id: uuid.UUID, kind: str, *, thumb: bool = False) -> HttpResponse:
    stored, is_public = queries.get_file(public_id, kind, request.user, timezone.now())
    return response_for(stored, is_thumb=thumb, is_public=is_public)


@public
@require_safe
def tiles(request: HttpRequest, name: str) -> HttpResponse:
    """The installation's own vector tiles, in pieces: the reader asks for byte ranges."""
    path = Path(settings.TILES) if settings.TILES else None
    if path is None or path.name != f"{name}.pmtiles" or not path.is_file():
        raise Http404
    size, asked = path.stat().st_size, _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, size - 1, first + _LARGEST_PIECE - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    with path.open("rb") as source:
        source.seek(first)
        body = source.read(last - first + 1)
    headers = {
        "Content-Range": f"bytes {first}-{last}/{size}",
        "Accept-Ranges": "bytes",
        "Cache-Control": "public, max-age=86400",
    }
    return HttpResponse(body, status=206, content_type="application/octet-stream", headers=headers)
