"""What wraps every request: headers, and the one place where refusals become answers."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def security_headers(get_response: Next) -> Next:
    """Strict CSP without inline on every answer, whatever wrote it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = response.headers
        # A page may name one more place to speak to: NCALayer on the reader's own computer.
        more = getattr(response, "connect", "")
        policy = POLICY.replace("connect-src 'self'", f"connect-src 'self' {more}") if more else POLICY
        headers.setdefault("Content-Security-Policy", policy)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(self), microphone=()")
        if settings.SECURE_HSTS_SECONDS:
            headers.setdefault("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}")
        return response

    return middleware


def refusals(get_response: Next) -> Next:
    """Maps the tree of ``core.errors`` to pages with the reader's words and the right status."""
    from qatysu.web.views import errors  # reason: views import models; apps must be loaded first

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return errors.only_sent(request, response) if response.status_code == 405 else response

    middleware.process_exception = errors.answer  # type: ignore[attr-defined]  # reason: Django's hook by name
    return middleware
