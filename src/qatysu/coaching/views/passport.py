"""The passport of a project, for everybody: a page, and a PDF to print."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from qatysu.coaching.models import Passport
from qatysu.coaching.passport_page import page_of
from qatysu.coaching.passport_print import pdf_of, poster_of
from qatysu.coaching.queries import passports
from qatysu.files.serving import response_for
from qatysu.identity.access import public
from qatysu.papers.plans import Plan, svg
from qatysu.rounds.queries import get_round


def _found(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> Passport:
    return passports.newest(get_round(city_slug, round_slug, request.user), code)


def _address(passport: Passport) -> str:
    round_ = passport.workspace.proposal.round
    kwargs = {"city_slug": round_.city.slug, "round_slug": round_.slug, "code": passport.workspace.proposal.code}
    return reverse("passport", kwargs=kwargs)


@public
@require_safe
def passport(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """The newest passport of a project as a page."""
    found = _found(request, city_slug, round_slug, code)
    page = page_of(found, get_language() or "kk")
    context = {
        "passport": found,
        "page": page,
        "round": found.workspace.proposal.round,
        "city": found.workspace.proposal.round.city,
        "has_plan": page.point is not None,
    }
    return render(request, "coaching/passport/page.html", context)


@public
@require_safe
def passport_pdf(request: HttpRequest, city_slug: str, round_slug: str, code: str, language: str) -> HttpResponse:
    """The newest passport as PDF in Kazakh or Russian."""
    return _pdf(_found(request, city_slug, round_slug, code), language, "passport", pdf_of)


@public
@require_safe
def passport_poster(request: HttpRequest, city_slug: str, round_slug: str, code: str, language: str) -> HttpResponse:
    """The pictures before and after as a poster for a wall."""
    return _pdf(_found(request, city_slug, round_slug, code), language, "poster", poster_of)


def _pdf(found: Passport, language: str, name: str, make: Callable[[Passport, str, str], bytes]) -> HttpResponse:
    if language not in ("kk", "ru"):
        raise Http404
    with override(language):
        url = f"{settings.ORIGIN}{_address(found)}"
    body = passports.printed(found, f"{name}:{language}", lambda: make(found, language, url))
    response = HttpResponse(body, content_type="application/pdf")
    round_ = found.workspace.proposal.round
    file = f"{name}-{round_}-{found.workspace.proposal.code}-{language}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, file) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=300"
    return response


@public
@require_safe
def passport_plan(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """The place of the project, drawn."""
    page = page_of(_found(request, city_slug, round_slug, code), "kk")
    body = svg(Plan(point=page.point, shape=page.shape))
    response = HttpResponse(body, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=300"
    return response


@public
@require_safe
def passport_picture(
    request: HttpRequest, city_slug: str, round_slug: str, code: str, public_id: uuid.UUID
) -> HttpResponse:
    """A picture of the passport; other files of the team are not here, whoever asks."""
    found = _found(request, city_slug, round_slug, code)
    stored = passports.picture(found, public_id)
    return response_for(stored, is_thumb="thumb" in request.GET, is_public=found.workspace.proposal.round.is_public)
