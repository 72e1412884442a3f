"""Find a ballot, check the box in the browser, take everything home (LEDGER 1.8, 1.13)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from qatysu.identity.access import public
from qatysu.rounds.queries import get_round
from qatysu.web import queries_verify
from qatysu.web.motion_words import REASONS
from qatysu.web.verify_words import words

_LONGEST = 400


@never_cache
@public
@require_GET
def verify(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Search by six words, fingerprint or place; the rest is facts and what the browser needs to check them itself."""
    round_ = get_round(city_slug, round_slug, request.user)
    context = queries_verify.page(round_, request.GET.get("q", "")[:_LONGEST], timezone.now())
    context["says"] = words(REASONS)
    return render(request, "web/verify.html", context, status=422 if context["refusal"] else 200)


@never_cache
@public
@require_GET
def verify_proof(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """The receipt of a published ballot as a file, by its fingerprint; the search again when there is none."""
    round_ = get_round(city_slug, round_slug, request.user)
    fingerprint = request.GET.get("q", "")[:_LONGEST]
    data = queries_verify.proof_of(round_, fingerprint)
    if data is None:
        return HttpResponseRedirect(reverse("verify", args=[city_slug, round_slug]))
    headers = {"Content-Disposition": f'attachment; filename="{round_}.tlog-proof"'}
    return HttpResponse(data, content_type="application/octet-stream", headers=headers)
