"""From bytes to rows with numbers of lines, within bounds: what a hostile file can make us do is limited here."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from qatysu.rules.pb.model import Note, PbError

LARGEST_FILE = 256_000_000  # bytes
LONGEST_LINE = 4_000_000  # bytes
MOST_LINES_IN_ROW = 1_000  # a quoted cell may hold line breaks
MOST_COLUMNS = 1_000
#: Notes of one kind that are kept; of the others only the number.
MOST_NOTES = 20

HEADINGS = ("META", "PROJECTS", "VOTES")
#: No file can hold it: NUL is refused before.
_END = "\0"
_BOMS = ((b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


def shown(text: str) -> str:
    """``text`` of a file for a message: quoted, on one line, at most 60 characters."""
    return repr(text) if len(text) <= 60 else repr(text[:57] + "...")


class Log:
    """Collects notes; turns deviations into errors unless ``lenient``."""

    def __init__(self, *, lenient: bool) -> None:
        self.lenient = lenient
        self._notes: list[Note] = []
        self._count: dict[str, int] = {}

    def note(self, code: str, text: str, line: int = 0) -> None:
        """Keep a note; of more than MOST_NOTES of one code only the number."""
        self._count[code] = self._count.get(code, 0) + 1
        if self._count[code] <= MOST_NOTES:
            self._notes.append(Note(line, text, code))

    def deviate(self, code: str, text: str, line: int = 0) -> None:
        """A note when lenient. Raises PbError otherwise."""
        if not self.lenient:
            raise PbError(text, line)
        self.note(code, text, line)

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes, and one for each code of which there are more."""
        more = [
            Note(0, f"and {count - MOST_NOTES} more like it: {code}", code)
            for code, count in self._count.items()
            if count > MOST_NOTES
        ]
        return (*self._notes, *more)


class Source:
    """Rows of a file. ``line`` is the line on which the row given last begins; ``heading`` the section that begins there."""

    def __init__(self, data: bytes, log: Log) -> None:
        """Raises PbError for what is not text in UTF-8 (later, while rows are taken, for wrong bytes inside)."""
        self.line = 0
        self.heading = ""
        self._log = log
        self._ended = False
        self._begin = 1  # line on which the next row begins
        self._data = data = _checked(data, log)
        errors = "replace" if log.lenient else "strict"
        self._text = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", errors, newline="\n")
        # Without quotes a row is a line, and a cell what stands between two separators.
        plain = b'"' not in data and max(map(len, io.BytesIO(data))) <= csv.field_size_limit()
        self._rows = self._take_plain() if plain else self._take()

    def section(self, name: str) -> Iterator[list[str]]:
        """Rows of section ``name``, without blank ones, up to the next heading. Raises PbError when another section is here."""
        if not self.heading and not self.line:
            self._first()
        if self.heading != name:
            after = f"{self.heading} stands where {name} is expected" if self.heading else f"{name} is missing; is the file truncated?"
            raise PbError(f"the section {after}", self.line if self.heading else 0)
        self.heading = ""
        for row in self._rows:
            if (len(row) < 2 or not row[1]) and (found := _heading(row)):
                self.heading = found
                return
            yield row

    def finish(self) -> None:
        """Raises PbError when another section follows the last one."""
        if self.heading:
            raise PbError(f"the section {self.heading} follows VOTES, which must be the last", self.line)

    def wrong_bytes(self) -> PbError:
        """The error for the first byte that is not UTF-8."""
        for number, line in enumerate(io.BytesIO(self._data), 1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                byte = line[error.start]
                return PbError(f"not UTF-8: byte 0x{byte:02x} at line {number}; save the file as UTF-8")
        return PbError("not UTF-8; save the file as UTF-8")

    def wrong_row(self, error: csv.Error) -> PbError:
        """The error for a row that the csv module refuses."""
        limit = csv.field_size_limit()
        text = f"a cell is longer than {limit:,} characters; is a quote not closed?" if "limit" in str(error) else str(error)
        return PbError(text, self._begin)

    def _first(self) -> None:
        row = next(self._rows, None)
        if row is None:
            raise PbError("the file is empty")
        self.heading = _heading(row)
        if not self.heading:
            raise PbError(f"a .pb file begins with META, this one with {shown(row[0])}", self.line)

    def _take_plain(self) -> Iterator[list[str]]:
        """What ``_take`` gives for a file without quotes, in a third of the time."""
        blank: list[int] = []
        for number, line in enumerate(self._text, 1):
            row = line.rstrip("\r\n").split(";")
            self.line = number
            if not row[0] and not any(row):
                blank.append(number)
                continue
            if blank:
                self._note_blank(blank)
            if len(row) > MOST_COLUMNS:
                raise self._too_wide(row)
            yield row

    def _note_blank(self, blank: list[int]) -> None:
        self._log.note("blank_lines", f"blank lines ({len(blank)}) are passed over", blank[0])
        blank.clear()

    def _too_wide(self, row: list[str]) -> PbError:
        return PbError(f"{len(row):,} cells in one row, at most {MOST_COLUMNS:,} are read", self.line)

    def _take(self) -> Iterator[list[str]]:
        blank: list[int] = []
        row: list[str] = []
        reader = csv.reader(self._lines(), delimiter=";")
        for row in reader:
            if self._ended:
                break
            self.line, self._begin = self._begin, reader.line_num + 1
            if not row or (not row[0] and not any(row)):
                blank.append(self.line)
                continue
            if blank:
                self._note_blank(blank)
            if len(row) > MOST_COLUMNS:
                raise self._too_wide(row)
            yield row
        if row != [_END]:
            raise PbError("a quote that begins in this row is not closed", self._begin)

    def _lines(self) -> Iterator[str]:
        for number, line in enumerate(self._text, 1):
            if number - self._begin > MOST_LINES_IN_ROW:
                raise PbError(f"a row of more than {MOST_LINES_IN_ROW:,} lines; is a quote not closed?", self._begin)
            yield line
        self._ended = True
        yield _END


def _heading(row: list[str]) -> str:
    name = row[0].strip().upper()
    return name if name in HEADINGS and not any(row[1:]) else ""


def _checked(data: bytes, log: Log) -> bytes:
    """``data``, certainly without NUL, lone CR and overlong lines. Raises PbError."""
    if len(data) > LARGEST_FILE:
        raise PbError(f"the file is larger than {LARGEST_FILE // 1_000_000} MB")
    if not data or data.isspace():
        raise PbError("the file is empty")
    for mark, name in _BOMS:
        if data.startswith(mark):
            raise PbError(f"not UTF-8 but {name}; save the file as UTF-8")
    if (at := data.find(b"\0")) >= 0:
        raise PbError("a NUL byte: not a text file in UTF-8", data.count(b"\n", 0, at) + 1)
    if data.count(b"\r") != data.count(b"\r\n"):
        log.deviate("lone_cr", "lines end with CR alone; save the file with LF or CRLF")
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if max(map(len, io.BytesIO(data))) > LONGEST_LINE:
        number = next(n for n, line in enumerate(io.BytesIO(data), 1) if len(line) > LONGEST_LINE)
        raise PbError(f"longer than {LONGEST_LINE:,} bytes", number)
    if log.lenient:
        _note_wrong(data, log)
    return data


def _note_wrong(data: bytes, log: Log) -> None:
    """Notes of the first lines whose bytes will be replaced because they are not UTF-8."""
    left = MOST_NOTES
    for number, line in enumerate(io.BytesIO(data), 1):
        if not line.isascii():
            try:
                line.decode()
            except UnicodeDecodeError:
                log.note("not_utf8", "bytes that are not UTF-8 are replaced", number)
                left -= 1
                if not left:
                    return
