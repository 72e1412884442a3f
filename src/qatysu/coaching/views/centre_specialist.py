"""The page behind a specialist's link: one project to read, one question to answer, no account."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.coaching import commands, queries
from qatysu.coaching.models import SpecialistInvite, WorkFile
from qatysu.coaching.refusal_words import say
from qatysu.coaching.views.centre_advice import parts_of
from qatysu.coaching.words import VERDICTS
from qatysu.core.errors import Conflict, Invalid, NotFound, TooMany
from qatysu.files.serving import response_for
from qatysu.identity.access import public

View = Callable[..., HttpResponse]


def _silent(view: View) -> View:
    """The address holds a secret: nobody is told where a reader came from, no search engine keeps it, and whatever does
    not work looks the same.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        try:
            response = view(request, token, **more)
        except NotFound:
            response = render(request, "coaching/centre/no_link.html", status=404)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_silent
def opinion(request: HttpRequest, token: str) -> HttpResponse:
    """The project, the question, and a form for the answer."""
    invite = queries.get_invite(token, timezone.now())
    if request.method != "POST":
        return _page(request, invite, token)
    sent = {name: request.POST.get(name, "") for name in ("verdict", "text")}
    try:
        commands.answer_invite(token=token, language=(get_language() or "kk")[:2], now=timezone.now(), **sent)
    except (Invalid, Conflict, TooMany) as error:
        more = {"sent": sent, "refusal": say(error), "wrong": getattr(error, "field", "")}
        return _page(request, invite, token, status=error.status, **more)
    return HttpResponseRedirect(reverse("opinion", kwargs={"token": token}) + "?thanks=1")


def _page(
    request: HttpRequest, invite: SpecialistInvite, token: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    room, language = invite.workspace, (get_language() or "kk")[:2]
    given = list(invite.opinions.order_by("-at"))
    context = {
        "invite": invite,
        "room": room,
        "proposal": room.proposal,
        "round": room.proposal.round,
        "city": room.proposal.round.city,
        "language": language,
        "given": given,
        "is_thanked": bool(given) and "thanks" in request.GET,
        "verdicts": tuple(VERDICTS.items()),
        "parts": parts_of(room, language),
        "files": reverse("opinion", kwargs={"token": token}) + "files/",
    }
    return render(request, "coaching/centre/specialist.html", context | more, status=status)


@public
@never_cache
@require_safe
@_silent
def opinion_file(request: HttpRequest, token: str, public_id: uuid.UUID) -> HttpResponse:
    """A file of the project that the link shows, for whoever holds the link."""
    invite = queries.get_invite(token, timezone.now())
    rows = WorkFile.objects.select_related("file").filter(workspace=invite.workspace, file__public_id=public_id)
    found = rows.first()
    if found is None:
        raise NotFound("file")
    return response_for(found.file, is_thumb="thumb" in request.GET)
