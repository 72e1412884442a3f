"""Reading by machines (SPEC 13): what the pages show, as JSON. Sealed rounds tell turnout only until results are published."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
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


@reads
def results(_request: HttpRequest, name: str) -> dict[str, Any]:
    """The published outcome; 404 before it is published."""
    return open_data.results(open_data.public_round(name))
