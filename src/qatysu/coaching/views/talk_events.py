"""Events as a team sees them: the next one, recordings, calendar files."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qatysu.coaching.calendar_files import calendar_of
from qatysu.coaching.commands import events as commands
from qatysu.coaching.models import Event, Workspace
from qatysu.coaching.queries import events as queries
from qatysu.coaching.views.talk_common import context_of, do, room_of, room_url
from qatysu.identity.access import account_of, public, signed_in


@signed_in
@never_cache
@require_safe
def events(request: HttpRequest, city_slug: str, round_slug: str, code: str) -> HttpResponse:
    """What comes and what was, with recordings and notes for those who could not come."""
    room = room_of(request, city_slug, round_slug, code)
    token = queries.feed_token(room, account_of(request))
    more = {"agenda": queries.agenda_of(room, request.user, timezone.now()), "token": token, "origin_bare": _bare_origin()}
    return render(request, "coaching/talk/events.html", context_of(room, "events") | more)


def _bare_origin() -> str:
    return settings.ORIGIN.split("://", 1)[-1]


@signed_in
@require_safe
def event_file(request: HttpRequest, city_slug: str, round_slug: str, code: str, pk: int) -> HttpResponse:
    """One event as a calendar file."""
    room = room_of(request, city_slug, round_slug, code)
    return _file([queries.get_event(room.proposal.round, pk)], room, f"event-{pk}.ics")


@signed_in
@require_POST
def attend(request: HttpRequest, city_slug: str, round_slug: str, code: str, pk: int) -> HttpResponse:
    """"I was there", said by the person."""
    room = room_of(request, city_slug, round_slug, code)
    event = queries.get_event(room.proposal.round, pk)
    return do(
        request,
        lambda: commands.attend(actor=request.user, workspace=room, event=event, now=timezone.now()),
        room_url("workspace_events", room),
        _("Marked: you were there."),
    )


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  # reason: Django's signature
    """Every event for a calendar that asks again and again. It cannot sign in: the address itself is the key."""
    room, account = queries.room_of_feed(token, timezone.now())
    with translation.override(account.language):
        name = _("Project No. %(number)s: meetings") % {"number": room.proposal.code}
        return _file(queries.events_for_calendar(room.proposal.round), room, "events.ics", name)


def _file(rows: Iterable[Event], room: Workspace, file_name: str, name: str = "") -> HttpResponse:
    language = (get_language() or "kk")[:2]
    page = f"{settings.ORIGIN}{room_url('workspace_events', room)}"
    body = calendar_of(rows, page, language=language, name=name, now=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(not name, file_name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
