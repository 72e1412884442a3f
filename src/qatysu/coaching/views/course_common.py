"""What the pages of the course editor share: the gate, reading rows out of a form, answering mistakes at their inputs."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from qatysu.coaching.course_words import input_of, place_of, say
from qatysu.coaching.models import Module
from qatysu.core.errors import Conflict, Invalid, NotAllowed, NotFound, QatysuError, TooMany
from qatysu.core.regulation import Action
from qatysu.rounds.authorize import decide
from qatysu.rounds.models import Round
from qatysu.rounds.queries import get_round

ANSWERED = (Invalid, Conflict, NotAllowed, TooMany)
LANGUAGES = ("kk", "ru", "en")
#: Lines that a list may send; more are not read.
MOST_ROWS = 150


def course_round(request: HttpRequest, city_slug: str, round_slug: str) -> Round:
    """The round, for those who edit its course. Raises NotFound for everybody else."""
    round_ = get_round(city_slug, round_slug, request.user)
    if not decide(request.user, Action.EDIT_COURSE, round_, now=timezone.now()).allowed:
        raise NotFound("round")
    return round_


def module_at(request: HttpRequest, city_slug: str, round_slug: str, slug: str) -> Module:
    """A module of a course that the reader edits. Raises NotFound."""
    round_ = course_round(request, city_slug, round_slug)
    found = Module.objects.filter(round=round_, slug=slug).first()
    if found is None:
        raise NotFound("module")
    found.round = round_
    return found


def url(name: str, round_: Round, **more: Any) -> str:
    """Address of a page of the editor."""
    return reverse(name, kwargs={"city_slug": round_.city.slug, "round_slug": round_.slug, **more})


def page(
    request: HttpRequest, template: str, round_: Round, *, error: QatysuError | None = None, **context: Any
) -> HttpResponse:
    """A page of the editor; ``error`` is said above the form and at the input that it belongs to."""
    wrong = input_of(getattr(error, "field", "") or str(getattr(error, "params", {}).get("field", ""))) if error else ""
    shared = {
        "round": round_,
        "city": round_.city,
        "language": (get_language() or "kk")[:2],
        "languages": LANGUAGES,
        "refusal": say(error) if error else "",
        "wrong": wrong,
        "wrong_place": place_of(wrong),
    }
    return render(request, f"coaching/course/{template}", shared | context, status=error.status if error else 200)


def attempt(act: Callable[[], Any]) -> QatysuError | None:
    """Run one command; returns the refusal when there was one."""
    try:
        act()
    except ANSWERED as error:
        return error
    return None


def go(request: HttpRequest, to: str, done: str = "") -> HttpResponse:
    """On to the page ``to``, where ``done`` is said."""
    if done:
        messages.success(request, done)
    return HttpResponseRedirect(to)


def run(request: HttpRequest, act: Callable[[], Any], back: str, done: str = "") -> HttpResponse:
    """Run one command and go back; a refusal is said there."""
    error = attempt(act)
    if error is not None:
        messages.error(request, say(error))
    return go(request, back, "" if error else done)


def sent_by(request: HttpRequest) -> dict[str, str]:
    """What the form sent, in letters that every database keeps, with lines as they are stored."""
    return {name: text.replace("\0", "").replace("\r\n", "\n") for name, text in request.POST.dict().items()}


def rows_of(sent: Mapping[str, str], prefix: str) -> list[dict[str, str]]:
    """Lines of a list: ``prefix.0.label_kk`` is ``label_kk`` of the first. Sorted by their ``order`` where it is a number."""
    found: dict[int, dict[str, str]] = {}
    for name, value in sent.items():
        if not name.startswith(f"{prefix}."):
            continue
        place, _, rest = name[len(prefix) + 1 :].partition(".")
        if place.isascii() and place.isdigit() and len(place) < 4 and int(place) < MOST_ROWS and rest:
            found.setdefault(int(place), {})[rest] = value.replace("\0", "").replace("\r\n", "\n").strip()
    return [found[place] for place in sorted(found, key=lambda place: (_order(found[place], place), place))]


def _order(row: Mapping[str, str], place: int) -> int:
    text = row.get("order", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else place + 1


def words(row: Mapping[str, str], name: str) -> dict[str, str]:
    """``name_kk``, ``name_ru``, ``name_en`` of a line as {kk, ru, en}, without empty ones."""
    return {language: text for language in LANGUAGES if (text := row.get(f"{name}_{language}", ""))}


def unwords(name: str, texts: Mapping[str, str] | None) -> dict[str, str]:
    """{kk, ru, en} as the values of the inputs ``name_kk``, ``name_ru``, ``name_en``."""
    return {f"{name}_{language}": str((texts or {}).get(language, "")) for language in LANGUAGES}


def whole(sent: Mapping[str, str], name: str) -> int | None:
    """A whole number as typed; None when nothing was. Raises Invalid ``not_a_whole_number``."""
    text = "".join(sent.get(name, "").split())
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        raise Invalid("not_a_whole_number", field=name)
    return int(text)


def day(sent: Mapping[str, str], name: str) -> date | None:
    """A day as a date input sends it; None when empty. Raises Invalid ``not_a_date``."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Invalid("not_a_date", field=name) from None
    if not 2000 <= found.year <= 2100:
        raise Invalid("not_a_date", field=name)
    return found


def fresh_id(letter: str) -> str:
    """An id that nothing in the course has had before."""
    return f"{letter}_{secrets.token_hex(4)}"


def deed(request: HttpRequest, *known: str) -> tuple[str, str]:
    """Which button was pressed, and for what: ``("up", "<id>")``; ``("", "")`` for another."""
    return next(((name, request.POST[name]) for name in known if name in request.POST), ("", ""))
