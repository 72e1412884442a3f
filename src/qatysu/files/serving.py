"""A stored file as a response that no browser runs."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from qatysu.core.errors import NotFound
from qatysu.files.commands import location, thumb_path
from qatysu.files.models import StoredFile


def response_for(stored: StoredFile, *, is_thumb: bool = False, is_public: bool = False) -> HttpResponse:
    """The bytes of ``stored``: an image (or its thumbnail) to be shown, everything else as a download.

    The caller has asked whether the reader may have it. Raises NotFound when the disk has lost it.
    """
    is_image = stored.kind == StoredFile.Kind.IMAGE
    path = location(thumb_path(stored.path) if is_thumb and is_image else stored.path)
    if not path.is_file():
        raise NotFound("file")
    response = HttpResponse(path.read_bytes(), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(not is_image, stored.name) or "inline"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    # Withdrawing a right must take effect: a shared cache may keep the bytes for an hour, never for ever.
    response["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
    return response
