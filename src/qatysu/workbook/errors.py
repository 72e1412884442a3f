"""Refusals of the workbook: each has a stable code and says where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qatysu.core.errors import Invalid


class BadForm(Invalid):
    """A form that a methodologist wrote cannot be used; ``path`` is like ``fields[3].columns[0].kind``."""

    code = "bad_form"

    def __init__(self, path: str, reason: str, **params: Any) -> None:
        super().__init__(reason, field=path, **params)
        self.path = path


class BadAnswer(Invalid):
    """An answer was refused. ``field`` is the id of the field; ``row`` (from 1) and ``column`` say where in a table;
    ``text`` is what was typed, so that nothing is lost."""

    code = "bad_answer"

    def __init__(self, field: str, reason: str, *, row: int = 0, column: str = "", text: str = "", **params: Any) -> None:
        super().__init__(reason, field=field, **params)
        self.row = row
        self.column = column
        self.text = text

    def inside(self, field: str, row: int, column: str) -> BadAnswer:
        """The same refusal, said of a cell of the table ``field``."""
        return BadAnswer(field, self.reason, row=row, column=column, text=self.text, **self.params)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a workbook file. ``place`` is a cell (``E5``), a range, a sheet or a part of the file, or ''."""

    reason: str
    place: str = ""
    value: str = ""


class BadSheet(Invalid):
    """A workbook file was refused; ``faults`` has at least one entry, the first gives the reason."""

    code = "bad_sheet"

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0].reason, place=faults[0].place, value=faults[0].value)
        self.faults = faults
