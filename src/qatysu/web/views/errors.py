"""Refusals and faults as pages: what happened, what is safe, what to do (DESIGN 10)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from qatysu.core import errors as core


def answer(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for a refusal of the core tree; None lets Django treat anything else."""
    if not isinstance(exception, core.QatysuError):
        return None
    return refusal(request, exception.status, exception.code, exception)


def refusal(request: HttpRequest, status: int, code: str, error: core.QatysuError | None = None) -> HttpResponse:
    """Render the page for ``code`` with ``status``."""
    context = {"code": code, "status": status, "error": error}
    response = render(request, "web/refusal.html", context, status=status)
    if isinstance(error, core.TooMany):
        response["Retry-After"] = str(error.retry_after_s)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere; nothing was stored."""
    return refusal(request, 403, "csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such page."""
    return refusal(request, 404, "not_found")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read: wrong encoding, too many fields, too large."""
    return refusal(request, 400, "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not allowed."""
    return refusal(request, 403, "not_allowed")


def fault(request: HttpRequest) -> HttpResponse:
    """Our own fault; written without the database, which may be the cause."""
    from django.template.loader import render_to_string  # reason: only when something broke

    return HttpResponse(render_to_string("web/fault.html", {"title": _("The portal could not answer")}), status=500)
