"""Forms of a module: which fields a team fills in. A form is data (JSON), checked once when it is installed.

``form_from(form_to(form)) == form`` for every form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from qatysu.workbook.errors import BadForm

LANGUAGES = ("kk", "ru", "en")
MOST_FIELDS, MOST_COLUMNS, MOST_OPTIONS = 60, 12, 60
#: Letters of a label, of a help text, and of an id.
LONGEST_LABEL, LONGEST_HELP = 300, 2_000
_KEYS = {
    *("id", "kind", "label", "help", "is_required", "options", "columns", "least", "most"),
    *("decimals", "is_public", "is_translated", "reserve_percent"),
}
_RARE = ("decimals", "is_public", "is_translated", "reserve_percent")
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    TABLE = "table"
    ESTIMATE = "estimate"
    SCHEDULE = "schedule"
    IMAGES = "images"
    FILES = "files"
    PLACE = "place"
    BEFORE_AFTER = "before_after"


#: Kinds that a column of a table may have.
SIMPLE = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.NUMBER, Kind.MONEY, Kind.DATE})
#: Kinds whose answer is a list of rows, each with its own id.
ROWS = frozenset({Kind.TABLE, Kind.ESTIMATE, Kind.SCHEDULE, Kind.IMAGES, Kind.FILES, Kind.BEFORE_AFTER})
WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHOICES})
#: The most that ``most`` may say, and what holds when a form says nothing: letters of texts, entries of lists,
#: whole units of numbers, tenge of money.
CEILING: Mapping[Kind, int] = {
    Kind.TEXT: 500, Kind.LONG_TEXT: 20_000, Kind.CHOICES: MOST_OPTIONS, Kind.NUMBER: 10**9, Kind.MONEY: 10**13,
    Kind.TABLE: 200, Kind.ESTIMATE: 300, Kind.SCHEDULE: 100, Kind.IMAGES: 30, Kind.FILES: 30, Kind.BEFORE_AFTER: 15,
}  # fmt: skip
_DEFAULT_MOST: Mapping[Kind, int] = {**CEILING, Kind.TEXT: 200, Kind.LONG_TEXT: 4_000, Kind.IMAGES: 10, Kind.FILES: 10}


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the three languages; English may be empty, Kazakh and Russian may be empty only together."""

    kk: str = ""
    ru: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """The text in ``language``, else in another one that has it (Russian, Kazakh, English); '' when there is none."""
        return str(getattr(self, language, "")) or self.ru or self.kk or self.en


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to a choice."""

    id: str
    label: Words


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``least`` and ``most`` bound letters of texts, entries of lists, and the value of numbers (whole
    units) and money (tenge); None is the default of the kind. ``decimals`` (0 to 3) is for numbers.
    """

    id: str
    kind: Kind
    label: Words
    help: Words = Words()
    is_required: bool = False
    options: tuple[Option, ...] = ()
    columns: tuple[Field, ...] = ()
    least: int | None = None
    most: int | None = None
    decimals: int = 0
    #: Shown in the passport; texts that the Project Centre translates; share of the sum kept for rising prices.
    is_public: bool = False
    is_translated: bool = False
    reserve_percent: int = 0

    @property
    def limit(self) -> int:
        """The largest size or value an answer may have."""
        return _DEFAULT_MOST.get(self.kind, 0) if self.most is None else self.most


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a module, in order; their ids differ."""

    fields: tuple[Field, ...]

    def field(self, id_: str) -> Field | None:
        """The field with this id, or None."""
        return next((field for field in self.fields if field.id == id_), None)


def form_from(data: Any) -> Form:
    """The form that the JSON value ``data`` describes. Raises BadForm with the path of the first mistake."""
    root = _object(data, "", {"fields"})
    items = _list(root.get("fields"), "fields", MOST_FIELDS)
    if not items:
        raise BadForm("fields", "empty")
    fields = tuple(_field(item, f"fields[{i}]", is_column=False) for i, item in enumerate(items))
    _refuse_twice(fields, "fields")
    return Form(fields)


def form_to(form: Form) -> dict[str, Any]:
    """The form as a JSON value, without what is default."""
    return {"fields": [_field_to(field) for field in form.fields]}


def _field(data: Any, path: str, *, is_column: bool) -> Field:
    item = _object(data, path, _KEYS)
    kind = _kind(item.get("kind"), f"{path}.kind", is_column=is_column)
    field = Field(
        id=_id(item.get("id"), f"{path}.id"),
        kind=kind,
        label=_words(item.get("label"), f"{path}.label", LONGEST_LABEL, is_needed=True),
        help=_words(item.get("help", {}), f"{path}.help", LONGEST_HELP, is_needed=False),
        is_required=_yes(item.get("is_required", False), f"{path}.is_required"),
        options=_options(item.get("options"), f"{path}.options", kind),
        columns=_columns(item.get("columns"), f"{path}.columns", kind),
        least=_whole(item.get("least"), f"{path}.least"),
        most=_whole(item.get("most"), f"{path}.most"),
        decimals=_whole(item.get("decimals", 0), f"{path}.decimals") or 0,
        is_public=_yes(item.get("is_public", False), f"{path}.is_public"),
        is_translated=_yes(item.get("is_translated", False), f"{path}.is_translated"),
        reserve_percent=_whole(item.get("reserve_percent", 0), f"{path}.reserve_percent") or 0,
    )
    _check_bounds(field, path)
    return field


def _check_bounds(field: Field, path: str) -> None:
    """Bounds lie within the ceiling of the kind and in order; only numbers have decimals."""
    ceiling = CEILING.get(field.kind)
    for name, value in (("least", field.least), ("most", field.most)):
        if value is None:
            continue
        if ceiling is None:
            raise BadForm(f"{path}.{name}", "not_for_this_kind")
        lowest = -ceiling if field.kind is Kind.NUMBER else 0
        if not lowest <= value <= ceiling:
            raise BadForm(f"{path}.{name}", "out_of_bounds", least=lowest, most=ceiling)
    if field.least is not None and field.least > field.limit:
        raise BadForm(f"{path}.least", "above_most")
    if field.kind is Kind.CHOICES and (field.least or 0) > len(field.options):
        raise BadForm(f"{path}.least", "above_options")
    if not 0 <= field.decimals <= (3 if field.kind is Kind.NUMBER else 0):
        raise BadForm(f"{path}.decimals", "out_of_bounds", least=0, most=3)
    if not 0 <= field.reserve_percent <= (50 if field.kind is Kind.ESTIMATE else 0):
        raise BadForm(f"{path}.reserve_percent", "out_of_bounds", least=0, most=50)


def _kind(data: Any, path: str, *, is_column: bool) -> Kind:
    if not isinstance(data, str) or data not in set(Kind):
        raise BadForm(path, "unknown_kind")
    kind = Kind(data)
    if is_column and kind not in SIMPLE:
        raise BadForm(path, "not_for_a_column")
    return kind


def _options(data: Any, path: str, kind: Kind) -> tuple[Option, ...]:
    if kind not in WITH_OPTIONS:
        if data is not None:
            raise BadForm(path, "not_for_this_kind")
        return ()
    return options_from(data, path)


def options_from(data: Any, path: str) -> tuple[Option, ...]:
    """Labelled ids, at least one, all different. Raises BadForm with the path of the first mistake."""
    options = []
    for i, item in enumerate(_list(data, path, MOST_OPTIONS)):
        part = _object(item, f"{path}[{i}]", {"id", "label"})
        label = _words(part.get("label"), f"{path}[{i}].label", LONGEST_LABEL, is_needed=True)
        options.append(Option(_id(part.get("id"), f"{path}[{i}].id"), label))
    if not options:
        raise BadForm(path, "empty")
    _refuse_twice(options, path)
    return tuple(options)


def words_from(data: Any, path: str, *, is_needed: bool = True) -> Words:
    """A text in three languages. Raises BadForm when one is too long, or Kazakh or Russian is missing."""
    return _words(data, path, LONGEST_HELP, is_needed=is_needed)


def _columns(data: Any, path: str, kind: Kind) -> tuple[Field, ...]:
    if kind is not Kind.TABLE:
        if data is not None:
            raise BadForm(path, "not_for_this_kind")
        return ()
    columns = [_field(item, f"{path}[{i}]", is_column=True) for i, item in enumerate(_list(data, path, MOST_COLUMNS))]
    if not columns:
        raise BadForm(path, "empty")
    if any(column.id == "id" for column in columns):
        raise BadForm(path, "taken_id", id="id")
    _refuse_twice(columns, path)
    return tuple(columns)


def _refuse_twice(items: Sequence[Field | Option], path: str) -> None:
    seen: set[str] = set()
    for i, item in enumerate(items):
        if item.id in seen:
            raise BadForm(f"{path}[{i}].id", "twice", id=item.id)
        seen.add(item.id)


def _object(data: Any, path: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadForm(path, "not_an_object")
    for key in data:
        if key not in known:
            raise BadForm(f"{path}.{str(key)[:40]}".lstrip("."), "unknown_key")
    return data


def _list(data: Any, path: str, most: int) -> Sequence[Any]:
    if not isinstance(data, list | tuple):
        raise BadForm(path, "not_a_list")
    if len(data) > most:
        raise BadForm(path, "too_many", most=most)
    return data


def _id(data: Any, path: str) -> str:
    if not isinstance(data, str) or not _ID.match(data):
        raise BadForm(path, "bad_id")
    return data


def _words(data: Any, path: str, longest: int, *, is_needed: bool) -> Words:
    item = _object(data, path, set(LANGUAGES))
    for language, text in item.items():
        if not isinstance(text, str):
            raise BadForm(f"{path}.{language}", "not_text")
        if len(text) > longest:
            raise BadForm(f"{path}.{language}", "too_long", most=longest)
    words = Words(**{language: str(item.get(language, "")).strip() for language in LANGUAGES})
    if (is_needed or words != Words()) and not (words.kk and words.ru):
        raise BadForm(f"{path}.{'ru' if words.kk else 'kk'}", "empty")
    return words


def _yes(data: Any, path: str) -> bool:
    if not isinstance(data, bool):
        raise BadForm(path, "not_true_or_false")
    return data


def _whole(data: Any, path: str) -> int | None:
    if data is None:
        return None
    if not isinstance(data, int) or isinstance(data, bool):
        raise BadForm(path, "not_a_whole_number")
    return data


def _words_to(words: Words) -> dict[str, str]:
    return {language: text for language in LANGUAGES if (text := getattr(words, language))}


def _field_to(field: Field) -> dict[str, Any]:
    written: dict[str, Any] = {"id": field.id, "kind": str(field.kind), "label": _words_to(field.label)}
    if field.help != Words():
        written["help"] = _words_to(field.help)
    if field.is_required:
        written["is_required"] = True
    if field.options:
        written["options"] = [{"id": option.id, "label": _words_to(option.label)} for option in field.options]
    if field.columns:
        written["columns"] = [_field_to(column) for column in field.columns]
    written.update({name: value for name in ("least", "most") if (value := getattr(field, name)) is not None})
    written.update({name: value for name in _RARE if (value := getattr(field, name))})
    return written
