"""Public pages are drawn once for all anonymous readers of one language and theme."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

V = TypeVar("V", bound=Callable[..., HttpResponse])
#: Seconds that a page may lag behind the clock; a change of the round itself is seen at once.
TTL_S = 5
_LONGEST_QUERY = 300
_VERSION = """
SELECT r.version FROM rounds_round r JOIN places_city c ON c.id = r.city_id
WHERE c.slug = %s AND r.slug = %s AND r.is_public
"""


@dataclass(frozen=True, slots=True)
class _Stored:
    body: bytes
    zipped: bytes
    content_type: str
    etag: str


def cached_page(view: V) -> V:
    """Answers anonymous GETs from the cache, keyed by address, query, language, theme and the round's version.

    A response that sets a cookie, holds a CSRF token, or is not a plain 200 is never stored.
    """

    @wraps(view)
    def cached(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_shared(request):
            return view(request, *args, **kwargs)
        key = _key(request, kwargs)
        stored: _Stored | None = cache.get(key) if key else None
        if stored is None:
            response = view(request, *args, **kwargs)
            if not key or not _may_store(request, response):
                return response
            stored = _stored(response)
            cache.set(key, stored, TTL_S)
        return _answer(request, stored)

    return cached  # type: ignore[return-value]  # reason: same signature


def _is_shared(request: HttpRequest) -> bool:
    personal = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
    return (
        request.method in {"GET", "HEAD"}
        and not personal
        and len(request.META.get("QUERY_STRING", "")) <= _LONGEST_QUERY
    )


def _key(request: HttpRequest, kwargs: dict[str, Any]) -> str:
    """'' when the address names a round that anonymous readers may not see."""
    version: int | None = 0
    if "round_slug" in kwargs:
        version = _version(kwargs["city_slug"], kwargs["round_slug"])
        if version is None:
            return ""
    theme = request.COOKIES.get("theme", "")
    parts = (request.get_full_path(), get_language() or "", theme if theme in {"light", "dark"} else "", str(version))
    return "page:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _version(city_slug: str, round_slug: str) -> int | None:
    """Version of a public round. Written out, because it is all that a warm page costs: the ORM would take most of it."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION, [city_slug, round_slug])
        row = cursor.fetchone()
    return row[0] if row else None


def _may_store(request: HttpRequest, response: HttpResponse) -> bool:
    needs_token = "CSRF_COOKIE" in request.META and request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
    plain = response.status_code == 200 and not response.streaming and not response.cookies
    return plain and not needs_token and b"csrfmiddlewaretoken" not in response.content


def _stored(response: HttpResponse) -> _Stored:
    body = response.content
    # Compressed once for all readers; the page holds nothing of anybody's that a length could give away.
    return _Stored(body, gzip.compress(body, 6, mtime=0), response["Content-Type"], _etag(body))


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _answer(request: HttpRequest, stored: _Stored) -> HttpResponse:
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    etag = f"W/{stored.etag}" if zipped else stored.etag
    is_known = stored.etag in request.headers.get("If-None-Match", "")
    if is_known:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(stored.zipped if zipped else stored.body, content_type=stored.content_type)
        if zipped:
            response["Content-Encoding"] = "gzip"
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
    return response
