"""Reading by machines (SPEC 13): what the pages show, as JSON. Sealed rounds tell turnout only until results are published."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qatysu.core.errors import NotFound
from qatysu.identity.access import public
from qatysu.web import open_data
from qatysu.web.openapi import DOCUMENT

Read = Callable[..., dict[str, Any]]


def _answer(data: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


def reads(view: Callable[[HttpRequest, str], dict[str, Any]]) -> Callable[..., HttpResponse]:
    """A GET that answers with the returned dictionary, or 404 as JSON."""

    @wraps(view)
    def wrapped(request: HttpRequest, name: str) -> HttpResponse:
        try:
            return _answer(view(request, name))
        except NotFound as absent:
            return _answer({"error": "not_found", "what": absent.reason}, 404)

    return public(require_safe(wrapped))


@public
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    """The description of this interface, OpenAPI 3.1."""
    return _answer(DOCUMENT)


@reads
def turnout(_request: HttpRequest, name: str) -> dict[str, Any]:
    """How many people have voted."""
    return open_data.turnout(open_data.public_round(name), timezone.now())


@reads
def projects(_request: HttpRequest, name: str) -> dict[str, Any]:
    """Public proposals and projects."""
    return open_data.projects(open_data.public_round(name))


def downloads(kind: str, content_type: str) -> Callable[..., HttpResponse]:
    """A GET that answers with the results as a file; 404 as JSON before they are published."""

    def view(request: HttpRequest, name: str) -> HttpResponse:
        try:
            data = open_data.results_file(open_data.public_round(name), kind)
        except NotFound as absent:
            return _answer({"error": "not_found", "what": absent.reason}, 404)
        etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        is_known = etag.strip('"') in request.headers.get("If-None-Match", "")
        response = HttpResponseNotModified() if is_known else HttpResponse(data, content_type=content_type)
        if not is_known:
            response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
        response["ETag"], response["Cache-Control"] = etag, "no-cache"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    view.__name__ = f"results_{kind}"
    return public(require_safe(view))


#: The election with its ballots, for anybody who wants to count again (pabulib.org/format).
results_pb = downloads("pb", "text/plain; charset=utf-8")
#: Projects with votes, cost and verdict.
results_csv = downloads("csv", "text/csv; charset=utf-8")


@reads
def results(_request: HttpRequest, name: str) -> dict[str, Any]:
    """The published outcome; 404 before it is published."""
    return open_data.results(open_data.public_round(name))
