"""History of a module: what changed, an old version back, work taken back; the estimate as a file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qatysu.coaching import commands, queries
from qatysu.coaching.fields import COLUMN_LABELS, shown
from qatysu.coaching.standing import estimate_field
from qatysu.coaching.views.team_common import context_of, do, room_url, work_at
from qatysu.identity.access import signed_in
from qatysu.workbook.answers import columns_of
from qatysu.workbook.changes import Difference, RowChange
from qatysu.workbook.schema import Field, Kind
from qatysu.workbook.sheets import estimate_to_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else otherwise


@signed_in
@require_safe
def versions(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> HttpResponse:
    """The list of versions, and what changed between two of them."""
    work = work_at(request, city_slug, round_slug, code, module)
    rows = queries.versions(work)
    new = min(_number(request.GET.get("new"), work.version), work.version)
    run = next((row for row in rows if row.first <= new <= row.number), None)
    old = min(_number(request.GET.get("old"), run.first - 1 if run else 0), new)
    language = get_language() or "kk"
    context = context_of(request, work.workspace, timezone.now(), work=work, rows=rows, old=old, new=new)
    context["changes"] = [described(one, language) for one in queries.differences(work, old, new)]
    context["may_restore"] = context["viewer"].may_edit and work.state in ("open", "returned") and new < work.version
    return render(request, "coaching/team/versions.html", context)


def described(one: Difference, language: str) -> dict[str, Any]:
    """A difference in words that a page shows: segments of a text, lines of a table, or old and new."""
    return {
        "label": one.field.label.in_(language),
        "segments": one.segments,
        "rows": [_row(one.field, change, language) for change in one.rows],
        "old": _plain(one.field, one.old, language),
        "new": _plain(one.field, one.new, language),
    }


def _row(asked: Field, change: RowChange, language: str) -> dict[str, Any]:
    cells = []
    for column in columns_of(asked):
        if column.id in change.cells:
            label = column.label.in_(language) if asked.kind is Kind.TABLE else str(COLUMN_LABELS[column.id])
            old, new = change.cells[column.id]
            cells.append({"label": label, "old": _plain(column, old, language), "new": _plain(column, new, language)})
    if any(name in change.cells for name in ("file", "before", "after")):
        cells.append({"label": _("File"), "old": "", "new": _("another file")})
    return {"op": change.op, "cells": cells}


def _plain(asked: Field, value: Any, language: str) -> str:
    """A value of a simple kind as text."""
    if value is None or (isinstance(value, list) and value and isinstance(value[0], dict)):
        return ""
    if asked.kind in (Kind.CHOICE, Kind.CHOICES):
        chosen = [value] if isinstance(value, str) else value
        return ", ".join(option.label.in_(language) for option in asked.options if option.id in chosen)
    if isinstance(value, dict):
        parts = [value.get("address", ""), f"{value.get('lat', '')} {value.get('lon', '')}"]
        return ", ".join(part.strip() for part in parts if part.strip())
    return str(shown(asked, value))


@signed_in
@require_POST
def restore(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str, number: int) -> HttpResponse:
    """Make an old version the newest one."""
    work = work_at(request, city_slug, round_slug, code, module)
    return do(
        request,
        lambda: commands.restore_version(actor=request.user, work=work, number=number, now=timezone.now()),
        room_url("workspace_module", work.workspace, module=work.module.slug),
        _("Version %(number)s is back. What stood before stays in the history.") % {"number": number},
    )


@signed_in
@require_POST
def take_back(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> HttpResponse:
    """Take a work back that nobody has decided on."""
    work = work_at(request, city_slug, round_slug, code, module)
    return do(
        request,
        lambda: commands.take_back(actor=request.user, work=work, now=timezone.now()),
        room_url("workspace_module", work.workspace, module=work.module.slug),
        _("The work is with you again."),
    )


@signed_in
@require_safe
def estimate_xlsx(request: HttpRequest, city_slug: str, round_slug: str, code: str, module: str) -> HttpResponse:
    """The estimate as an XLSX file."""
    work = work_at(request, city_slug, round_slug, code, module)
    field = estimate_field(queries.form_of(work.module))
    if field is None:
        raise Http404
    headers = {name: str(COLUMN_LABELS[name]) for name in ("item", "unit", "quantity", "price", "source")}
    headers["amount"], headers["total"] = _("Sum"), _("Sum of the lines")
    body = estimate_to_xlsx(work.answers.get(field.id) or [], headers, work.workspace.proposal.title)
    response = HttpResponse(body, content_type=XLSX)
    name = f"estimate-{city_slug}-{round_slug}-{code}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
