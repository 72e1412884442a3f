"""What the desk keeps: hours, ready answers, frequent questions, figures, help in person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qatysu.core.errors import Invalid, QatysuError
from qatysu.desk import commands, queries, words
from qatysu.desk.charts import chart_of
from qatysu.desk.clock import clock_of
from qatysu.desk.commands.keeping import minutes_of
from qatysu.desk.models import CannedAnswer, Faq
from qatysu.desk.queries import rows as reads
from qatysu.desk.views.common import ANSWERED, city_of, day_from, number, posted, refused
from qatysu.identity.access import account_of
from qatysu.places.models import City
from qatysu.rounds.access import staff
from qatysu.rounds.queries import studio_rounds

_CANNED = ("slug", "title_kk", "title_ru", "title_en", "text_kk", "text_ru", "text_en")
_FAQ = (
    "category", "position", "question_kk", "question_ru", "question_en", "answer_kk", "answer_ru", "answer_en", "is_published",
)  # fmt: skip


def _answer(
    request: HttpRequest, act: Callable[[], Any], page: Callable[[QatysuError], HttpResponse], back: str, city: City, done: str
) -> HttpResponse:
    """Run one command; a refusal is said beside the form."""
    try:
        act()
    except ANSWERED as error:
        return page(error)
    messages.success(request, done)
    return redirect(back, city_slug=city.slug)


# ── hours ──
@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, city_slug: str) -> HttpResponse:
    """The week with a break, the promise, and days that differ."""
    city = city_of(request, city_slug)
    if request.method != "POST":
        return _hours_page(request, city)

    def act() -> None:
        week = [_pairs(request, f"day_{index}", f"day_{index}") for index in range(7)]
        promise = number(request.POST.get("promise")) * 60
        commands.edit_hours(actor=request.user, city=city, week=week, promise_minutes=promise, now=timezone.now())

    return _answer(request, act, lambda error: _hours_page(request, city, error), "desk_hours", city, _("The hours are stored."))


@staff
@require_POST
def special_day(request: HttpRequest, city_slug: str) -> HttpResponse:
    """A holiday, a moved day, or a day that is usual again."""
    city = city_of(request, city_slug)

    def act() -> None:
        day = day_from(request.POST.get("day", ""))
        if request.POST.get("act") == "remove":
            commands.remove_special_day(actor=request.user, city=city, day=day, now=timezone.now())
            return
        reasons = {code: request.POST.get(f"reason_{code}", "") for code in ("kk", "ru", "en")}
        pairs = _pairs(request, "spans", "spans")
        commands.set_special_day(actor=request.user, city=city, day=day, pairs=pairs, reasons=reasons, now=timezone.now())

    return _answer(request, act, lambda error: _hours_page(request, city, error), "desk_hours", city, _("The day is stored."))


def _pairs(request: HttpRequest, prefix: str, field: str) -> list[tuple[int, int]]:
    """Up to two stretches of a day as typed; an empty one is left out. Raises Invalid ``hours``."""
    found = []
    for part in ("a", "b"):
        ends = [request.POST.get(f"{prefix}_{part}_{end}", "").strip() for end in ("from", "to")]
        if not any(ends):
            continue
        opens, closes = minutes_of(ends[0]), minutes_of(ends[1])
        if opens is None or closes is None:
            raise Invalid("hours", field=field)
        found.append((opens, closes))
    return found


def _hours_page(request: HttpRequest, city: City, error: QatysuError | None = None) -> HttpResponse:
    clock, now = clock_of(city), timezone.now()
    days = []
    for index, spans in enumerate(clock.hours.week):
        cells = []
        for place, part in enumerate(("a", "b")):
            span = spans[place] if place < len(spans) else None
            stored = {"from": span.opens if span else None, "to": span.closes if span else None}
            for end in ("from", "to"):
                name, minute = f"day_{index}_{part}_{end}", stored[end]
                typed = "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"
                cells.append((name, part, end, request.POST.get(name, typed)))
        days.append((index, cells))
    today = now.astimezone(clock.zone).date()
    context = {
        "city": city,
        "days": days,
        "promise": request.POST.get("promise") or clock.promise_minutes // 60,
        "special": reads.special_days(city, today - timedelta(days=31)),
        "sent": posted(request, "day", "reason_kk", "reason_ru", "reason_en", "spans_a_from", "spans_a_to"),
        "tab": "hours",
    }
    return render(request, "desk/hours.html", context | refused(error), status=error.status if error else 200)


# ── ready answers ──
@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def canned(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Ready answers; a POST adds one."""
    city = city_of(request, city_slug)
    if request.method != "POST":
        return _canned_page(request, city, None)
    sent = posted(request, *_CANNED)
    return _answer(
        request,
        lambda: commands.save_canned(actor=request.user, city=city, fields=sent, now=timezone.now()),
        lambda error: _canned_page(request, city, None, sent, error),
        "desk_canned", city, _("The answer is stored."),
    )  # fmt: skip


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def canned_one(request: HttpRequest, city_slug: str, pk: int) -> HttpResponse:
    """One ready answer, changed or thrown away."""
    city = city_of(request, city_slug)
    found = reads.get_canned(city, pk)
    if request.method != "POST":
        return _canned_page(request, city, found)
    sent, now = posted(request, *_CANNED), timezone.now()

    def act() -> None:
        if request.POST.get("act") == "delete":
            commands.delete_canned(actor=request.user, city=city, canned=found, now=now)
        else:
            commands.save_canned(actor=request.user, city=city, fields=sent, canned=found, now=now)

    page = lambda error: _canned_page(request, city, found, sent, error)  # noqa: E731  # reason: one use
    return _answer(request, act, page, "desk_canned", city, _("Stored."))


def _canned_page(
    request: HttpRequest, city: City, found: CannedAnswer | None, sent: dict[str, str] | None = None, error: QatysuError | None = None
) -> HttpResponse:
    values = sent or {name: getattr(found, name, "") for name in _CANNED}
    context = {"city": city, "rows": CannedAnswer.objects.filter(city=city), "found": found, "sent": values, "tab": "canned"}
    return render(request, "desk/canned.html", context | refused(error), status=error.status if error else 200)


# ── frequent questions ──
@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def faq(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Frequent questions, drafts first; a POST adds one."""
    city = city_of(request, city_slug)
    if request.method != "POST":
        return _faq_page(request, city, None)
    sent = posted(request, *_FAQ)
    return _answer(
        request,
        lambda: commands.save_faq(actor=request.user, city=city, fields=sent, now=timezone.now()),
        lambda error: _faq_page(request, city, None, sent, error),
        "desk_faq", city, _("Stored."),
    )  # fmt: skip


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def faq_one(request: HttpRequest, city_slug: str, pk: int) -> HttpResponse:
    """One frequent question."""
    city = city_of(request, city_slug)
    found = reads.get_faq(city, pk)
    if request.method != "POST":
        return _faq_page(request, city, found)
    sent = posted(request, *_FAQ)
    return _answer(
        request,
        lambda: commands.save_faq(actor=request.user, city=city, fields=sent, faq=found, now=timezone.now()),
        lambda error: _faq_page(request, city, found, sent, error),
        "desk_faq", city, _("Stored."),
    )  # fmt: skip


def _faq_page(
    request: HttpRequest, city: City, found: Faq | None, sent: dict[str, str] | None = None, error: QatysuError | None = None
) -> HttpResponse:
    values = sent or {name: getattr(found, name, "") for name in _FAQ}
    context = {
        "city": city,
        "rows": Faq.objects.filter(city=city).order_by("is_published", "category", "position", "pk"),
        "found": found,
        "sent": values,
        "categories": words.CATEGORIES.items(),
        "tab": "faq",
    }
    return render(request, "desk/faq.html", context | refused(error), status=error.status if error else 200)


# ── figures, help in person ──
@staff
@never_cache
@require_safe
def statistics(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Answer times of twelve weeks as a chart and as tables."""
    city, now = city_of(request, city_slug), timezone.now()
    found = queries.statistics(city, now)
    context = {
        "city": city,
        "figures": found,
        "chart": chart_of(found.weeks),
        "promise": clock_of(city).promise_minutes,
        "left_out": sorted(reads.left_out(now - timedelta(days=84)).items()),
        "tab": "statistics",
    }
    return render(request, "desk/statistics.html", context)


@staff
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def assisted(request: HttpRequest, city_slug: str) -> HttpResponse:
    """Help given in person: the ways there are, and a record of each."""
    city = city_of(request, city_slug)
    if request.method != "POST":
        return _assisted_page(request, city)
    sent = posted(request, "kind", "person", "consent", "note")
    return _answer(
        request,
        lambda: commands.record_assist(
            actor=request.user, city=city, kind=sent["kind"], person=sent["person"], consent=sent["consent"], note=sent["note"],
            now=timezone.now(),
        ),
        lambda error: _assisted_page(request, city, sent, error),
        "desk_assisted", city, _("Written down."),
    )  # fmt: skip


def _assisted_page(
    request: HttpRequest, city: City, sent: dict[str, str] | None = None, error: QatysuError | None = None
) -> HttpResponse:
    now = timezone.now()
    rounds = [row for row in studio_rounds(account_of(request), now.date()) if row.city_id == city.pk]
    context = {
        "city": city,
        "rounds": rounds,
        "rows": reads.assists(city),
        "kinds": words.ASSISTS.items(),
        "sent": sent or {},
        "tab": "assisted",
    }
    return render(request, "desk/assisted.html", context | refused(error), status=error.status if error else 200)
