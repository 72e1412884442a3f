"""Sign-in in two steps: an address, then the code that was sent to it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qatysu.core.errors import Invalid, NotAllowed, QatysuError, TooMany
from qatysu.identity import codes
from qatysu.identity.access import public
from qatysu.identity.address import client_ip
from qatysu.identity.contact import Contact, parse_contact, unpack
from qatysu.rounds.queries import works_in_studio
from qatysu.rounds.staffing import demo_people
from qatysu.web.next_page import next_page, with_next
from qatysu.web.sign_in_words import words_for

#: Key of the session that holds the nonce and the sealed contact of the code asked for.
ASKED = "asked"
BACKEND = "qatysu.identity.backend.AccountBackend"
Refusal = (Invalid, NotAllowed, TooMany)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a phone number or an e-mail address; the same answer whether an account exists or not."""
    if request.method != "POST":
        return _address_page(request)
    try:
        _send_code(request, parse_contact(request.POST.get("identifier", "")))
    except Refusal as error:
        return _address_page(request, error)
    return redirect(with_next("sign_in_code", next_page(request)))


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Take the code; the session changes at this moment."""
    asked = _asked(request)
    if asked is None:
        return redirect(with_next("sign_in", next_page(request)))
    if request.method != "POST":
        return _code_page(request, asked)
    try:
        account = codes.sign_in(code=request.POST.get("code", ""), **asked, **_circumstances(request))
    except Refusal as error:
        return _code_page(request, asked, error)
    login(request, account, backend=BACKEND)
    request.session.pop(ASKED, None)
    works = works_in_studio(account, today=timezone.now().date())
    return redirect(next_page(request) or ("studio" if works else "cabinet"))


@public
@require_POST
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Send another code to the same address."""
    asked = _asked(request)
    if asked is None:
        return redirect(with_next("sign_in", next_page(request)))
    try:
        _send_code(request, asked["contact"])
    except Refusal as error:
        return _code_page(request, asked, error)
    return redirect(with_next("sign_in_code", next_page(request)))


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget this browser; the cabinet can end the sessions of all others."""
    logout(request)
    return redirect("home")


def _circumstances(request: HttpRequest) -> dict[str, Any]:
    return {"ip": client_ip(request), "language": get_language() or "kk", "now": timezone.now()}


def _send_code(request: HttpRequest, contact: Contact) -> None:
    asked = _asked(request)
    nonce = asked["nonce"] if asked and asked["contact"] == contact else codes.new_nonce()
    codes.request_code(contact=contact, nonce=nonce, **_circumstances(request))
    request.session[ASKED] = [nonce, contact.packed()]


def _asked(request: HttpRequest) -> dict[str, Any] | None:
    stored = request.session.get(ASKED)
    return {"nonce": stored[0], "contact": unpack(stored[1])} if stored else None


def _address_page(request: HttpRequest, error: QatysuError | None = None) -> HttpResponse:
    context = {
        "next": next_page(request),
        "identifier": request.POST.get("identifier", "")[:254],
        "words": words_for(error) if error else None,
        "people": demo_people(today=timezone.now().date()) if settings.DEMO else (),
    }
    return _answer(request, "web/sign_in.html", context, error)


def _code_page(request: HttpRequest, asked: dict[str, Any], error: QatysuError | None = None) -> HttpResponse:
    context = {
        "next": next_page(request),
        "contact": asked["contact"],
        "state": codes.code_state(**asked, now=timezone.now()),
        "words": words_for(error) if error else None,
    }
    return _answer(request, "web/sign_in_code.html", context, error)


def _answer(request: HttpRequest, template: str, context: dict[str, Any], error: QatysuError | None) -> HttpResponse:
    response = render(request, template, context, status=error.status if error else 200)
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after_s)
    return response
