"""The form builder: which fields a team fills in, in which order, of which kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qatysu.coaching.commands import editing
from qatysu.coaching.course_words import KINDS
from qatysu.coaching.models import Module
from qatysu.coaching.views.course_common import (
    attempt,
    deed,
    fresh_id,
    go,
    module_at,
    page,
    rows_of,
    run,
    sent_by,
    unwords,
    url,
    whole,
    words,
)
from qatysu.core.errors import NotFound, QatysuError
from qatysu.rounds.access import staff
from qatysu.workbook.schema import CEILING, SIMPLE, WITH_OPTIONS, Field, Kind, form_from

_METHODS = ["GET", "HEAD", "POST"]
_TEXTS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
#: Empty lines at the end of a list.
BLANK = 3


def answered(module: Module) -> Counter[str]:
    """How many teams have answered each field."""
    rows = module.works.values_list("answers", flat=True)
    return Counter(field for answers in rows for field, value in answers.items() if value not in (None, "", [], {}))


@staff
@never_cache
@require_http_methods(_METHODS)
def form(request: HttpRequest, city_slug: str, round_slug: str, module: str) -> HttpResponse:
    """The fields in order; a POST moves or removes one. Removing asks first."""
    found = module_at(request, city_slug, round_slug, module)
    back = url("course_form", found.round, module=found.slug)
    asked = ""
    if request.method == "POST":
        what, id_ = deed(request, "up", "down", "remove", "remove!")
        if what != "remove":
            return _deed(request, found, what, id_, back)
        asked = id_
    counts, fields = answered(found), form_from(found.form).fields
    context: dict[str, Any] = {
        "module": found,
        "fields": [(field, KINDS[field.kind][0], counts[field.id]) for field in fields],
        "asked": next((field for field in fields if field.id == asked), None),
        "asked_teams": counts[asked],
        "kinds": [(kind.value, *names) for kind, names in KINDS.items()],
    }
    return page(request, "form.html", found.round, **context)


def _deed(request: HttpRequest, found: Module, what: str, id_: str, back: str) -> HttpResponse:
    now = timezone.now()
    if what == "remove!":
        done = _("The field is removed. What teams wrote in it stays in their histories.")
        return run(request, lambda: editing.remove_field(actor=request.user, module=found, field=id_, now=now), back, done)
    if not what:
        raise NotFound("field")
    by = -1 if what == "up" else 1
    return run(request, lambda: editing.move_field(actor=request.user, module=found, field=id_, by=by, now=now), f"{back}#f-{id_}")


@staff
@never_cache
@require_http_methods(_METHODS)
def new_field(request: HttpRequest, city_slug: str, round_slug: str, module: str) -> HttpResponse:
    """A field of the kind that was chosen."""
    found = module_at(request, city_slug, round_slug, module)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in set(Kind):
        raise NotFound("kind")
    return _edit(request, found, None, Kind(kind))


@staff
@never_cache
@require_http_methods(_METHODS)
def field(request: HttpRequest, city_slug: str, round_slug: str, module: str, field: str) -> HttpResponse:
    """One field; a POST saves it, or shows it as another kind."""
    found = module_at(request, city_slug, round_slug, module)
    mine = form_from(found.form).field(field)
    if mine is None:
        raise NotFound("field")
    kind = request.POST.get("kind", mine.kind)
    return _edit(request, found, mine, Kind(kind) if kind in set(Kind) else mine.kind)


def _edit(request: HttpRequest, module: Module, mine: Field | None, kind: Kind) -> HttpResponse:
    stored = next((item for item in module.form.get("fields", []) if mine is not None and item["id"] == mine.id), None)
    if request.method != "POST":
        return _page(request, module, mine, kind, _sent_of(stored) | {"base": editing.stamp(stored) if stored else ""})
    sent = sent_by(request)
    if "rekind" in sent:
        return _page(request, module, mine, kind, _shown(sent))
    error = attempt(lambda: _save(request, module, mine, kind, sent))
    if error is None:
        return go(request, url("course_form", module.round, module=module.slug), _("The field is saved."))
    return _page(request, module, mine, kind, _shown(sent), error)


def _save(request: HttpRequest, module: Module, mine: Field | None, kind: Kind, sent: dict[str, str]) -> None:
    stored = next((item for item in module.form.get("fields", []) if mine is not None and item["id"] == mine.id), None)
    made = field_from(sent, mine.id if mine else fresh_id("f"), kind, stored)
    editing.save_field(actor=request.user, module=module, field=made, now=timezone.now(), base=sent.get("base", ""))


def field_from(
    sent: Mapping[str, str], id_: str, kind: Kind, stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The field that the form describes; only what its kind has. Columns keep what this page does not show, from
    ``stored``. Raises Invalid ``not_a_whole_number``."""
    made: dict[str, Any] = {"id": id_, "kind": str(kind), "label": words(sent, "label"), "help": words(sent, "help")}
    made |= {"is_required": "is_required" in sent, "is_public": "is_public" in sent}
    if kind in _TEXTS:
        made["is_translated"] = "is_translated" in sent
    if kind in CEILING:
        made |= {name: value for name in ("least", "most") if (value := whole(sent, name)) is not None}
    if kind is Kind.NUMBER:
        made["decimals"] = whole(sent, "decimals") or 0
    if kind is Kind.ESTIMATE:
        made["reserve_percent"] = whole(sent, "reserve_percent") or 0
    if kind in WITH_OPTIONS:
        made["options"] = [_option(row) for row in _filled(sent, "options")]
    if kind is Kind.TABLE:
        before = {column["id"]: column for column in (stored or {}).get("columns", [])}
        made["columns"] = [_kept(before.get(row.get("id", ""), {}), row) | _column(row) for row in _filled(sent, "columns")]
    return made


def _kept(column: Mapping[str, Any], row: Mapping[str, str]) -> dict[str, Any]:
    """What a column has beside the inputs of this page; bounds are those of its kind and go with it."""
    names = ("help", "is_required", "least", "most") if column.get("kind") == row.get("kind") else ("help", "is_required")
    return {name: column[name] for name in names if name in column}


def _filled(sent: Mapping[str, str], prefix: str) -> list[dict[str, str]]:
    """Lines in which something is written."""
    return [row for row in rows_of(sent, prefix) if words(row, "label")]


def _option(row: Mapping[str, str]) -> dict[str, Any]:
    return {"id": row.get("id") or fresh_id("o"), "label": words(row, "label")}


def _column(row: Mapping[str, str]) -> dict[str, Any]:
    """A column; the answers of a choice are lines ``kk | ru | en``, an id stays as long as its Kazakh text does."""
    made: dict[str, Any] = {"id": row.get("id") or fresh_id("c"), "kind": row.get("kind", "text"), "label": words(row, "label")}
    if made["kind"] == Kind.CHOICE:
        known = dict(part.split("=", 1)[::-1] for part in row.get("known", "").split("\n") if "=" in part)
        made["options"] = []
        for line in filter(None, (line.strip() for line in row.get("choices", "").split("\n"))):
            texts = dict(zip(("kk", "ru", "en"), (part.strip() for part in line.split("|")), strict=False))
            made["options"].append({"id": known.get(texts["kk"]) or fresh_id("o"), "label": {k: v for k, v in texts.items() if v}})
    if made["kind"] == Kind.NUMBER:
        made["decimals"] = whole(row, "decimals") or 0
    return made


def _sent_of(stored: Mapping[str, Any] | None) -> dict[str, Any]:
    """The inputs of a stored field."""
    if stored is None:
        return {"is_public": True, "options": [], "columns": []}
    sent: dict[str, Any] = unwords("label", stored["label"]) | unwords("help", stored.get("help"))
    names = ("is_required", "is_public", "is_translated", "least", "most", "decimals", "reserve_percent")
    sent |= {name: stored.get(name, "") for name in names}
    sent["options"] = [{"id": option["id"], **unwords("label", option["label"])} for option in stored.get("options", [])]
    sent["columns"] = [_sent_column(column) for column in stored.get("columns", [])]
    return sent


def _sent_column(column: Mapping[str, Any]) -> dict[str, Any]:
    options = column.get("options", [])
    lines = [" | ".join(option["label"].get(lang, "") for lang in ("kk", "ru", "en")).rstrip(" |") for option in options]
    return {
        "id": column["id"],
        "kind": column["kind"],
        "decimals": column.get("decimals", ""),
        "choices": "\n".join(lines),
        "known": "\n".join(f"{option['id']}={option['label'].get('kk', '')}" for option in options),
        **unwords("label", column["label"]),
    }


def _shown(sent: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, with lists as lists; lines in which nothing is written fall away, so that numbers of mistakes fit."""
    return {**sent, "options": _filled(sent, "options"), "columns": _filled(sent, "columns")}


def _page(
    request: HttpRequest, module: Module, mine: Field | None, kind: Kind, sent: dict[str, Any], error: QatysuError | None = None
) -> HttpResponse:
    teams = answered(module)[mine.id] if mine else 0
    context = {
        "module": module,
        "field": mine,
        "sent": sent,
        "kind": kind.value,
        "kind_name": KINDS[kind][0],
        "kind_use": KINDS[kind][1],
        "kinds": [(value.value, names[0]) for value, names in KINDS.items()],
        "simple": [(value.value, KINDS[value][0]) for value in Kind if value in SIMPLE],
        "teams": teams,
        "has_bounds": kind in CEILING,
        "has_options": kind in WITH_OPTIONS,
        "is_text": kind in _TEXTS,
        "ceiling": CEILING.get(kind),
        "options": [*sent.get("options", []), *({} for _n in range(BLANK))],
        "columns": [*sent.get("columns", []), *({} for _n in range(BLANK))],
    }
    return page(request, "field.html", module.round, error=error, **context)
