"""Events as the Centre holds them: make, correct, call off, mark who was there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qatysu.coaching.commands import events as commands
from qatysu.coaching.models import Event
from qatysu.coaching.queries import events as queries
from qatysu.coaching.talk_words import say
from qatysu.coaching.views.talk_common import ANSWERED, do, number, round_url, slug_from
from qatysu.core.errors import Invalid, QatysuError
from qatysu.identity.access import account_of
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round, zone_of

_TEXTS = ("title_kk", "title_ru", "title_en", "place", "call_url", "recording_url", "note")


def _round(request: HttpRequest, city_slug: str, round_slug: str) -> Round:
    return queries.need_holder(get_round(city_slug, round_slug, request.user), request.user, timezone.now())


def _context(round_: Round, **more: Any) -> dict[str, Any]:
    return {"round": round_, "city": round_.city, **more}


@staff
@never_cache
@require_safe
def events(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Every event of the round."""
    round_ = _round(request, city_slug, round_slug)
    held = queries.held_in(round_, timezone.now())
    coming = tuple(reversed([one for one in held if not one.is_past]))
    past = tuple(one for one in held if one.is_past)
    return render(request, "coaching/talk/centre_events.html", _context(round_, coming=coming, past=past))


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_event(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """A form; a POST makes the event."""
    round_ = _round(request, city_slug, round_slug)
    if request.method != "POST":
        return _form(request, round_)
    try:
        commands.create_event(
            actor=account_of(request), round_=round_, facts=_facts(request.POST, round_), now=timezone.now()
        )
    except ANSWERED as error:
        return _form(request, round_, error=error)
    messages.success(request, _("The event is stored. The teams are reminded a day before it."))
    return redirect(round_url("centre_events", round_))


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, city_slug: str, round_slug: str, pk: int) -> HttpResponse:
    """The form of an event; a POST corrects it."""
    round_ = _round(request, city_slug, round_slug)
    found = queries.get_event(round_, pk)
    if request.method != "POST":
        return _form(request, round_, found)
    try:
        commands.change_event(actor=account_of(request), event=found, facts=_facts(request.POST, round_), now=timezone.now())
    except ANSWERED as error:
        return _form(request, round_, found, error)
    messages.success(request, _("Stored."))
    return redirect(round_url("centre_events", round_))


@staff
@require_POST
def cancel(request: HttpRequest, city_slug: str, round_slug: str, pk: int) -> HttpResponse:
    """Call an event off."""
    round_ = _round(request, city_slug, round_slug)
    found = queries.get_event(round_, pk)
    return do(
        request,
        lambda: commands.cancel_event(actor=account_of(request), event=found, now=timezone.now()),
        round_url("centre_events", round_),
        _("The event is cancelled, and the teams are told."),
    )


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, city_slug: str, round_slug: str, pk: int) -> HttpResponse:
    """The list of everybody in the teams, a page at a time; a POST stores the boxes of that page."""
    round_ = _round(request, city_slug, round_slug)
    found = queries.get_event(round_, pk)
    page = number(request.GET.get("page"))
    if request.method == "POST":
        shown = [number(part) for part in request.POST.get("shown", "").split(",")[:1000]]
        present = [number(part) for part in request.POST.getlist("present")]
        back = round_url("centre_event_attendance", round_, pk=pk) + (f"?page={page}" if page else "")
        return do(
            request,
            lambda: commands.mark_attendance(
                actor=account_of(request), event=found, shown=shown, present=present, now=timezone.now()
            ),
            back,
            _("The list is stored."),
        )
    is_begun = found.starts_at - commands.EARLY <= timezone.now()
    context = _context(round_, event=found, roll=queries.roll_of(found, page), is_begun=is_begun)
    return render(request, "coaching/talk/attendance.html", context)


def _facts(sent: Mapping[str, str], round_: Round) -> commands.EventFacts:
    """What the form says. Day and hours are of the round's city. Raises Invalid ``when_needed`` and ``module``."""
    slug = slug_from(sent.get("module"))
    module = round_.modules.filter(slug=slug).first() if slug else None
    if slug and module is None:
        raise Invalid("module", field="module")
    texts = {name: sent.get(name, "") for name in _TEXTS}
    return commands.EventFacts(
        starts_at=_moment(sent, "starts", round_), ends_at=_moment(sent, "ends", round_), module=module, **texts
    )


def _moment(sent: Mapping[str, str], name: str, round_: Round) -> datetime:
    try:
        day = date.fromisoformat(sent.get("day", ""))
    except ValueError:
        raise Invalid("when_needed", field="day") from None
    try:
        hour = time.fromisoformat(sent.get(name, ""))
        return datetime.combine(day, hour.replace(tzinfo=None, second=0, microsecond=0), zone_of(round_))
    except (ValueError, OverflowError):
        raise Invalid("when_needed", field=name) from None


def _form(request: HttpRequest, round_: Round, found: Event | None = None, error: QatysuError | None = None) -> HttpResponse:
    context = _context(
        round_,
        event=found,
        modules=round_.modules.all(),
        sent=_sent(request.POST) if error else _known(found, round_),
        refusal=say(error) if error else "",
        wrong=getattr(error, "field", ""),
    )
    return render(request, "coaching/talk/event_form.html", context, status=error.status if error else 200)


def _sent(post: Mapping[str, str]) -> dict[str, str]:
    return {name: post.get(name, "") for name in (*_TEXTS, "day", "starts", "ends", "module")}


def _known(found: Event | None, round_: Round) -> dict[str, str]:
    if found is None:
        return {}
    starts, ends = found.starts_at.astimezone(zone_of(round_)), found.ends_at.astimezone(zone_of(round_))
    times = {"day": f"{starts:%Y-%m-%d}", "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}"}
    texts = {name: str(getattr(found, name)) for name in _TEXTS}
    return texts | times | {"module": found.module.slug if found.module else ""}
