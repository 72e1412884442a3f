"""The inbox, and questions that came by telephone or in person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qatysu.core.errors import Invalid, QatysuError
from qatysu.desk import commands, queries, words
from qatysu.desk.models import Channel, Thread
from qatysu.desk.queries import rows as reads
from qatysu.desk.standing import cities_of
from qatysu.desk.views.common import ANSWERED, city_of, number, posted, refused
from qatysu.identity.access import account_of
from qatysu.places.models import City
from qatysu.rounds.access import staff

_FIELDS = ("channel", "subject", "text", "answer", "language", "contact", "contact_name", "proposal")


@staff
@never_cache
@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """The desks that the person keeps; the only one is opened at once."""
    found = cities_of(request.user, timezone.now())
    if len(found) == 1:
        return redirect("desk", city_slug=found[0].slug)
    return render(request, "desk/desks.html", {"cities": found}, status=200 if found else 403)


@staff
@never_cache
@require_safe
def inbox(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Questions, the latest due first; ``show`` filters, ``q`` searches."""
    city = city_of(request, city_slug)
    which = request.GET.get("show", "due")
    which = which if which in reads.FILTERS else "due"
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:100]
    found = queries.inbox(
        city=city, viewer=account_of(request), which=which, words=asked, page=number(request.GET.get("page")) or 1, now=timezone.now()
    )
    context = {
        "city": city,
        "box": found,
        "which": which,
        "q": asked,
        "filters": [(key, label, found.counts[key]) for key, label in words.FILTERS.items()],
        "troubles": reads.mail_troubles(),
        "tab": "inbox",
    }
    return render(request, "desk/inbox.html", context)


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, city_slug: str) -> HttpResponse:
    """A question that somebody asked by telephone or at the desk, with the answer if it was given at once."""
    city = city_of(request, city_slug)
    if request.method != "POST":
        return _new_page(request, city, {"channel": "phone", "language": (get_language() or "kk")[:2]})
    sent = posted(request, *_FIELDS)
    try:
        made = _enter(request, city, sent)
    except ANSWERED as error:
        return _new_page(request, city, sent, error)
    messages.success(request, _("The question is written down."))
    return redirect("desk_thread", city_slug=city.slug, pk=made.pk)


def _enter(request: HttpRequest, city: City, sent: dict[str, str]) -> Thread:
    if sent["channel"] not in (Channel.PHONE, Channel.WALK_IN):
        raise Invalid("desk_act", field="channel")
    now = timezone.now()
    proposal = next((row for row in reads.projects_of(city) if row.pk == number(sent["proposal"])), None)
    made = commands.open_thread(
        actor=account_of(request), city=city, channel=sent["channel"], subject=sent["subject"], text=sent["text"],
        language=sent["language"], contact=sent["contact"], contact_name=sent["contact_name"], proposal=proposal, now=now,
    )  # fmt: skip
    if sent["answer"].strip():
        commands.reply(
            actor=account_of(request), thread=made, text=sent["answer"], channel=sent["channel"], is_done=True, now=now
        )
    return made


def _new_page(request: HttpRequest, city: City, sent: dict[str, Any], error: QatysuError | None = None) -> HttpResponse:
    context = {"city": city, "sent": sent, "projects": reads.projects_of(city), "tab": "new"} | refused(error)
    return render(request, "desk/new.html", context, status=error.status if error else 200)
