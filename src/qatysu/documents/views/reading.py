"""What everybody reads: the text in force, drafts open to comments, what changed, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from qatysu.documents import commands, queries
from qatysu.documents.content import document_of, file_of, is_behind
from qatysu.documents.differences import is_changed
from qatysu.documents.models import IN_FORCE, Document, Edition
from qatysu.documents.words import KINDS, say
from qatysu.identity.access import public, signed_in
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def reading_language() -> str:
    """Kazakh readers read Kazakh, all others Russian: documents have no third language."""
    return "kk" if (get_language() or "kk")[:2] == "kk" else "ru"


@public
@never_cache
@require_safe
def document(request: HttpRequest, city_slug: str, round_slug: str, slug: str, number: int | None = None) -> HttpResponse:
    """The edition in force, or the one asked for, with its comments, files and history."""
    round_ = get_round(city_slug, round_slug, request.user)
    found = queries.get_document(round_, slug)
    rows = list(queries.editions(found, is_public=True))
    edition = queries.shown_first(rows) if number is None else next((row for row in rows if row.number == number), None)
    if edition is None:
        raise NotFound("edition")
    return _page(request, round_, found, edition, rows)


def _page(request: HttpRequest, round_: Round, found: Document, edition: Edition, rows: list[Edition], **more: Any) -> HttpResponse:
    language, now = reading_language(), timezone.now()
    context: dict[str, Any] = {
        "round": round_, "city": round_.city, "document": found, "edition": edition, "editions": rows, "language": language,
        "paper": document_of(edition, round_, language), "kind": KINDS[found.kind], "has_before": queries.before(edition) is not None,
        "is_behind": edition.state == "adopted" and is_behind(edition, round_), "comments": queries.comments(edition),
        "is_discussed": queries.is_discussed(edition, round_, now), "may": queries.may(request.user, round_, now),
        "is_final": edition.state in IN_FORCE,
    }  # fmt: skip
    return render(request, "documents/document.html", context | more, status=more.get("status", 200))


@signed_in
@never_cache
@require_POST
def comment(request: HttpRequest, city_slug: str, round_slug: str, slug: str, number: int) -> HttpResponse:
    """Say something of a draft."""
    round_ = get_round(city_slug, round_slug, request.user)
    found = queries.get_document(round_, slug)
    edition = queries.get_edition(found, number, is_public=True)
    text = request.POST.get("text", "")
    try:
        made = commands.comment(
            actor=request.user, edition=edition, text=text, language=(get_language() or "kk")[:2], now=timezone.now()
        )
    except (Invalid, Conflict, TooMany, NotAllowed) as error:
        rows = list(queries.editions(found, is_public=True))
        return _page(request, round_, found, edition, rows, typed=text, refusal=say(error), status=error.status)
    messages.success(request, _("Thank you. The organisers will answer here."))
    where = {"city_slug": city_slug, "round_slug": round_slug, "slug": slug, "number": number}
    return HttpResponseRedirect(reverse("document_edition", kwargs=where) + f"#c{made.pk}")


@public
@never_cache
@require_safe
def changes(request: HttpRequest, city_slug: str, round_slug: str, slug: str, number: int) -> HttpResponse:
    """What an edition changes, word by word; drafts only for those who write them."""
    round_ = get_round(city_slug, round_slug, request.user)
    found = queries.get_document(round_, slug)
    is_writer = queries.may(request.user, round_, timezone.now())["edit_document"]
    edition = queries.get_edition(found, number, is_public=not is_writer)
    old = queries.before(edition)
    if old is None:
        raise NotFound("edition")
    language = request.GET.get("language", "")
    language = language if language in ("kk", "ru") else reading_language()
    lines = queries.changes(edition, round_, language)
    context = {
        "round": round_, "city": round_.city, "document": found, "edition": edition, "old": old, "lines": lines,
        "is_changed": is_changed(lines), "language": language, "is_public": edition.state in queries.PUBLIC,
    }  # fmt: skip
    return render(request, "documents/changes.html", context)


@public
@require_safe
def file(
    request: HttpRequest, city_slug: str, round_slug: str, slug: str, number: int, language: str, kind: str
) -> HttpResponse:
    """An edition as PDF or DOCX; drafts only for those who see the studio."""
    round_ = get_round(city_slug, round_slug, request.user)
    is_staff = queries.may(request.user, round_, timezone.now())["see_studio"]
    edition = queries.get_edition(queries.get_document(round_, slug), number, is_public=not is_staff)
    if language not in ("kk", "ru") or kind not in TYPES:
        raise NotFound("file")
    answer = HttpResponse(file_of(edition, round_, language, kind), content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{round_}-{slug}-{number}-{language}.{kind}"'
    return answer
