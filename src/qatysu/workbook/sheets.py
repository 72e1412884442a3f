"""An estimate as a workbook file (XLSX), out and in. What comes in may be anything: only plain values of one table are taken."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from qatysu.core.archives import open_checked
from qatysu.core.errors import Invalid
from qatysu.workbook import estimate
from qatysu.workbook.errors import BadSheet, Fault

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED, MOST_ENTRIES, MOST_RATIO = 30 * 1024 * 1024, 200, 200
MOST_SCANNED, MOST_LINES, MOST_COLUMNS, MOST_FAULTS = 2_000, 300, 30, 20
COLUMNS = ("item", "unit", "quantity", "price", "source")
#: Beginnings of cells that a spreadsheet would run (OWASP: CSV injection).
_ACTIVE = ("=", "+", "-", "@", "\t", "\r")
#: Words that head a column, in small letters; the first that fits decides.
HEADS: Mapping[str, tuple[str, ...]] = {
    "item": ("жұмыс", "материал", "атауы", "наименование", "работа", "item", "work", "description"),
    "unit": ("өлшем", "бірлі", "ед.", "единиц", "unit"),
    "quantity": ("саны", "көлемі", "мөлшері", "кол-во", "количество", "объем", "объём", "quantity", "qty"),
    "price": ("баға", "цена", "стоимость ед", "price"),
    "source": ("көзі", "қайдан", "источник", "откуда", "source"),
}
_TOTALS = frozenset({"барлығы", "жиыны", "сомасы", "итого", "всего", "сумма", "total", "sum"})
_WORD = re.compile(r"\w+")
#: A price column is often headed "where the price is from": source is asked before price.
_ORDER = ("source", "unit", "quantity", "price", "item")


def estimate_to_xlsx(lines: Sequence[Mapping[str, Any]], headers: Mapping[str, str], title: str) -> bytes:
    """A workbook with one sheet: a line of headers, the lines, the sum. Values only; texts that a spreadsheet would run are
    marked as text. ``headers``: item, unit, quantity, price, source, amount, total.
    """
    import openpyxl  # reason: 40 ms that only this export pays
    from openpyxl.styles import Font

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "".join(ch for ch in title if ch not in "[]:*?/\\" and ch.isprintable()).strip(" '")[:31] or "estimate"
    sheet.append([headers[name] for name in (*COLUMNS[:4], "amount", "source")])
    for line in lines:
        texts = {name: _inert(str(line.get(name) or "")) for name in ("item", "unit", "source")}
        quantity = (line.get("quantity") or 0) / 1000
        sheet.append([texts["item"], texts["unit"], quantity, line.get("price") or 0, estimate.amount(line), texts["source"]])
    sheet.append([headers["total"], "", "", "", estimate.total(lines), ""])
    for cell in (*sheet[1], *sheet[sheet.max_row]):
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEF", (44, 10, 12, 16, 18, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2, min_col=4, max_col=5):
        for cell in row:
            cell.number_format = "#,##0"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before it, as people type it themselves."""
    clean = "".join(ch for ch in text if ch.isprintable())
    return f"'{clean}" if clean.startswith(_ACTIVE) else clean


def estimate_from_xlsx(data: bytes) -> list[dict[str, str]]:
    """Lines of the first visible table, as a person would type them: item, unit, quantity, price, source.

    Raises BadSheet with reason and place: ``sheet_too_large``, ``old_format``, ``not_a_workbook``, ``macros``, ``external_links``,
    ``formula``, ``cell_type``, ``no_header``, ``no_lines``, ``too_many_lines`` or one of ``core.archives``.
    """
    if len(data) > MOST_BYTES:
        raise BadSheet(Fault("sheet_too_large"))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSheet(Fault("old_format"))
    if not data.startswith(b"PK"):
        raise BadSheet(Fault("not_a_workbook"))
    _look_inside(data)
    return _lines(_sheet_rows(data))


def _look_inside(data: bytes) -> None:
    """Refuse what no estimate needs, by the names of the parts."""
    try:
        archive = open_checked(data, most_entries=MOST_ENTRIES, most_bytes=MOST_UNPACKED, most_ratio=MOST_RATIO)
    except Invalid as error:
        raise BadSheet(Fault(error.reason)) from error
    names = [name.lower() for name in archive.namelist()]
    if "xl/workbook.xml" not in names:
        raise BadSheet(Fault("not_a_workbook"))
    for name in names:
        if "vba" in name or "macrosheet" in name or "activex" in name or "/embeddings/" in name:
            raise BadSheet(Fault("macros", name))
        if "externallink" in name or name.endswith("connections.xml") or "querytable" in name:
            raise BadSheet(Fault("external_links", name))


def _sheet_rows(data: bytes) -> list[tuple[Any, ...]]:
    """Cells of the first visible sheet, row by row."""
    import openpyxl
    from defusedxml.common import DefusedXmlException

    broken = (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError, EOFError)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise BadSheet(Fault("no_lines"))
        return list(sheet.iter_rows(max_row=MOST_SCANNED, max_col=MOST_COLUMNS))
    except (*broken, DefusedXmlException) as error:
        # A library that reads a stranger's XML may stumble in many ways; for a person they are one refusal.
        raise BadSheet(Fault("not_a_workbook")) from error


def _lines(rows: list[tuple[Any, ...]]) -> list[dict[str, str]]:
    found = next(((i, heads) for i, row in enumerate(rows[:40]) if (heads := _heads(row))), None)
    if found is None:
        raise BadSheet(Fault("no_header"))
    start, heads = found
    faults: list[Fault] = []
    lines: list[dict[str, str]] = []
    for row in rows[start + 1 :]:
        line = dict(_cells(row, heads, faults))
        if _is_total(line):
            continue
        if any(line.values()):
            lines.append(line)
    if faults:
        raise BadSheet(*faults[:MOST_FAULTS])
    if not lines:
        raise BadSheet(Fault("no_lines"))
    if len(lines) > MOST_LINES:
        raise BadSheet(Fault("too_many_lines", value=str(len(lines))))
    return lines


def _heads(row: tuple[Any, ...]) -> dict[str, int]:
    """Columns by meaning; {} unless at least item, quantity and price are there."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        text = str(cell.value or "").strip().lower() if isinstance(cell.value, str) else ""
        name = next((one for one in _ORDER if any(word in text for word in HEADS[one])), None)
        if name is not None and name not in found and len(text) < 60:
            found[name] = place
    return found if {"item", "quantity", "price"} <= set(found) else {}


def _cells(row: tuple[Any, ...], heads: Mapping[str, int], faults: list[Fault]) -> Iterator[tuple[str, str]]:
    for name in COLUMNS:
        cell = row[heads[name]] if name in heads and heads[name] < len(row) else None
        value = getattr(cell, "value", None)
        place = str(getattr(cell, "coordinate", ""))
        if getattr(cell, "data_type", "") == "f" or (isinstance(value, str) and value.startswith("=")):
            faults.append(Fault("formula", place, str(value)[:60]))
            yield name, ""
        elif isinstance(value, bool | datetime | date) or getattr(cell, "data_type", "") == "e":
            faults.append(Fault("cell_type", place, str(value)[:60]))
            yield name, ""
        else:
            yield name, _written(value)


def _written(value: Any) -> str:
    """A cell as somebody would type it; the apostrophe of ``_inert`` is taken off again."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    text = str(value).strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_ACTIVE) else text


def _is_total(line: Mapping[str, str]) -> bool:
    """A line of sums, not of work."""
    return not line["quantity"] and not line["price"] and not _TOTALS.isdisjoint(_WORD.findall(line["item"].lower()))
