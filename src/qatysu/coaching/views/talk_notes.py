"""The talk of a team with its coach."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qatysu.coaching import queries
from qatysu.coaching.commands import talking as commands
from qatysu.coaching.models import Note, Workspace
from qatysu.coaching.queries import talking
from qatysu.coaching.talk_words import say
from qatysu.coaching.views.talk_common import ANSWERED, back_of, context_of, number, room_url, slug_from, talk_room
from qatysu.core.errors import QatysuError
from qatysu.identity.access import signed_in


@signed_in
@never_cache
@require_safe
def talk(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Everything said, the newest thread first; ``?module=`` shows one module, ``?page=`` older threads."""
    room = talk_room(request, city_slug, round_slug, code)
    module = request.GET.get("module", "")[:40]
    works = queries.works_of(room)
    found = next((work.module for work in works if work.module.slug == module), None)
    page = talking.talk_of(room, request.user, found.slug if found else "", number(request.GET.get("page")))
    more = {"talk": page, "works": works, "module": found, "people": page.people}
    return render(request, "coaching/talk/talk.html", context_of(room, "talk") | more)


@signed_in
@require_POST
def note(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """Store a note or an answer; a refused one is shown again with its text.

    Forms beside the fields of a module share one ``<form>``: their button ``send`` holds ``field`` or ``field:parent`` and
    names the text that was meant.
    """
    room = talk_room(request, city_slug, round_slug, code)
    sent = request.POST.get("send", "")
    field, _, answered = sent.partition(":")
    text = request.POST.get(f"text:{sent}" if "send" in request.POST else "text", "")
    parent_pk = number(answered or request.POST.get("parent"))
    parent = talking.get_note(room, parent_pk) if parent_pk else None
    module = slug_from(request.POST.get("module"))
    try:
        made = commands.write_note(
            actor=request.user,
            workspace=room,
            text=text,
            language=(get_language() or "kk")[:2],
            now=timezone.now(),
            work=queries.get_work(room, module) if module and parent is None else None,
            field=field or request.POST.get("field", ""),
            parent=parent,
            mentioned=[number(pk) for pk in request.POST.getlist("mention")[:20]],
        )
    except ANSWERED as error:
        return _refused(request, room, error, text, parent, field)
    return HttpResponseRedirect(back_of(request, room_url("workspace_talk", room, f"#note-{made.pk}")))


def _refused(
    request: HttpRequest, room: Workspace, error: QatysuError, text: str, parent: Note | None, field: str
) -> HttpResponse:
    more: dict[str, Any] = {
        "refusal": say(error),
        "text": text,
        "parent": parent,
        "field": field or request.POST.get("field", ""),
        "module_slug": request.POST.get("module", ""),
        "back": back_of(request, room_url("workspace_talk", room)),
    }
    return render(request, "coaching/talk/note_refused.html", context_of(room, "talk") | more, status=error.status)


@signed_in
@require_POST
def seen(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """The reader has seen what was said to them."""
    room = talk_room(request, city_slug, round_slug, code)
    commands.see_notes(actor=request.user, workspace=room, now=timezone.now())
    if request.headers.get("X-Quiet"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(back_of(request, room_url("workspace_talk", room)))
