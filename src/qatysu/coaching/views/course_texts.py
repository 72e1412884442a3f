"""Types of projects with their typical lines, and papers with gaps that the portal fills."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching.commands import editing, editing_texts
from qatysu.coaching.fields import decimal
from qatysu.coaching.models import PaperTemplate, ProjectType
from qatysu.coaching.views.course_common import (
    attempt,
    course_round,
    go,
    page,
    rows_of,
    run,
    sent_by,
    unwords,
    url,
    words,
)
from qatysu.core.errors import NotFound, QatysuError
from qatysu.papers.filling import fill
from qatysu.papers.markdown import to_html
from qatysu.rounds.access import staff
from qatysu.rounds.models import Round

_METHODS = ["GET", "HEAD", "POST"]
BLANK = 3
Row = dict[str, Any]


@staff
@never_cache
@require_http_methods(_METHODS)
def new_type(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """A form for one more type of project."""
    return _type(request, course_round(request, city_slug, round_slug), None)


@staff
@never_cache
@require_http_methods(_METHODS)
def project_type(request: HttpRequest, city_slug: str, round_slug: str, slug: str) -> HttpResponse:
    """A type of project; a POST saves, previews or removes it."""
    round_ = course_round(request, city_slug, round_slug)
    mine = ProjectType.objects.filter(round=round_, slug=slug).first()
    if mine is None:
        raise NotFound("project_type")
    mine.round = round_
    return _type(request, round_, mine)


def _type(request: HttpRequest, round_: Round, mine: ProjectType | None) -> HttpResponse:
    if request.method != "POST":
        return _type_page(request, round_, mine, _stored_type(mine), _stored_lines(mine))
    sent, back = sent_by(request), url("centre_course", round_)
    if mine is not None and "remove" in sent:
        done = _("The type is removed.")
        return run(request, lambda: editing_texts.remove_type(actor=request.user, kind=mine, now=timezone.now()), back, done)
    rows = [row for row in rows_of(sent, "lines") if words(row, "item") or row.get("price") or row.get("quantity")]
    if "preview" in sent:
        return _type_page(request, round_, mine, sent, list(rows))
    made: list[ProjectType] = []
    error = attempt(lambda: made.append(_save_type(request, round_, mine, sent, rows)))
    if error is None:
        return go(request, url("course_type", round_, slug=made[0].slug), _("Saved."))
    if (field := getattr(error, "field", ""))[:1].isdigit():
        error.field = "lines." + field.replace(".item.", ".item_").replace(".unit.", ".unit_")  # type: ignore[attr-defined]
    return _type_page(request, round_, mine, sent, list(rows), error)


def _save_type(
    request: HttpRequest, round_: Round, mine: ProjectType | None, sent: dict[str, str], rows: list[dict[str, str]]
) -> ProjectType:
    lines = [
        {
            "item": words(row, "item"),
            "unit": words(row, "unit"),
            "quantity": _scaled(row.get("quantity", ""), 1000),
            "price": _scaled(row.get("price", ""), 1),
        }
        for row in rows
    ]
    base = sent.get("base", "")
    return editing_texts.save_type(
        actor=request.user, round_=round_, kind=mine, texts=sent, lines=lines, now=timezone.now(), base=base
    )


def _scaled(text: str, by: int) -> int:
    """``2,5`` times ``by`` as a whole number; 0, which the command refuses, for what is no such number."""
    try:
        value = Decimal("".join(text.split()).replace(",", ".")) * by
        return int(value) if value.is_finite() and abs(value) < 10**15 and value == int(value) else 0
    except (InvalidOperation, ValueError, OverflowError):
        return 0


def _stored_type(mine: ProjectType | None) -> dict[str, Any]:
    if mine is None:
        return {}
    names = [f"{name}_{lang}" for name in ("name", "guide", "example") for lang in ("kk", "ru", "en")]
    return {name: getattr(mine, name) for name in names} | {"base": editing.stamp(editing_texts.type_stamp(mine))}


def _stored_lines(mine: ProjectType | None) -> list[Row]:
    return [
        {
            **unwords("item", line["item"]),
            **unwords("unit", line["unit"]),
            "quantity": decimal(line["quantity"], 3),
            "price": str(line["price"]),
        }
        for line in (mine.estimate if mine else [])
    ]


def _type_page(
    request: HttpRequest,
    round_: Round,
    mine: ProjectType | None,
    sent: dict[str, Any],
    rows: list[Row],
    error: QatysuError | None = None,
) -> HttpResponse:
    previews = [(lang, to_html(text)) for lang in ("kk", "ru") if (text := str(sent.get(f"guide_{lang}", "")).strip())]
    context = {"kind": mine, "sent": sent, "lines": [*rows, *({} for _n in range(BLANK))], "previews": previews}
    return page(request, "type.html", round_, error=error, **context)


@staff
@never_cache
@require_http_methods(_METHODS)
def new_paper(request: HttpRequest, city_slug: str, round_slug: str) -> HttpResponse:
    """A form for one more document."""
    return _paper(request, course_round(request, city_slug, round_slug), None)


@staff
@never_cache
@require_http_methods(_METHODS)
def paper(request: HttpRequest, city_slug: str, round_slug: str, slug: str) -> HttpResponse:
    """A document; a POST saves, previews or removes it."""
    round_ = course_round(request, city_slug, round_slug)
    mine = PaperTemplate.objects.filter(round=round_, slug=slug).first()
    if mine is None:
        raise NotFound("paper")
    mine.round = round_
    return _paper(request, round_, mine)


def _paper(request: HttpRequest, round_: Round, mine: PaperTemplate | None) -> HttpResponse:
    if request.method != "POST":
        return _paper_page(request, round_, mine, _stored_paper(mine), mine.project_types if mine else [])
    sent, chosen = sent_by(request), request.POST.getlist("types")
    if mine is not None and "remove" in sent:
        back, done = url("centre_course", round_), _("The document is removed.")
        return run(request, lambda: editing_texts.remove_paper(actor=request.user, paper=mine, now=timezone.now()), back, done)
    if "preview" in sent:
        return _paper_page(request, round_, mine, sent, chosen)
    made: list[PaperTemplate] = []
    error = attempt(
        lambda: made.append(
            editing_texts.save_paper(
                actor=request.user,
                round_=round_,
                paper=mine,
                texts=sent,
                project_types=chosen,
                is_required="is_required" in sent,
                now=timezone.now(),
                base=sent.get("base", ""),
            )
        )
    )
    if error is None:
        return go(request, url("course_paper", round_, slug=made[0].slug), _("Saved."))
    return _paper_page(request, round_, mine, sent, chosen, error)


def _stored_paper(mine: PaperTemplate | None) -> dict[str, Any]:
    if mine is None:
        return {}
    names = ("title_kk", "title_ru", "title_en", "body_kk", "body_ru", "is_required")
    return {name: getattr(mine, name) for name in names} | {"base": editing.stamp(editing_texts.paper_stamp(mine))}


def example(round_: Round, language: str) -> dict[str, str]:
    """Made-up values for every gap that the portal can fill, in ``language``."""
    city = str(getattr(round_.city, f"name_{language}"))
    with override(language):
        return {
            "project_title": _("A lit courtyard"),
            "project_code": "007",
            "city": city,
            "akimat": city,
            "programme": str(getattr(round_.city, f"programme_{language}")),
            "round": str(getattr(round_, f"title_{language}")),
            "address": _("Abai Street, 1"),
            "problem": _("It is dark in the courtyard in the evening."),
            "solution": _("Six lamps along the path."),
            "captain": _("A. Captain"),
            "team": _("A. Captain, B. Neighbour"),
            "cost": "2 400 000 ₸",
            "operator": _("the housing department"),
            "upkeep_year": "60 000 ₸",
            "date": "25.03.2027",
        }


def _paper_page(
    request: HttpRequest,
    round_: Round,
    mine: PaperTemplate | None,
    sent: dict[str, Any],
    chosen: list[str],
    error: QatysuError | None = None,
) -> HttpResponse:
    previews, unknown = [], []
    for lang in ("kk", "ru"):
        filled = fill(str(sent.get(f"body_{lang}", "")), example(round_, lang))
        previews.append((lang, to_html(filled.text)))
        unknown += [name for name in filled.missing if name not in unknown]
    context = {
        "paper": mine,
        "sent": sent,
        "types": [(kind, kind.slug in chosen) for kind in ProjectType.objects.filter(round=round_)],
        "previews": previews,
        "unknown": unknown,
        "gaps": list(example(round_, "ru")),
    }
    return page(request, "paper.html", round_, error=error, **context)
