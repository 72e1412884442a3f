"""Fields of a form as a page shows them: what was answered, what was typed and not understood, remarks, clashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qatysu.coaching.models import Clash, Remark, Work
from qatysu.core.money import grouped, tenge
from qatysu.files.models import StoredFile
from qatysu.workbook import estimate, schedule
from qatysu.workbook.answers import FILE_CELLS, columns_of
from qatysu.workbook.errors import BadAnswer
from qatysu.workbook.reader import NEW_ROW, PREFIX
from qatysu.workbook.schema import ROWS, Field, Form, Kind, form_from

#: Labels of the columns that the kinds bring with them.
COLUMN_LABELS: Mapping[str, Promise] = {
    "item": _("Work or material"),
    "unit": _("Unit"),
    "quantity": _("Quantity"),
    "price": _("Price, ₸"),
    "source": _("Where the price is from"),
    "work": _("Work"),
    "start": _("First day"),
    "days": _("Days"),
    "who": _("Who does it"),
    "caption": _("Caption"),
}
FAULTS: Mapping[str, Promise] = {
    "not_a_number": _("Write a number, for example 12 or 2,5. What you typed is kept."),
    "too_many_decimals": _("At most %(decimals)s digits after the comma."),
    "out_of_bounds": _("The number must be between %(least)s and %(most)s."),
    "not_a_date": _("Write the date like 25.03.2027."),
    "date_far_away": _("This date is too far away."),
    "too_long": _("The text is longer than %(most)s letters. Nothing is lost: shorten it and save again."),
    "unknown_option": _("Choose from the list."),
    "too_many_rows": _("There can be %(most)s lines at most."),
    "bad_text": _("This text holds letters that cannot be saved."),
    "not_a_coordinate": _("Coordinates look like 50,2512."),
    "too_many_points": _("The line has too many points: %(most)s at most."),
}


@dataclass(frozen=True, slots=True)
class CellView:
    """One input of a row. ``value`` as typed or as stored, in the form that a person writes."""

    name: str
    id: str
    column: str
    label: str
    kind: str
    value: str
    error: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class FileCell:
    """A file of a row: the stored file or None, and the name of the input that takes a new one."""

    name: str
    upload: str
    column: str
    label: str
    file: StoredFile | None


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of a list; ``amount`` of an estimate, ``bar`` of a schedule as (left, width) in percent."""

    id: str
    number: int
    cells: tuple[CellView, ...]
    files: tuple[FileCell, ...]
    amount: str = ""
    bar: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field with everything around it."""

    field: Field
    label: str
    help: str
    name: str
    id: str
    kind: str
    value: Any
    error: str = ""
    options: tuple[tuple[str, str, bool], ...] = ()
    rows: tuple[RowView, ...] = ()
    remarks: tuple[Remark, ...] = ()
    clashes: tuple[Clash, ...] = ()
    standing: estimate.Standing | None = None
    uploads: str = ""
    left: int = 0

    @property
    def template(self) -> str:
        """Template that draws the input."""
        return f"coaching/team/fields/{'rows' if self.kind in ('table', 'schedule') else self.kind}.html"


@dataclass(slots=True)
class Drawn:
    """What fields are drawn from. ``more`` is the id of a field that gets an empty line at its end."""

    work: Work
    language: str
    files: Mapping[str, StoredFile]
    remarks: Sequence[Remark] = ()
    clashes: Sequence[Clash] = ()
    faults: Sequence[BadAnswer] = ()
    cap: int = 0
    more: str = ""
    _errors: dict[str, str] = field(default_factory=dict)

    def views(self) -> tuple[FieldView, ...]:
        """Every field of the module in order."""
        form: Form = form_from(self.work.module.form)
        return tuple(self.view(asked) for asked in form.fields)

    def view(self, asked: Field) -> FieldView:
        """One field."""
        answer = self.work.answers.get(asked.id)
        unread = self.work.unread.get(asked.id)
        rows = self._rows(asked, answer or [], unread if isinstance(unread, dict) else {}) if asked.kind in ROWS else ()
        typed = unread if isinstance(unread, str) else None
        lines = answer if asked.kind is Kind.ESTIMATE and answer else []
        return FieldView(
            field=asked,
            label=asked.label.in_(self.language),
            help=asked.help.in_(self.language),
            name=f"{PREFIX}.{asked.id}",
            id=f"f-{asked.id}",
            kind=str(asked.kind),
            value=typed if typed is not None else shown(asked, answer),
            error=self._error(asked, typed),
            options=_options(asked, answer, self.language),
            rows=rows,
            remarks=tuple(remark for remark in self.remarks if remark.field == asked.id),
            clashes=tuple(clash for clash in self.clashes if clash.field == asked.id),
            standing=estimate.standing(lines, self.cap, asked.reserve_percent) if asked.kind is Kind.ESTIMATE else None,
            uploads=f"file.{asked.id}",
            left=asked.limit,
        )

    def _error(self, asked: Field, typed: str | None) -> str:
        for fault in self.faults:
            if fault.field == asked.id and not fault.column:
                return fault_words(fault)
        return gettext("This was not understood. What you typed is kept: mend it and save again.") if typed else ""

    def _rows(self, asked: Field, answer: list[dict[str, Any]], unread: Mapping[str, str]) -> tuple[RowView, ...]:
        bars = {bar.row: bar for bar in schedule.bars(answer)} if asked.kind is Kind.SCHEDULE else {}
        rows = [*answer, {"id": f"{NEW_ROW}{len(answer) + 1}"}] if self.more == asked.id or not answer else answer
        if not answer and asked.kind in (Kind.IMAGES, Kind.FILES, Kind.BEFORE_AFTER):
            rows = [] if asked.kind is not Kind.BEFORE_AFTER else rows
        found = []
        for number, row in enumerate(rows, 1):
            bar = bars.get(row["id"])
            cells = tuple(self._cell(asked, column, row, number, unread) for column in columns_of(asked))
            found.append(
                RowView(
                    id=row["id"],
                    number=number,
                    cells=cells,
                    files=tuple(self._file(asked, name, row) for name in FILE_CELLS.get(asked.kind, ())),
                    amount=tenge(estimate.amount(row)) if asked.kind is Kind.ESTIMATE else "",
                    bar=(round(float(bar.left) * 100, 2), round(float(bar.width) * 100, 2)) if bar else None,
                )
            )
        return tuple(found)

    def _cell(self, asked: Field, column: Field, row: Mapping[str, Any], number: int, unread: Mapping[str, str]) -> CellView:
        typed = unread.get(f"{row['id']}.{column.id}")
        error = next((fault_words(f) for f in self.faults if (f.field, f.row, f.column) == (asked.id, number, column.id)), "")
        if typed and not error:
            error = gettext("This was not understood. What you typed is kept: mend it and save again.")
        label = column.label.in_(self.language) if asked.kind is Kind.TABLE else str(COLUMN_LABELS[column.id])
        value = typed if typed is not None else shown(column, row.get(column.id))
        options = _options(column, row.get(column.id), self.language)
        id_ = f"f-{asked.id}-{row['id']}-{column.id}"
        name = f"{PREFIX}.{asked.id}.{row['id']}.{column.id}"
        return CellView(name, id_, column.id, label, str(column.kind), str(value), error, options)

    def _file(self, asked: Field, name: str, row: Mapping[str, Any]) -> FileCell:
        labels = {"before": gettext("Now"), "after": gettext("With the project"), "file": gettext("File")}
        stored = self.files.get(str(row.get(name, "")))
        path = f"{asked.id}.{row['id']}.{name}"
        return FileCell(f"{PREFIX}.{path}", f"file.{path}", name, labels[name], stored)


def shown(asked: Field, value: Any) -> Any:
    """A stored value as a person would type it."""
    if value is None:
        return {} if asked.kind is Kind.PLACE else ""
    if asked.kind is Kind.MONEY:
        return grouped(value)
    if asked.kind is Kind.NUMBER:
        return decimal(value, asked.decimals)
    if asked.kind is Kind.PLACE:
        shape = ";".join(f"{lat},{lon}" for lat, lon in value.get("shape", ()))
        return {**value, "shape": shape}
    return value


def decimal(value: int, decimals: int) -> str:
    """``1 200,5`` from units of 10^-decimals, without trailing zeros."""
    whole, rest = divmod(abs(value), 10**decimals)
    tail = str(rest).zfill(decimals).rstrip("0") if decimals else ""
    return ("−" if value < 0 else "") + grouped(whole) + (f",{tail}" if tail else "")


def fault_words(fault: BadAnswer) -> str:
    """Why an answer was not understood, in the reader's language."""
    numbers = {name: grouped(v) if isinstance(v, int) else v for name, v in fault.params.items()}
    return str(FAULTS[fault.reason]) % numbers if fault.reason in FAULTS else gettext("This was not understood.")


def _options(asked: Field, answer: Any, language: str) -> tuple[tuple[str, str, bool], ...]:
    chosen = {answer} if isinstance(answer, str) else set(answer) if isinstance(answer, list) and asked.options else set()
    return tuple((option.id, option.label.in_(language), option.id in chosen) for option in asked.options)


def files_of(work: Work) -> dict[str, StoredFile]:
    """Files of the work's room by public id, as text. One query."""
    return {str(row.file.public_id): row.file for row in work.workspace.files.select_related("file")}


def clash_texts(work: Work, clash: Clash) -> tuple[Any, Any]:
    """Both values of a clash as people would type them: the one that stands, and the other."""
    asked = form_from(work.module.form).field(clash.field)
    if asked is not None and clash.row:
        asked = next((column for column in columns_of(asked) if column.id == clash.column), None)
    if asked is None:
        return clash.kept or "", clash.other or ""
    return shown(asked, clash.kept), shown(asked, clash.other)
