"""The short way of a ballot that is confirmed: ``POST /<language>/<city>/<round>/ballot/confirm/`` in the serving process.

On the evening before the close everybody confirms at once, and two thirds of the work for a vote is then Django's way to the
view and back. Here the same checks run without that way: Django's own host check, session, CSRF check and form parser, and
our own command. The short way can only say yes. Whatever is not quite ordinary - another method, no pass of a code, a token
that does not fit, a refused ballot, a fault - goes to the whole chain with the request as it came, so that pages, words and
refusals exist once. A ballot is never cast twice for it: what the database answered is handed over with the request.

Nothing here opens a database connection: the booth is at hand or the whole chain reads it, and the writer stores the ballot.
Hence no signal of a request is sent. What is answered must be equal to the answer of the whole chain: tests/config/test_lean.py.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest, get_script_name
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse, set_script_prefix
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import http_date

from qatysu.ballots import casting, views, voters
from qatysu.ballots.booth import CAST_FAILED, Booth, kept_booth
from qatysu.web.middleware import security_headers

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
Headers = tuple[tuple[str, str], ...]

#: The chain for which this file stands in. With another one the short way is closed until somebody has compared them again.
CHAIN = (
    "qatysu.web.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qatysu.web.middleware.refusals",
)
#: A form of a ballot has some hundred bytes; longer ones take the whole chain.
LONGEST_FORM = 8_192
_FORM = "application/x-www-form-urlencoded"


class _Csrf(CsrfViewMiddleware):
    """Django's check; who is refused by it meets the same check again on the whole chain, which writes the page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002  # reason: Django's signature
        return HttpResponse(status=403)


def is_open() -> bool:
    """Whether the settings are those under which the short way answers as the whole chain does."""
    return (
        tuple(settings.MIDDLEWARE) == CHAIN
        and settings.SESSION_ENGINE == "django.contrib.sessions.backends.signed_cookies"
        and not (settings.CSRF_USE_SESSIONS or settings.SESSION_SAVE_EVERY_REQUEST or settings.PREPEND_WWW or settings.DEBUG)
        and not settings.DISALLOWED_USER_AGENTS
    )


class Lean:
    """A WSGI application before ``whole``, which answers all but ordinary ballots. Wants a running ``ballots.writer``."""

    def __init__(self, whole: Application) -> None:
        self._whole = whole
        self._session = SessionMiddleware(_nothing)
        self._csrf = _Csrf(_nothing)
        languages = "|".join(re.escape(code) for code, _ in settings.LANGUAGES)
        slug = "[-a-zA-Z0-9_]+"
        self._path = re.compile(rf"/({languages})/({slug})/({slug})/ballot/confirm/")

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a ballot that is stored; anything else by the whole chain."""
        found = self._path.fullmatch(environ.get("PATH_INFO", ""))
        if found is None or environ["REQUEST_METHOD"] != "POST" or not _is_plain(environ):
            return self._whole(environ, start)
        booth = kept_booth(found[2], found[3])
        ready = booth and self._checked(environ, booth)
        if not booth or not ready:
            return self._whole(environ, start)
        request, person = ready
        try:
            promise = casting.cast_from(request, booth, person)
        except Exception as refusal:  # noqa: BLE001  # reason: the view on the whole chain raises it again
            return self._whole(environ | {CAST_FAILED: refusal}, start)
        headers = self._headers(found, request)
        start("303 See Other", [*headers, (casting.PROMISE_HEADER, promise)] if promise else headers)
        return [b""]

    def _checked(self, environ: Environ, booth: Booth) -> tuple[WSGIRequest, voters.Voter] | None:
        """The request and its voter when every check says yes. The body in ``environ`` can be read anew afterwards."""
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ["wsgi.input"] = io.BytesIO(body)
        try:
            request = WSGIRequest(environ | {"wsgi.input": io.BytesIO(body)})
            request.get_host()
            self._session.process_request(request)
            self._csrf.process_request(request)
            if self._csrf.process_view(request, views.confirm, (), {}) is not None:
                return None
            if "CSRF_COOKIE_NEEDS_UPDATE" in request.META:
                return None
            # Accounts are read from the database: they take the whole chain.
            request.user = AnonymousUser()
            person = voters.voter_of(request, booth.round)
        except Exception:  # noqa: BLE001  # reason: whatever it is, the whole chain meets it too and says it
            return None
        return (request, person) if person else None

    def _headers(self, found: re.Match[str], request: WSGIRequest) -> list[tuple[str, str]]:
        headers = [*_answer(found[1], found[2], found[3]), ("Expires", http_date(time.time()))]
        if request.session.modified:
            response = self._session.process_response(request, HttpResponse())
            headers += [("Set-Cookie", cookie.output(header="")) for cookie in response.cookies.values()]
        return headers


def _nothing(_request: HttpRequest) -> HttpResponse:
    raise AssertionError("only the single steps of this middleware are used")


def _is_plain(environ: Environ) -> bool:
    """A short form at the root of the site, as browsers send it."""
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ.get("CONTENT_TYPE") == _FORM
        and 0 < len(length) <= 4
        and length.isascii()
        and length.isdigit()
        and int(length) <= LONGEST_FORM
        and not environ.get("QUERY_STRING")
        and not get_script_name(environ)
    )


@lru_cache(maxsize=256)
def _answer(language: str, city_slug: str, round_slug: str) -> Headers:
    """Headers of the answer, all but those that change: the redirect of the view as each step of the chain leaves it."""
    set_script_prefix("/")
    with translation.override(language):
        response: HttpResponse = HttpResponseRedirect(reverse("receipt", args=[city_slug, round_slug]), status=303)
    add_never_cache_headers(response)
    del response["Expires"]
    response["Content-Length"] = "0"
    response["Content-Language"] = language
    patch_vary_headers(response, ("Cookie",))
    return tuple(security_headers(lambda _request: response)(HttpRequest()).items())
