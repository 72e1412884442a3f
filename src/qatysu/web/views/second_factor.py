"""Second factor of staff: enrol once, then one code per session."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_otp import login as otp_login

from qatysu.core.errors import Conflict, Invalid, QatysuError, TooMany
from qatysu.identity import second_factor as factor
from qatysu.identity.access import account_of, note_second_factor, signed_in
from qatysu.web.next_page import next_page, with_next
from qatysu.web.sign_in_words import words_for


@signed_in
@never_cache
@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Verify when an authenticator is enrolled, else enrol one."""
    try:
        if factor.factor_of(account_of(request)) is not None:
            return _verify(request)
        return _enrol(request)
    except (Invalid, TooMany) as error:
        return _page(request, error)
    except Conflict:
        return redirect(with_next("second_factor", next_page(request)))


def _verify(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    device = factor.check_token(actor=account_of(request), token=request.POST.get("token", ""), now=timezone.now())
    otp_login(request, device)
    note_second_factor(request, timezone.now())
    return redirect(next_page(request) or "cabinet")


def _enrol(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    if "start" in request.POST:
        factor.start_enrolment(actor=account_of(request), now=timezone.now())
        return redirect(with_next("second_factor", next_page(request)))
    token = request.POST.get("token", "")
    device, codes = factor.confirm_enrolment(actor=account_of(request), token=token, now=timezone.now())
    otp_login(request, device)
    note_second_factor(request, timezone.now())
    return render(request, "web/recovery_codes.html", {"codes": codes, "next": next_page(request)})


def _page(request: HttpRequest, error: QatysuError | None = None) -> HttpResponse:
    is_enrolled = factor.factor_of(account_of(request)) is not None
    context = {
        "next": next_page(request),
        "is_enrolled": is_enrolled,
        "enrolment": None if is_enrolled else factor.enrolment_of(account_of(request)),
        "demo_token": factor.demo_token(account_of(request)),
        "words": words_for(error) if error else None,
    }
    return render(request, "web/second_factor.html", context, status=error.status if error else 200)
