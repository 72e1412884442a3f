"""Refusals and faults as pages: what happened, what is safe, what to do (DESIGN 10)."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_path

from qatysu.core import errors as core
from qatysu.web.refusals import closed_stage, words_for

_log = logging.getLogger("qatysu.fault")


def answer(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for a refusal of the core tree; None lets Django treat anything else."""
    if isinstance(exception, DataError | ValueError) and _holds_nul(request):
        # PostgreSQL stores no NUL: whatever form or address brought one, it is a bad request and not our fault.
        return refusal(request, 400, "bad_request")
    if not isinstance(exception, core.QatysuError):
        return None
    return refusal(request, exception.status, exception.code, exception)


def _holds_nul(request: HttpRequest) -> bool:
    """True when a value of the address or of the form holds the sign NUL."""
    sent = (*request.GET.lists(), *request.POST.lists())
    return any("\0" in text for name, values in sent for text in (name, *values))


def refusal(request: HttpRequest, status: int, code: str, error: core.QatysuError | None = None) -> HttpResponse:
    """Render the page for ``code`` with ``status``."""
    closed = closed_stage(error, timezone.now())
    round_ = error.params.get("round") if error is not None and closed is not None else None
    wait_s = error.retry_after_s if isinstance(error, core.TooMany) else 0
    context: dict[str, Any] = {"wait_s": wait_s, "wait_minutes": -(-wait_s // 60) if wait_s > 90 else 0}
    context |= {"words": words_for(code, error), "status": status, "error": error, "closed": closed, "round": round_}
    response = render(request, "web/refusal.html", context, status=status)
    if isinstance(error, core.TooMany):
        response["Retry-After"] = str(error.retry_after_s)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # reason: Django's signature
    """The form was too old or came from elsewhere; nothing was stored."""
    return refusal(request, 403, "csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # reason: Django's signature
    """No such page."""
    return refusal(request, 404, "not_found")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # reason: Django's signature
    """A request that cannot be read: wrong encoding, too many fields, too large."""
    return refusal(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  # reason: Django's signature
    """Not allowed."""
    return refusal(request, 403, "not_allowed")


def only_sent(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Somebody opened the address a form is sent to (a reload, another language): on to the page above it."""
    if request.method not in {"GET", "HEAD"} or not get_language_from_path(request.path):
        return response
    above = request.path.rstrip("/").rpartition("/")[0] + "/"
    return HttpResponseRedirect(above) if is_valid_path(above) else refusal(request, 405, "not_found")


def fault(request: HttpRequest) -> HttpResponse:
    """Our own fault; drawn without the database, which may be the cause. The number finds the traceback in the log."""
    number = secrets.token_hex(3).upper()
    _log.error("fault %s at %s %s", number, request.method, request.path)
    context = {"number": number, "language": get_language() or "kk", "path": request.get_full_path()}
    return HttpResponse(render_to_string("web/fault.html", context), status=500)
