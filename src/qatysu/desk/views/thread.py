"""One question: read, answered, noted, given to somebody, closed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.core.errors import Invalid, QatysuError
from qatysu.desk import commands, queries
from qatysu.desk.models import Channel, Thread
from qatysu.desk.notices import language_of
from qatysu.desk.queries import rows as reads
from qatysu.desk.views.common import ANSWERED, city_of, number, refused
from qatysu.files.serving import response_for
from qatysu.identity.access import account_of
from qatysu.rounds.access import staff
from qatysu.ui.templatetags.ui import in_language


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, city_slug: str, pk: int) -> HttpResponse:
    """The messages with what can be done; a POST does one thing named by ``act``."""
    city = city_of(request, city_slug)
    found = reads.get_thread(city, pk)
    if request.method != "POST":
        return _page(request, found)
    act, text = request.POST.get("act", ""), request.POST.get("text", "")
    if act == "insert":
        return _page(request, found, text=_with_canned(request, found, text))
    try:
        done = _do(request, found, act, text)
    except ANSWERED as error:
        return _page(request, found, text=text, error=error)
    if isinstance(done, HttpResponse):
        return done
    if done:
        messages.success(request, done)
    return redirect("desk_thread", city_slug=city.slug, pk=found.pk)


def _do(request: HttpRequest, found: Thread, act: str, text: str) -> HttpResponse | str:
    """Run one command. Returns what to say, or where to go."""
    actor, now = account_of(request), timezone.now()
    same: dict[str, Any] = {"actor": actor, "thread": found, "now": now}
    if act in ("reply", "reply_close"):
        by_phone = bool(request.POST.get("by_phone"))
        channel = Channel.PHONE if by_phone else Channel.WEB
        commands.reply(**same, text=text, channel=channel, is_done=act == "reply_close", uploads=request.FILES.getlist("files"))
        return _("The answer is stored.") if by_phone else _("The answer is on its way.")
    if act == "note":
        commands.note(**same, text=text)
        return _("The note is stored. Only the desk sees it.")
    if act == "take":
        commands.assign(**same, owner=actor)
        return ""
    if act == "assign":
        owner = next((one for one in queries.thread_page(found, now).keepers if one.pk == number(request.POST.get("owner"))), None)
        commands.assign(**same, owner=owner)
        return ""
    if act in ("close", "reopen"):
        (commands.close if act == "close" else commands.reopen)(**same)
        return ""
    if act == "link":
        wanted = number(request.POST.get("proposal"))
        commands.link_proposal(**same, proposal=next((row for row in reads.projects_of(found.city) if row.pk == wanted), None))
        return ""
    if act == "faq":
        post = found.posts.filter(pk=number(request.POST.get("post"))).first()
        if post is None:
            raise Invalid("answers_only")
        made = commands.publish_faq(actor=actor, post=post, now=now)
        return redirect("desk_faq_one", city_slug=found.city.slug, pk=made.pk)
    raise Invalid("desk_act")


def _with_canned(request: HttpRequest, found: Thread, text: str) -> str:
    """What was typed, and below it the chosen answer in the language of the person."""
    chosen = reads.get_canned(found.city, number(request.POST.get("canned")))
    ready = in_language(chosen, "text", language_of(found))
    return f"{text.rstrip()}\n\n{ready}" if text.strip() else ready


def _page(request: HttpRequest, found: Thread, *, text: str = "", error: QatysuError | None = None) -> HttpResponse:
    context = {
        "city": found.city,
        "thread": found,
        "page": queries.thread_page(found, timezone.now()),
        "projects": reads.projects_of(found.city) if found.channel != Channel.WORKSPACE else (),
        "text": text,
        "tab": "inbox",
    }
    return render(request, "desk/thread.html", context | refused(error), status=error.status if error else 200)


@staff
@require_safe
def file(request: HttpRequest, city_slug: str, pk: int, public_id: uuid.UUID) -> HttpResponse:
    """A file of a message."""
    found = reads.get_thread(city_of(request, city_slug), pk)
    return response_for(reads.file_of(found, public_id, with_notes=True).file)
