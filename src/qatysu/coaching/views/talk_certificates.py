"""Certificates: the Centre issues them, people print them, everybody may check one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.coaching import certificate_print
from qatysu.coaching.commands import learning as commands
from qatysu.coaching.models import Certificate
from qatysu.coaching.queries import learning
from qatysu.coaching.talk_words import say
from qatysu.coaching.views.talk_common import ANSWERED, number, round_url
from qatysu.identity.access import account_of, public, signed_in
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Everybody with what they did; a POST issues for those chosen, or for all who have earned one."""
    found = get_round(city_slug, round_slug, request.user)
    round_ = learning.need_issuer(found, request.user, timezone.now())
    if request.method == "POST":
        return _issue(request, round_)
    people = learning.participants(round_)
    pages = max(1, -(-len(people) // learning.PAGE))
    page = min(max(number(request.GET.get("page")), 1), pages)
    context = {
        "round": round_,
        "city": round_.city,
        "people": people[(page - 1) * learning.PAGE : page * learning.PAGE],
        "ready": sum(one.may_get for one in people),
        "issued": sum(one.certificate is not None for one in people),
        "page": page,
        "pages": pages,
    }
    return render(request, "coaching/talk/certificates.html", context)


def _issue(request: HttpRequest, round_: Round) -> HttpResponse:
    is_all = request.POST.get("act") == "all"
    chosen = None if is_all else [number(pk) for pk in request.POST.getlist("person")]
    try:
        made = commands.issue_certificates(actor=account_of(request), round_=round_, accounts=chosen, now=timezone.now())
    except ANSWERED as error:
        messages.error(request, say(error))
    else:
        count = len(made)
        words = ngettext("%(n)s certificate is issued.", "%(n)s certificates are issued.", count) % {"n": count}
        messages.success(request, words if made else _("Nobody new has earned a certificate yet."))
    return redirect(round_url("centre_certificates", round_))


@public
@require_safe
def check(request: HttpRequest, city_slug: str, round_slug: str, number: int) -> HttpResponse:
    """Is this certificate real? Number, round, initials, date and what was done; no names, no contacts."""
    round_ = get_round(city_slug, round_slug, request.user)
    row = learning.certificate_at(round_, number)
    context = {
        "round": round_,
        "city": round_.city,
        "certificate": row,
        "number": certificate_print.number_of(row),
        "facts": certificate_print.facts_in_words(row),
    }
    return render(request, "coaching/talk/certificate.html", context)


@signed_in
@never_cache
@require_safe
def certificate_pdf(request: HttpRequest, pk: int, language: str) -> HttpResponse:
    """The own certificate as PDF in Kazakh or Russian."""
    if language not in ("kk", "ru"):
        raise Http404
    row = learning.certificate_for(request.user, pk, timezone.now())
    body = certificate_print.pdf_of(row, language, _address(row, language))
    response = HttpResponse(body, content_type="application/pdf")
    name = f"certificate-{certificate_print.number_of(row)}-{language}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _address(row: Certificate, language: str) -> str:
    where = {"city_slug": row.round.city.slug, "round_slug": row.round.slug, "number": row.number}
    with override(language):
        return f"{settings.ORIGIN}{reverse('certificate_check', kwargs=where)}"
