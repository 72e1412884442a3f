"""What the buttons of a module's form do, beside saving it: lines, files, clashes, ticks, handing in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qatysu.coaching import commands, queries
from qatysu.coaching.fields import clash_texts
from qatysu.coaching.models import Work
from qatysu.coaching.queries.files import typical_lines
from qatysu.coaching.refusal_words import say
from qatysu.core.errors import Invalid
from qatysu.workbook.reader import NEW_ROW, raw_from
from qatysu.workbook.schema import ROWS, Form, Kind, form_from
from qatysu.workbook.sheets import MOST_BYTES, estimate_from_xlsx

NewId = Callable[[], str]
Raw = dict[str, Any]
MOST_UPLOADS = 10


def pairs(post: QueryDict) -> list[tuple[str, str]]:
    """Names and values in the order of the page."""
    return [(name, str(value)) for name, values in post.lists() for value in values]


def changed_raw(work: Work, post: QueryDict, deed: str) -> Raw:
    """What the form holds, after the change of lines that the button asks for: remove, up, down, typical."""
    form = form_from(work.module.form)
    raw = raw_from(form, pairs(post))
    kind, _sep, rest = deed.partition(":")
    field, _sep, row = rest.partition(":")
    rows = raw.get(field)
    if kind == "remove" and isinstance(rows, list):
        raw[field] = [line for line in rows if line.get("id") != row]
    elif kind in ("up", "down") and isinstance(rows, list):
        at = next((i for i, line in enumerate(rows) if line.get("id") == row), None)
        to = None if at is None else at + (-1 if kind == "up" else 1)
        if at is not None and to is not None and 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
    elif kind == "typical" and form.field(field) is not None and work.workspace.project_type is not None:
        raw[field] = [*(rows or []), *_typical(work)]
    return raw


def _typical(work: Work) -> list[dict[str, str]]:
    """Lines of the typical estimate as somebody would type them."""
    assert work.workspace.project_type is not None  # noqa: S101  # reason: asked by the caller
    source = _("typical price, made up as an example")
    lines = typical_lines(work.workspace.project_type, get_language() or "kk")
    return [
        {
            "item": line["item"],
            "unit": line["unit"],
            "quantity": f"{line['quantity'] // 1000},{line['quantity'] % 1000:03d}",
            "price": str(line["price"]),
            "source": source,
            "file": "",
        }
        for line in lines
    ]


def named_rows(form: Form, post: QueryDict, new_id: NewId) -> tuple[Raw, dict[str, str]]:
    """The raw answers with an id drawn for every new row that says something, and which name became which id.

    The page renames its inputs, so that the next save changes the same row and does not add another.
    """
    names: dict[str, str] = {}
    sent: list[tuple[str, str]] = []
    for name, value in pairs(post):
        parts = name.split(".")
        if len(parts) == 4 and parts[2].startswith(NEW_ROW):
            key = f"{parts[1]}.{parts[2]}"
            names.setdefault(key, new_id())
            parts[2] = names[key]
            name = ".".join(parts)
        sent.append((name, value))
    raw = raw_from(form, sent)
    used = {
        f"{field}.{row['id']}"
        for field, rows in raw.items()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, Mapping) and any(value for key, value in row.items() if key != "id")
    }
    return raw, {key: id_ for key, id_ in names.items() if f"{key.split('.')[0]}.{id_}" in used}


def add_files(request: HttpRequest, work: Work, now: datetime, new_id: NewId) -> dict[str, str]:
    """Take the chosen files in and name them in their rows; returns refusals by the name of the input."""
    form, wrong = form_from(work.module.form), {}
    chosen = [(name, upload) for name, uploads in request.FILES.lists() for upload in uploads][:MOST_UPLOADS]
    for name, upload in chosen:
        parts = name.split(".")
        asked = form.field(parts[1]) if len(parts) in (2, 4) and parts[0] == "file" else None
        if asked is None or asked.kind not in ROWS:
            continue
        try:
            kept = commands.add_file(actor=request.user, work=work, field=asked.id, upload=upload, now=now)
        except Invalid as error:
            wrong[name] = f"{upload.name}: {say(error)}"
            continue
        _put(request, work, asked.id, parts, str(kept.file.public_id), now, new_id)
    return wrong


def _put(
    request: HttpRequest, work: Work, field: str, parts: list[str], public_id: str, now: datetime, new_id: NewId
) -> None:
    """Name a file in the row of its input, or in a new row."""
    fresh = queries.get_work(work.workspace, work.module.slug)
    rows = [_typed(fresh, field, row) for row in fresh.answers.get(field) or []]
    if len(parts) == 4 and any(row["id"] == parts[2] for row in rows):
        next(row for row in rows if row["id"] == parts[2])[parts[3]] = public_id
    else:
        column = parts[3] if len(parts) == 4 else "file"
        rows.append({"id": new_id(), column: public_id, "caption": ""})
    commands.save_work(actor=request.user, work=fresh, base=fresh.version, raw={field: rows}, now=now, new_id=new_id)


def _typed(work: Work, field: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A stored row as a form would send it."""
    asked = form_from(work.module.form).field(field)
    typed = dict(row)
    if asked is not None and asked.kind is Kind.ESTIMATE:
        quantity = row.get("quantity")
        typed["quantity"] = "" if quantity is None else f"{quantity // 1000},{quantity % 1000:03d}"
    return {key: "" if value is None else value for key, value in typed.items()}


def perform(request: HttpRequest, work: Work, deed: str, now: datetime, new_id: NewId) -> str:
    """Do what the button says once everything is saved; returns the field that gets an empty line."""
    kind, _sep, rest = deed.partition(":")
    if kind == "add":
        return rest
    if kind == "settle":
        _settle(request, work, rest, now, new_id)
    elif kind in ("tick", "untick"):
        commands.tick_point(actor=request.user, work=work, point=rest, is_done=kind == "tick", now=now)
    elif kind == "import":
        _bring(request, work, rest, now, new_id)
    elif kind == "submit":
        commands.submit_work(actor=request.user, work=work, now=now)
        messages.success(request, _("Handed in. Your coach will read it and answer here."))
    return ""


def _bring(request: HttpRequest, work: Work, field: str, now: datetime, new_id: NewId) -> None:
    """Add the lines of an XLSX file below those that are here. Raises BadSheet with every reason."""
    asked, upload = form_from(work.module.form).field(field), request.FILES.get("sheet")
    if asked is None or asked.kind is not Kind.ESTIMATE:
        return
    if upload is None:
        raise Invalid("file_empty", field="sheet")
    lines = estimate_from_xlsx(upload.read(MOST_BYTES + 1))
    rows = [_typed(work, field, row) for row in work.answers.get(field) or []]
    saved = commands.save_work(
        actor=request.user, work=work, base=work.version, raw={field: [*rows, *lines]}, now=now, new_id=new_id, kind="import"
    )
    count = len(lines)
    words = ngettext("%(n)s line was brought in.", "%(n)s lines were brought in.", count) % {"n": count}
    if saved.faults:
        words += " " + _("Some cells were not understood: they are marked below.")
    messages.success(request, words)


def _settle(request: HttpRequest, work: Work, rest: str, now: datetime, new_id: NewId) -> None:
    number, _sep, choice = rest.partition(":")
    clash = queries.get_clash(work.workspace, int(number) if number.isascii() and number.isdigit() else 0)
    kept, other = clash_texts(work, clash)
    raw = {"kept": kept, "other": other}.get(choice, request.POST.get(f"settle.{number}", ""))
    commands.settle_clash(actor=request.user, clash=clash, raw=raw, now=now, new_id=new_id)
    messages.success(request, _("Settled. Both texts stay in the history."))


def anchor_of(deed: str) -> str:
    """Where on the page somebody goes on after a button."""
    kind, _sep, rest = deed.partition(":")
    if kind in ("tick", "untick"):
        return "#checklist"
    return f"#f-{rest.partition(':')[0]}" if kind in ("remove", "up", "down", "typical", "import") else ""


def lost_texts(work: Work, post: Mapping[str, str]) -> list[tuple[str, str]]:
    """(label, text) of everything typed that could not be saved, so that nobody has to type it again."""
    form, language = form_from(work.module.form), get_language() or "kk"
    found = []
    for name, value in post.items():
        parts = name.split(".")
        asked = form.field(parts[1]) if len(parts) > 1 and parts[0] == "f" else None
        stored = work.answers.get(parts[1]) if len(parts) > 1 else None
        if asked is not None and value.strip() and (len(parts) > 2 or value != stored):
            found.append((asked.label.in_(language), value))
    return found
