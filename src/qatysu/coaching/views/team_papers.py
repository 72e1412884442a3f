"""Papers of a project: letters and forms filled with its data, as PDF and DOCX."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_safe

from qatysu.coaching import filled
from qatysu.coaching.models import PaperTemplate
from qatysu.coaching.views.team_common import context_of, room_at
from qatysu.core.errors import NotFound
from qatysu.identity.access import signed_in

MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@signed_in
@require_safe
def papers(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Which papers this project needs, and what they still lack."""
    room, now = room_at(request, city_slug, round_slug, code), timezone.now()
    context = context_of(request, room, now)
    context["papers"] = filled.papers_of(room, context["language"], now)
    return render(request, "coaching/team/papers.html", context)


@signed_in
@require_safe
def paper(
    request: HttpRequest, city_slug: str, round_slug: str, code: str, slug: str, language: str, kind: str
) -> HttpResponse:
    """One paper, filled in."""
    room = room_at(request, city_slug, round_slug, code)
    template = PaperTemplate.objects.filter(round=room.proposal.round, slug=slug).first()
    if template is None:
        raise NotFound("paper")
    if kind not in MEDIA or language not in ("kk", "ru"):
        raise Http404
    with override(language):
        body = filled.document_of(room, template, language, kind, timezone.now())
    response = HttpResponse(body, content_type=MEDIA[kind])
    name = f"{slug}-{code}-{language}.{kind}"
    response["Content-Disposition"] = content_disposition_header(kind == "docx", name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
