"""From what a form or a file delivers to answers that can be stored. What cannot be read is kept as it was typed."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from qatysu.workbook.errors import BadAnswer
from qatysu.workbook.schema import CEILING, ROWS, Field, Form, Kind, Words

NewId = Callable[[], str]
_ROW_ID = re.compile(r"[0-9a-f]{8}\Z")
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?\Z")
_DATE = re.compile(r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))\Z")
_SPACES = dict.fromkeys(map(ord, " \u00a0\u202f\u2009'’"))
#: Letters of a text kept as typed beside a refusal.
LONGEST_KEPT = 20_000
MOST_POINTS = 300


def _column(id_: str, kind: Kind, most: int | None = None, decimals: int = 0) -> Field:
    return Field(id_, kind, Words(id_, id_, id_), most=most, decimals=decimals)


#: Columns of the kinds whose rows are fixed; tables name their own.
COLUMNS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.ESTIMATE: (
        _column("item", Kind.TEXT, 200),
        _column("unit", Kind.TEXT, 40),
        _column("quantity", Kind.NUMBER, 1_000_000, 3),
        _column("price", Kind.MONEY, 10**10),
        _column("source", Kind.TEXT, 300),
    ),
    Kind.SCHEDULE: (
        _column("work", Kind.TEXT, 200),
        _column("start", Kind.DATE),
        _column("days", Kind.NUMBER, 1_000),
        _column("who", Kind.TEXT, 160),
    ),
    Kind.IMAGES: (_column("caption", Kind.TEXT, 200),),
    Kind.FILES: (_column("caption", Kind.TEXT, 200),),
    Kind.BEFORE_AFTER: (_column("caption", Kind.TEXT, 200),),
}
#: Cells that hold the id of a file.
FILE_CELLS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ESTIMATE: ("file",),
    Kind.IMAGES: ("file",),
    Kind.FILES: ("file",),
    Kind.BEFORE_AFTER: ("before", "after"),
}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``answers`` that could be read (an emptied field is absent), what was wrong, and the raw text of what was not read:
    ``unread[field]`` is a text, or for rows a mapping ``row id.column`` to text.
    """

    answers: dict[str, Any]
    faults: tuple[BadAnswer, ...] = ()
    unread: dict[str, Any] = field(default_factory=dict)


def columns_of(asked: Field) -> tuple[Field, ...]:
    """Columns of a field whose answer is a list of rows (without those that hold files)."""
    return asked.columns if asked.kind is Kind.TABLE else COLUMNS.get(asked.kind, ())


def clean(form: Form, raw: Mapping[str, Any], *, new_id: NewId) -> Cleaned:
    """Read the fields in ``raw`` (texts as typed, lists of rows with texts); fields that the form does not have are ignored.

    ``new_id`` draws ids (8 hex digits) for rows without one. Never raises for bad input: see ``Cleaned``.
    """
    answers: dict[str, Any] = {}
    faults: list[BadAnswer] = []
    unread: dict[str, Any] = {}
    for asked in form.fields:
        if asked.id not in raw:
            continue
        value = raw[asked.id]
        if asked.kind in ROWS:
            rows, wrong, kept = _rows(asked, value, new_id)
            faults += wrong
            if rows:
                answers[asked.id] = rows
            if kept:
                unread[asked.id] = kept
            continue
        try:
            read = clean_value(asked, value)
        except BadAnswer as fault:
            faults.append(fault)
            unread[asked.id] = fault.text
        else:
            if not is_empty(read):
                answers[asked.id] = read
    return Cleaned(answers, tuple(faults), unread)


def clean_value(asked: Field, raw: Any) -> Any:
    """The stored value of one answer that is no list of rows; None or '' for nothing. Raises BadAnswer."""
    if asked.kind is Kind.CHOICES:
        return _choices(asked, raw)
    if asked.kind is Kind.PLACE:
        return _place(asked, raw)
    text = _text(asked, raw)
    if asked.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return _bounded(asked, text)
    if not text:
        return None
    if asked.kind is Kind.CHOICE:
        if text not in {option.id for option in asked.options}:
            raise BadAnswer(asked.id, "unknown_option", text=text)
        return text
    if asked.kind is Kind.DATE:
        return _day(asked, text)
    return _number(asked, text)


def clean_cell(asked: Field, column: str, raw: Any) -> Any:
    """The stored value of one cell of a field with rows. Raises BadAnswer, also for a column that does not exist."""
    if column in FILE_CELLS.get(asked.kind, ()):
        return _file(raw)
    found = next((one for one in columns_of(asked) if one.id == column), None)
    if found is None:
        raise BadAnswer(asked.id, "unknown_column", column=column)
    return clean_value(found, raw)


def is_empty(value: Any) -> bool:
    """True for an answer that says nothing."""
    return value is None or value in ("", [], {})


def missing(form: Form, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Ids of required fields without a sufficient answer, in the order of the form."""
    return tuple(asked.id for asked in form.fields if asked.is_required and not _suffices(asked, answers.get(asked.id)))


def share(form: Form, answers: Mapping[str, Any]) -> Fraction:
    """Required fields that are answered, of all required ones; 1 for a form that requires nothing."""
    required = sum(asked.is_required for asked in form.fields)
    return Fraction(required - len(missing(form, answers)), required) if required else Fraction(1)


def _suffices(asked: Field, value: Any) -> bool:
    if is_empty(value):
        return False
    least = asked.least or 0
    if asked.kind is Kind.ESTIMATE:
        return sum(bool(row.get("item") and row.get("quantity") and row.get("price")) for row in value) >= max(least, 1)
    if asked.kind is Kind.BEFORE_AFTER:
        return sum(bool(row.get("before") and row.get("after")) for row in value) >= max(least, 1)
    if asked.kind is Kind.PLACE:
        return bool(value.get("address") or "lat" in value)
    if asked.kind in ROWS or asked.kind in (Kind.CHOICES, Kind.TEXT, Kind.LONG_TEXT):
        return len(value) >= least
    return True


def _rows(asked: Field, raw: Any, new_id: NewId) -> tuple[list[dict[str, Any]], list[BadAnswer], dict[str, str]]:
    """Rows that say something, what is wrong in them, and the cells that could not be read."""
    sent = [row for row in raw if isinstance(row, Mapping)] if isinstance(raw, Sequence) and not isinstance(raw, str) else []
    rows: list[dict[str, Any]] = []
    faults: list[BadAnswer] = []
    kept: dict[str, str] = {}
    taken: set[str] = set()
    most = asked.limit or CEILING[asked.kind]
    for number, item in enumerate(sent, 1):
        if len(rows) >= most:
            faults.append(BadAnswer(asked.id, "too_many_rows", row=number, most=most))
            break
        id_ = _row_id(item.get("id"), taken, new_id)
        row, wrong = _row(asked, item, number)
        if not any(not is_empty(value) for value in row.values()) and not wrong:
            continue
        taken.add(id_)
        rows.append({"id": id_, **row})
        faults += wrong
        kept.update({f"{id_}.{fault.column}": fault.text for fault in wrong})
    return rows, faults, kept


def _row_id(raw: Any, taken: set[str], new_id: NewId) -> str:
    id_ = raw if isinstance(raw, str) and _ROW_ID.match(raw) else new_id()
    while id_ in taken:
        id_ = new_id()
    return id_


def _row(asked: Field, item: Mapping[str, Any], number: int) -> tuple[dict[str, Any], list[BadAnswer]]:
    row: dict[str, Any] = {}
    faults = []
    for column in columns_of(asked):
        try:
            row[column.id] = clean_value(column, item.get(column.id, ""))
        except BadAnswer as fault:
            row[column.id] = None
            faults.append(fault.inside(asked.id, number, column.id))
    for name in FILE_CELLS.get(asked.kind, ()):
        row[name] = _file(item.get(name, ""))
    return row, faults


def _file(raw: Any) -> str:
    """The id of a file; '' for anything that is no id: whether the file is the team's is asked where files are known."""
    try:
        return str(uuid.UUID(str(raw))) if raw else ""
    except ValueError:
        return ""


def _text(asked: Field, raw: Any) -> str:
    """Text as people mean it: one form of each letter, plain line ends, nothing invisible. Raises BadAnswer ``bad_text``."""
    if raw is None:
        return ""
    if not isinstance(raw, str | int | float):
        raise BadAnswer(asked.id, "bad_text")
    text = str(raw)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadAnswer(asked.id, "bad_text", text=text.encode("utf-8", "replace").decode()[:LONGEST_KEPT]) from error
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    allowed = "\n\t" if asked.kind is Kind.LONG_TEXT else ""
    spaced = "".join(ch if ch in allowed or unicodedata.category(ch) != "Cc" else " " if ch in "\n\t" else "" for ch in text)
    return spaced.strip()


def _bounded(asked: Field, text: str) -> str:
    if len(text) > asked.limit:
        raise BadAnswer(asked.id, "too_long", text=text[:LONGEST_KEPT], most=asked.limit)
    return text


def _number(asked: Field, text: str) -> int:
    """Whole units, tenge, or units of 10^-decimals. Spaces between digits and a comma as the decimal sign are understood."""
    plain = text.translate(_SPACES).replace("−", "-").removesuffix("₸").removesuffix("тг").removesuffix("тг.")
    if not _NUMBER.match(plain):
        raise BadAnswer(asked.id, "not_a_number", text=text[:200])
    value = Fraction(plain.replace(",", ".")) * 10**asked.decimals
    if value.denominator != 1:
        raise BadAnswer(asked.id, "too_many_decimals", text=text[:200], decimals=asked.decimals)
    scale = 10**asked.decimals
    least = (asked.least if asked.least is not None else 0) * scale
    most = asked.limit * scale
    if not least <= value <= most:
        raise BadAnswer(asked.id, "out_of_bounds", text=text[:200], least=least // scale, most=most // scale)
    return int(value)


def _day(asked: Field, text: str) -> str:
    found = _DATE.match(text)
    if not found:
        raise BadAnswer(asked.id, "not_a_date", text=text[:200])
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        value = date(int(year), int(month), int(day))
    except ValueError as error:
        raise BadAnswer(asked.id, "not_a_date", text=text[:200]) from error
    if not 1990 <= value.year <= 2100:
        raise BadAnswer(asked.id, "date_far_away", text=text[:200])
    return value.isoformat()


def _choices(asked: Field, raw: Any) -> list[str]:
    sent = [raw] if isinstance(raw, str) else list(raw) if isinstance(raw, Sequence) else []
    chosen = {str(item) for item in sent if item}
    known = [option.id for option in asked.options]
    if chosen - set(known):
        raise BadAnswer(asked.id, "unknown_option", text=", ".join(sorted(chosen))[:200])
    return [id_ for id_ in known if id_ in chosen]


def _place(asked: Field, raw: Any) -> dict[str, Any]:
    """Address, point and outline; each may be missing. Degrees with at most six decimals (about 0.1 m)."""
    if isinstance(raw, str):
        raw = {"address": raw}
    if not isinstance(raw, Mapping):
        return {}
    place: dict[str, Any] = {}
    address = _text(Field(asked.id, Kind.TEXT, asked.label), raw.get("address"))[:300]
    if address:
        place["address"] = address
    if str(raw.get("lat", "")).strip() and str(raw.get("lon", "")).strip():
        place["lat"], place["lon"] = _degrees(asked, raw["lat"], 90), _degrees(asked, raw["lon"], 180)
    shape = raw.get("shape") or []
    if isinstance(shape, str):
        shape = [pair.split(",") for pair in shape.split(";") if pair.strip()]
    points = [point for point in shape if isinstance(point, Sequence) and not isinstance(point, str) and len(point) == 2]
    if len(points) > MOST_POINTS:
        raise BadAnswer(asked.id, "too_many_points", most=MOST_POINTS)
    if points:
        place["shape"] = [[_degrees(asked, lat, 90), _degrees(asked, lon, 180)] for lat, lon in points]
    return place


def _degrees(asked: Field, raw: Any, most: int) -> float:
    text = str(raw).strip().replace(",", ".")
    if not re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", text) or abs(float(text)) > most:
        raise BadAnswer(asked.id, "not_a_coordinate", text=text[:200])
    return round(float(text), 6)
