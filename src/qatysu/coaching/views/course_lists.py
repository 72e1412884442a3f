"""Lists beside the form: checklist, quiz, ready remarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching.commands import editing
from qatysu.coaching.models import CannedRemark, Module
from qatysu.coaching.views.course_common import (
    attempt,
    course_round,
    fresh_id,
    go,
    module_at,
    page,
    rows_of,
    unwords,
    url,
    words,
)
from qatysu.core.errors import QatysuError
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round

_METHODS = ["GET", "HEAD", "POST"]
BLANK, ANSWERS = 3, 4
Row = dict[str, Any]


@staff
@never_cache
@require_http_methods(_METHODS)
def checklist(request: HttpRequest, city_slug: str, round_slug: str, module: str) -> HttpResponse:
    """Points that a team ticks before it hands in."""
    found = module_at(request, city_slug, round_slug, module)
    if request.method != "POST":
        rows: list[Row] = [{"id": point["id"], **unwords("label", point["label"])} for point in found.checklist]
        return _list(request, found, rows, editing.stamp(found.checklist))
    sent = [row for row in rows_of(request.POST, "checklist") if words(row, "label")]
    points = [{"id": row.get("id") or fresh_id("p"), "label": words(row, "label")} for row in sent]
    base = request.POST.get("base", "")
    error = attempt(
        lambda: editing.save_checklist(actor=request.user, module=found, points=points, now=timezone.now(), base=base)
    )
    if error is None:
        return go(request, url("course_checklist", found.round, module=found.slug), _("Saved."))
    return _list(request, found, list(sent), base, error)


def _list(request: HttpRequest, module: Module, rows: list[Row], base: str, error: QatysuError | None = None) -> HttpResponse:
    context = {"module": module, "rows": [*rows, *({} for _n in range(BLANK))], "base": base, "prefix": "checklist", "name": "label"}
    return page(request, "checklist.html", module.round, error=error, **context)


@staff
@never_cache
@require_http_methods(_METHODS)
def quiz(request: HttpRequest, city_slug: str, round_slug: str, module: str) -> HttpResponse:
    """Questions with one right answer each, and why it is right."""
    found = module_at(request, city_slug, round_slug, module)
    if request.method != "POST":
        return _quiz(request, found, [_question_row(one) for one in found.quiz], editing.stamp(found.quiz))
    sent = [_sent_question(row) for row in rows_of(request.POST, "quiz")]
    sent = [row for row in sent if words(row, "question") or row["options"]]
    base = request.POST.get("base", "")
    questions = [_question(row) for row in sent]
    error = attempt(lambda: editing.save_quiz(actor=request.user, module=found, quiz=questions, now=timezone.now(), base=base))
    if error is None:
        return go(request, url("course_quiz", found.round, module=found.slug), _("Saved."))
    return _quiz(request, found, sent, base, error)


def _question_row(stored: Mapping[str, Any]) -> Row:
    options = [
        {"id": option["id"], "is_right": option["id"] == stored["answer"], **unwords("label", option["label"])}
        for option in stored["options"]
    ]
    texts = unwords("question", stored["question"]) | unwords("why", stored.get("why"))
    return {"id": stored["id"], "options": options, **texts}


def _sent_question(row: dict[str, str]) -> Row:
    """A question as typed. Answers without words fall away; the mark of the right one follows its answer."""
    right = row.get("answer", "")
    options: list[Row] = []
    for place in range(ANSWERS * 3):
        one = {f"label_{lang}": row.get(f"options.{place}.label_{lang}", "") for lang in ("kk", "ru", "en")}
        if words(one, "label"):
            options.append({**one, "id": row.get(f"options.{place}.id") or fresh_id("a"), "is_right": right == str(place)})
    texts = {f"{name}_{lang}": row.get(f"{name}_{lang}", "") for name in ("question", "why") for lang in ("kk", "ru", "en")}
    return {**texts, "id": row.get("id") or fresh_id("q"), "options": options}


def _question(row: Row) -> dict[str, Any]:
    right = next((option["id"] for option in row["options"] if option["is_right"]), "")
    return {
        "id": row["id"],
        "question": words(row, "question"),
        "options": [{"id": option["id"], "label": words(option, "label")} for option in row["options"]],
        "answer": right,
        "why": words(row, "why"),
    }


def _quiz(request: HttpRequest, module: Module, rows: list[Row], base: str, error: QatysuError | None = None) -> HttpResponse:
    shown = [{**row, "options": _padded(row["options"])} for row in rows]
    context = {"module": module, "rows": [*shown, {"options": _padded([])}], "count": len(rows), "base": base}
    return page(request, "quiz.html", module.round, error=error, **context)


def _padded(options: list[Row]) -> list[Row]:
    return [*options, *({} for _n in range(max(1, ANSWERS - len(options))))]


@staff
@never_cache
@require_http_methods(_METHODS)
def remarks(request: HttpRequest, city_slug: str, round_slug: str, module: str) -> HttpResponse:
    """Remarks that coaches write often, for one module."""
    found = module_at(request, city_slug, round_slug, module)
    return _remarks(request, found.round, found)


@staff
@never_cache
@require_http_methods(_METHODS)
def all_remarks(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """Remarks that coaches write often, in any module."""
    return _remarks(request, course_round(request, city_slug, round_slug), None)


def _remarks(request: HttpRequest, round_: Round, module: Module | None) -> HttpResponse:
    back = url("course_remarks", round_, module=module.slug) if module else url("course_all_remarks", round_)
    error, base = None, request.POST.get("base", "")
    rows: list[Row]
    if request.method == "POST":
        rows = [dict(row) for row in rows_of(request.POST, "remarks") if words(row, "text")]
        error = attempt(
            lambda: editing.save_canned(
                actor=request.user, round_=round_, module=module, texts=rows, now=timezone.now(), base=base
            )
        )
        if error is None:
            return go(request, back, _("Saved."))
        if field := getattr(error, "field", ""):
            error.field = f"remarks.{field}"  # type: ignore[attr-defined]
    else:
        stored = CannedRemark.objects.filter(round=round_, module=module)
        rows = [{f"text_{lang}": getattr(one, f"text_{lang}") for lang in ("kk", "ru", "en")} for one in stored]
        base = editing.stamp([[row["text_kk"], row["text_ru"], row["text_en"]] for row in rows])
    context = {"module": module, "rows": [*rows, *({} for _n in range(BLANK))], "base": base, "prefix": "remarks", "name": "text"}
    return page(request, "remarks.html", round_, error=error, **context)
